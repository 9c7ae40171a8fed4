"""The graph as node-link JSON, one pass over its nodes and edges, read back with networkx, D3 and others."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pipeline.export.files import whole_file
from pipeline.export.ties import Batches, edges_of, nodes_of

if TYPE_CHECKING:
    import networkx as nx


def write_json(path: str | Path, entities: Batches, edges: Batches) -> None:
    """Write the rows of the tables ``entities`` and ``edges``, one node or edge a line."""
    with whole_file(path) as out:
        out.write('{"directed": true, "multigraph": true, "graph": {},\n"nodes": [')
        write_members(out, ({"id": node.node_id, **node.attributes} for node in nodes_of(entities)))
        out.write('],\n"edges": [')
        ties = (
            {"source": edge.head, "target": edge.tail, "key": edge.edge_id, **edge.attributes}
            for edge in edges_of(edges)
        )
        write_members(out, ties)
        out.write("]}\n")


def read_json(path: str | Path) -> nx.MultiDiGraph:
    """The graph that was written."""
    import networkx as nx

    return nx.node_link_graph(json.loads(Path(path).read_text("utf-8")), edges="edges")


def write_members(out: IO[str], members: Iterable[Any]) -> None:
    """Write the members of a JSON array, one a line."""
    for number, member in enumerate(members):
        out.write((",\n" if number else "\n") + json.dumps(member, ensure_ascii=False))
