"""Files of many documents between ``<doc>`` and ``</doc>``: nothing in them is lost in silence."""

from pathlib import Path

import pytest

from pipeline.reading import Limits, read_documents
from pipeline.schema import Document

STORY = "وصل الوزير سامي حداد إلى مدينة النور يوم الأحد، والتقى نظيره كريم الراوي في القصر."
OTHER = "التقى سالم الوردي نظيره ناصر الحمداني في القاهرة."


def read(folder: Path, content: str) -> list[tuple[str, str]]:
    """Id and text of each document, id and reason of what is rejected, in order."""
    (folder / "a.txt").write_bytes(content.encode())
    found = read_documents([folder], limits=Limits(max_chars=1_000))
    return [(row.doc_id, row.text if isinstance(row, Document) else row.reason) for row in found]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_text_outside_of_documents_is_told(tmp_path: Path, end: str) -> None:
    rows = ['<doc id="1">', STORY, "</doc>", "", OTHER, OTHER, '<doc id="2">', STORY, "</doc>", " ", OTHER]
    (first, outside, second, last) = read(tmp_path, end.join(rows))
    assert (first, second) == (("1", STORY + end.removesuffix("\n")), ("2", STORY + end.removesuffix("\n")))
    assert (outside[0], last[0]) == ("a-2", "a-4")
    for _, reason in (outside, last):
        assert reason.startswith("outside of <doc>")
        assert OTHER[:40] in reason
        assert ";" in reason


def test_blank_lines_outside_of_documents_are_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, f'<doc id="1">\n{STORY}\n</doc>\n\n \t\n<doc id="2">\n{OTHER}\n</doc>\n\n') == [
        ("1", STORY),
        ("2", OTHER),
    ]


def test_tags_may_share_a_line_with_each_other_and_with_text(tmp_path: Path) -> None:
    content = f'<doc id="1">{STORY}\n</doc><doc id="2">\n{OTHER}\n</doc>\n  <doc id="3">\n{STORY} 3\n</doc> {OTHER}'
    *documents, (outside, reason) = read(tmp_path, content)
    assert documents == [("1", STORY), ("2", OTHER), ("3", f"{STORY} 3")]
    assert outside == "a-4"
    assert OTHER[:40] in reason


def test_an_empty_document_and_too_much_outside_are_each_told_once(tmp_path: Path) -> None:
    found = read(tmp_path, f'<doc id="1"></doc>\n{(STORY + chr(10)) * 30}<doc id="2">\n{OTHER}\n</doc>\n')
    assert [(doc_id, text.split()[0].rstrip(":")) for doc_id, text in found] == [
        ("1", "empty"),
        ("a-2", "over-long"),
        ("2", OTHER.split()[0]),
    ]
