"""Annotated pages of raw news: packed without their texts, and found again in the corpora."""

from __future__ import annotations

import gzip
import json
import lzma
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.evaluation.gold import parse_annotation
from pipeline.training.annotated import PAGES, read_annotated, read_with_pages, write_annotated

TITLE, BODY = 'لقاء "سامر" ونديم', "التقى سامر القاضي نديم الحلبي في صور.\nاقرأ أيضا: خبر\n"
ANNOTATION = "\n".join(
    [
        "DATE\t2018-06-29",
        "SEG\tboilerplate\tاقرأ أيضا\tخبر",
        "E\te1\tPER\tسامر القاضي",
        "E\te2\tPER\tنديم الحلبي",
        "E\te3\tLOC\tصور",
        "E\te4\tLOC\tلبنان\tLB",
        "M\te1\tسامر القاضي",
        "M\te1\tسامر",
        "M\te2\tنديم الحلبي",
        "M\te3\tصور",
        "POS\te1\tوزير\te4\tformer",
        "POS\te2\tسفير\tEG",
        "MEET\tmeeting\theld\t2018-06-29\te3\te1,e2\tev: التقى سامر القاضي نديم الحلبي",
        "MEET\tcall\tdenied\t-\t-\te1,e2\tev: لقاء",
        "REL\tlocated_in\te3\te4",
    ]
)


def shard(folder: Path, *pages: tuple[str, str, str]) -> Path:
    """A folder of raw corpora with one shard of the given pages: id, title as it is escaped there, body."""
    text = "".join(f'<doc id="{i}" date="" title="{title}">\n{body}</doc>\n' for i, title, body in pages)
    folder.mkdir(exist_ok=True)
    (folder / "news-some.txt.xz").write_bytes(lzma.compress(text.encode()))
    return folder


def test_what_is_said_of_a_page_comes_back_and_its_text_is_not_kept(tmp_path: Path) -> None:
    gold = parse_annotation("paper-7", f"{TITLE}\n{BODY}", ANNOTATION)
    packed = tmp_path / "pages.jsonl.gz"
    write_annotated([gold], packed)
    raw = shard(tmp_path / "raw", ("paper-6", "", BODY), ("paper-7", "لقاء &quot;سامر&quot; ونديم", BODY))
    assert read_annotated(raw, packed) == [gold]
    stored = gzip.decompress(packed.read_bytes()).decode()
    assert "التقى" not in stored
    assert "اقرأ" not in stored


def test_a_page_without_a_title_is_its_body(tmp_path: Path) -> None:
    gold = parse_annotation("paper-7", BODY, "E\te1\tLOC\tصور\nM\te1\tصور")
    write_annotated([gold], tmp_path / "pages.jsonl.gz")
    raw = shard(tmp_path / "raw", ("paper-7", "", BODY))
    assert read_annotated(raw, tmp_path / "pages.jsonl.gz") == [gold]


def test_a_page_that_is_missing_or_another_is_told(tmp_path: Path) -> None:
    packed = tmp_path / "pages.jsonl.gz"
    write_annotated([parse_annotation("paper-7", BODY, "")], packed)
    with pytest.raises(InputError, match=r"1 annotated pages are not there, paper-7 first"):
        read_annotated(shard(tmp_path / "raw", ("paper-6", "", BODY)), packed)
    with pytest.raises(InputError, match=r"news-some\.txt\.xz: paper-7 is not the text that was annotated"):
        read_annotated(shard(tmp_path / "raw", ("paper-7", "", BODY + "more\n")), packed)


def test_pages_join_the_annotated_folder_only_where_the_corpora_are_given(tmp_path: Path) -> None:
    folder = tmp_path / "gold"
    folder.mkdir()
    (folder / "d1.txt").write_text(BODY, "utf-8")
    (folder / "d1.ann").write_text("E\te1\tLOC\tصور\nM\te1\tصور", "utf-8")
    packed = tmp_path / "pages.jsonl.gz"
    write_annotated([parse_annotation("paper-7", BODY, "")], packed)
    raw = shard(tmp_path / "raw", ("paper-7", "", BODY))
    assert [gold.doc_id for gold in read_with_pages(folder, None, packed)] == ["d1"]
    assert [gold.doc_id for gold in read_with_pages(folder, raw, packed)] == ["d1", "paper-7"]


def test_the_packed_pages_hold_together() -> None:
    with gzip.open(PAGES, "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    assert len({row["doc_id"] for row in rows}) == len(rows)
    for row in rows:
        known, where = set(row["entities"]), row["doc_id"]
        spans = [(name["start"], name["end"]) for name in row["mentions"]]
        assert all(start < end for start, end in spans), where
        assert all(one[1] <= other[0] for one, other in pairwise(spans)), where
        assert {name["entity"] for name in row["mentions"]} <= known, where
        for meeting in row["meetings"]:
            assert len(meeting["who"]) >= 2, where
            assert {*meeting["who"], meeting["place"]} <= known | {"-"}, where
            assert meeting["start"] < meeting["end"], where
        assert {end for one in row["relations"] for end in (one["head"], one["tail"])} <= known, where
