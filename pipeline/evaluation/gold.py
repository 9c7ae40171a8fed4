"""Gold annotations (``ID.ann`` beside ``ID.txt``) as typed values, for learning and for measuring.

The statements are those of the annotation guidelines: one a line, fields separated by tabs. A ``M`` line marks every
whole-word occurrence of its string outside boilerplate that no longer ``M`` string covers; proclitic letters before it
stay outside, and a leading ``ال`` also matches after the preposition ل (``للأمم``: the span starts at the second lam).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.errors import InputError
from pipeline.schema import EntityType, MeetingKind, RelationKind, Segment, SegmentKind, Span, Status

PROCLITICS = "وفبلك"
_TATWEEL = "\u0640"
_MAX_PROCLITICS = 3


@dataclass(frozen=True, slots=True, order=True)
class GoldMention:
    """A name in the text and the entity of the document that it names."""

    span: Span
    type: EntityType
    entity_id: str


@dataclass(frozen=True, slots=True)
class GoldEntity:
    """One thing that the document names; ``country`` is its ISO code where it is a country."""

    entity_id: str
    type: EntityType
    name: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class GoldPosition:
    """An office: of an entity of the document, or of the country that an adjective names, or neither."""

    entity_id: str
    title: str
    of_entity_id: str | None = None
    of_country: str | None = None
    former: bool = False


@dataclass(frozen=True, slots=True)
class GoldMeeting:
    """A meeting; ``date`` is an ISO day, month or year or a range ``A/B``; ``quote`` is the stretch that shows it."""

    kind: MeetingKind
    status: Status
    date: str | None
    place_entity_id: str | None
    parties: frozenset[str]
    quote: Span | None = None


@dataclass(frozen=True, slots=True)
class GoldRelation:
    """A relation between two entities of the document."""

    kind: RelationKind
    head_entity_id: str
    tail_entity_id: str


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A text and all that is said of it; mentions in the order of the text, segments covering it."""

    doc_id: str
    text: str
    published: date | None
    segments: tuple[Segment, ...]
    mentions: tuple[GoldMention, ...]
    entities: tuple[GoldEntity, ...]
    positions: tuple[GoldPosition, ...]
    meetings: tuple[GoldMeeting, ...]
    relations: tuple[GoldRelation, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A ``M`` line: a string to be found, of which entity, and which of its occurrences (None: all)."""

    text: str
    entity_id: str
    only: frozenset[int] | None
    where: str


def read_gold(folder: str | Path) -> list[GoldDocument]:
    """The annotated documents of a folder, by name. Raises InputError where a statement does not fit its text."""
    paths = sorted(Path(folder).glob("*.ann"))
    if not paths:
        raise InputError(f"{folder}: no .ann file; give a folder that holds ID.ann beside ID.txt")
    return [_read_pair(path) for path in paths]


def _read_pair(path: Path) -> GoldDocument:
    text_path = path.with_suffix(".txt")
    if not text_path.exists():
        raise InputError(f"{path}: {text_path.name} is not beside it; put the text that was annotated there")
    return parse_annotation(path.stem, text_path.read_bytes().decode("utf-8"), path.read_text("utf-8"))


def parse_annotation(doc_id: str, text: str, annotation: str) -> GoldDocument:
    r"""What the statements of one ``.ann`` say of ``text``.

    >>> gold = parse_annotation("d", "زار سالم المدينة", "E\te1\tPER\tسالم\nM\te1\tسالم")
    >>> gold.mentions[0].span
    Span(start=4, end=8)
    """
    reader = _Reader(doc_id, text)
    for number, line in enumerate(annotation.splitlines(), 1):
        line = line.rstrip()
        if line and not line.startswith("#"):
            reader.read([part.strip() for part in line.split("\t")], f"{doc_id}.ann:{number}")
    return reader.finish()


class _Reader:
    """Collects the statements of one document."""

    def __init__(self, doc_id: str, text: str) -> None:
        self.doc_id, self.text = doc_id, text
        self.where = doc_id
        self.published: date | None = None
        self.marked: list[tuple[Span, SegmentKind]] = []
        self.wanted: list[_Wanted] = []
        self.entities: dict[str, GoldEntity] = {}
        self.positions: list[tuple[str, str, str, bool]] = []
        self.meetings: list[GoldMeeting] = []
        self.relations: list[GoldRelation] = []

    def read(self, fields: Sequence[str], where: str) -> None:
        """Take one statement; ``where`` names its file and line for errors."""
        self.where = where
        readers = {
            "DATE": self._date,
            "SEG": self._segment,
            "E": self._entity,
            "M": self._mention,
            "POS": self._position,
            "MEET": self._meeting,
            "REL": self._relation,
        }
        reader = readers.get(fields[0])
        if reader is None:
            raise InputError(f"{where}: unknown statement {fields[0]!r}; one of {' '.join(readers)}")
        try:
            reader(fields)
        except (IndexError, ValueError) as error:
            raise InputError(f"{where}: {error}; see the annotation guidelines for the fields") from error

    def _date(self, fields: Sequence[str]) -> None:
        self.published = None if fields[1] == "-" else date.fromisoformat(fields[1])

    def _segment(self, fields: Sequence[str]) -> None:
        start = self.text.find(fields[2])
        last = self.text.find(fields[3], start) if start >= 0 else -1
        if last < 0:
            raise InputError(f"{self.where}: the segment's words are not in the text; copy them letter for letter")
        self.marked.append((Span(start, last + len(fields[3])), SegmentKind(fields[1])))

    def _entity(self, fields: Sequence[str]) -> None:
        if fields[1] in self.entities:
            raise InputError(f"{self.where}: entity {fields[1]} stands twice; give each its own id")
        country = fields[4] if len(fields) > 4 else None
        self.entities[fields[1]] = GoldEntity(fields[1], EntityType(fields[2]), fields[3], country)

    def _mention(self, fields: Sequence[str]) -> None:
        listed = fields[3] if len(fields) > 3 else ""
        only = frozenset(int(number) for number in listed.split(",")) if listed else None
        self.wanted.append(_Wanted(fields[2], fields[1], only, self.where))

    def _position(self, fields: Sequence[str]) -> None:
        of = fields[3] if len(fields) > 3 else "-"
        self.positions.append((fields[1], fields[2], of, len(fields) > 4 and fields[4] == "former"))

    def _meeting(self, fields: Sequence[str]) -> None:
        quote = fields[6].removeprefix("ev:").strip()
        at = self.text.find(quote) if quote else -1
        if at < 0:
            raise InputError(f"{self.where}: the quote is not in the text; copy it letter for letter")
        parties = frozenset(party.strip() for party in fields[5].split(","))
        if len(parties) < 2:
            raise InputError(f"{self.where}: a meeting needs two parties; name the other or drop the line")
        kind, status = MeetingKind(fields[1]), Status(fields[2])
        span = Span(at, at + len(quote))
        self.meetings.append(GoldMeeting(kind, status, known(fields[3]), known(fields[4]), parties, span))

    def _relation(self, fields: Sequence[str]) -> None:
        self.relations.append(GoldRelation(RelationKind(fields[1]), fields[2], fields[3]))

    def finish(self) -> GoldDocument:
        """All statements together; raises InputError where one names an entity that none declares."""
        used = {party for meeting in self.meetings for party in meeting.parties}
        used |= {meeting.place_entity_id for meeting in self.meetings if meeting.place_entity_id}
        used |= {entity_id for entity_id, *_ in self.positions} | {wanted.entity_id for wanted in self.wanted}
        used |= {end for relation in self.relations for end in (relation.head_entity_id, relation.tail_entity_id)}
        if missing := sorted(used - set(self.entities)):
            raise InputError(f"{self.doc_id}.ann: no entity {', '.join(missing)}; declare each with an E line")
        boilerplate = [span for span, kind in self.marked if kind is SegmentKind.BOILERPLATE]
        return GoldDocument(
            self.doc_id,
            self.text,
            self.published,
            tuple(cover(self.text, self.marked)),
            tuple(sorted(self._mentions(boilerplate), key=lambda mention: mention.span)),
            tuple(self.entities.values()),
            tuple(self._resolve_of(*position) for position in self.positions),
            tuple(self.meetings),
            tuple(self.relations),
        )

    def _resolve_of(self, entity_id: str, title: str, of: str, former: bool) -> GoldPosition:
        if of in self.entities:
            return GoldPosition(entity_id, title, of, self.entities[of].country, former)
        return GoldPosition(entity_id, title, None, known(of), former)

    def _mentions(self, boilerplate: Sequence[Span]) -> Iterator[GoldMention]:
        taken: list[Span] = []
        for wanted in sorted(self.wanted, key=lambda wanted: -len(wanted.text)):
            found = find_occurrences(self.text, wanted.text)
            spots = [span for span in found if not any(b.start <= span.start < b.end for b in boilerplate)]
            chosen = [
                span
                for number, span in enumerate(spots, 1)
                if (wanted.only is None or number in wanted.only) and not any(span.overlaps(t) for t in taken)
            ]
            if not chosen:
                raise InputError(f"{wanted.where}: {wanted.text!r} stands nowhere free in the text; mend the string")
            taken += chosen
            entity = self.entities[wanted.entity_id]
            yield from (GoldMention(span, entity.type, entity.entity_id) for span in chosen)


def known(field: str) -> str | None:
    """The field; None where it is empty or a dash."""
    return None if field in ("-", "") else field


def is_word_character(character: str) -> bool:
    """True for letters, digits, vowel marks, tatweel and underscore: what a name may not be cut from."""
    return character.isalpha() or character.isdigit() or "\u064b" <= character <= "\u0652" or character in "\u0640_"


def is_proclitic(letters: str) -> bool:
    """True for up to three proclitic letters (and tatweel), as may stand between a word's start and a name's."""
    return len(letters) <= _MAX_PROCLITICS and all(c in PROCLITICS or c == _TATWEEL for c in letters)


def find_occurrences(text: str, name: str) -> list[Span]:
    """Where ``name`` stands in ``text`` as whole words, proclitics apart, in order; occurrences may overlap.

    >>> find_occurrences("للأمم والأمم", "الأمم")
    [Span(start=1, end=5), Span(start=7, end=12)]
    """
    spans = [Span(at, at + len(name)) for at in _positions_of(text, name)]
    if name.startswith("ال"):
        after_lam = "ل" + name[2:]
        starts = (at for at in _positions_of(text, after_lam) if at > 0 and text[at - 1] == "ل")
        spans += [Span(at, at + len(after_lam)) for at in starts]
    return sorted(span for span in spans if _is_whole(text, span))


def _positions_of(text: str, string: str) -> Iterator[int]:
    return (match.start() for match in re.finditer(f"(?={re.escape(string)})", text))


def _is_whole(text: str, span: Span) -> bool:
    if span.end < len(text) and is_word_character(text[span.end]):
        return False
    start = span.start
    while start > 0 and span.start - start <= _MAX_PROCLITICS and is_word_character(text[start - 1]):
        start -= 1
    return is_proclitic(text[start : span.start])


def cover(text: str, marked: Iterable[tuple[Span, SegmentKind]]) -> Iterator[Segment]:
    """Segments that cover the whole text in order: the marked ones, and article between them."""
    at = 0
    for span, kind in sorted(marked, key=lambda pair: pair[0]):
        start = max(span.start, at)
        if start > at:
            yield Segment(Span(at, start), SegmentKind.ARTICLE)
        if span.end > start:
            yield Segment(Span(start, span.end), kind)
            at = span.end
    if at < len(text):
        yield Segment(Span(at, len(text)), SegmentKind.ARTICLE)
