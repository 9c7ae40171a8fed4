"""Events of annotated documents as scorers that did not see them find them, and which annotated meeting each is.

What comes after the pairs is learned from these as well as from the annotation: an event that was found has triggers
that tell of something else, and parties too few or too many, and so will those of unseen documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.evaluation.align import pair_best
from pipeline.evaluation.gold import GoldDocument, GoldMeeting
from pipeline.meetings.attributes import Told
from pipeline.meetings.events import Event, Joined, find_events
from pipeline.meetings.pairs import PairTelling, Row
from pipeline.meetings.view import View
from pipeline.schema import EntityType, When

Outcome = tuple[Mapping[str, float], bool, float]  # what speaks for it, whether it is right, how much it weighs
SAME = 0.5  # share of all parties from which a found event is an annotated one, as the evaluation counts


@dataclass(frozen=True, slots=True)
class Found:
    """An event that was found and the annotated meeting that it is, if any."""

    event: Event
    meeting: GoldMeeting | None

    @property
    def told(self) -> Told:
        """The event as its triggers and parties."""
        return Told(tuple(self.event.triggers), frozenset(self.event.parties))


@dataclass(frozen=True, slots=True)
class Scored:
    """A document with the held-out scores of its candidates, and its pairs."""

    gold: GoldDocument
    view: View
    rows: Sequence[Row]
    tellings: Sequence[PairTelling]


def found_events(scored: Scored, scores: Sequence[float], settings: Mapping[str, float]) -> Iterator[Found]:
    """The events that the scores of its pairs make of a document."""
    gold = scored.gold
    joined = [Joined(telling, score) for telling, score in zip(scored.tellings, scores, strict=True)]
    persons = {entity.entity_id for entity in gold.entities if entity.type is EntityType.PER}
    events = find_events(scored.rows, joined, settings, persons, scored.view)
    meant = _match(gold.meetings, events)
    for at, event in enumerate(events):
        yield Found(event, gold.meetings[meant[at]] if at in meant else None)


def _match(meetings: Sequence[GoldMeeting], events: Sequence[Event]) -> dict[int, int]:
    """Event to annotated meeting, the best agreeing first, each used once."""
    candidates = []
    for number, meeting in enumerate(meetings):
        for at, event in enumerate(events):
            parties = set(event.parties)
            overlap = len(parties & meeting.parties) / len(parties | meeting.parties)
            if overlap >= SAME:
                candidates.append((-overlap, number, at))
    return {at: number for number, at in pair_best(candidates).items()}


def when_as_text(when: When | None) -> str | None:
    """A time in the notation of the annotations: a day, a month, a year or A/B."""
    if when is None:
        return None
    day = when.first.isoformat()
    if when.precision == "day":
        return day
    if when.precision == "month":
        return day[:7]
    return day[:4] if when.precision == "year" else f"{day}/{when.last.isoformat()}"


def calibrate(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Weights and offset of the logistic curve from the support of held-out events to the share that is right."""
    from sklearn.linear_model import LogisticRegression

    answers = [right for _, right, _ in outcomes]
    if len(set(answers)) < 2:
        return {}
    names = sorted(outcomes[0][0])
    rows = [[support[name] for name in names] for support, _, _ in outcomes]
    model = LogisticRegression(C=0.3, max_iter=1000).fit(rows, answers, [weight for _, _, weight in outcomes])
    weights = {name: round(float(weight), 3) for name, weight in zip(names, model.coef_[0], strict=True)}
    return weights | {"offset": round(float(model.intercept_[0]), 3)}
