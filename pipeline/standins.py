"""Simplest stages, for rooms that are not furnished yet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.schema import Analysis, Document, Entity, Link, Segment, SegmentKind, Span


def nothing(_: Any) -> tuple[()]:
    """No finding."""
    return ()


def find_segments(analysis: Analysis) -> tuple[Segment, ...]:
    """The whole text as one article."""
    return (Segment(Span(0, len(analysis.document.text)), SegmentKind.ARTICLE),)


def resolve_entities(analysis: Analysis) -> tuple[Entity, ...]:
    """One entity for each distinct (type, surface)."""
    text = analysis.document.text
    links: dict[tuple[Any, str], list[Link]] = {}
    for index, mention in enumerate(analysis.mentions):
        links.setdefault((mention.type, mention.span.of(text)), []).append(Link(index, "same surface"))
    return tuple(
        Entity(
            hashlib.blake2b(f"{analysis.document.doc_id}|{kind}|{name}".encode(), digest_size=8).hexdigest(),
            kind,
            name,
            tuple(found),
        )
        for (kind, name), found in links.items()
    )


def read_documents(inputs: Sequence[str | Path]) -> Iterator[Document]:
    """Plain UTF-8 text files."""
    for given in inputs:
        path = Path(given)
        for file in sorted(path.rglob("*.txt")) if path.is_dir() else [path]:
            yield Document(file.stem, file.read_bytes().decode("utf-8-sig"), str(file))
