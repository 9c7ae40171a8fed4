"""What a run wrote is not read again as texts, wherever it lies in the input."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.export.formats import export
from pipeline.export.parquet import write_parquet
from pipeline.manifest import versions
from pipeline.reading import list_sources
from pipeline.tables import TABLES

STORY = "وصل الوزير سامي حداد إلى مدينة النور يوم الأحد."


def names(*inputs: Path | str) -> list[str]:
    return [source.name for source in list_sources(inputs).sources]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A text, and the tables and exports of a run into a folder beside it."""
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")
    tables = tmp_path / "tables"
    tables.mkdir()
    for table in TABLES:
        write_parquet(tables / f"{table.name}.parquet", table, [])
    export(tables, "neo4j")
    export(tables, "parquet")
    export(tables, "neo4j", tmp_path / "elsewhere")
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", ["a.txt", "tables/mine.csv", "tables/mine/documents.csv"]),
        ("*", ["a.txt", "tables/mine.csv", "tables/mine/documents.csv"]),
        ("**/*", ["a.txt", "tables/mine.csv", "tables/mine/documents.csv"]),
        ("*/*.*", ["tables/mine.csv"]),
        ("t*/*/*", ["tables/mine/documents.csv"]),
    ],
)
def test_tables_and_exports_are_no_texts(folder: Path, pattern: str, expected: list[str]) -> None:
    (folder / "tables" / "mine").mkdir()
    for place in ("mine.csv", "mine/documents.csv"):
        (folder / "tables" / place).write_text(f"text\n{STORY}", encoding="utf-8")
    assert sorted(names(str(folder / pattern) if pattern else folder)) == expected


def test_a_run_without_its_journal_is_known_by_its_manifest(folder: Path) -> None:
    shutil.rmtree(folder / "elsewhere")
    (folder / "tables" / "events.parquet").unlink()
    assert "tables/documents.parquet" in names(folder)
    for other in ("{", "[]", '{"versions": "liqa"}', '{"name": "an app", "versions": {}}'):
        (folder / "tables" / "manifest.json").write_text(other, encoding="utf-8")
        assert "tables/documents.parquet" in names(folder), other
    (folder / "tables" / "manifest.json").write_text(json.dumps({"versions": versions()}), encoding="utf-8")
    assert names(folder) == names(str(folder / "**")) == ["a.txt"]


def test_a_table_that_is_given_by_its_name_is_read(folder: Path) -> None:
    assert names(folder / "tables" / "documents.parquet") == ["documents.parquet"]
