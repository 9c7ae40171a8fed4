"""The graph as Cytoscape JSON (Cytoscape 3 and cytoscape.js), one pass over its nodes and edges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.export.files import whole_file
from pipeline.export.json import write_members
from pipeline.export.ties import Batches, edges_of, nodes_of

if TYPE_CHECKING:
    import networkx as nx


def write_cytoscape(path: str | Path, entities: Batches, edges: Batches) -> None:
    """Write the rows of the tables ``entities`` and ``edges``; ``kind`` is also the ``interaction`` of an edge."""
    with whole_file(path) as out:
        out.write('{"data": [], "directed": true, "multigraph": true, "elements": {\n"nodes": [')
        nodes = ({"id": node.node_id, "value": node.node_id, **node.attributes} for node in nodes_of(entities))
        write_members(out, ({"data": node} for node in nodes))
        out.write('],\n"edges": [')
        ties = (
            {
                "id": edge.edge_id,
                "key": edge.edge_id,
                "source": edge.head,
                "target": edge.tail,
                "interaction": edge.attributes["kind"],
                **edge.attributes,
            }
            for edge in edges_of(edges)
        )
        write_members(out, ({"data": tie} for tie in ties))
        out.write("]}}\n")


def read_cytoscape(path: str | Path) -> nx.MultiDiGraph:
    """The graph that was written, with Cytoscape's own names beside ours."""
    import networkx as nx

    return nx.cytoscape_graph(json.loads(Path(path).read_text("utf-8")))
