"""The scorers' answers and the reader's, joined: which two met."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.meetings.events import Joined
from pipeline.meetings.pairs import PairTelling, Row
from pipeline.meetings.reader import Reader, Reading, load_reader
from pipeline.meetings.view import View
from pipeline.scorer import Scorer

DOUBT = (0.05, 0.95)
"""What the scorer is as sure of as this, either way, is not read again."""
HOPE = 0.3
"""A trigger is not read where the scorer takes no pair for as likely: no reader makes an event of it."""


def opinions_on(
    view: View, rows: Sequence[Row], tellings: Sequence[PairTelling], scores: Sequence[float], reader: Reader
) -> list[float | None]:
    """The reader's log odds of each telling: those of the member that it takes less for a party of the trigger.

    None where the scorer is sure or no pair of the trigger has any hope, where one of the two is a spokesperson (whose
    office the reader does not know), and where the two do not stand together in what is read at once.
    """
    likely = {telling.trigger for telling, score in zip(tellings, scores, strict=True) if score >= HOPE}
    doubtful = [
        telling.trigger in likely
        and DOUBT[0] <= score <= DOUBT[1]
        and not view.voices & {telling.left, telling.right}
        for telling, score in zip(tellings, scores, strict=True)
    ]
    triggers = sorted({telling.trigger for telling, asked in zip(tellings, doubtful, strict=True) if asked})
    reading = reader.read(view, {number: [candidate for candidate, _ in rows[number]] for number in triggers})
    return [_opinion(reading, telling) if asked else None for telling, asked in zip(tellings, doubtful, strict=True)]


def _opinion(reading: Reading, telling: PairTelling) -> float | None:
    left, right = reading.parties([(telling.trigger, telling.left), (telling.trigger, telling.right)])
    return None if left is None or right is None else min(left, right)


def judge_pairs(
    judge: Scorer, view: View, rows: Sequence[Row], tellings: Sequence[PairTelling], reader: Reader | None = None
) -> list[Joined]:
    """The tellings with how likely the two met, by both; a scorer that was fitted without a reader answers alone.

    ``reader`` is by default the shipped one.
    """
    own = [judge.probability(telling.features) for telling in tellings]
    if not tellings or "opinion" not in judge.settings:
        return [Joined(telling, score) for telling, score in zip(tellings, own, strict=True)]
    opinions = opinions_on(view, rows, tellings, own, reader or load_reader())
    both = zip(tellings, own, opinions, strict=True)
    return [
        Joined(telling, score) if opinion is None else Joined(telling, judge.joined(score, opinion), opinion, score)
        for telling, score, opinion in both
    ]
