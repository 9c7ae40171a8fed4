import gzip
import json
from collections.abc import Iterator

import pytest

fsspec = pytest.importorskip("fsspec")

from pipeline.errors import InputError  # noqa: E402 -- nothing here works without fsspec
from pipeline.reading import list_sources, read_documents  # noqa: E402 -- as above
from pipeline.schema import Document, Rejected  # noqa: E402 -- as above

TEXT = "استقبل سالم الوردي اليوم ناصر الحمداني في عمان."


@pytest.fixture
def bucket() -> Iterator[str]:
    files = fsspec.filesystem("memory")
    for name in ("b.txt", "deep/a.txt", "notes.pdf"):
        files.pipe(f"/bucket/{name}", TEXT.encode())
    yield "memory://bucket"
    files.rm("/bucket", recursive=True)


def test_a_folder_behind_an_address_is_read_like_a_folder(bucket: str) -> None:
    found = [row for row in read_documents([bucket]) if isinstance(row, Document)]
    assert [(row.doc_id, row.text) for row in found] == [("b", TEXT), ("a", TEXT)]
    assert list_sources([bucket]).passed_over == {".pdf": 1}


def test_a_pattern_and_a_file_behind_an_address(bucket: str) -> None:
    assert len(list_sources([f"{bucket}/*.txt"]).sources) == 1
    assert len(list_sources([f"{bucket}/deep/a.txt"]).sources) == 1


def test_an_address_with_nothing_behind_it_is_told(bucket: str) -> None:
    with pytest.raises(InputError, match="nothing there"):
        list_sources([f"{bucket}/none"])


def test_an_unknown_kind_of_address_is_told() -> None:
    with pytest.raises(InputError, match="ftpx"):
        list_sources(["ftpx://host/a.txt"])


def test_a_file_whose_size_nobody_tells_is_read_to_its_end_but_a_bomb_is_not(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = fsspec.filesystem("memory")
    rows = "".join(json.dumps({"text": f"{TEXT} {number}"}) + "\n" for number in range(2000))
    files.pipe("/bucket/rows.jsonl", rows.encode())
    files.pipe("/bucket/bomb.jsonl.gz", gzip.compress(b"\n" * 1_000_000))
    monkeypatch.setattr(type(files), "size", lambda *_: None)
    monkeypatch.setattr("pipeline.reading.streams.FREE_BYTES", 1 << 10)
    found = list(read_documents([f"{bucket}/rows.jsonl"]))
    assert len(found) == 2000
    assert all(isinstance(row, Document) for row in found)
    (refused,) = read_documents([f"{bucket}/bomb.jsonl.gz"])
    assert isinstance(refused, Rejected)
    assert "unpacks to far more" in refused.reason
