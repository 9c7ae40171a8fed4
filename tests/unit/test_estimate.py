from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.estimate import estimate
from pipeline.journal import Part
from pipeline.reading import Columns, Limits, list_sources
from pipeline.schema import Document

TEXT = "استقبل سالم الوردي اليوم ناصر الحمداني في عمان وبحثا العلاقات بين البلدين."


def ten_words(documents: Sequence[Document]) -> Part:
    keys = tuple(document.doc_id for document in documents)
    return Part(keys, {"documents": b"x" * 100 * len(keys)}, 10 * len(keys))


def test_files_of_one_document_each_are_counted(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number}.txt").write_text(f"{TEXT} {number}", encoding="utf-8")
    made = estimate(list_sources([tmp_path]), ten_words, columns=Columns(), limits=Limits())
    assert (made.documents, made.words) == (60, 600)


def test_files_of_many_documents_are_judged_by_size(tmp_path: Path) -> None:
    lines = "".join(f'{{"id": "{number}", "text": "{TEXT}"}}\n' for number in range(1000))
    (tmp_path / "all.jsonl").write_text(lines, encoding="utf-8")
    made = estimate(list_sources([tmp_path]), ten_words, columns=Columns(), limits=Limits())
    assert made.documents == pytest.approx(1000, rel=0.3)
    assert made.words == 10 * made.documents


def test_nothing_to_read_costs_nothing(tmp_path: Path) -> None:
    assert estimate(list_sources([tmp_path]), ten_words, columns=Columns(), limits=Limits()).documents == 0
