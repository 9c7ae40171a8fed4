"""Inputs made to harm: each costs little, is one row with a reason, and leaves its neighbours unharmed."""

import csv
import gzip
import io
import json
import lzma
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.reading import Limits, read_documents, streams
from pipeline.reading.decoding import check_text, decode
from pipeline.schema import Document, Rejected

STORY = "وصل الوزير سامي حداد إلى مدينة النور يوم الأحد، والتقى نظيره كريم الراوي في القصر."
ENDINGS = [".txt", ".jsonl", ".csv", ".parquet", ".zip", ".txt.gz", ".txt.xz", ".txt.zst", ".jsonl.gz", ".csv.xz"]
PACKED = {
    "gz": gzip.compress(STORY.encode()),
    "xz": lzma.compress(STORY.encode()),
    "zst": zstandard.ZstdCompressor().compress(STORY.encode()),
}


def read(folder: Path, limits: Limits | None = None) -> list[Document | Rejected]:
    return list(read_documents([folder], limits=limits))


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ending=st.sampled_from(ENDINGS),
    content=st.binary(max_size=200)
    | st.sampled_from([*PACKED.values(), zipped({"a.txt": STORY.encode()}), STORY.encode(), b'id,text\n1,"']),
    damage=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4),
)
def test_any_bytes_under_any_ending_are_read_or_refused(
    tmp_path: Path, ending: str, content: bytes, damage: list[tuple[int, int]]
) -> None:
    raw = bytearray(content)
    for at, value in damage:
        if raw:
            raw[at % len(raw)] = value
    (tmp_path / f"a{ending}").write_bytes(raw)
    found = read(tmp_path)
    (tmp_path / f"a{ending}").unlink()
    assert found or ending == ".zip"  # an archive may hold nothing of ours
    for one in found:
        if isinstance(one, Rejected):
            assert one.stage == "read"
            assert one.doc_id
            assert one.reason
        else:
            check_text(one.text)


@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-16")))
def test_decoding_is_lossless_or_refused(raw: bytes) -> None:
    from pipeline.errors import InputError

    try:
        text, encoding = decode(raw)
    except InputError:
        return
    if encoding not in ("utf-16", "utf-32"):  # their byte-order mark may be written either way
        assert text.encode("utf-8" if encoding == "utf-8-sig" else encoding) == raw


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.txt.gz", gzip.compress(bytes(9_000_000))),
        ("bomb.jsonl.gz", gzip.compress(bytes(9_000_000))),
        ("bomb.csv.gz", gzip.compress(b"text\n" + bytes(9_000_000))),
        ("bomb.txt.xz", lzma.compress(b"a" * 9_000_000, preset=0)),
        ("bomb.zip", zipped({f"{n}.txt": bytes(900_000) for n in range(10)})),
        ("lines.jsonl.gz", gzip.compress(b"\n" * 400_000)),
        ("line.txt", b"a" * 9_000_000),
        ("line.jsonl", b'{"text": "' + b"a" * 9_000_000),
        ("quote.csv", b'text\n"' + b"a,\n" * 100_000),
        ("line.csv", b"text\n" + b'"' * 2_000_001),
    ],
)
def test_bombs_and_endless_lines_cost_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes
) -> None:
    monkeypatch.setattr(streams, "FREE_BYTES", 1 << 17)
    (tmp_path / name).write_bytes(content)
    (tmp_path / "neighbour.txt").write_text(STORY, encoding="utf-8")
    del content
    tracemalloc.start()
    found = read(tmp_path, Limits(max_chars=50_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [one.doc_id for one in found if isinstance(one, Document)] == ["neighbour"]
    assert any(isinstance(one, Rejected) for one in found)
    assert peak < 8_000_000


def test_an_archive_inside_an_archive_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "outer.zip").write_bytes(
        zipped({"inner.zip": zipped({"a.txt": STORY.encode()}), "b.txt": STORY.encode()})
    )
    assert [one.doc_id for one in read(tmp_path)] == ["b"]


def test_of_two_members_of_one_name_one_is_read_and_the_other_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", f"{STORY} أولا")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.txt", f"{STORY} ثانيا")
    told, kept = read(tmp_path)
    assert isinstance(told, Rejected)
    assert "several files of one name" in told.reason
    assert isinstance(kept, Document)
    assert kept.text.endswith("ثانيا")


def test_an_encrypted_member_is_refused_alone(tmp_path: Path) -> None:
    raw = bytearray(zipped({"a.txt": STORY.encode(), "b.txt": STORY.encode()}))
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = raw.index(signature)
        flags = struct.unpack_from("<H", raw, at + offset)[0]
        struct.pack_into("<H", raw, at + offset, flags | 1)
    (tmp_path / "a.zip").write_bytes(raw)
    found = {one.doc_id: one for one in read(tmp_path)}
    assert isinstance(found["a"], Rejected)
    assert "encrypted" in found["a"].reason
    assert isinstance(found["b"], Document)


def test_an_unreadable_file_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "b.txt").write_text(STORY, encoding="utf-8")
    honest = streams.open_regular

    def deny(path: str) -> object:
        if path.endswith("a.txt"):
            raise PermissionError(13, "Permission denied", path)
        return honest(path)

    monkeypatch.setattr("pipeline.reading.open_regular", deny)
    first, second = read(tmp_path)
    assert isinstance(first, Rejected)
    assert "Permission denied" in first.reason
    assert isinstance(second, Document)


def test_names_that_are_no_text_can_be_written(tmp_path: Path) -> None:
    (tmp_path / b"\xff\xfe.txt".decode("utf-8", "surrogateescape")).write_text(STORY, encoding="utf-8")
    (found,) = read(tmp_path)
    assert found.doc_id.encode("utf-8")
    assert found.source.encode("utf-8")


@pytest.mark.parametrize("row", [{"id": "\ud800ا"}, {"title": "\udbff ا"}, {"body\ud800": "ا"}, {"id": "\udc80\ud800"}])
def test_half_a_character_pair_in_a_row_costs_no_other_row(tmp_path: Path, row: dict[str, str]) -> None:
    first = row if "body\ud800" in row else row | {"text": f"{STORY} أولا"}
    rows = [json.dumps(first), json.dumps({"id": "next", "text": STORY})]
    (tmp_path / "a.jsonl").write_text("\n".join(rows), encoding="utf-8")
    found = read(tmp_path)
    assert [one.doc_id for one in found][1:] == ["next"]
    for one in found:
        told = one.reason if isinstance(one, Rejected) else one.title or ""
        assert f"{one.doc_id}{one.source}{told}".encode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=60)), min_size=1, max_size=5))
def test_what_a_csv_writer_wrote_is_read_back(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(["id", "text"])
    texts = [STORY + body.replace("\x00", "").replace("\r", " ") for _, body in rows]
    writer.writerows((str(number), text) for number, text in enumerate(texts))
    (tmp_path / "a.csv").write_bytes(stream.getvalue().encode("utf-8", "ignore"))
    found = [one for one in read(tmp_path) if isinstance(one, Document)]
    accepted = {one.doc_id: one.text for one in found}
    for number, text in enumerate(texts):
        if str(number) in accepted:
            assert accepted[str(number)] == text.encode("utf-8", "ignore").decode()
    assert len(found) >= sum(sum("\u0600" <= c <= "\u06ff" for c in text) > 0.9 * len(text) for text in texts)
