"""Events of annotated documents as scorers that did not see them find them, and which annotated meeting each is.

What comes after the pairs is learned from these as well as from the annotation: an event that was found has triggers
that tell of something else, and parties too few or too many, and so will those of unseen documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.meetings.attributes import Told
from pipeline.meetings.events import Event, Joined, find_events
from pipeline.meetings.pairs import PairTelling, Row
from pipeline.meetings.view import View
from pipeline.schema import EntityType
from pipeline.training.gold import GoldDocument, GoldMeeting

Outcome = tuple[float, bool, float]  # how sure, whether right, and how much it weighs
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
    events = find_events(scored.rows, joined, settings, persons)
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
    found: dict[int, int] = {}
    for _, number, at in sorted(candidates):
        if at not in found and number not in found.values():
            found[at] = number
    return found


def calibrate(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Slope and offset of the logistic curve from the scores of held-out events to the share of them that are right."""
    from sklearn.linear_model import LogisticRegression

    answers = [right for _, right, _ in outcomes]
    if len(set(answers)) < 2:
        return {}
    weights = [weight for _, _, weight in outcomes]
    model = LogisticRegression(C=10.0).fit([[score] for score, _, _ in outcomes], answers, weights)
    return {"slope": round(float(model.coef_[0][0]), 3), "offset": round(float(model.intercept_[0]), 3)}
