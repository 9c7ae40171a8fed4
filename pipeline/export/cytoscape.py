"""The graph as Cytoscape JSON (Cytoscape 3 and cytoscape.js)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.export.graph_files import GraphFormat
from pipeline.export.json import member
from pipeline.export.ties import Edge, Node

if TYPE_CHECKING:
    import networkx as nx


def _node(node: Node) -> str:
    return member({"data": {"id": node.node_id, "value": node.node_id, **node.attributes}})


def _edge(edge: Edge) -> str:
    ends = {"id": edge.edge_id, "key": edge.edge_id, "source": edge.head, "target": edge.tail}
    return member({"data": {**ends, "interaction": edge.attributes["kind"], **edge.attributes}})


CYTOSCAPE = GraphFormat(
    '{"data": [], "directed": true, "multigraph": true, "elements": {\n"nodes": [',
    _node,
    '],\n"edges": [',
    _edge,
    "]}}\n",
    ",",
)
"""``kind`` is also the ``interaction`` of an edge."""


def read_cytoscape(path: str | Path) -> nx.MultiDiGraph:
    """The graph that was written, with Cytoscape's own names beside ours."""
    import networkx as nx

    return nx.cytoscape_graph(json.loads(Path(path).read_text("utf-8")))
