"""The tables that a run writes: names, columns, types and meanings, declared once.

The writers, the shards, the loaders and ``docs/outputs.md`` all follow this page. Empty means unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["string", "int64", "float64", "bool"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type, and what it tells."""

    name: str
    type: ColumnType
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: one row per what, its columns in order, and the columns that order the rows."""

    name: str
    row: str
    columns: tuple[Column, ...]
    order: tuple[str, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def _text(name: str, meaning: str) -> Column:
    return Column(name, "string", meaning)


def _count(name: str, meaning: str) -> Column:
    return Column(name, "int64", meaning)


_DOC_ID = _text("doc_id", "the document: its file's name without the ending, or its id column")
_CONFIDENCE = Column("confidence", "float64", "calibrated probability that the row is right, 0 to 1")
_EVIDENCE = (
    _text("evidence", "the stretch of raw text that shows it"),
    _count("evidence_start", "first code point of the evidence in the raw text"),
    _count("evidence_end", "code point after the last of the evidence"),
)

DOCUMENTS = Table(
    "documents",
    "document that was read and analysed",
    (
        _DOC_ID,
        _text("source", "file it came from, below the folder that was given, with the row or member after #"),
        _text("title", "title, where a column gives one"),
        _text("date", "publication date, ISO 8601"),
        _text("date_basis", "where that date was found: column, header, dateline"),
        _text("encoding", "encoding that the text was decoded from"),
        _text("digest", "BLAKE2b of the text, 16 bytes in hex: equal texts share it"),
        _count("n_chars", "code points"),
        _count("n_words", "tokens that hold a letter or digit, in article and secondary segments"),
        _count("n_sentences", "sentences in article and secondary segments"),
        _count("n_mentions", "names found"),
        _count("n_meetings", "meetings found"),
    ),
    ("doc_id",),
)
REJECTED = Table(
    "rejected",
    "input that was not analysed",
    (
        _text("doc_id", "the document, where one was known"),
        _text("source", "file it came from, below the folder that was given, with the row or member after #"),
        _text("stage", "stage at which it fell out: read, duplicate, worker, or a stage's name"),
        _text("reason", "why, and what to do"),
    ),
    ("doc_id", "source", "stage", "reason"),
)
MENTIONS = Table(
    "mentions",
    "name in a text",
    (
        _DOC_ID,
        _count("start", "first code point of the name in the raw text, without proclitics"),
        _count("end", "code point after the last"),
        _text("text", "the name as it stands there"),
        _text("type", "PER, LOC or ORG"),
        _text("entity_id", "whom or what it names"),
        _count("sentence_start", "first code point of its sentence"),
        _count("sentence_end", "code point after the last of its sentence"),
        _text("link_reason", "why the mention belongs to that entity"),
        _CONFIDENCE,
    ),
    ("doc_id", "start", "end"),
)
SENTENCES = Table(
    "sentences",
    "sentence that names two or more entities: the evidence of a co-mention",
    (
        _DOC_ID,
        _count("start", "first code point of the sentence in the raw text"),
        _count("end", "code point after the last"),
        _text("text", "the sentence as it stands there"),
    ),
    ("doc_id", "start"),
)
ENTITIES = Table(
    "entities",
    "person, place or organisation, over all documents",
    (
        _text("entity_id", "made from the content; the same input gives the same id"),
        _text("type", "PER, LOC or ORG"),
        _text("name", "fullest or commonest form found"),
        _text("country", "ISO 3166-1 alpha-2 code where the entity is a country"),
        _text("wikidata_id", "Wikidata item, where a gazetteer states one"),
        _text("aliases", "other forms found, commonest first, joined by |"),
        _count("n_documents", "documents that name it"),
        _count("n_mentions", "mentions of it"),
        _text("first_date", "earliest publication date of a document that names it"),
        _text("last_date", "latest"),
    ),
    ("entity_id",),
)
POSITIONS = Table(
    "positions",
    "person, title and of-what in a document",
    (
        _DOC_ID,
        _text("entity_id", "the person"),
        _text("title", "title without article and nationality adjective"),
        _text("of_entity_id", "the body or place of the office, where named"),
        _text("of_country", "ISO 3166-1 alpha-2 code of the country that a nationality adjective names"),
        Column("former", "bool", "true for a former holder"),
        *_EVIDENCE,
        _CONFIDENCE,
    ),
    ("doc_id", "evidence_start", "entity_id", "title", "of_entity_id", "of_country"),
)
MEETINGS = Table(
    "meetings",
    "meeting told in a document",
    (
        _text("meeting_id", "made from the content"),
        _DOC_ID,
        _text("kind", "meeting, call, visit or multilateral"),
        _text("status", "held, planned, cancelled or denied"),
        _text("date_from", "first day, month or year, ISO 8601"),
        _text("date_to", "last; equal to date_from for one"),
        _text("date_basis", "stated, or relative to the publication date"),
        _text("place_entity_id", "most specific named place"),
        _text("trigger", "the word that tells of the meeting"),
        _count("trigger_start", "first code point of the trigger"),
        _count("trigger_end", "code point after its last"),
        *_EVIDENCE,
        _text("rule", "the pattern that proposed it"),
        _text("features", "what the decision rested on, joined by |"),
        _CONFIDENCE,
    ),
    ("doc_id", "evidence_start", "meeting_id"),
)
PARTICIPANTS = Table(
    "participants",
    "party of a meeting",
    (
        _text("meeting_id", "the meeting"),
        _DOC_ID,
        _text("entity_id", "the party"),
        _text("role", "participant, host, visitor, caller, callee, chair ..."),
        _text("text", "the name, title or pronoun that tells of it, in the evidence where that holds one"),
        _count("start", "first code point of that"),
        _count("end", "code point after its last"),
    ),
    ("doc_id", "meeting_id", "entity_id"),
)
RELATIONS = Table(
    "relations",
    "relation stated in a document",
    (
        _DOC_ID,
        _text("head_entity_id", "who or what"),
        _text("relation", "located_in, member_of, family or appointed"),
        _text("tail_entity_id", "in, of or by whom"),
        *_EVIDENCE,
        _text("rule", "the pattern that found it"),
        _CONFIDENCE,
    ),
    ("doc_id", "relation", "head_entity_id", "tail_entity_id"),
)
EDGES = Table(
    "edges",
    "tie between two entities, over all documents",
    (
        _text("head_entity_id", "one end; the holder in positions, the head in relations"),
        _text("tail_entity_id", "the other end"),
        _text("kind", "co_mention, meeting, position or relation"),
        _text("label", "status of a meeting, title of a position, name of a relation"),
        _count("weight", "sentences of up to 60 names (co-mention) or rows (others) that tell of it"),
        _count("n_documents", "documents that tell of it"),
        _text("first_date", "earliest date: of the meeting where known, else of publication"),
        _text("last_date", "latest"),
    ),
    ("head_entity_id", "tail_entity_id", "kind", "label"),
)

MERGES = Table(
    "merges",
    "two names of the corpus judged to be one entity",
    (
        _text("entity_id", "the entity they are"),
        _text("name", "one name"),
        _text("with_name", "the other"),
        _text("reason", "what the judgement rests on"),
        Column("score", "float64", "how sure it is, 0 to 1"),
        _text("profile_id", "digest of the one name with its type, country and positions"),
        _text("with_profile_id", "the same of the other"),
    ),
    ("entity_id", "profile_id", "with_profile_id"),
)
EVENTS = Table(
    "events",
    "meeting of the corpus, told by one document or more",
    (
        _text("event_id", "made from the ids of the meetings that tell of it"),
        _text("kind", "meeting, call, visit or multilateral: as most reports say"),
        _text("status", "held if any report says so, else cancelled, denied or planned"),
        _text("date_from", "first day, month or year, ISO 8601: as most reports that know it say"),
        _text("date_to", "last"),
        _text("place_entity_id", "place that most reports name"),
        _text(
            "parties", "entity ids of the parties that a quarter of the reports name, those in most first, joined by |"
        ),
        _count("n_reports", "meetings of meetings.csv that tell of it"),
        _count("n_documents", "documents that tell of it"),
    ),
    ("event_id",),
)
EVENT_REPORTS = Table(
    "event_reports",
    "report of an event: one meeting of a document",
    (
        _text("event_id", "the event"),
        _text("meeting_id", "the meeting that tells of it"),
        _DOC_ID,
        _text("date", "publication date of the document"),
        _text("status", "status in that report"),
        _text("reason", "why it was joined: the parties shared and the days that agree; single where it stands alone"),
    ),
    ("event_id", "meeting_id"),
)

TABLES: tuple[Table, ...] = (
    DOCUMENTS,
    REJECTED,
    MENTIONS,
    SENTENCES,
    ENTITIES,
    POSITIONS,
    MEETINGS,
    PARTICIPANTS,
    RELATIONS,
    EDGES,
    MERGES,
    EVENTS,
    EVENT_REPORTS,
)
