"""The scorers' answers and the reader's, joined: which two met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.meetings.events import Joined
from pipeline.meetings.pairs import PairTelling, Row
from pipeline.meetings.reader import Reading
from pipeline.meetings.view import View
from pipeline.scorer import Scorer

DOUBT = (0.05, 0.95)
"""What the scorer is as sure of as this, either way, is not read again."""
HOPE = 0.3
"""A trigger is not read where the scorer takes no pair for as likely: on held-out documents no event is lost by it."""


def opinions_on(
    view: View, rows: Sequence[Row], tellings: Sequence[PairTelling], scores: Sequence[float], reading: Reading
) -> list[float | None]:
    """The reader's log odds of each telling: those of the member that it takes less for a party of the trigger.

    None where the scorer is sure or no pair of the trigger has any hope, where one of the two is a spokesperson (whose
    office the reader does not know), and where the two do not stand together in what is read at once.
    """
    likely = {telling.trigger for telling, score in zip(tellings, scores, strict=True) if score >= HOPE}
    doubtful = [
        telling.trigger in likely and DOUBT[0] <= score <= DOUBT[1] and not view.voices & {telling.left, telling.right}
        for telling, score in zip(tellings, scores, strict=True)
    ]
    asked = sorted({telling.trigger for telling, is_asked in zip(tellings, doubtful, strict=True) if is_asked})
    everyone = [(number, candidate) for number in asked for candidate, _ in rows[number]]
    answers = reading.parties([(number, candidate.link) for number, candidate in everyone])
    party = {(number, c.entity_id): answer for (number, c), answer in zip(everyone, answers, strict=True)}
    return [_opinion(party, one) if is_asked else None for one, is_asked in zip(tellings, doubtful, strict=True)]


def _opinion(party: Mapping[tuple[int, str], float | None], telling: PairTelling) -> float | None:
    left, right = (party.get((telling.trigger, entity_id)) for entity_id in (telling.left, telling.right))
    return None if left is None or right is None else min(left, right)


def judge_pairs(
    judge: Scorer, view: View, rows: Sequence[Row], tellings: Sequence[PairTelling], reading: Reading | None
) -> list[Joined]:
    """The tellings with how likely the two met, by both; without a ``reading`` the scorer answers alone."""
    own = [judge.probability(telling.features) for telling in tellings]
    if not tellings or reading is None:
        return [Joined(telling, score) for telling, score in zip(tellings, own, strict=True)]
    opinions = opinions_on(view, rows, tellings, own, reading)
    both = zip(tellings, own, opinions, strict=True)
    return [
        Joined(telling, score) if opinion is None else Joined(telling, judge.joined(score, opinion), opinion, score)
        for telling, score, opinion in both
    ]
