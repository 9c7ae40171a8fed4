"""The values that flow through the pipeline: frozen, typed, free of behaviour.

Offsets are code points of the document's raw text, from 0, end excluded. ``None`` means unknown.
A stage is a function from an :class:`Analysis` to the tuple that it adds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal


class EntityType(StrEnum):
    """What a name names."""

    PER = "PER"
    LOC = "LOC"
    ORG = "ORG"


class SegmentKind(StrEnum):
    """What a stretch of a page is; nothing is read from boilerplate."""

    ARTICLE = "article"
    SECONDARY = "secondary"
    BOILERPLATE = "boilerplate"


class MeetingKind(StrEnum):
    """How the parties met."""

    MEETING = "meeting"
    CALL = "call"
    VISIT = "visit"
    MULTILATERAL = "multilateral"


class Status(StrEnum):
    """Whether the meeting took place, by the text's own word."""

    HELD = "held"
    PLANNED = "planned"
    CANCELLED = "cancelled"
    DENIED = "denied"


class RelationKind(StrEnum):
    """Relations that a sentence states, named as in the annotation guidelines."""

    LOCATED_IN = "located_in"
    MEMBER_OF = "member_of"
    FAMILY = "family"
    APPOINTED = "appointed"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a document's raw text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The surface string that the span covers in ``text``."""
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        """True where ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """True where the two spans share at least one code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Document:
    """One text as it was read, never edited.

    ``published`` is the publication date where one was found, and ``published_basis`` tells where.
    """

    doc_id: str
    text: str
    source: str = ""
    title: str | None = None
    published: date | None = None
    published_basis: Literal["column", "header", "dateline"] | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document that was not analysed: where it came from, at which stage it fell out, and why."""

    doc_id: str
    source: str
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the page; the segments of a document cover its text without overlap, in order."""

    span: Span
    kind: SegmentKind


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark; ``norm`` is its normalised form and may be empty for a token of invisible marks alone."""

    span: Span
    norm: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article or secondary segment; ``segment`` is the index of that segment."""

    span: Span
    tokens: tuple[Token, ...]
    segment: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text without its proclitics; ``sentence`` is an index into the document's sentences."""

    span: Span
    type: EntityType
    sentence: int
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Why a mention belongs to its entity: ``mention`` is an index into the document's mentions."""

    mention: int
    reason: str


@dataclass(frozen=True, slots=True)
class Entity:
    """One real thing that a document names.

    ``entity_id`` is made from the document's id and the content; ``name`` is the fullest form found;
    ``country`` is an ISO 3166-1 alpha-2 code, set only where the entity is a country.
    """

    entity_id: str
    type: EntityType
    name: str
    links: tuple[Link, ...]
    country: str | None = None
    wikidata_id: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The stretch of text that shows a fact, and the index of the sentence that holds it."""

    span: Span
    sentence: int


@dataclass(frozen=True, slots=True)
class Position:
    """A person holds, or held, an office: ``title`` is without article and nationality adjective.

    Of-what is an entity of the document, or the ISO code of the country that an adjective names, or neither.
    ``span`` is the title's words.
    """

    entity_id: str
    title: str
    of_entity_id: str | None
    of_country: str | None
    former: bool
    span: Span
    evidence: Evidence
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """Words that stand for a person without naming one: a bare title, a pronoun, a kin or peer word."""

    span: Span
    entity_id: str
    kind: Literal["title", "pronoun", "peer"]
    sentence: int
    reason: str


@dataclass(frozen=True, slots=True)
class When:
    """A day, or a longer time, both ends included.

    ``precision`` tells how much was said; ``basis`` whether the text states the date or gives it relative to the
    publication date.
    """

    first: date
    last: date
    basis: Literal["stated", "relative"]
    precision: Literal["day", "month", "year", "range"] = "day"


@dataclass(frozen=True, slots=True)
class DateExpression:
    """Words that give a date; ``when`` is None where they cannot be resolved without an unknown publication date."""

    span: Span
    sentence: int
    when: When | None


@dataclass(frozen=True, slots=True)
class Party:
    """A party of a meeting; ``span`` is the name, title or pronoun that tells of it in the evidence, if any."""

    entity_id: str
    role: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """An event in which two or more parties met, or were to meet.

    ``evidence`` holds every stretch that tells of it, the best first; ``features`` is the trail of the decision.
    """

    meeting_id: str
    kind: MeetingKind
    status: Status
    parties: tuple[Party, ...]
    place_entity_id: str | None
    when: When | None
    trigger: Span
    evidence: tuple[Evidence, ...]
    confidence: float | None = None
    rule: str = ""
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation that a sentence states between two entities of the document."""

    kind: RelationKind
    head_entity_id: str
    tail_entity_id: str
    evidence: Evidence
    confidence: float | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Analysis:
    """A document and all that was found in it; each stage adds one field."""

    document: Document
    segments: tuple[Segment, ...] = field(default=())
    sentences: tuple[Sentence, ...] = field(default=())
    mentions: tuple[Mention, ...] = field(default=())
    entities: tuple[Entity, ...] = field(default=())
    positions: tuple[Position, ...] = field(default=())
    references: tuple[Reference, ...] = field(default=())
    dates: tuple[DateExpression, ...] = field(default=())
    meetings: tuple[Meeting, ...] = field(default=())
    relations: tuple[Relation, ...] = field(default=())
