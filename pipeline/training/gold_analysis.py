"""Gold annotations put in the place of a stage's output, so that the stages after it can be measured alone."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from pipeline.evaluation.gold import GoldDocument, GoldMeeting
from pipeline.schema import (
    Analysis,
    Document,
    Entity,
    Evidence,
    Link,
    Meeting,
    Mention,
    Party,
    Position,
    Relation,
    Sentence,
    Span,
    When,
)
from pipeline.segment import split_sentences

Splitter = Callable[[Analysis], tuple[Sentence, ...]]
Upto = Literal["segments", "sentences", "mentions", "entities", "positions", "meetings", "relations"]
_ORDER: tuple[Upto, ...] = ("segments", "sentences", "mentions", "entities", "positions", "meetings", "relations")


def as_analysis(gold: GoldDocument, *, upto: Upto = "entities", split: Splitter = split_sentences) -> Analysis:
    """An Analysis whose fields up to ``upto``, that one included, are the gold ones.

    Sentences come from ``split`` (by default the pipeline's own) over the gold segments; entity ids are those of the
    annotation (``e1``), links carry the reason ``gold`` and confidences are 1.
    """
    basis: Literal["header"] | None = "header" if gold.published else None
    document = Document(gold.doc_id, gold.text, published=gold.published, published_basis=basis)
    analysis = Analysis(document, segments=gold.segments)
    wanted = _ORDER[: _ORDER.index(upto) + 1]
    if "sentences" in wanted:
        analysis = replace(analysis, sentences=split(analysis))
    starts = [sentence.span.start for sentence in analysis.sentences]
    if "mentions" in wanted:
        analysis = replace(analysis, mentions=_mentions(gold, starts))
    if "entities" in wanted:
        analysis = replace(analysis, entities=_entities(gold))
    if "positions" in wanted:
        analysis = replace(analysis, positions=_positions(gold, starts))
    if "meetings" in wanted:
        analysis = replace(analysis, meetings=_meetings(gold, starts))
    if "relations" in wanted:
        analysis = replace(analysis, relations=_relations(gold, starts))
    return analysis


def sentence_at(starts: Sequence[int], offset: int) -> int:
    """Index of the sentence that holds ``offset``, or of the last before it; ``starts`` in order."""
    return max(bisect_right(starts, offset) - 1, 0)


def _mentions(gold: GoldDocument, starts: Sequence[int]) -> tuple[Mention, ...]:
    return tuple(
        Mention(mention.span, mention.type, sentence_at(starts, mention.span.start), 1.0) for mention in gold.mentions
    )


def _entities(gold: GoldDocument) -> tuple[Entity, ...]:
    links = defaultdict(list)
    for index, mention in enumerate(gold.mentions):
        links[mention.entity_id].append(Link(index, "gold"))
    return tuple(
        Entity(entity.entity_id, entity.type, entity.name, tuple(links[entity.entity_id]), entity.country)
        for entity in gold.entities
        if entity.entity_id in links
    )


def _nearest(gold: GoldDocument, words: str, entity_id: str) -> Span:
    """Where ``words`` stand nearest to a mention of the entity; that mention itself where they stand nowhere."""
    own = [mention.span for mention in gold.mentions if mention.entity_id == entity_id]
    best, distance = own[0], len(gold.text) + 1
    at = gold.text.find(words)
    while at >= 0:
        gap = min(abs(span.start - at) for span in own)
        if gap < distance:
            best, distance = Span(at, at + len(words)), gap
        at = gold.text.find(words, at + 1)
    return best


def _positions(gold: GoldDocument, starts: Sequence[int]) -> tuple[Position, ...]:
    found = []
    for position in gold.positions:
        span = _nearest(gold, position.title, position.entity_id)
        evidence = Evidence(span, sentence_at(starts, span.start))
        found.append(
            Position(
                position.entity_id,
                position.title,
                position.of_entity_id,
                position.of_country,
                position.former,
                span,
                evidence,
                1.0,
            )
        )
    return tuple(found)


def _meetings(gold: GoldDocument, starts: Sequence[int]) -> tuple[Meeting, ...]:
    return tuple(_meeting(meeting, number, starts) for number, meeting in enumerate(gold.meetings, 1))


def _meeting(meeting: GoldMeeting, number: int, starts: Sequence[int]) -> Meeting:
    quote = meeting.quote or Span(0, 0)
    return Meeting(
        f"m{number}",
        meeting.kind,
        meeting.status,
        tuple(Party(party, "participant") for party in sorted(meeting.parties)),
        meeting.place_entity_id,
        parse_when(meeting.date),
        quote,
        (Evidence(quote, sentence_at(starts, quote.start)),),
        1.0,
        "gold",
    )


def _relations(gold: GoldDocument, starts: Sequence[int]) -> tuple[Relation, ...]:
    first = {mention.entity_id: mention.span for mention in reversed(gold.mentions)}
    found = []
    for relation in gold.relations:
        span = first.get(relation.head_entity_id, Span(0, 0))
        evidence = Evidence(span, sentence_at(starts, span.start))
        found.append(Relation(relation.kind, relation.head_entity_id, relation.tail_entity_id, evidence, 1.0, "gold"))
    return tuple(found)


def parse_when(stated: str | None) -> When | None:
    """The days that a gold date covers; None for an unknown one.

    >>> parse_when("2025-02").last
    datetime.date(2025, 2, 28)
    """
    if stated is None:
        return None
    first, _, last = stated.partition("/")
    days = [_days_of(end) for end in (first, last or first)]
    if last and last != first:
        return When(days[0][0], days[1][1], "stated", "range")
    return When(days[0][0], days[0][1], "stated", _PRECISIONS[first.count("-")])


_PRECISIONS: tuple[Literal["year", "month", "day"], ...] = ("year", "month", "day")


def _days_of(stated: str) -> tuple[date, date]:
    year, month, day = ([int(part) for part in stated.split("-")] + [0, 0])[:3]
    if day:
        return date(year, month, day), date(year, month, day)
    if month:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, 1, 1), date(year, 12, 31)
