"""CSV and Parquet: what is written comes back, is safe to open, and appears whole or not at all."""

import csv as stdlib_csv
import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from pipeline.errors import InputError, OutputError
from pipeline.export.cells import BIDI_CONTROLS, plain_cell, safe_cell, strip_bidi, xml_safe
from pipeline.export.csv import read_csv, write_csv
from pipeline.export.files import whole_file, whole_path
from pipeline.export.parquet import read_parquet, write_parquet
from pipeline.export.source import RunFolder, load_tables
from pipeline.tables import DOCUMENTS, MENTIONS, POSITIONS, TABLES, Table

ROWS: list[tuple[Any, ...]] = [
    ("=d1", "e1", 'رئيس, "الهيئة"\nالعليا', None, "WD", True, "قال\r'كذا'\r\n", 0, 12, 0.5),
    ("d2", "e2", "-وزير", "e3", None, False, None, None, None, None),
]


def batches(*rows: tuple[Any, ...]) -> Iterator[list[tuple[Any, ...]]]:
    for row in rows:
        yield [row]


def test_csv_rows_come_back(tmp_path: Path) -> None:
    path = tmp_path / "positions.csv"
    assert write_csv(path, POSITIONS, batches(*ROWS)) == 2
    assert [row for batch in read_csv(path, POSITIONS) for row in batch] == ROWS


def test_csv_starts_with_a_byte_order_mark_unless_told_otherwise(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", POSITIONS, [])
    write_csv(tmp_path / "b.csv", POSITIONS, [], byte_order_mark=False)
    assert (tmp_path / "a.csv").read_bytes() == b"\xef\xbb\xbf" + (tmp_path / "b.csv").read_bytes()


def test_no_cell_starts_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "positions.csv"
    hostile = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "'=1", "\uff1d1", "\u202e=1"]
    write_csv(path, POSITIONS, batches(*[("d", "e", text, None, None, False, "x", -1, 2, 0.1) for text in hostile]))
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(stdlib_csv.DictReader(lines))
    assert all(row["title"].startswith("'") for row in rows)
    assert {row["evidence_start"] for row in rows} == {"-1"}, "a number stays a number"


def test_direction_controls_are_taken_from_what_is_shown_and_offsets_stay(tmp_path: Path) -> None:
    path = tmp_path / "mentions.csv"
    name = "سا\u202eمر"
    write_csv(path, MENTIONS, [[("d", 5, 10, name, "PER", "e", 0, 20, None, 1.0)]])
    content = path.read_text("utf-8-sig")
    assert not set(content) & set(BIDI_CONTROLS)
    assert "d,5,10,سامر,PER" in content


def test_parquet_rows_come_back_exactly_and_duckdb_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "positions.parquet"
    rows = [*ROWS, ("d\u202e3", "e", "x", None, None, False, None, None, None, None)]
    assert write_parquet(path, POSITIONS, batches(*rows)) == 3
    assert [row for batch in read_parquet(path, POSITIONS) for row in batch] == rows
    assert duckdb.read_parquet(str(path)).fetchall() == rows


def test_an_empty_table_keeps_its_columns(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", POSITIONS, [])
    write_csv(tmp_path / "a.csv", POSITIONS, [])
    assert list(read_parquet(tmp_path / "a.parquet", POSITIONS)) == []
    assert list(read_csv(tmp_path / "a.csv", POSITIONS)) == []
    assert duckdb.read_parquet(str(tmp_path / "a.parquet")).columns == list(POSITIONS.column_names)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "positions.csv"
    write_csv(path, POSITIONS, [ROWS])
    before = path.read_bytes()

    def breaking() -> Iterator[list[tuple[Any, ...]]]:
        yield ROWS
        raise RuntimeError("stop")

    for write in (write_csv, write_parquet):
        with pytest.raises(RuntimeError, match="stop"):
            write(path, POSITIONS, breaking())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    for content in ("first", "second"):
        with whole_path(tmp_path / "out") as folder:
            folder.mkdir()
            (folder / content).write_text(content, "utf-8")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["second"]


def test_only_what_is_written_is_brought_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older = tmp_path / "older.csv"
    older.write_text("x", "utf-8")
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_ino))
    with whole_path(tmp_path / "out") as folder:
        (folder / "in").mkdir(parents=True)
        (folder / "in" / "file.csv").write_text("y", "utf-8")
    made = {path.stat().st_ino for path in (tmp_path, *tmp_path.rglob("*"))}
    assert set(synced) == made - {older.stat().st_ino}


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(OutputError, match=r"out\.csv: cannot be written"), whole_file(tmp_path / "file" / "out.csv"):
        pass


@pytest.mark.parametrize(
    ("content", "reason"),
    [("doc_id\nx\n", "no column entity_id"), ("", "no column doc_id"), (None, "evidence_start is 'first', not int64")],
)
def test_a_csv_that_does_not_fit_is_refused(tmp_path: Path, content: str | None, reason: str) -> None:
    path = tmp_path / "positions.csv"
    fits = ",".join(POSITIONS.column_names) + "\nd,e,t,,,true,x,first,2,0.5\n"
    path.write_text(fits if content is None else content, "utf-8")
    with pytest.raises(InputError, match=reason):
        list(read_csv(path, POSITIONS))


def write_run(folder: Path, ending: str) -> None:
    write = write_csv if ending == "csv" else write_parquet
    for table in TABLES:
        write(folder / f"{table.name}.{ending}", table, [ROWS] if table is POSITIONS else [])


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_tables_load_as_typed_frames(tmp_path: Path, ending: str) -> None:
    write_run(tmp_path, ending)
    frames = load_tables(tmp_path)
    assert list(frames) == [table.name for table in TABLES]
    positions = frames["positions"]
    assert {name: str(kind) for name, kind in positions.dtypes.items() if name in ("title", "former")} == {
        "title": "string",
        "former": "boolean",
    }
    assert positions["evidence_end"].dtype == pd.Int64Dtype()
    assert positions["confidence"].dtype == pd.Float64Dtype()
    assert positions["evidence_end"].tolist() == [12, pd.NA]
    assert frames["meetings"]["date_from"].dtype == "string", "an empty table is typed as well"


def test_a_folder_without_tables_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no documents\.parquet"):
        RunFolder(tmp_path)
    write_csv(tmp_path / "documents.csv", DOCUMENTS, [])
    with pytest.raises(InputError, match=r"mentions\.csv: not there"):
        RunFolder(tmp_path).batches(MENTIONS)


def test_a_damaged_parquet_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "documents.parquet"
    path.write_bytes(b"PAR1 cut short")
    with pytest.raises(InputError, match="not a whole Parquet file"):
        list(read_parquet(path, DOCUMENTS))


def test_a_parquet_file_of_another_table_is_an_error(tmp_path: Path) -> None:
    other: Table = dataclasses.replace(POSITIONS, columns=POSITIONS.columns[:2])
    write_parquet(tmp_path / "a.parquet", other, [[("d", "e")]])
    with pytest.raises(InputError, match="no column title"):
        list(read_parquet(tmp_path / "a.parquet", POSITIONS))


def test_cells_are_the_inverse_of_each_other() -> None:
    for text in ("", "'", "=", "''=", "' =", "a", "-", "'-'"):
        assert plain_cell(safe_cell(text)) == text
    assert strip_bidi("\u061cأ\u200e\u200f\u2066\u2069ب") == "أب"
    assert xml_safe("a\x00\x0b\ud800\ufffe\u202eb\n\t") == "ab\n\t"
