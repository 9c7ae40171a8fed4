"""What a run has still to do: the documents of its inputs that no committed shard holds, in units of work."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.config import Config
from pipeline.journal import Journal
from pipeline.reading import Columns, Limits, SourceList, read_sources
from pipeline.schema import Document, Rejected
from pipeline.shards import document_key


def units(sources: SourceList, config: Config, journal: Journal) -> Iterator[tuple[Document, ...]]:
    """Documents that no shard holds yet, in units that grow, so that a small input too is shared among workers."""
    taken: set[str] = set()  # keys of units that are out; the journal knows the others
    most = 16
    unit: list[Document] = []
    n_characters = 0
    for document in _fresh_documents(sources, config, journal, taken):
        unit.append(document)
        n_characters += len(document.text)
        if len(unit) >= most or n_characters >= config.run.shard_characters:
            yield tuple(unit)
            most = min(most * 2, config.run.shard_documents)
            unit, n_characters = [], 0
    if unit:
        yield tuple(unit)


def _fresh_documents(sources: SourceList, config: Config, journal: Journal, taken: set[str]) -> Iterator[Document]:
    asked = config.input
    columns = Columns(asked.id_column, asked.text_column, asked.title_column, asked.date_column)
    limits = Limits(max_chars=asked.max_characters)
    journal.reject(sources.rejected)
    for found in read_sources(sources.sources, columns=columns, limits=limits):
        if isinstance(found, Rejected):
            journal.reject([found])
            continue
        key = document_key(found)
        if key not in taken and not journal.holds([key]):
            taken.add(key)
            yield found
