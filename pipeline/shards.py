"""Analyses to the rows of the per-document tables, and those rows to Parquet: a shard holds a few hundred documents.

A shard has the tables of ``tables.py`` that one document can fill. Entity ids in it are those of the document; the
reduce maps them to corpus entities. Each row carries ``key``, the digest of the input document that it came from.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.schema import Analysis, Document, Evidence, Mention, Rejected, When
from pipeline.tables import (
    DOCUMENTS,
    MEETINGS,
    MENTIONS,
    PARTICIPANTS,
    POSITIONS,
    REJECTED,
    RELATIONS,
    SENTENCES,
    Column,
    Table,
)

KEY = Column("key", "string", "digest of the input document")

DOC_ENTITIES = Table(
    "doc_entities",
    "entity of one document",
    (
        Column("doc_id", "string", "the document"),
        Column("entity_id", "string", "id of the entity inside its document"),
        Column("type", "string", "PER, LOC or ORG"),
        Column("name", "string", "fullest form found"),
        Column("country", "string", "ISO 3166-1 alpha-2 code where the entity is a country"),
        Column("wikidata_id", "string", "Wikidata item, where a gazetteer states one"),
        Column("forms", "string", "surface forms, commonest first, as form=count joined by |"),
        Column("n_mentions", "int64", "mentions of it"),
    ),
    ("doc_id", "entity_id"),
)
SHARD_TABLES: tuple[Table, ...] = (
    DOCUMENTS,
    MENTIONS,
    SENTENCES,
    DOC_ENTITIES,
    POSITIONS,
    MEETINGS,
    PARTICIPANTS,
    RELATIONS,
    REJECTED,
)
Row = tuple[Any, ...]
Rows = dict[str, list[Row]]
_SURROGATE = re.compile("[\ud800-\udfff]")


def text_digest(text: str) -> str:
    """BLAKE2b of the text, 16 bytes in hex; lone surrogates are hashed as they stand."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def document_key(document: Document) -> str:
    """Digest of all that the analysis of a document depends on, 16 bytes in hex."""
    parts = (
        document.doc_id,
        document.source,
        document.title or "",
        document.published.isoformat() if document.published else "",
        document.published_basis or "",
        document.encoding or "",
        text_digest(document.text),
    )
    return text_digest("\x1f".join(parts))


def day(value: date | None) -> str | None:
    """A day as ISO 8601, None as None."""
    return None if value is None else value.isoformat()


def when_strings(when: When | None) -> tuple[str | None, str | None]:
    """The two ends of a time as the tables write them: a day in full, a month as 2025-12, a year as 2025."""
    if when is None:
        return None, None
    n_characters = {"day": 10, "range": 10, "month": 7, "year": 4}[when.precision]
    return when.first.isoformat()[:n_characters], when.last.isoformat()[:n_characters]


def add_rows(rows: Rows, key: str, result: Analysis | Rejected) -> None:
    """Append the rows of one document to those of its shard."""
    if isinstance(result, Rejected):
        rows.setdefault("rejected", []).append((key, result.doc_id, result.source, result.stage, result.reason))
        return
    for name, made in (
        ("documents", [_document_row(result)]),
        ("mentions", _mention_rows(result)),
        ("sentences", _sentence_rows(result)),
        ("doc_entities", _entity_rows(result)),
        ("positions", _position_rows(result)),
        ("meetings", _meeting_rows(result)),
        ("participants", _participant_rows(result)),
        ("relations", _relation_rows(result)),
    ):
        rows.setdefault(name, []).extend((key, *row) for row in made)


def count_words(analysis: Analysis) -> int:
    """Tokens that hold a letter or digit, in article and secondary segments."""
    return sum(any(map(str.isalnum, token.norm)) for sentence in analysis.sentences for token in sentence.tokens)


def rounded(confidence: float | None) -> float | None:
    """The confidence as tables and JSON tell it, to four places; unknown stays None."""
    return None if confidence is None else round(float(confidence), 4)


def _document_row(analysis: Analysis) -> Row:
    document = analysis.document
    return (
        document.doc_id,
        document.source,
        document.title,
        day(document.published),
        document.published_basis,
        document.encoding,
        text_digest(document.text),
        len(document.text),
        count_words(analysis),
        len(analysis.sentences),
        len(analysis.mentions),
        len(analysis.meetings),
    )


