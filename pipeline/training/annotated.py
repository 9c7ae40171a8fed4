"""Pages of raw news that were annotated to learn from: ``python -m pipeline.training.annotated FOLDER``.

Writes ``annotated.jsonl.gz`` from a folder of ``ID.ann`` beside ``ID.txt``, ids being those of the raw corpora. What is
kept of a page is its id, the digest of its text, and what the annotation says, by offsets; the text stays where it is
and is found again by the id. The pages are among those of which the scorers of the day were in doubt; a language model
annotated each by the guidelines, in one pass. None shares a twelfth of its runs of eight words with an annotated
document of ``gold``.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.evaluation.gold import GoldDocument, GoldPosition, read_gold
from pipeline.evaluation.gold_json import gold_from_json
from pipeline.schema import SegmentKind
from pipeline.training.rawtext import read_headed

PAGES = Path(__file__).with_name("annotated.jsonl.gz")


def read_with_pages(gold: Path, raw: Path | None, pages: Path | None = None) -> list[GoldDocument]:
    """The annotated documents of a folder, and where the raw corpora are given those of their pages as well."""
    return read_gold(gold) + (read_annotated(raw, pages) if raw else [])


def read_annotated(raw: Path, pages: Path | None = None) -> list[GoldDocument]:
    """The annotated pages of the raw corpora, in their order there; a page's title is the first line of its text.

    Raises InputError where a page is missing or its text is another one.
    """
    rows = {row["doc_id"]: row for row in _rows(pages or PAGES)}
    found = [
        gold_from_json(_same(f"{title}\n{body}" if title else body, rows[doc_id], path), rows.pop(doc_id))
        for path in sorted(raw.glob("news-*.txt.xz"))
        for doc_id, title, body in read_headed(path)
        if doc_id in rows
    ]
    if rows:
        raise InputError(f"{raw}: {len(rows)} annotated pages are not there, {min(rows)} first; give the raw corpora")
    return found


@lru_cache(maxsize=1)
def page_ids() -> frozenset[str]:
    """The ids of the annotated pages, which were taken because a scorer was in doubt of them."""
    return frozenset(row["doc_id"] for row in _rows(PAGES))


def _rows(pages: Path) -> list[dict[str, Any]]:
    with gzip.open(pages, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def _same(text: str, row: dict[str, Any], path: Path) -> str:
    if _digest(text) != row["digest"]:
        raise InputError(f"{path}: {row['doc_id']} is not the text that was annotated; give the same raw corpora")
    return text


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def write_annotated(golds: Sequence[GoldDocument], pages: Path = PAGES) -> None:
    """Write what is said of the documents, one a line."""
    lines = (json.dumps(_row(gold), ensure_ascii=False, separators=(",", ":")) for gold in golds)
    pages.write_bytes(gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0))


def _row(gold: GoldDocument) -> dict[str, Any]:
    """A document in the standoff notation of :mod:`pipeline.evaluation.gold_json`, with the digest of its text."""
    return {
        "doc_id": gold.doc_id,
        "digest": _digest(gold.text),
        "date": gold.published.isoformat() if gold.published else "-",
        "segments": [
            {"start": part.span.start, "end": part.span.end, "kind": part.kind.value}
            for part in gold.segments
            if part.kind is not SegmentKind.ARTICLE
        ],
        "mentions": [
            {"start": name.span.start, "end": name.span.end, "type": name.type.value, "entity": name.entity_id}
            for name in gold.mentions
        ],
        "entities": {e.entity_id: {"type": e.type.value, "name": e.name, "country": e.country} for e in gold.entities},
        "positions": [_position(position) for position in gold.positions],
        "meetings": [
            {
                "kind": meeting.kind.value,
                "status": meeting.status.value,
                "date": meeting.date or "-",
                "place": meeting.place_entity_id or "-",
                "who": sorted(meeting.parties),
                "start": meeting.quote.start if meeting.quote else 0,
                "end": meeting.quote.end if meeting.quote else 0,
            }
            for meeting in gold.meetings
        ],
        "relations": [
            {"relation": r.kind.value, "head": r.head_entity_id, "tail": r.tail_entity_id} for r in gold.relations
        ],
    }


def _position(position: GoldPosition) -> dict[str, Any]:
    of = position.of_entity_id or position.of_country or "-"
    return {"entity": position.entity_id, "title": position.title, "of": of, "former": position.former}


def main() -> None:
    """Pack the annotations of a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of ID.ann beside ID.txt, whose ids are those of the corpora")
    parser.add_argument("--output", type=Path, default=PAGES)
    arguments = parser.parse_args()
    golds = read_gold(arguments.folder)
    write_annotated(golds, arguments.output)
    meetings = sum(len(gold.meetings) for gold in golds)
    print(f"{arguments.output}: {len(golds)} pages, {meetings} meetings")


if __name__ == "__main__":
    main()
