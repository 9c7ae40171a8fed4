"""What a run has still to do: the documents of its inputs that no committed shard holds, in units of work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipeline.config import Config
from pipeline.engines import Lost
from pipeline.errors import InputError
from pipeline.journal import Journal, Part
from pipeline.reading import Columns, Limits, SourceList, list_sources, read_sources
from pipeline.reading.sources import ENDINGS
from pipeline.schema import Document, Rejected
from pipeline.shards import Rows, add_rows, document_key, to_parquet

Unit = tuple[Document, ...]
_FIRST_UNIT = 16
_SHARE = 16  # a unit is one part of what was handed out before: little waits for one worker when the others are done


def find_sources(inputs: Sequence[str | Path]) -> SourceList:
    """What the inputs hold; InputError where there is nothing to read, so that no finished tables give way to none."""
    found = list_sources(inputs)
    if not found.sources and not found.rejected:
        others = f" (passed over: {found.other_files})" if found.passed_over else ""
        raise InputError(f"no texts in {', '.join(map(str, inputs)) or 'no input'}{others}; give {ENDINGS}")
    return found


def reading_options(config: Config) -> tuple[Columns, Limits]:
    """The settings of a run as the reading room takes them."""
    asked = config.input
    columns = Columns(asked.id_column, asked.text_column, asked.title_column, asked.date_column)
    return columns, Limits(asked.max_characters)


def lost_part(lost: Lost) -> Part:
    """The shard of a document that no worker survived: its row among the rejected."""
    document: Document = lost.element
    rows: Rows = {}
    key = document_key(document)
    add_rows(rows, key, Rejected(document.doc_id, document.source, "worker", lost.reason))
    return Part((key,), to_parquet(rows))


class Intake:
    """Reads ahead no further than it is asked to, and asks the journal about some hundred documents at once."""

    def __init__(self, sources: SourceList, config: Config, journal: Journal) -> None:
        self._sources = sources
        self._config = config
        self._journal = journal
        self._most = min(_FIRST_UNIT, config.run.shard_documents)  # documents of the next unit
        self._n_out = 0  # documents handed out
        self._out: set[str] = set()  # keys of units that are out; the journal knows the others

    def units(self) -> Iterator[Unit]:
        """Units that grow from a few documents to a full shard, so that a small input too is shared among workers."""
        for portion in self._portions(self._documents()):
            keys = {document_key(document): document for document in portion}
            held = self._journal.holds(list(keys)) | self._out
            unit = tuple(document for key, document in keys.items() if key not in held)
            if unit:
                self._out.update(key for key in keys if key not in held)
                yield unit
                self._n_out += len(unit)
                grown = max(_FIRST_UNIT, self._n_out // _SHARE)
                self._most = min(grown, self._config.run.shard_documents)

    def done(self, keys: Iterable[str]) -> None:
        """The journal has these now."""
        self._out.difference_update(keys)

    def _portions(self, documents: Iterable[Document]) -> Iterator[list[Document]]:
        portion: list[Document] = []
        n_characters = 0
        for document in documents:
            portion.append(document)
            n_characters += len(document.text)
            if len(portion) >= self._most or n_characters >= self._config.run.shard_characters:
                yield portion
                portion, n_characters = [], 0
        if portion:
            yield portion

    def _documents(self) -> Iterator[Document]:
        columns, limits = reading_options(self._config)
        self._journal.reject(self._sources.rejected)
        for found in read_sources(self._sources.sources, columns=columns, limits=limits):
            if isinstance(found, Rejected):
                self._journal.reject([found])
            else:
                yield found
