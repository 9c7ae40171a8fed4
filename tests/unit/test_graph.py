"""The graph and its files: what is written is read back by networkx, hostile and unknown values included."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import pipeline
from pipeline.errors import OutputError
from pipeline.export.csv import write_csv
from pipeline.export.cytoscape import CYTOSCAPE, read_cytoscape
from pipeline.export.gexf import GEXF, read_gexf
from pipeline.export.graph_files import GraphFormat, write_graphs
from pipeline.export.graphml import GRAPHML, read_graphml
from pipeline.export.json import JSON, read_json
from pipeline.export.source import load_tables
from pipeline.graph import build_graph, load_graph
from pipeline.tables import EDGES, ENTITIES, TABLES

ENTITY_ROWS: list[tuple[Any, ...]] = [
    ("p1", "PER", 'سامر <الوردي> & "أخوه"', None, None, "سامر|الوردي\n", 2, 5, "2031-04-05", "2031-05-01"),
    ("p2", "PER", "ليلى\u202e\x0b النهري", None, "Q0", None, 1, 1, None, None),
    ("o1", "ORG", "= المجلس الأزرق", None, None, None, 1, 2, None, None),
    ("l1", "LOC", "وردستان", "WD", None, None, 1, 1, "2031-04-05", "2031-04-05"),
]
EDGE_ROWS: list[tuple[Any, ...]] = [
    ("p1", "p2", "co_mention", None, 3, 2, "2031-04-05", "2031-05-01"),
    ("p1", "p2", "meeting", "held", 2, 1, "2031-04-05", "2031-04-05"),
    ("p1", "p2", "meeting", "planned", 1, 1, None, None),
    ("p1", "l1", "position", "رئيس <\"&'>", 1, 1, None, None),
    ("p2", "o1", "relation", "member_of", 1, 1, None, None),
]


def write_run(folder: Path) -> None:
    rows = {"entities": ENTITY_ROWS, "edges": EDGE_ROWS}
    for table in TABLES:
        write_csv(folder / f"{table.name}.csv", table, [rows.get(table.name, [])])


def attributes_by_edge(
    graph: nx.MultiDiGraph, drop: tuple[str, ...] = ()
) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {
        (head, tail, key): {name: value for name, value in attributes.items() if name not in drop}
        for head, tail, key, attributes in graph.edges(keys=True, data=True)
    }


def attributes_by_node(graph: nx.MultiDiGraph, drop: tuple[str, ...] = ()) -> dict[str, dict[str, Any]]:
    return {
        node: {name: value for name, value in attributes.items() if name not in drop}
        for node, attributes in graph.nodes(data=True)
    }


def test_a_graph_needs_two_tables_alone(tmp_path: Path) -> None:
    write_run(tmp_path)
    whole = pipeline.load_graph(tmp_path)
    for table in TABLES:
        if table.name not in ("documents", "entities", "edges"):
            (tmp_path / f"{table.name}.csv").unlink()
    assert nx.utils.graphs_equal(pipeline.load_graph(tmp_path), whole)
    assert whole.number_of_edges() == len(EDGE_ROWS)


def test_each_tie_is_an_edge_of_its_own(tmp_path: Path) -> None:
    write_run(tmp_path)
    graph = build_graph(load_tables(tmp_path))
    assert isinstance(graph, nx.MultiDiGraph)
    ties = {(u, v, d["kind"], d.get("detail"), d["weight"], d["symmetric"]) for u, v, d in graph.edges(data=True)}
    assert ties == {
        ("p1", "p2", "co_mention", None, 3, True),
        ("p1", "p2", "meeting", "held", 2, True),
        ("p1", "p2", "meeting", "planned", 1, True),
        ("p1", "l1", "position", "رئيس <\"&'>", 1, False),
        ("p2", "o1", "relation", "member_of", 1, False),
    }


def test_unknown_is_absent_and_controls_are_gone(tmp_path: Path) -> None:
    write_run(tmp_path)
    graph = load_graph(tmp_path)
    assert graph.nodes["p2"] == {
        "name": "ليلى النهري",
        "type": "PER",
        "wikidata_id": "Q0",
        "n_documents": 1,
        "n_mentions": 1,
    }
    assert nx.utils.graphs_equal(graph, build_graph(load_tables(tmp_path)))


@pytest.mark.parametrize(
    ("form", "read", "added"),
    [
        (GRAPHML, read_graphml, ()),
        (GEXF, read_gexf, ("label", "id")),
        (JSON, read_json, ()),
        (CYTOSCAPE, read_cytoscape, ("id", "value", "key", "source", "target", "interaction")),
    ],
)
def test_a_file_gives_the_graph_back(
    tmp_path: Path, form: GraphFormat, read: Callable[[Path], nx.MultiDiGraph], added: tuple[str, ...]
) -> None:
    write_run(tmp_path)
    graph = load_graph(tmp_path)
    path = tmp_path / "graph.file"
    write_graphs({path: form}, [ENTITY_ROWS], [EDGE_ROWS[:2], EDGE_ROWS[2:]])
    back = read(path)
    assert attributes_by_node(back, added) == attributes_by_node(graph)
    assert attributes_by_edge(back, added) == attributes_by_edge(graph)
    assert back.is_directed()
    assert back.is_multigraph()


FORMATS = {GRAPHML: read_graphml, GEXF: read_gexf, JSON: read_json, CYTOSCAPE: read_cytoscape}


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_graph_is_a_whole_file(tmp_path: Path, form: GraphFormat) -> None:
    write_graphs({tmp_path / "g": form}, [], [])
    assert len(FORMATS[form](tmp_path / "g")) == 0


def test_all_formats_written_in_one_pass_are_what_each_is_alone(tmp_path: Path) -> None:
    batches = [[ENTITY_ROWS] * 700, [EDGE_ROWS] * 900]  # more than are written at once
    write_graphs({tmp_path / str(i): form for i, form in enumerate(FORMATS)}, *batches)
    for i, form in enumerate(FORMATS):
        write_graphs({tmp_path / "alone": form}, *batches)
        assert (tmp_path / "alone").read_bytes() == (tmp_path / str(i)).read_bytes()
    assert (tmp_path / "0").read_text("utf-8").count("<edge ") == 900 * len(EDGE_ROWS)


def test_a_graph_that_cannot_be_written_blames_none_of_its_files_and_leaves_those_before(tmp_path: Path) -> None:
    def broken() -> Iterator[list[tuple[Any, ...]]]:
        yield EDGE_ROWS
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    files = {tmp_path / str(number): form for number, form in enumerate(FORMATS)}
    write_graphs(files, [ENTITY_ROWS], [EDGE_ROWS])
    before = {path: path.read_bytes() for path in files}
    with pytest.raises(OutputError, match=r"0, 1, 2, 3 cannot be written .No space left on device"):
        write_graphs(files, [ENTITY_ROWS], broken())
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_weights_of_gephi_are_labelled_by_name(tmp_path: Path) -> None:
    write_graphs({tmp_path / "g.gexf": GEXF}, [ENTITY_ROWS], [EDGE_ROWS])
    back = read_gexf(tmp_path / "g.gexf")
    assert back.nodes["l1"]["label"] == "وردستان"
    assert {data["label"] for *_, data in back.edges(data=True)} >= {"held", "co_mention"}


def test_the_tables_say_no_more_than_the_graph_keeps() -> None:
    assert set(ENTITIES.column_names) - {"entity_id"} == set(attribute_names("node"))
    assert set(EDGES.column_names) - {"head_entity_id", "tail_entity_id", "label"} == set(attribute_names("edge")) - {
        "detail",
        "symmetric",
    }


def attribute_names(domain: str) -> tuple[str, ...]:
    from pipeline.export.ties import EDGE_ATTRIBUTES, NODE_ATTRIBUTES

    return tuple(NODE_ATTRIBUTES if domain == "node" else EDGE_ATTRIBUTES)
