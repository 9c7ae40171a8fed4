import bz2
import gzip
import io
import json
import lzma
import os
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
import zstandard

from pipeline.errors import InputError
from pipeline.reading import Columns, Limits, list_sources, read_documents
from pipeline.reading.records import parse_date
from pipeline.schema import Document, Rejected

STORY = (
    "وصل الوزير سامي حداد إلى مدينة النور يوم الأحد، والتقى نظيره كريم الراوي في القصر.\r\nوقال إن اللقاء كان وديا.\n"
)


def read(
    *inputs: Path | str, columns: Columns | None = None, limits: Limits | None = None
) -> list[Document | Rejected]:
    return list(read_documents(inputs, columns=columns, limits=limits))


def only(found: list[Document | Rejected]) -> Document:
    assert len(found) == 1
    assert isinstance(found[0], Document), found
    return found[0]


def refusal(found: list[Document | Rejected]) -> Rejected:
    assert len(found) == 1
    assert isinstance(found[0], Rejected)
    assert found[0].stage == "read"
    assert ";" in found[0].reason, "ends with what to do"
    return found[0]


def test_text_is_read_to_the_last_byte(tmp_path: Path) -> None:
    file = tmp_path / "خبر.txt"
    file.write_bytes(b"\xef\xbb\xbf" + STORY.encode())
    document = only(read(file))
    assert document.doc_id == "خبر"
    assert document.source == file.name
    assert document.text == file.read_bytes().decode("utf-8")
    assert document.encoding == "utf-8-sig"


