"""The graph as GEXF 1.2 for Gephi, one pass over its nodes and edges, read back with networkx."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from pipeline.export.files import whole_file
from pipeline.export.graphml import xml_text
from pipeline.export.ties import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, AttributeType, Batches, Scalar, edges_of, nodes_of

if TYPE_CHECKING:
    import networkx as nx

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
# the weight is an attribute of the edge element itself
_EDGE_VALUES = {name: kind for name, kind in EDGE_ATTRIBUTES.items() if name != "weight"}


def write_gexf(path: str | Path, entities: Batches, edges: Batches) -> None:
    """Write the rows of the tables ``entities`` and ``edges`` as a directed graph; names and details are labels."""
    with whole_file(path) as out:
        out.write(_HEAD)
        out.write('<graph defaultedgetype="directed" mode="static">\n')
        out.writelines(_declared("node", NODE_ATTRIBUTES))
        out.writelines(_declared("edge", _EDGE_VALUES))
        out.write("<nodes>\n")
        for node in nodes_of(entities):
            label = quoteattr(str(node.attributes.get("name", node.node_id)))
            values = _values(NODE_ATTRIBUTES, node.attributes)
            out.write(f"<node id={quoteattr(node.node_id)} label={label}>{values}</node>\n")
        out.write("</nodes>\n<edges>\n")
        for edge in edges_of(edges):
            ends = f"source={quoteattr(edge.head)} target={quoteattr(edge.tail)}"
            weight = edge.attributes.get("weight", 1)
            label = quoteattr(str(edge.attributes.get("detail", edge.attributes["kind"])))
            values = _values(_EDGE_VALUES, edge.attributes)
            out.write(f'<edge id="{edge.edge_id}" {ends} weight="{weight}" label={label}>{values}</edge>\n')
        out.write("</edges>\n</graph>\n</gexf>\n")


def read_gexf(path: str | Path) -> nx.MultiDiGraph:
    """The graph that was written; ``label`` comes beside the attributes, and weights are floats."""
    import networkx as nx

    graph = nx.read_gexf(path)
    return nx.MultiDiGraph(graph)


def _declared(domain: str, attributes: Mapping[str, AttributeType]) -> Iterator[str]:
    yield f'<attributes class="{domain}" mode="static">\n'
    for name, kind in attributes.items():
        yield f'<attribute id="{domain}_{name}" title="{name}" type="{kind}"/>\n'
    yield "</attributes>\n"


def _values(declared: Mapping[str, AttributeType], attributes: Mapping[str, Scalar]) -> str:
    domain = "node" if declared is NODE_ATTRIBUTES else "edge"
    values = "".join(
        f'<attvalue for="{domain}_{name}" value="{_quoted(attributes[name])}"/>'
        for name in declared
        if name in attributes
    )
    return f"<attvalues>{values}</attvalues>"


def _quoted(value: Scalar) -> str:
    return xml_text(value).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
