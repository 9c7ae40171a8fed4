"""Gold documents from the standoff JSON that the evaluation script compiles, or from ``.ann`` files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.evaluation.gold import (
    GoldDocument,
    GoldEntity,
    GoldMeeting,
    GoldMention,
    GoldPosition,
    GoldRelation,
    cover,
    known,
    read_gold,
)
from pipeline.schema import EntityType, MeetingKind, RelationKind, SegmentKind, Span, Status


def load_gold(folder: str | Path) -> list[GoldDocument]:
    """The gold documents of a folder: its ``.ann`` files, or else its standoff ``.json`` files beside their texts."""
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"{folder}: not a folder; give the one that holds the gold files")
    if any(folder.glob("*.ann")):
        return read_gold(folder)
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise InputError(f"{folder}: no .ann and no .json file; give a folder of gold beside its .txt files")
    return [_read_json(path) for path in paths]


def _read_json(path: Path) -> GoldDocument:
    try:
        standoff = json.loads(path.read_text("utf-8"))
        text_path = path.with_name(f"{standoff['doc_id']}.txt")
        if not text_path.exists():
            raise InputError(f"{path}: {text_path.name} is not beside it; put the text that was annotated there")
        return gold_from_json(text_path.read_bytes().decode("utf-8"), standoff)
    except (KeyError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise InputError(f"{path}: not a standoff file ({reason}); compile it again from its .ann") from error


def gold_from_json(text: str, standoff: Mapping[str, Any]) -> GoldDocument:
    """What a document's standoff JSON says of ``text``. Raises KeyError or ValueError where it does not fit."""
    segments = [(Span(part["start"], part["end"]), SegmentKind(part["kind"])) for part in standoff["segments"]]
    return GoldDocument(
        standoff["doc_id"],
        text,
        None if standoff["date"] == "-" else date.fromisoformat(standoff["date"]),
        tuple(cover(text, segments)),
        tuple(
            GoldMention(Span(name["start"], name["end"]), EntityType(name["type"]), name["entity"])
            for name in standoff["mentions"]
        ),
        tuple(
            GoldEntity(entity_id, EntityType(entity["type"]), entity["name"], entity["country"])
            for entity_id, entity in standoff["entities"].items()
        ),
        tuple(_position(position, standoff["entities"]) for position in standoff["positions"]),
        tuple(_meeting(meeting) for meeting in standoff["meetings"]),
        tuple(
            GoldRelation(RelationKind(relation["relation"]), relation["head"], relation["tail"])
            for relation in standoff["relations"]
        ),
    )


def _position(position: Mapping[str, Any], entities: Mapping[str, Any]) -> GoldPosition:
    of = known(position["of"])
    if of is not None and of in entities:
        return GoldPosition(position["entity"], position["title"], of, entities[of]["country"], position["former"])
    return GoldPosition(position["entity"], position["title"], None, of, position["former"])


def _meeting(meeting: Mapping[str, Any]) -> GoldMeeting:
    return GoldMeeting(
        MeetingKind(meeting["kind"]),
        Status(meeting["status"]),
        known(meeting["date"]),
        known(meeting["place"]),
        frozenset(meeting["who"]),
        Span(meeting["start"], meeting["end"]),
    )