@pytest.mark.parametrize(
    ("codec", "recorded"),
    [
        ("utf-8", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1256", "windows-1256"),
        ("iso8859_6", "iso-8859-6"),
    ],
)
@pytest.mark.parametrize("text", [STORY, "خبر عاجل: اجتماع الوزراء في القصر", "لقاء الرئيس"])
def test_encodings_are_told_apart(tmp_path: Path, codec: str, recorded: str, text: str) -> None:
    (tmp_path / "a.txt").write_bytes(text.encode(codec))
    document = only(read(tmp_path))
    assert (document.text, document.encoding) == (text, recorded)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (bytes(range(256)) * 20, "binary"),
        (STORY.encode()[:41], "undecodable"),
        (STORY.encode()[:40] + b"\xff" + STORY.encode()[40:], "undecodable"),
        (STORY.encode().decode("cp1256", "ignore").encode() * 3, "undecodable"),
        (b"The minister arrived on Sunday.", "not Arabic"),
        ("\u064b\u064c\u0651".encode(), "not Arabic"),
        (b"12345", "not Arabic"),
        (("این گزارش درباره چگونگی پیشرفت کار در شهر است که گفته شد. " * 5).encode(), "not Arabic"),
        (STORY.encode() * 1000, "over-long"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(tmp_path: Path, raw: bytes, reason: str) -> None:
    (tmp_path / "a.txt").write_bytes(raw)
    assert refusal(read(tmp_path, limits=Limits(max_chars=10_000))).reason.startswith(reason)


def test_a_stray_null_is_text_still(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(STORY.encode() + b"\0")
    assert only(read(tmp_path)).text.endswith("\0")


@pytest.mark.parametrize(
    ("ending", "pack"),
    [
        (".gz", gzip.compress),
        (".xz", lzma.compress),
        (".zst", zstandard.ZstdCompressor().compress),
        (".GZ", lambda raw: gzip.compress(raw[:50]) + gzip.compress(raw[50:])),
    ],
)
def test_compressed_text_is_unpacked(tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / f"a.b.txt{ending}").write_bytes(pack(STORY.encode()))
    document = only(read(tmp_path))
    assert (document.doc_id, document.text) == ("a.b", STORY)


@pytest.mark.parametrize("ending", [".txt.gz", ".txt.xz", ".txt.zst", ".zip", ".parquet", ".jsonl.gz"])
@pytest.mark.parametrize("cut", [0, 10, 60])
def test_damaged_files_are_one_rejection(tmp_path: Path, ending: str, cut: int) -> None:
    packed: dict[str, Callable[[bytes], bytes]] = {
        "gz": gzip.compress,
        "xz": lzma.compress,
        "zst": zstandard.ZstdCompressor().compress,
    }
    pack = packed.get(ending.rpartition(".")[2], bz2.compress)
    (tmp_path / f"a{ending}").write_bytes(pack(STORY.encode())[:cut])
    assert refusal(read(tmp_path)).doc_id == "a"


def test_folders_are_read_in_the_order_of_names_and_other_files_counted(tmp_path: Path) -> None:
    for name in ("b/z.txt", "b/a.txt", "a.txt", "c.ann", "d.ann", "e.xlsx", ".hidden.txt", ".git/f.txt", "noending"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(STORY, encoding="utf-8")
    assert [d.doc_id for d in read(tmp_path)] == ["a", "b/a", "z"]
    assert list_sources([tmp_path]).passed_over == {"": 1, ".ann": 2, ".txt": 1, ".xlsx": 1}
    assert [d.doc_id for d in read(str(tmp_path / "b" / "*.txt"))] == ["a", "z"]
    assert [d.doc_id for d in read(tmp_path / "a.txt", tmp_path)] == ["a", "b/a", "z"]


def test_ids_that_still_collide_keep_their_endings(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(STORY.encode()))
    assert [d.doc_id for d in read(tmp_path)] == ["a.txt", "a.txt.gz"]


@pytest.mark.parametrize("name", ["missing.txt", "missing/*.txt", "a.docx", "a" * 5_000])
def test_an_input_that_is_none_of_ours_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.docx").write_bytes(b"")
    with pytest.raises(InputError, match="give"):
        read(str(tmp_path / name))


def test_links_are_bounded(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "round.txt").symlink_to(tmp_path / "round.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    found = read(tmp_path)
    assert [d.doc_id for d in found if isinstance(d, Document)] == ["a"]
    assert sorted(d.doc_id for d in found if isinstance(d, Rejected)) == ["gone", "loop", "pipe", "round"]


def test_json_lines_with_named_columns(tmp_path: Path) -> None:
    rows = [
        {"key": "x1", "body": STORY, "head": "عنوان", "day": "2025-12-21T08:00"},
        {"body": STORY, "day": "soon"},
        {"key": "x3", "text": STORY},
        {"key": "x4", "body": "\ud800" + STORY},
        {"key": "x1", "body": STORY},
    ]
    content = "".join(json.dumps(row) + "\n" for row in rows) + "\n{broken\n[1]\n" + "[" * 5000 + "\n"
    (tmp_path / "a.jsonl").write_text(content, encoding="utf-8")
    found = read(tmp_path, columns=Columns(id="key", text="body", title="head", date="day"))
    documents = [d for d in found if isinstance(d, Document)]
    assert [(d.doc_id, d.title, d.published, d.published_basis) for d in documents] == [
        ("x1", "عنوان", date(2025, 12, 21), "column"),
        ("a-2", None, None, None),
    ]
    assert documents[0].source.endswith("a.jsonl#1")
    assert [d.doc_id for d in found if isinstance(d, Rejected)] == ["x3", "x4", "x1", "a-6", "a-7", "a-8"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_cells_keep_their_line_breaks(tmp_path: Path, codec: str, delimiter: str) -> None:
    rows = [("id", "date", "text"), ("n1", "21/12/2025", f'"{STORY}"'), ("n2", "", f'"قال ""نعم"" {STORY}"')]
    (tmp_path / "a.csv").write_bytes("".join(delimiter.join(row) + "\r\n" for row in rows).encode(codec))
    first, second = read(tmp_path)
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert (first.doc_id, first.text, first.published) == ("n1", STORY, date(2025, 12, 21))
    assert (second.doc_id, second.text) == ("n2", f'قال "نعم" {STORY}')


def test_a_row_with_broken_quoting_is_refused_alone(tmp_path: Path) -> None:
    rows = [
        "id,text",
        'n1,"' + STORY[:40] + '"',
        'n2,"open ' + STORY[:40],
        'n3,"' + STORY[:40] + '"',
        "n4,a,b",
        'n5,"x',
    ]
    (tmp_path / "a.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = read(tmp_path)
    assert [d.doc_id for d in found if isinstance(d, Document)] == ["n1", "n3"]
    assert [d.doc_id for d in found if isinstance(d, Rejected)] == ["a-2", "a-4", "a-5"]


def test_a_table_without_the_text_column_names_what_it_has(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("key,body\n1,2\n", encoding="utf-8")
    assert "key, body" in refusal(read(tmp_path)).reason


def test_parquet_rows(tmp_path: Path) -> None:
    table = pyarrow.table({"id": ["p1", None], "text": [STORY, STORY], "date": [date(2025, 12, 21), None]})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    found = read(tmp_path)
    assert [(d.doc_id, d.text, d.published) for d in found if isinstance(d, Document)] == [
        ("p1", STORY, date(2025, 12, 21)),
        ("a-2", STORY, None),
    ]


def test_doc_blocks_are_documents(tmp_path: Path) -> None:
    content = f'<doc id="w-1" date="2015-07-02" title="&quot;عنوان&quot;">\n{STORY}</doc>\n<doc id="w-2">\n{STORY}'
    (tmp_path / "shard.txt.xz").write_bytes(lzma.compress(content.encode()))
    first, second = read(tmp_path)
    assert isinstance(first, Document)
    assert (first.doc_id, first.title, first.published) == ("w-1", '"عنوان"', date(2015, 7, 2))
    assert first.text == STORY.removesuffix("\n")
    assert isinstance(second, Rejected)
    assert second.doc_id == "w-2"


def test_archives_are_read_in_place(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b/two.txt", STORY)
        archive.writestr("b/rows.jsonl.gz", gzip.compress(json.dumps({"text": STORY}).encode()))
        archive.writestr("one.txt", STORY)
        archive.writestr("../../out.txt", STORY)
        archive.writestr("/etc/root.txt", STORY)
        archive.writestr("__MACOSX/one.txt", "x")
        archive.writestr("readme.md", "x")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    found = read(tmp_path)
    assert [d.doc_id for d in found if isinstance(d, Document)] == ["rows-1", "two", "one"]
    assert {d.doc_id for d in found if isinstance(d, Rejected)} == {"out", "root", "link"}
    assert [path.name for path in tmp_path.rglob("*")] == ["a.zip"]


def test_standard_input_is_a_text_or_json_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    for content, doc_id in ((STORY, "stdin"), (json.dumps({"text": STORY}), "stdin-1")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
        document = only(read("-"))
        assert (document.doc_id, document.text) == (doc_id, STORY)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2025-12-21", date(2025, 12, 21)),
        ("20251221", date(2025, 12, 21)),
        (20251221, date(2025, 12, 21)),
        ("1/2/2025", date(2025, 2, 1)),
        ("2025-13-01", None),
        ("1734739200", None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_date_cells(cell: object, day: date | None) -> None:
    assert parse_date(cell) == day


def test_the_tables_of_a_run_into_the_folder_of_its_texts_are_no_texts(tmp_path: Path) -> None:
    for name in ("a.txt", "meetings.csv", "documents.parquet", "mine.csv"):
        (tmp_path / name).write_text("text\nنص", encoding="utf-8")
    names = [source.name for source in list_sources([tmp_path]).sources]
    assert [Path(name).name for name in names] == ["a.txt", "documents.parquet", "meetings.csv", "mine.csv"]
    (tmp_path / ".work").mkdir()
    names = [source.name for source in list_sources([tmp_path]).sources]
    assert [Path(name).name for name in names] == ["a.txt", "mine.csv"]
