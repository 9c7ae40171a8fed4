from collections.abc import Iterator

import pytest

fsspec = pytest.importorskip("fsspec")

from pipeline.errors import InputError  # noqa: E402 -- nothing here works without fsspec
from pipeline.reading import list_sources, read_documents  # noqa: E402 -- as above
from pipeline.schema import Document  # noqa: E402 -- as above

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
