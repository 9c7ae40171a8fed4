"""A run's tables as documents in the shape of gold, so that the two can be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from pipeline.errors import InputError
from pipeline.evaluation.gold import (
    GoldDocument,
    GoldEntity,
    GoldMeeting,
    GoldMention,
    GoldPosition,
    GoldRelation,
)
from pipeline.export.source import RunFolder
from pipeline.schema import EntityType, MeetingKind, RelationKind, Span, Status
from pipeline.tables import DOCUMENTS, ENTITIES, MEETINGS, MENTIONS, PARTICIPANTS, POSITIONS, RELATIONS

T = TypeVar("T")
Row = Mapping[str, object]
_TABLES = (DOCUMENTS, MENTIONS, ENTITIES, POSITIONS, MEETINGS, PARTICIPANTS, RELATIONS)


def load_predicted(folder: str | Path, texts: Mapping[str, str]) -> dict[str, GoldDocument]:
    """The documents of a run's tables by doc_id, with their texts where ``texts`` has them.

    Raises InputError where the folder holds no tables or a row cannot be read.
    """
    run = RunFolder(folder)
    return predicted_from_rows({table.name: run.rows(table) for table in _TABLES}, texts)


def predicted_from_rows(tables: Mapping[str, Iterable[Row]], texts: Mapping[str, str]) -> dict[str, GoldDocument]:
    """As :func:`load_predicted`, from rows as mappings; an empty or None value is unknown."""
    try:
        return _documents(tables, texts)
    except (KeyError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise InputError(f"the tables do not fit their contract ({reason}); make them again with a run") from error


def _documents(tables: Mapping[str, Iterable[Row]], texts: Mapping[str, str]) -> dict[str, GoldDocument]:
    entities = {
        str(row["entity_id"]): GoldEntity(
            str(row["entity_id"]), EntityType(str(row["type"])), str(row["name"]), _text(row, "country")
        )
        for row in tables.get("entities", ())
    }
    mentions: dict[str, list[GoldMention]] = defaultdict(list)
    for row in tables.get("mentions", ()):
        span = Span(int(str(row["start"])), int(str(row["end"])))
        mention = GoldMention(span, EntityType(str(row["type"])), str(row["entity_id"] or ""))
        mentions[str(row["doc_id"])].append(mention)
    positions = _by_document(tables.get("positions", ()), _position)
    relations = _by_document(tables.get("relations", ()), _relation)
    parties: dict[str, set[str]] = defaultdict(set)
    for row in tables.get("participants", ()):
        parties[str(row["meeting_id"])].add(str(row["entity_id"]))
    meetings = _by_document(
        tables.get("meetings", ()), lambda row: _meeting(row, frozenset(parties[str(row["meeting_id"])]))
    )
    documents = {}
    for row in tables["documents"]:
        doc_id = str(row["doc_id"])
        named = dict.fromkeys(mention.entity_id for mention in mentions[doc_id])
        documents[doc_id] = GoldDocument(
            doc_id,
            texts.get(doc_id, ""),
            None,
            (),
            tuple(sorted(mentions[doc_id])),
            tuple(entities[entity_id] for entity_id in named if entity_id in entities),
            tuple(positions[doc_id]),
            tuple(meetings[doc_id]),
            tuple(relations[doc_id]),
        )
    return documents


def _by_document(rows: Iterable[Row], make: Callable[[Row], T]) -> dict[str, list[T]]:
    made: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        made[str(row["doc_id"])].append(make(row))
    return made


def _text(row: Row, name: str) -> str | None:
    value = row.get(name)
    return None if value is None or value == "" else str(value)


def _position(row: Row) -> GoldPosition:
    of_entity_id, of_country = _text(row, "of_entity_id"), _text(row, "of_country")
    return GoldPosition(
        str(row["entity_id"]), str(row["title"] or ""), of_entity_id, of_country, bool(row.get("former"))
    )


def _relation(row: Row) -> GoldRelation:
    return GoldRelation(RelationKind(str(row["relation"])), str(row["head_entity_id"]), str(row["tail_entity_id"]))


def _meeting(row: Row, parties: frozenset[str]) -> GoldMeeting:
    first, last = _text(row, "date_from"), _text(row, "date_to")
    stated = f"{first or ''}/{last}" if last and last != first else first
    kind, status = MeetingKind(str(row["kind"])), Status(str(row["status"]))
    return GoldMeeting(kind, status, stated, _text(row, "place_entity_id"), parties)
