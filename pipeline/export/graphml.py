"""The graph as GraphML, read back with networkx."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from pipeline.export.graph_files import GraphFormat
from pipeline.export.ties import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, REMEMBERED, AttributeType, Edge, Node, Scalar

if TYPE_CHECKING:
    import networkx as nx

quoted = lru_cache(maxsize=REMEMBERED)(quoteattr)
"""A text as the value of an XML attribute, in quotation marks."""
_RETURN = {"\r": "&#13;"}  # which XML would take for the end of a line
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd"'
    ">\n"
)


def _keys(domain: str, attributes: Mapping[str, AttributeType]) -> str:
    return "".join(
        f'<key id="{domain}_{name}" for="{domain}" attr.name="{name}" attr.type="{kind}"/>\n'
        for name, kind in attributes.items()
    )


def _node(node: Node) -> str:
    return f"<node id={quoted(node.node_id)}>{_values('node', node.attributes)}</node>\n"


def _edge(edge: Edge) -> str:
    ends = f"source={quoted(edge.head)} target={quoted(edge.tail)}"
    return f'<edge id="{edge.edge_id}" {ends}>{_values("edge", edge.attributes)}</edge>\n'


def _values(domain: str, attributes: Mapping[str, Scalar]) -> str:
    return "".join([f'<data key="{domain}_{name}">{xml_text(value)}</data>' for name, value in attributes.items()])


@lru_cache(maxsize=REMEMBERED, typed=True)
def xml_text(value: Scalar) -> str:
    """A value as XML text: lower-case truth values, numbers as they are."""
    if isinstance(value, str):
        return escape(value, _RETURN)
    return str(value).lower() if isinstance(value, bool) else str(value)


GRAPHML = GraphFormat(
    _HEAD + _keys("node", NODE_ATTRIBUTES) + _keys("edge", EDGE_ATTRIBUTES) + '<graph edgedefault="directed">\n',
    _node,
    "",
    _edge,
    "</graph>\n</graphml>\n",
)


def read_graphml(path: str | Path) -> nx.MultiDiGraph:
    """The graph that was written."""
    import networkx as nx

    return nx.read_graphml(path, force_multigraph=True)
