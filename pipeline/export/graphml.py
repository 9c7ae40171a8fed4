"""The graph as GraphML, one pass over its nodes and edges, read back with networkx."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from pipeline.export.files import whole_file
from pipeline.export.ties import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, AttributeType, Batches, Scalar, edges_of, nodes_of

if TYPE_CHECKING:
    import networkx as nx

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd"'
    ">\n"
)


def write_graphml(path: str | Path, entities: Batches, edges: Batches) -> None:
    """Write the rows of the tables ``entities`` and ``edges`` as a directed graph with parallel edges."""
    with whole_file(path) as out:
        out.write(_HEAD)
        out.writelines(_keys("node", NODE_ATTRIBUTES))
        out.writelines(_keys("edge", EDGE_ATTRIBUTES))
        out.write('<graph edgedefault="directed">\n')
        for node in nodes_of(entities):
            out.write(f"<node id={quoteattr(node.node_id)}>{_values('node', node.attributes)}</node>\n")
        for edge in edges_of(edges):
            ends = f"source={quoteattr(edge.head)} target={quoteattr(edge.tail)}"
            out.write(f'<edge id="{edge.edge_id}" {ends}>{_values("edge", edge.attributes)}</edge>\n')
        out.write("</graph>\n</graphml>\n")


def read_graphml(path: str | Path) -> nx.MultiDiGraph:
    """The graph that was written."""
    import networkx as nx

    return nx.read_graphml(path, force_multigraph=True)


def _keys(domain: str, attributes: Mapping[str, AttributeType]) -> Iterator[str]:
    for name, kind in attributes.items():
        yield f'<key id="{domain}_{name}" for="{domain}" attr.name="{name}" attr.type="{kind}"/>\n'


def _values(domain: str, attributes: Mapping[str, Scalar]) -> str:
    return "".join(f'<data key="{domain}_{name}">{xml_text(value)}</data>' for name, value in attributes.items())


def xml_text(value: Scalar) -> str:
    """A value as XML text: lower-case truth values, numbers as they are."""
    return str(value).lower() if isinstance(value, bool) else escape(str(value), {"\r": "&#13;"})
