"""What ``import pipeline`` offers beside ``run``: one text to its facts, and the tables and graph of a run."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.display import Facts
from pipeline.errors import InputError
from pipeline.schema import Analysis, Document, Entity, Meeting, Position, Rejected, Relation, Span
from pipeline.shards import day, rounded, when_strings

if TYPE_CHECKING:
    import pandas as pd


_REMEDIES = {
    "text": "decode bytes first, as pipeline.reading.decode does, and give texts one by one",
    "doc_id": "write it as text",
}


def extract(text: str, *, tagger: str = "default", doc_id: str = "text") -> Facts:
    """The facts of one text as plain values that JSON can hold: entities, positions, meetings, relations.

    Offsets are code points of ``text``, end excluded. In Jupyter the result shows the text with its names coloured.
    InputError where the text cannot be analysed, ConfigError for an unknown tagger, ModelError where its files are
    missing or damaged.
    """
    from pipeline.run import analyse, open_tagger

    for name, value in (("text", text), ("doc_id", doc_id)):
        if not isinstance(value, str):
            raise InputError(f"{name} must be a str, not {type(value).__name__}; {_REMEDIES[name]}")
    (found,) = analyse([Document(doc_id, text)], open_tagger(tagger))
    if isinstance(found, Rejected):
        raise InputError(f"{found.stage}: {found.reason}")
    return facts(found)


def facts(analysis: Analysis) -> Facts:
    """All that was found in a document, as plain values that JSON can hold."""
    document = analysis.document
    values = {
        "doc_id": document.doc_id,
        "date": day(document.published),
        "entities": [_entity(analysis, entity) for entity in analysis.entities],
        "positions": [_position(analysis, position) for position in analysis.positions],
        "meetings": [_meeting(analysis, meeting) for meeting in analysis.meetings],
        "relations": [_relation(analysis, relation) for relation in analysis.relations],
    }
    return Facts(values, document.text)


def _entity(analysis: Analysis, entity: Entity) -> dict[str, Any]:
    return {
        "entity_id": entity.entity_id,
        "type": entity.type.value,
        "name": entity.name,
        "country": entity.country,
        "wikidata_id": entity.wikidata_id,
        "mentions": [_span(analysis, analysis.mentions[link.mention].span) for link in entity.links],
    }


def _position(analysis: Analysis, position: Position) -> dict[str, Any]:
    return {
        "entity_id": position.entity_id,
        "title": position.title,
        "of_entity_id": position.of_entity_id,
        "of_country": position.of_country,
        "former": position.former,
        "evidence": _span(analysis, position.evidence.span),
        "confidence": rounded(position.confidence),
    }


def _meeting(analysis: Analysis, meeting: Meeting) -> dict[str, Any]:
    first, last = when_strings(meeting.when)
    return {
        "meeting_id": meeting.meeting_id,
        "kind": meeting.kind.value,
        "status": meeting.status.value,
        "parties": [
            {
                "entity_id": party.entity_id,
                "role": party.role,
                "named_by": _span(analysis, party.span) if party.span else None,
            }
            for party in meeting.parties
        ],
        "place_entity_id": meeting.place_entity_id,
        "date_from": first,
        "date_to": last,
        "date_basis": meeting.when.basis if meeting.when else None,
        "trigger": _span(analysis, meeting.trigger),
        "evidence": [_span(analysis, evidence.span) for evidence in meeting.evidence],
        "rule": meeting.rule,
        "confidence": rounded(meeting.confidence),
    }


def _relation(analysis: Analysis, relation: Relation) -> dict[str, Any]:
    return {
        "relation": relation.kind.value,
        "head_entity_id": relation.head_entity_id,
        "tail_entity_id": relation.tail_entity_id,
        "evidence": _span(analysis, relation.evidence.span),
        "rule": relation.rule,
        "confidence": rounded(relation.confidence),
    }


def _span(analysis: Analysis, span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.of(analysis.document.text)}


def load_tables(folder: str | Path) -> dict[str, pd.DataFrame]:
    """The tables of a run by name, with the column types of ``tables.py``; unknown is ``pd.NA``.

    InputError where the folder holds none, or a damaged one.
    """
    from pipeline.export import source

    return source.load_tables(folder)


def load_graph(folder: str | Path) -> Any:
    """The graph of a run as a networkx MultiDiGraph, made from its tables of entities and edges.

    InputError where the folder holds none.
    """
    return import_module("pipeline.graph").load_graph(folder)
