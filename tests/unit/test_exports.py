"""Each export is read back by a reader that is not ours: sqlite3, openpyxl, DuckDB, rdflib, networkx."""

import sqlite3
import subprocess
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import networkx as nx
import openpyxl
import pytest
import rdflib
from click.testing import CliRunner

from pipeline.commands.export import command
from pipeline.errors import ConfigError, InputError
from pipeline.export.codes import CODED_MEETINGS, code_of
from pipeline.export.csv import write_csv
from pipeline.export.excel import write_excel
from pipeline.export.formats import FORMATS, export
from pipeline.export.parquet import write_parquet
from pipeline.export.source import RunFolder
from pipeline.normalize import fold
from pipeline.tables import TABLES

QUOTE = '=استقبل الرئيسُ سامر\nالوردي "ليلى" في نورس'
DAY, MONTH = ("2031-04-05", "2031-04-05"), ("2031-04", "2031-04")
ROWS: dict[str, list[tuple[Any, ...]]] = {
    "documents": [("d1", "a/d1.txt", "خبر", "2031-04-05", "header", "utf-8", "00", 90, 14, 2, 3, 2)],
    "rejected": [("d9", "a/d9.txt", "read", "empty")],
    "mentions": [
        ("d1", 8, 20, "سامر\u202e الوردي", "PER", "p1", 0, 40, None, 0.9),
        ("d1", 21, 25, "ليلى", "PER", "p2", 0, 40, "same surface", 0.8),
        ("d1", 29, 33, "نورس", "LOC", "l1", 0, 40, None, None),
    ],
    "entities": [
        ("l1", "LOC", "نورس", None, None, None, 1, 1, "2031-04-05", "2031-04-05"),
        ("o1", "ORG", "=المجلس <الأزرق>", None, None, "المجلس|الأزرق", 1, 1, None, None),
        ("p1", "PER", "سامر الوردي", None, "Q0", "الوردي", 1, 1, "2031-04-05", "2031-04-05"),
        ("p2", "PER", "ليلى النهري", None, None, None, 1, 1, "2031-04-05", "2031-04-05"),
    ],
    "positions": [
        ("d1", "p1", "رئيس", None, "WD", False, "الرئيس", 8, 14, 0.7),
        ("d1", "p2", "عضو", "o1", None, True, "عضو المجلس", 40, 50, 0.6),
    ],
    "meetings": [
        ("m1", "d1", "meeting", "held", *DAY, "stated", "l1", "استقبل", 1, 7, QUOTE, 0, 40, "r", "a|b", 0.9),
        ("m2", "d1", "call", "denied", *MONTH, "stated", None, "اتصال", 50, 55, "لم يتصل", 45, 55, "r", "", None),
    ],
    "participants": [
        ("m1", "d1", "p1", "host", "سامر الوردي", 8, 20),
        ("m1", "d1", "p2", "visitor", None, None, None),
        ("m2", "d1", "o1", "participant", None, None, None),
        ("m2", "d1", "p2", "participant", None, None, None),
    ],
    "relations": [("d1", "p2", "member_of", "o1", "عضو المجلس", 40, 50, "r", 0.5)],
    "edges": [
        ("p1", "p2", "co_mention", None, 1, 1, "2031-04-05", "2031-04-05"),
        ("p1", "p2", "meeting", "held", 1, 1, "2031-04-05", "2031-04-05"),
    ],
    "sentences": [("d1", 41, 60, "سامر وليلى في نورس.")],
    "merges": [("p1", "سامر الوردي", "الوردي", "the only fuller name", 0.9, "f1", "f2")],
    "events": [("v1", "meeting", "held", "2031-04-05", "2031-04-05", "l1", "p1|p2", 1, 1)],
    "event_reports": [("v1", "m1", "d1", "2031-04-05", "held", "single")],
}


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    for table in TABLES:
        write_parquet(folder / f"{table.name}.parquet", table, [ROWS.get(table.name, [])])
    return folder


def test_sqlite_holds_every_row_under_foreign_keys(run_folder: Path) -> None:
    with closing(sqlite3.connect(export(run_folder, "sqlite"))) as base:
        for table in TABLES:
            assert base.execute(f'SELECT count(*) FROM "{table.name}"').fetchone() == (len(ROWS.get(table.name, [])),)  # noqa: S608 - ours
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        base.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError):
            base.execute("INSERT INTO participants (meeting_id, entity_id) VALUES ('gone', 'p1')")
        codes = "SELECT meeting_id, cameo, plover_event, plover_mode FROM meetings ORDER BY 1"
        assert base.execute(codes).fetchall() == [("m1", "042|043", "CONSULT", "visit"), ("m2", None, None, None)]
        assert base.execute("SELECT text FROM mentions WHERE start = 8").fetchone() == ("سامر الوردي",)


