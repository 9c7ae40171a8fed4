"""Columns and endings that are nearly the usual ones."""

import gzip
import json
from pathlib import Path

import pytest

from pipeline.reading import read_documents
from pipeline.schema import Document, Rejected

STORY = "وصل الوزير سامي حداد إلى مدينة النور يوم الأحد، والتقى نظيره كريم الراوي في القصر."


def read(folder: Path) -> list[Document | Rejected]:
    return list(read_documents([folder]))


def test_tab_separated_and_newline_delimited_files_are_what_their_endings_say(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(f"id\ttext, title, date\ttext\n7\tx\t{STORY}, {STORY}\n", encoding="utf-8")
    (tmp_path / "b.ndjson").write_text(json.dumps({"id": "8", "text": STORY}) + "\n", encoding="utf-8")
    (tmp_path / "c.tsv.gz").write_bytes(gzip.compress(f"text\n{STORY}\n".encode()))
    found = [(document.doc_id, document.text) for document in read(tmp_path) if isinstance(document, Document)]
    assert found == [("7", f"{STORY}, {STORY}"), ("8", STORY), ("c-1", STORY)]


@pytest.mark.parametrize(
    ("header", "found"), [("ID,Text", ["7"]), ("Id,TEXT,text", ["7"]), ("ID,Text,TEXT", []), ("ID,id,Text", ["x"])]
)
def test_a_column_is_found_in_other_capitals_where_it_is_the_only_one(
    tmp_path: Path, header: str, found: list[str]
) -> None:
    values = {"ID": "7", "Id": "7", "id": "x"}
    row = ",".join(values.get(name, STORY) for name in header.split(","))
    (tmp_path / "a.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    assert [document.doc_id for document in read(tmp_path) if isinstance(document, Document)] == found


def test_a_json_key_is_found_in_other_capitals(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"ID": 7, "Text": STORY}) + "\n", encoding="utf-8")
    (document,) = read(tmp_path)
    assert isinstance(document, Document)
    assert document.doc_id == "7"
