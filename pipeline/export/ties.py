"""Nodes and edges of the graph as attributes that every graph format can hold: scalars, one type per name, no None.

The names stay clear of those that graph libraries keep for themselves (id, label, source, target, key, type of edge).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from pipeline.export.cells import xml_safe
from pipeline.tables import EDGES, ENTITIES

Scalar = str | int | float | bool
Batches = Iterable[Iterable[Sequence[Any]]]
AttributeType = Literal["string", "long", "boolean"]

NODE_ATTRIBUTES: dict[str, AttributeType] = {
    "name": "string",
    "type": "string",
    "country": "string",
    "wikidata_id": "string",
    "aliases": "string",
    "n_documents": "long",
    "n_mentions": "long",
    "first_date": "string",
    "last_date": "string",
}
EDGE_ATTRIBUTES: dict[str, AttributeType] = {
    "kind": "string",
    "detail": "string",
    "symmetric": "boolean",
    "weight": "long",
    "n_documents": "long",
    "first_date": "string",
    "last_date": "string",
}
_SYMMETRIC = ("co_mention", "meeting")
REMEMBERED = 1 << 14
"""Texts that are held ready to be written again: ids, kinds, titles and dates come time and again."""


@dataclass(frozen=True, slots=True)
class Node:
    """An entity: its id and its known attributes."""

    node_id: str
    attributes: dict[str, Scalar]


@dataclass(frozen=True, slots=True)
class Edge:
    """A tie from head to tail; ``edge_id`` is made of both ends, the kind and the detail."""

    edge_id: str
    head: str
    tail: str
    attributes: dict[str, Scalar]


def nodes_of(entities: Batches) -> Iterator[Node]:
    """The nodes that the rows of the table ``entities`` tell of."""
    for row in _mappings(entities, ENTITIES.column_names):
        yield Node(_safe(row["entity_id"]), _known({name: row[name] for name in NODE_ATTRIBUTES}))


def edges_of(edges: Batches) -> Iterator[Edge]:
    """The edges that the rows of the table ``edges`` tell of; its column ``label`` is called ``detail`` here.

    Co-mentions and meetings hold both ways and are ``symmetric``; positions and relations lead from holder or head.
    """
    for row in _mappings(edges, EDGES.column_names):
        head, tail, kind, detail = row["head_entity_id"], row["tail_entity_id"], row["kind"], row["label"]
        values = {**row, "detail": detail, "symmetric": kind in _SYMMETRIC}
        edge_id = hashlib.blake2b("\x1f".join((head, tail, kind, detail or "")).encode(), digest_size=8).hexdigest()
        attributes = _known({name: values[name] for name in EDGE_ATTRIBUTES})
        yield Edge(edge_id, _safe(head), _safe(tail), attributes)


def _mappings(batches: Batches, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    for batch in batches:
        for row in batch:
            yield dict(zip(names, row, strict=True))


_safe = lru_cache(maxsize=REMEMBERED)(xml_safe)


def _known(values: dict[str, Any]) -> dict[str, Scalar]:
    return {
        name: _safe(value) if isinstance(value, str) else value
        for name, value in values.items()
        if value is not None and value != ""
    }
