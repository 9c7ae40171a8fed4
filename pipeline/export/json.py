"""The graph as node-link JSON, read back with networkx, D3 and others; and JSON arrays, one member a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pipeline.export.graph_files import GraphFormat
from pipeline.export.ties import Edge, Node

if TYPE_CHECKING:
    import networkx as nx

_encode = json.JSONEncoder(ensure_ascii=False).encode


def member(value: Any) -> str:
    """A value as a line of a JSON array."""
    return "\n" + _encode(value)


def _node(node: Node) -> str:
    return member({"id": node.node_id, **node.attributes})


def _edge(edge: Edge) -> str:
    return member({"source": edge.head, "target": edge.tail, "key": edge.edge_id, **edge.attributes})


JSON = GraphFormat(
    '{"directed": true, "multigraph": true, "graph": {},\n"nodes": [', _node, '],\n"edges": [', _edge, "]}\n", ","
)
"""One node or edge a line."""


def read_json(path: str | Path) -> nx.MultiDiGraph:
    """The graph that was written."""
    import networkx as nx

    return nx.node_link_graph(json.loads(Path(path).read_text("utf-8")), edges="edges")


def write_members(out: IO[str], members: Iterable[Any]) -> None:
    """Write the members of a JSON array, one a line."""
    for number, value in enumerate(members):
        out.write(("," if number else "") + member(value))
