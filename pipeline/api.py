"""What ``import pipeline`` offers beside ``run``: one text to its facts, and the tables and graph of a run."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.display import Facts
from pipeline.errors import InputError
from pipeline.schema import Analysis, Document, Entity, Evidence, Rejected
from pipeline.shards import day, when_strings

if TYPE_CHECKING:
    import pandas as pd


def extract(text: str, *, tagger: str = "default", doc_id: str = "text") -> Facts:
    """The facts of one text as plain values that JSON can hold: entities, positions, meetings, relations.

    Offsets are code points of ``text``, end excluded. InputError where the text cannot be analysed. In Jupyter the
    result shows the text with its names coloured.
    """
    from pipeline.run import analyse, open_tagger

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
        "positions": [
            {
                "entity_id": row.entity_id,
                "title": row.title,
                "of_entity_id": row.of_entity_id,
                "of_country": row.of_country,
                "former": row.former,
                "evidence": _evidence(analysis, row.evidence),
            }
            for row in analysis.positions
        ],
        "meetings": [
            {
                "meeting_id": row.meeting_id,
                "kind": row.kind.value,
                "status": row.status.value,
                "parties": [{"entity_id": party.entity_id, "role": party.role} for party in row.parties],
                "place_entity_id": row.place_entity_id,
                "date_from": when_strings(row.when)[0],
                "date_to": when_strings(row.when)[1],
                "evidence": [_evidence(analysis, evidence) for evidence in row.evidence],
                "confidence": row.confidence,
            }
            for row in analysis.meetings
        ],
        "relations": [
            {
                "relation": row.kind.value,
                "head_entity_id": row.head_entity_id,
                "tail_entity_id": row.tail_entity_id,
                "evidence": _evidence(analysis, row.evidence),
            }
            for row in analysis.relations
        ],
    }
    return Facts(values, document.text)


def _entity(analysis: Analysis, entity: Entity) -> dict[str, Any]:
    mentions = [analysis.mentions[link.mention].span for link in entity.links]
    return {
        "entity_id": entity.entity_id,
        "type": entity.type.value,
        "name": entity.name,
        "country": entity.country,
        "wikidata_id": entity.wikidata_id,
        "mentions": [
            {"start": span.start, "end": span.end, "text": span.of(analysis.document.text)} for span in mentions
        ],
    }


def _evidence(analysis: Analysis, evidence: Evidence) -> dict[str, Any]:
    span = evidence.span
    return {"start": span.start, "end": span.end, "text": span.of(analysis.document.text)}


def load_tables(folder: str | Path) -> dict[str, pd.DataFrame]:
    """The tables of a run by name, with the column types of ``tables.py``; unknown is ``pd.NA``."""
    from pipeline.export import source

    return source.load_tables(folder)


def load_graph(folder: str | Path) -> Any:
    """The graph of a run as a networkx MultiDiGraph, made from its tables of entities and edges."""
    return import_module("pipeline.graph").load_graph(folder)
