"""Where gold and predicted differ, each with the words around it, for a reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.evaluation.align import (
    Alignment,
    agreeing_attributes,
    align,
    match_events,
    offices_of,
    relations_of,
)
from pipeline.evaluation.gold import GoldDocument, GoldMeeting
from pipeline.schema import Span

Fact = Literal["mention", "meeting", "position", "relation"]
FACTS: tuple[Fact, ...] = ("mention", "meeting", "position", "relation")
_AROUND = 160  # code points shown on each side


@dataclass(frozen=True, slots=True)
class Mistake:
    """One difference: a missed or wrong fact, or a meeting found with some of its attributes wrong."""

    doc_id: str
    fact: Fact
    verdict: Literal["missed", "wrong", "differs"]
    told: str
    context: str


def find_mistakes(gold: GoldDocument, guess: GoldDocument) -> list[Mistake]:
    """All differences between the two, by kind of fact."""
    alignment = align(gold, guess)
    pairs = _Pair(gold, guess, alignment)
    return [*pairs.mentions(), *pairs.meetings(), *pairs.positions(), *pairs.relations()]


def context_of(text: str, span: Span | None) -> str:
    """The line of ``text`` around a span, cut to some words, the span in double brackets."""
    if span is None:
        return ""
    start = max(text.rfind("\n", 0, span.start) + 1, span.start - _AROUND)
    stop = text.find("\n", span.end)
    end = min(len(text) if stop < 0 else stop, span.end + _AROUND)
    inside = span.of(text).replace("\n", " ")
    return f"{text[start : span.start]}⟦{inside}⟧{text[span.end : end]}".strip()


class _Pair:
    """A gold document, what was predicted for it, and how the two correspond."""

    def __init__(self, gold: GoldDocument, guess: GoldDocument, alignment: Alignment) -> None:
        self.gold, self.guess, self.alignment = gold, guess, alignment
        self.names = {alignment.name(entity.entity_id): f"{entity.name}*" for entity in guess.entities}
        self.names |= {entity.entity_id: entity.name for entity in gold.entities}
        self.first = {alignment.name(row.entity_id): row.span for row in reversed(guess.mentions)}
        self.first |= {row.entity_id: row.span for row in reversed(gold.mentions)}

    def _name(self, entity_id: object) -> str:
        return self.names.get(str(entity_id), str(entity_id))

    def _told(self, fact: Fact, verdict: Literal["missed", "wrong", "differs"], told: str, at: Span | None) -> Mistake:
        return Mistake(self.gold.doc_id, fact, verdict, told, context_of(self.gold.text, at))

    def mentions(self) -> Iterator[Mistake]:
        """Names missed, wrong, or of the wrong type."""
        pairs = self.alignment.predicted_by_gold
        for i, mention in enumerate(self.gold.mentions):
            if i not in pairs:
                yield self._told("mention", "missed", mention.type, mention.span)
            elif (found := self.guess.mentions[pairs[i]].type) != mention.type:
                yield self._told("mention", "differs", f"{mention.type} not {found}", mention.span)
        matched = set(pairs.values())
        for j, mention in enumerate(self.guess.mentions):
            if j not in matched:
                yield self._told("mention", "wrong", mention.type, mention.span)

    def meetings(self) -> Iterator[Mistake]:
        """Meetings missed, wrong, or with other parties, status, kind, place or date; ``*`` marks unaligned names."""
        matched = match_events(self.gold, self.guess, self.alignment)
        for i, ours in enumerate(self.gold.meetings):
            if i not in matched:
                yield self._told("meeting", "missed", self._meeting(ours, None), ours.quote)
                continue
            theirs = self.guess.meetings[matched[i]]
            differing = [n for n, same in agreeing_attributes(ours, theirs, self.alignment).items() if not same]
            if {self.alignment.name(party) for party in theirs.parties} != ours.parties:
                differing.insert(0, "parties")
            if differing:
                told = (
                    f"{', '.join(differing)}: {self._meeting(ours, None)} not {self._meeting(theirs, self.alignment)}"
                )
                yield self._told("meeting", "differs", told, ours.quote)
        for j, theirs in enumerate(self.guess.meetings):
            if j not in matched.values():
                yield self._told("meeting", "wrong", self._meeting(theirs, self.alignment), theirs.quote)

    def _meeting(self, meeting: GoldMeeting, alignment: Alignment | None) -> str:
        ids = [alignment.name(x) if alignment else x for x in sorted(meeting.parties)]
        place = meeting.place_entity_id
        where = self._name(alignment.name(place) if alignment else place) if place else "-"
        who = " + ".join(self._name(entity_id) for entity_id in ids)
        return f"[{meeting.kind} {meeting.status} {meeting.date or '-'} {where}] {who}"

    def positions(self) -> Iterator[Mistake]:
        """Offices missed or wrong."""
        ours, theirs = offices_of(self.gold), offices_of(self.guess, self.alignment, self.gold)
        for key in sorted(ours.keys() ^ theirs.keys(), key=str):
            told = f"{self._name(key[1])}: {(ours | theirs)[key]} of {self._name(key[2])}"
            yield self._told("position", "missed" if key in ours else "wrong", told, self.first.get(str(key[1])))

    def relations(self) -> Iterator[Mistake]:
        """Relations missed or wrong."""
        ours, theirs = relations_of(self.gold), relations_of(self.guess, self.alignment)
        for key in sorted(ours ^ theirs, key=str):
            told = f"{self._name(key[2])} {key[1]} {self._name(key[3])}"
            yield self._told("relation", "missed" if key in ours else "wrong", told, self.first.get(str(key[2])))
