"""What a run will cost, told before it: a few documents of each kind of file are read and analysed on the spot."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pipeline.journal import Part
from pipeline.reading import Columns, Limits, Source, SourceList, read_sources
from pipeline.schema import Document

_SOURCES, _DOCUMENTS_EACH, _AT_ONCE, _SECONDS = 24, 8, 32, 8.0
UNPACKED = {"": 1.0, "gz": 3.5, "xz": 5.5, "zst": 4.0}
"""Bytes of Arabic news text to bytes of the packed file."""
OUTPUT_PER_SHARD = 12.0
"""Bytes of all files of a run, shards included, to those of small shards of the same documents."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is to be expected; ``seconds`` is for one process, ``disk_bytes`` for the whole output folder."""

    documents: int
    words: int
    seconds: float
    disk_bytes: int
    sampled: int


def estimate(
    sources: SourceList, work: Callable[[Sequence[Document]], Part], *, columns: Columns, limits: Limits
) -> Estimate:
    """The cost of analysing all the sources, by a sample of them; exact in nothing, all zero where nothing is read."""
    sample = [source for source in _spread(sources.sources, _SOURCES) if source.size]
    found: list[tuple[Source, list[Document]]] = []
    for source in sample:
        rows = islice(read_sources([source], columns=columns, limits=limits), _DOCUMENTS_EACH)
        found.append((source, [row for row in rows if isinstance(row, Document)]))
    documents = [document for _, some in found for document in some]
    if not documents:
        return Estimate(0, 0, 0.0, 0, 0)
    n_documents = _count(sources.sources, found)
    work(documents[:1])  # loads the model
    start = time.perf_counter()
    n_done = n_words = n_bytes = 0
    for first in range(0, len(documents), _AT_ONCE):
        part = work(documents[first : first + _AT_ONCE])
        n_done, n_words = n_done + len(part.keys), n_words + part.n_words
        n_bytes += sum(map(len, part.tables.values()))
        if time.perf_counter() - start > _SECONDS:
            break
    each = n_documents / n_done
    seconds = (time.perf_counter() - start) * each
    return Estimate(n_documents, round(n_words * each), seconds, round(n_bytes * each * OUTPUT_PER_SHARD), n_done)


def _count(sources: Sequence[Source], found: Sequence[tuple[Source, list[Document]]]) -> int:
    """Documents in all the sources: one each where each that was looked into has one, else by size."""
    full = [(source, rows) for source, rows in found if rows]
    if all(len(rows) == 1 for _, rows in full):
        return round(len(sources) * len(full) / len(found))
    n_bytes = sum(len(document.text.encode("utf-8", "replace")) for _, rows in full for document in rows)
    mean = n_bytes / sum(len(rows) for _, rows in full)
    return round(sum(max(1.0, source.size * UNPACKED.get(source.compression, 1.0) / mean) for source in sources))


def _spread(sources: Sequence[Source], most: int) -> Iterator[Source]:
    """Up to ``most`` of the sources, evenly spread over the list."""
    step = max(1, len(sources) // most)
    return islice(iter(sources[::step]), most)
