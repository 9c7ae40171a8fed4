"""Paths to documents: what can be read is read, and what cannot becomes a row with its reason.

``list_sources`` finds the files, ``read_documents`` streams the documents out of them. Nothing here knows a language
beyond the question whether a text is Arabic at all.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from pipeline.errors import InputError
from pipeline.reading.decoding import check_text, decode
from pipeline.reading.formats import (
    in_memory,
    read_jsonl,
    read_parquet,
    read_plain,
    read_stdin,
)
from pipeline.reading.records import Columns, Limits, Record
from pipeline.reading.separated import read_csv
from pipeline.reading.sources import STAGE, STDIN, Source, SourceList, list_sources, printable, why
from pipeline.reading.streams import DAMAGED, Archive, Budget, chunks, open_regular
from pipeline.schema import Document, Rejected

__all__ = [
    "Columns",
    "Limits",
    "Source",
    "SourceList",
    "check_text",
    "decode",
    "list_sources",
    "read_documents",
    "read_sources",
]

_MAX_BROKEN_RUN = 10_000  # such a file is not what its ending says


def read_documents(
    inputs: Sequence[str | Path], *, columns: Columns | None = None, limits: Limits | None = None
) -> Iterator[Document | Rejected]:
    """The documents of files, folders, patterns and ``-``, in order, in bounded memory.

    Text files are one document each, under the file's name; records have the id of their id column, or the file's name
    and their row. An input that does not exist raises :class:`InputError`; all else that cannot be read is yielded as
    :class:`Rejected` with stage ``read``.
    """
    listed = list_sources(inputs)
    yield from listed.rejected
    yield from read_sources(listed.sources, columns=columns, limits=limits)


def read_sources(
    sources: Iterable[Source], *, columns: Columns | None = None, limits: Limits | None = None
) -> Iterator[Document | Rejected]:
    """The documents of ``sources``; members of one archive that stand together share one opening of it."""
    columns, limits = columns or Columns(), limits or Limits()
    for path, group in groupby(sources, key=attrgetter("path")):
        members = list(group)
        if members[0].member is None:
            for source in members:
                yield from _read(source, None, columns, limits)
            continue
        try:
            archive = Archive(path)
        except (InputError, *DAMAGED) as error:
            yield from (Rejected(source.doc_id, source.name, STAGE, _reason(error)) for source in members)
            continue
        with closing(archive):
            for source in members:
                yield from _read(source, archive, columns, limits)


def _read(source: Source, archive: Archive | None, columns: Columns, limits: Limits) -> Iterator[Document | Rejected]:
    """The documents of one source; after damage in the middle, those before it and a rejection."""
    seen: set[str] = set()
    empty, n_broken = True, 0
    try:
        for record in _records(source, archive, columns, limits):
            empty = False
            yield _document(record, source, limits, seen)
            n_broken = n_broken + 1 if record.problem else 0
            if n_broken == _MAX_BROKEN_RUN:
                raise InputError(f"{n_broken} broken rows in a row, the rest not read; mend the file")
        if empty:
            raise InputError("empty: no documents in it; remove it or fill it")
    except (InputError, *DAMAGED) as error:
        yield Rejected(source.doc_id, source.name, STAGE, _reason(error))


def _records(source: Source, archive: Archive | None, columns: Columns, limits: Limits) -> Iterator[Record]:
    with ExitStack() as stack:
        if source.path == STDIN:
            yield from read_stdin(chunks(sys.stdin.buffer, "", Budget(1 << 40)), columns, limits)
            return
        budget = archive.budget if archive else Budget(source.size)
        opened = archive.open(source.member or "") if archive else open_regular(source.path)
        stream = stack.enter_context(opened)
        if source.format == "parquet":
            yield from read_parquet(in_memory(chunks(stream, "", budget)) if archive else stream, columns, budget)
            return
        pieces = stack.enter_context(closing(chunks(stream, source.compression, budget)))
        if source.format == "txt":
            yield from read_plain(pieces, limits)
        elif source.format in ("csv", "tsv"):
            yield from read_csv(pieces, columns, limits, delimiter="\t" if source.format == "tsv" else None)
        else:
            yield from read_jsonl(pieces, columns, limits)


def _document(record: Record, source: Source, limits: Limits, seen: set[str]) -> Document | Rejected:
    """The record as a document, or why it is none; ``seen`` are the ids that the source has given so far."""
    doc_id = printable(record.doc_id or (f"{source.doc_id}-{record.row}" if record.row else source.doc_id))
    name = f"{source.name}#{record.row}" if record.row else source.name
    problem = record.problem
    if problem is None and doc_id in seen:
        problem = f"the id {doc_id} stands twice in its file; give each row an id of its own"
    if problem is None and record.text is not None:
        problem = limits.over_long if len(record.text) > limits.max_chars else _check(record.text)
    if problem is not None or record.text is None:
        return Rejected(doc_id, name, STAGE, printable(problem or "empty: no text in it; remove it or fill it"))
    if record.doc_id:
        seen.add(doc_id)
    basis = None if record.published is None else "column"
    title = None if record.title is None else printable(record.title)
    return Document(doc_id, record.text, name, title, record.published, basis, record.encoding)  # type: ignore[arg-type]


def _check(text: str) -> str | None:
    try:
        check_text(text)
    except InputError as error:
        return str(error)
    return None


def _reason(error: BaseException) -> str:
    """Why a source could not be read, ending with what to do."""
    return str(error) if isinstance(error, InputError) else f"{why(error)}; fetch or write the file again"