def test_sqlite_finds_evidence_by_its_words_in_any_spelling(run_folder: Path) -> None:
    search = "SELECT fact, doc_id, start FROM evidence_search WHERE evidence_search MATCH ? ORDER BY rowid"
    with closing(sqlite3.connect(export(run_folder, "sqlite"))) as base:
        assert base.execute(search, ("وليلى",)).fetchall() == [("sentence", "d1", 41)]
        assert base.execute(search, ("المجلس",)).fetchall() == [("position", "d1", 40), ("relation", "d1", 40)]
        assert base.execute(search, (fold("الرَّئيس"),)).fetchall() == [("meeting", "d1", 0), ("position", "d1", 8)]


def test_sqlite_refuses_a_row_that_refers_to_nothing(run_folder: Path) -> None:
    table = next(table for table in TABLES if table.name == "participants")
    write_parquet(run_folder / "participants.parquet", table, [[("m1", "d1", "gone", "host", None, None, None)]])
    with pytest.raises(InputError, match="row 1 of participants refers to a row of entities"):
        export(run_folder, "sqlite")
    assert not (run_folder / "liqa.sqlite").exists()


def test_excel_sheets_run_from_right_to_left_with_real_dates_and_no_formula(run_folder: Path) -> None:
    book = openpyxl.load_workbook(export(run_folder, "excel"))
    assert set(book.sheetnames) == {table.name for table in TABLES}
    for sheet in book:
        assert sheet.sheet_view.rightToLeft
        assert sheet.freeze_panes == "A2"
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        assert sheet.max_row == len(ROWS[sheet.title]) + 1
    header, first, second = book["meetings"].iter_rows(values_only=True)
    assert header == CODED_MEETINGS.column_names
    meeting = dict(zip(header, first, strict=True))
    assert meeting["date_from"].date() == date(2031, 4, 5)
    assert meeting["evidence"] == QUOTE
    assert dict(zip(header, second, strict=True))["date_from"] == "2031-04", "a month is not made a day"


def test_excel_goes_on_in_further_sheets_and_cuts_long_cells(run_folder: Path, tmp_path: Path) -> None:
    table = next(table for table in TABLES if table.name == "rejected")
    write_parquet(run_folder / "rejected.parquet", table, [[(f"d{n}", "s", "read", "x" * 40_000) for n in range(5)]])
    write_excel(tmp_path / "a.xlsx", RunFolder(run_folder), max_rows=3)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    names = [name for name in book.sheetnames if name.startswith("rejected")]
    assert names == ["rejected", "rejected 2", "rejected 3"]
    assert [row[0].value for name in names for row in book[name].iter_rows(min_row=2)] == [f"d{n}" for n in range(5)]
    assert len(book["rejected"]["D2"].value) == 32_767


def test_excel_gives_the_same_bytes_twice_and_leaves_days_before_its_calendar_text(
    run_folder: Path, tmp_path: Path
) -> None:
    old = ("d1", "a/d1.txt", "خبر <قديم> & غيره\r\n", "1899-05-06", "header", "utf-8", "00", 90, 14, 2, 3, 2)
    write_parquet(run_folder / "documents.parquet", next(t for t in TABLES if t.name == "documents"), [[old]])
    for name in ("a", "b"):
        write_excel(tmp_path / f"{name}.xlsx", RunFolder(run_folder))
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["documents"]
    assert tuple(cell.value for cell in sheet[2]) == old
    assert sheet.auto_filter.ref == "A1:L2"


