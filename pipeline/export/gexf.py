"""The graph as GEXF 1.2 for Gephi, read back with networkx."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.export.graph_files import GraphFormat
from pipeline.export.graphml import quoted, xml_text
from pipeline.export.ties import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, REMEMBERED, AttributeType, Edge, Node, Scalar

if TYPE_CHECKING:
    import networkx as nx

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
_GRAPH = '<graph defaultedgetype="directed" mode="static">\n'
# the weight is an attribute of the edge element itself
_EDGE_VALUES = {name: kind for name, kind in EDGE_ATTRIBUTES.items() if name != "weight"}


def _declared(domain: str, attributes: Mapping[str, AttributeType]) -> str:
    rows = [f'<attribute id="{domain}_{name}" title="{name}" type="{kind}"/>\n' for name, kind in attributes.items()]
    return f'<attributes class="{domain}" mode="static">\n{"".join(rows)}</attributes>\n'


def _node(node: Node) -> str:
    label = quoted(str(node.attributes.get("name", node.node_id)))
    values = _values("node", NODE_ATTRIBUTES, node.attributes)
    return f"<node id={quoted(node.node_id)} label={label}>{values}</node>\n"


def _edge(edge: Edge) -> str:
    ends = f"source={quoted(edge.head)} target={quoted(edge.tail)}"
    weight = edge.attributes.get("weight", 1)
    label = quoted(str(edge.attributes.get("detail", edge.attributes["kind"])))
    values = _values("edge", _EDGE_VALUES, edge.attributes)
    return f'<edge id="{edge.edge_id}" {ends} weight="{weight}" label={label}>{values}</edge>\n'


def _values(domain: str, declared: Mapping[str, AttributeType], attributes: Mapping[str, Scalar]) -> str:
    values = [
        f'<attvalue for="{domain}_{name}" value="{_value(attributes[name])}"/>'
        for name in declared
        if name in attributes
    ]
    return f"<attvalues>{''.join(values)}</attvalues>"


@lru_cache(maxsize=REMEMBERED, typed=True)
def _value(value: Scalar) -> str:
    text = xml_text(value)
    return text.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;") if isinstance(value, str) else text


GEXF = GraphFormat(
    _HEAD + _GRAPH + _declared("node", NODE_ATTRIBUTES) + _declared("edge", _EDGE_VALUES) + "<nodes>\n",
    _node,
    "</nodes>\n<edges>\n",
    _edge,
    "</edges>\n</graph>\n</gexf>\n",
)
"""Names and details are labels."""


def read_gexf(path: str | Path) -> nx.MultiDiGraph:
    """The graph that was written; ``label`` comes beside the attributes, and weights are floats."""
    import networkx as nx

    graph = nx.read_gexf(path)
    return nx.MultiDiGraph(graph)