def _mention_rows(analysis: Analysis) -> list[Row]:
    text, doc_id = analysis.document.text, analysis.document.doc_id
    entity_by_mention = {link.mention: (entity, link) for entity in analysis.entities for link in entity.links}
    rows: list[Row] = []
    for index, mention in enumerate(analysis.mentions):
        entity, link = entity_by_mention.get(index, (None, None))
        sentence = analysis.sentences[mention.sentence].span
        rows.append(
            (
                doc_id,
                mention.span.start,
                mention.span.end,
                mention.span.of(text),
                mention.type.value,
                entity.entity_id if entity else None,
                sentence.start,
                sentence.end,
                link.reason if link else None,
                rounded(mention.confidence),
            )
        )
    return rows


def _sentence_rows(analysis: Analysis) -> list[Row]:
    """The sentences in which two or more entities are named."""
    text, doc_id = analysis.document.text, analysis.document.doc_id
    named: dict[int, set[str]] = {}
    for entity in analysis.entities:
        for link in entity.links:
            named.setdefault(analysis.mentions[link.mention].sentence, set()).add(entity.entity_id)
    spans = (analysis.sentences[index].span for index, names in sorted(named.items()) if len(names) > 1)
    return [(doc_id, span.start, span.end, span.of(text)) for span in spans]


def _entity_rows(analysis: Analysis) -> list[Row]:
    rows: list[Row] = []
    for entity in analysis.entities:
        mentions: list[Mention] = [analysis.mentions[link.mention] for link in entity.links]
        counts = Counter(" ".join(mention.span.of(analysis.document.text).split()) for mention in mentions)
        forms = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        rows.append(
            (
                analysis.document.doc_id,
                entity.entity_id,
                entity.type.value,
                entity.name,
                entity.country,
                entity.wikidata_id,
                "|".join(f"{form.replace('|', ' ')}={count}" for form, count in forms),
                len(mentions),
            )
        )
    return rows


def _evidence(analysis: Analysis, evidence: Evidence | None) -> Row:
    if evidence is None:
        return (None, None, None)
    span = evidence.span
    return (span.of(analysis.document.text), span.start, span.end)


def _position_rows(analysis: Analysis) -> list[Row]:
    return [
        (
            analysis.document.doc_id,
            position.entity_id,
            position.title,
            position.of_entity_id,
            position.of_country,
            position.former,
            *_evidence(analysis, position.evidence),
            rounded(position.confidence),
        )
        for position in analysis.positions
    ]


def _meeting_rows(analysis: Analysis) -> list[Row]:
    return [
        (
            meeting.meeting_id,
            analysis.document.doc_id,
            meeting.kind.value,
            meeting.status.value,
            *when_strings(meeting.when),
            meeting.when.basis if meeting.when else None,
            meeting.place_entity_id,
            meeting.trigger.of(analysis.document.text),
            meeting.trigger.start,
            meeting.trigger.end,
            *_evidence(analysis, meeting.evidence[0] if meeting.evidence else None),
            meeting.rule,
            "|".join(meeting.features),
            rounded(meeting.confidence),
        )
        for meeting in analysis.meetings
    ]


def _participant_rows(analysis: Analysis) -> list[Row]:
    return [
        (
            meeting.meeting_id,
            analysis.document.doc_id,
            party.entity_id,
            party.role,
            party.span.of(analysis.document.text) if party.span else None,
            party.span.start if party.span else None,
            party.span.end if party.span else None,
        )
        for meeting in analysis.meetings
        for party in meeting.parties
    ]


def _relation_rows(analysis: Analysis) -> list[Row]:
    return [
        (
            analysis.document.doc_id,
            relation.head_entity_id,
            relation.kind.value,
            relation.tail_entity_id,
            *_evidence(analysis, relation.evidence),
            relation.rule,
            rounded(relation.confidence),
        )
        for relation in analysis.relations
    ]


def to_parquet(rows: Mapping[str, Sequence[Row]]) -> dict[str, bytes]:
    """Each table of the shard that has rows, as Parquet bytes; no rows, no file."""
    made: dict[str, bytes] = {}
    for table in SHARD_TABLES:
        if rows.get(table.name):
            made[table.name] = parquet_bytes((KEY, *table.columns), rows[table.name])
    return made


def parquet_bytes(columns: Sequence[Column], rows: Iterable[Row]) -> bytes:
    """Rows as one Parquet file in memory."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"string": pa.string(), "int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_()}
    arrays = [
        pa.array([_storable(value) for value in values], kinds[column.type])
        for column, values in zip(columns, zip(*rows, strict=True), strict=True)
    ]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, [column.name for column in columns]), out, compression="zstd")
    return out.getvalue()


def _storable(value: Any) -> Any:
    """The value, with ``?`` for each lone surrogate: UTF-8 cannot hold one, and the length stays the same."""
    return _SURROGATE.sub("?", value) if isinstance(value, str) and not value.isascii() else value