def read_header_and_rows(path: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    table = duckdb.read_csv(str(path), header=True, all_varchar=True)
    return table.columns, table.fetchall()


def test_neo4j_relationships_lead_to_nodes_that_are_there(run_folder: Path) -> None:
    folder = export(run_folder, "neo4j")
    ids = {}
    for name, space in (("entities", "Entity"), ("documents", "Document"), ("meetings", "Meeting")):
        header, rows = read_header_and_rows(folder / f"{name}.csv")
        key = next(place for place, column in enumerate(header) if column.endswith(f":ID({space})"))
        ids[space] = {row[key] for row in rows}
        assert header[-1] == ":LABEL"
        assert len(rows) == len(ROWS[name])
    counts = {}
    for path in folder.glob("*.csv"):
        header, rows = read_header_and_rows(path)
        if header[0].startswith(":START_ID"):
            counts[path.stem] = len(rows)
            for place in (0, 1):
                assert {row[place] for row in rows} <= ids[header[place].partition("(")[2].rstrip(")")]
    assert counts == {
        "named_in": 3,
        "took_part": 4,
        "took_place_in": 1,
        "told_in": 2,
        "holds": 1,
        "related": 1,
        "named_together": 1,
    }
    script = (folder / "load.sh").read_text("utf-8")
    assert all(path.name in script for path in folder.glob("*.csv"))
    assert subprocess.run(["sh", "-n", str(folder / "load.sh")], check=False).returncode == 0  # noqa: S607 - any shell


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader warns of itself
def test_jsonld_tells_meetings_in_the_words_of_schema_org(run_folder: Path) -> None:
    graph = rdflib.Graph().parse(export(run_folder, "jsonld"), format="json-ld")
    schema = "PREFIX s: <https://schema.org/> PREFIX l: <urn:liqa:term:> "
    asked = "SELECT ?name ?role WHERE { ?e a s:Event; s:attendee ?r . ?r s:roleName ?role; s:attendee/s:name ?name }"
    found = {(str(name), str(role)) for name, role in graph.query(schema + asked)}
    assert found == {("سامر الوردي", "host"), ("ليلى النهري", "visitor")}
    place = "ASK { ?e a s:Event; s:location/s:name 'نورس'; s:startDate '2031-04-05'; s:eventStatus s:EventScheduled }"
    assert graph.query(schema + place).askAnswer
    assert graph.query(schema + "ASK { ?d a l:DeniedMeeting }").askAnswer
    assert not graph.query(schema + "ASK { ?d a s:Event, l:DeniedMeeting }").askAnswer
    office = "ASK { ?p s:name 'ليلى النهري'; s:memberOf [ s:roleName 'عضو'; s:memberOf <urn:liqa:entity:o1> ] }"
    assert graph.query(schema + office).askAnswer
    quote = "ASK { ?q a s:Quotation; s:about <urn:liqa:meeting:m1>; s:isPartOf <urn:liqa:document:d1>; l:start 0 }"
    assert graph.query(schema + quote).askAnswer
    codes = "ASK { <urn:liqa:meeting:m1> s:identifier [ s:propertyID 'CAMEO'; s:value '043' ] }"
    assert graph.query(schema + codes).askAnswer


def test_parquet_holds_every_row_exactly(run_folder: Path) -> None:
    folder = export(run_folder, "parquet")
    for table in TABLES:
        assert duckdb.read_parquet(str(folder / f"{table.name}.parquet")).fetchall() == ROWS.get(table.name, [])


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_graph_files_are_read_by_networkx(run_folder: Path, name: str) -> None:
    graph = getattr(nx, f"read_{name}")(export(run_folder, name))
    assert graph.number_of_edges() == 2
    assert graph.nodes["o1"]["name"] == "=المجلس <الأزرق>"


@pytest.mark.parametrize("name", FORMATS)
def test_a_run_of_csv_alone_and_of_no_rows_is_exported(tmp_path: Path, name: str) -> None:
    for table in TABLES:
        write_csv(tmp_path / f"{table.name}.csv", table, [])
    assert export(tmp_path, name).exists()


@pytest.mark.parametrize(
    ("kind", "status", "sided", "cameo"),
    [
        ("meeting", "held", True, ("042", "043")),
        ("meeting", "held", False, ("040",)),
        ("call", "held", False, ("041",)),
        ("multilateral", "held", True, ("040",)),
        ("visit", "planned", True, ("036",)),
        ("meeting", "denied", False, None),
        ("meeting", "cancelled", False, None),
    ],
)
def test_event_codes_are_those_of_the_schemes(
    kind: str, status: str, sided: bool, cameo: tuple[str, ...] | None
) -> None:
    code = code_of(kind, status, sided=sided)
    assert (code.cameo if code else None) == cameo


def test_the_command_writes_names_places_and_lists(run_folder: Path, tmp_path: Path) -> None:
    call = CliRunner()
    made = call.invoke(command, [str(run_folder), "--to", "graphml", "--output", str(tmp_path / "g.xml")])
    assert made.exit_code == 0, made.output
    assert (tmp_path / "g.xml").exists()
    listed = call.invoke(command, [str(run_folder), "--list"]).output
    assert all(one.limit in listed for one in FORMATS.values())
    assert call.invoke(command, [str(run_folder)]).exit_code == 2
    with pytest.raises(ConfigError, match="one of sqlite"):
        export(run_folder, "word")
