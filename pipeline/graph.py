"""Tables to a networkx graph: entities are nodes, each kind of tie an edge of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.export.source import RunFolder
from pipeline.export.ties import Batches, edges_of, nodes_of
from pipeline.tables import EDGES, ENTITIES, Table

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


def build_graph(tables: Mapping[str, pd.DataFrame]) -> nx.MultiDiGraph:
    """The graph of the tables ``entities`` and ``edges``.

    Node attributes: name, type, country, wikidata_id, aliases, n_documents, n_mentions, first_date, last_date. Edge
    attributes: kind (co_mention, meeting, position, relation), detail (status, title, relation), symmetric, weight,
    n_documents, first_date, last_date. What is unknown is absent. A symmetric edge stands once, in one direction.
    """
    return _graph([_rows(tables["entities"], ENTITIES)], [_rows(tables["edges"], EDGES)])


def load_graph(folder: str | Path) -> nx.MultiDiGraph:
    """The graph of a run's output folder; InputError where it holds none."""
    run = RunFolder(folder)
    return _graph(run.batches(ENTITIES), run.batches(EDGES))


def _graph(entities: Batches, edges: Batches) -> nx.MultiDiGraph:
    import networkx as nx

    graph = nx.MultiDiGraph()
    for node in nodes_of(entities):
        graph.add_node(node.node_id, **node.attributes)
    for edge in edges_of(edges):
        graph.add_edge(edge.head, edge.tail, key=edge.edge_id, **edge.attributes)
    return graph


def _rows(frame: pd.DataFrame, table: Table) -> list[tuple[Any, ...]]:
    """The rows of a frame in the table's column order, with None for every unknown."""
    columns = frame[list(table.column_names)].astype(object)
    known = columns.where(columns.notna(), None)
    return [tuple(row) for row in known.itertuples(index=False, name=None)]
