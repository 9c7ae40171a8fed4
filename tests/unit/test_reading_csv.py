"""Tables as spreadsheets and forms write them."""

import io
import sys
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


@pytest.mark.parametrize(
    "header",
    [
        'id,"note\nfor you",text\n',
        'id,"note\r\n\r\nfor ""you""",text\r\n',
        "\n \r\n,,\nid,note,text\n",
        "sep=,\r\nid,note,text\r\n",
        '"sep=,"\nid,note,text\n',
        'id,5" note,text\n',
        'id,5" note,text\n"a0","5"" wide","' + STORY + ' 0"\n',
    ],
)
def test_headers_as_spreadsheets_and_forms_write_them(tmp_path: Path, header: str) -> None:
    found = texts(read(tmp_path, header + f'a1,x,{STORY}\n"a2",x,"{STORY}"\n'))
    assert found[-2:] == [("a1", STORY), ("a2", STORY)]
    assert len(found) == 2 + header.count("a0")


def test_a_stray_quote_in_the_header_loses_no_row(tmp_path: Path) -> None:
    (first, second) = read(tmp_path, f'id,5" note,text\na1,5" wide,{STORY}\na2,x,{STORY}\n')
    assert [(row.doc_id, type(row)) for row in (first, second)] == [("a1", Document), ("a2", Document)]


@pytest.mark.parametrize("first", ["sep=;\n", "SEP=;;;\r\n", ""])
@pytest.mark.parametrize("note", ["note, a, b, c", "a|b|c|d", '"a;b"'])
def test_the_delimiter_is_the_one_that_parts_the_columns(tmp_path: Path, first: str, note: str) -> None:
    assert texts(read(tmp_path, f"{first}id;text;{note}\n7;{STORY}, {STORY};\n")) == [("7", f"{STORY}, {STORY}")]


def test_a_separator_may_be_any_character(tmp_path: Path) -> None:
    assert texts(read(tmp_path, f"sep=^\nid^text\n7^{STORY}\n")) == [("7", STORY)]


@pytest.mark.parametrize("name", ["text", "id", "date"])
def test_two_columns_of_one_needed_name_are_refused(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, f"id,text,date,{name}\n7,{STORY},2020-01-01,x\n")
    assert reason(found).startswith(f"two columns '{name}'")


def test_two_columns_of_a_name_that_nobody_needs_are_no_harm(tmp_path: Path) -> None:
    assert texts(read(tmp_path, f"id,text,note,note,,\n7,{STORY},a,b,,\n")) == [("7", STORY)]


def test_the_reason_tells_how_to_name_the_text(tmp_path: Path) -> None:
    assert "input.text_column" in reason(read(tmp_path, "key,body\n1,2\n"))
    assert "input.text_column" in reason(read(tmp_path / ".", '{"body": "x"}', name="a.jsonl")[1:])


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("header", ["id,Text", "sep=;\n\nid;text", '"id"\t"text"'])
def test_standard_input_is_csv_where_its_header_has_the_text(
    monkeypatch: pytest.MonkeyPatch, header: str, codec: str
) -> None:
    mark = "\t" if "\t" in header else ";" if ";" in header else ","
    content = f"{header}\n1{mark}{STORY}\n2{mark}{STORY}\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode(codec))))
    assert texts(list(read_documents(["-"]))) == [("1", STORY), ("2", STORY)]


@pytest.mark.parametrize("first", ["", "text\n", "title, body\n", "text: a, b\n", f"{STORY}; text, id\n"])
def test_standard_input_without_such_a_header_is_one_text(monkeypatch: pytest.MonkeyPatch, first: str) -> None:
    content = f"{first}{STORY}\n{STORY}, {STORY}\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
    assert texts(list(read_documents(["-"]))) == [("stdin", content)]
