"""Whatever stands in the tables, each file gives it back, and no cell or element can be more than text."""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.display import text_html
from pipeline.export.cells import BIDI_CONTROLS, plain_cell, safe_cell, strip_bidi, xml_safe
from pipeline.export.csv import read_csv, write_csv
from pipeline.export.gexf import GEXF, read_gexf
from pipeline.export.graph_files import write_graphs
from pipeline.export.graphml import GRAPHML, read_graphml
from pipeline.export.json import JSON, read_json
from pipeline.export.parquet import read_parquet, write_parquet
from pipeline.tables import ENTITIES, POSITIONS, Column

# every character that UTF-8 can hold, those that hurt oftener
HOSTILE = "=+-@\t\r\n'\",;|<>&\x00\x0b\ufffe\u2028" + BIDI_CONTROLS
texts = st.text(st.one_of(st.sampled_from(HOSTILE + "اب "), st.characters(codec="utf-8")), max_size=12)
known = texts.filter(bool)
few = settings(max_examples=60, deadline=None)


def cells(column: Column) -> st.SearchStrategy[Any]:
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "string": known,
        "int64": st.integers(-(2**63), 2**63 - 1),
        "float64": st.floats(allow_nan=False, allow_infinity=False),
        "bool": st.booleans(),
    }
    return st.none() | kinds[column.type]


positions = st.lists(st.tuples(*map(cells, POSITIONS.columns)), max_size=4)


@given(texts)
def test_a_cell_never_starts_a_formula_and_comes_back(text: str) -> None:
    cell = safe_cell(text)
    assert cell[:1] not in tuple("=+-@\t\r\n")
    assert not set(cell) & set(BIDI_CONTROLS)
    assert plain_cell(cell) == strip_bidi(text)


@given(positions)
@few
def test_csv_gives_back_all_but_direction_controls(rows: list[tuple[Any, ...]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "positions.csv"
        write_csv(path, POSITIONS, [rows[:2], rows[2:]])
        back = [row for batch in read_csv(path, POSITIONS) for row in batch]
        shown = [tuple((strip_bidi(v) or None) if isinstance(v, str) else v for v in row) for row in rows]
        assert back == shown
        with path.open(encoding="utf-8-sig", newline="") as lines:
            assert len(list(csv.reader(lines))) == len(rows) + 1


@given(positions)
@few
def test_parquet_gives_back_everything(rows: list[tuple[Any, ...]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "positions.parquet"
        write_parquet(path, POSITIONS, [rows[:2], rows[2:]])
        assert [row for batch in read_parquet(path, POSITIONS) for row in batch] == rows


@given(known, known, known, st.integers(0, 2**31), st.integers(1, 2**31))
@few
def test_graph_files_give_the_graph_back(name: str, alias: str, detail: str, count: int, weight: int) -> None:
    counts = {"n_documents": count, "n_mentions": count}
    row = {"entity_id": "a", "type": "PER", "name": name, "aliases": alias, **counts}
    entities = [[tuple(row.get(column) for column in ENTITIES.column_names)]]
    other = {**row, "entity_id": "b"}
    entities.append([tuple(other.get(column) for column in ENTITIES.column_names)])
    edges = [[("a", "b", "position", detail, weight, 1, None, None)]]
    for form, read in ((GRAPHML, read_graphml), (GEXF, read_gexf), (JSON, read_json)):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "graph"
            write_graphs({path: form}, entities, edges)
            back: nx.MultiDiGraph = read(path)
        assert back.nodes["a"].get("name", "") == xml_safe(name)
        assert back.nodes["a"].get("aliases", "") == xml_safe(alias)
        assert back.nodes["a"]["n_mentions"] == count
        ((_, _, tie),) = back.edges(data=True)
        assert tie.get("detail", "") == xml_safe(detail)
        assert tie["weight"] == weight


@given(texts, st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.sampled_from(["PER", "<x>", '"']))))
def test_shown_text_is_inert(text: str, names: list[tuple[int, int, str]]) -> None:
    shown = text_html(text, names)
    assert not set(shown) & set(BIDI_CONTROLS)
    tags = shown.replace("</mark>", "").replace("</div>", "").count("<")
    assert tags == 1 + shown.count('<mark style="')
