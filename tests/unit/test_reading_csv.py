"""Tables as spreadsheets and forms write them."""

from pathlib import Path

import pytest

from pipeline.reading import Limits, read_documents
from pipeline.schema import Document, Rejected

STORY = "وصل الوزير سامي حداد إلى مدينة النور يوم الأحد، والتقى نظيره كريم الراوي في القصر."


def read(folder: Path, content: str, name: str = "a.csv", limits: Limits | None = None) -> list[Document | Rejected]:
    (folder / name).write_bytes(content.encode())
    return list(read_documents([folder], limits=limits))


def texts(found: list[Document | Rejected]) -> list[tuple[str, str]]:
    assert all(isinstance(row, Document) for row in found), found
    return [(row.doc_id, row.text) for row in found if isinstance(row, Document)]


def reason(found: list[Document | Rejected]) -> str:
    (row,) = found
    assert isinstance(row, Rejected)
    assert ";" in row.reason, "ends with what to do"
    return row.reason


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r\n"])
@pytest.mark.parametrize("inner", ["\r", "\n", "\r\n"])
def test_lines_end_as_any_spreadsheet_ends_them(tmp_path: Path, end: str, inner: str) -> None:
    rows = ["id,text", f"a1,{STORY}", f'a2,"{STORY}{inner}{STORY}"', f"a3,{STORY}"]
    found = texts(read(tmp_path, end.join(rows) + end))
    assert found == [("a1", STORY), ("a2", f"{STORY}{inner}{STORY}"), ("a3", STORY)]


def test_a_table_of_carriage_returns_may_be_longer_than_a_text(tmp_path: Path) -> None:
    limits = Limits(max_chars=200)
    rows = "".join(f'a{number},"{STORY}"\r\n' for number in range(1_000))
    whole = texts(read(tmp_path, "id,text\r\n" + rows, limits=limits))
    assert len(whole) == 1_000
    assert texts(read(tmp_path, "id,text\r" + rows.replace("\n", ""), limits=limits)) == whole


def test_a_header_that_cannot_be_read_costs_its_own_file_alone(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(f"id,text\nb1,{STORY}\n", encoding="utf-8")
    first, second = read(tmp_path, "id,text" + "x" * 70_000 + "\n", limits=Limits(max_chars=200))
    assert isinstance(first, Rejected)
    assert isinstance(second, Document)
