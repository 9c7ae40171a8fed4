"""Streams to records: the documents in a text, a JSON Lines or a Parquet file, one after the other.

A record that cannot be read carries its problem instead of its text; the records after it are still read.
"""

from __future__ import annotations

import codecs
import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from pipeline.errors import InputError
from pipeline.reading import decoding
from pipeline.reading.decoded import chain, decoded_lines
from pipeline.reading.records import Columns, Limits, Record, from_cells, parse_date
from pipeline.reading.separated import is_table, read_csv
from pipeline.reading.streams import DAMAGED, Budget, first_bytes

_MAX_PARQUET = 256 << 20  # a Parquet member of an archive is held in memory
_DOC = re.compile(r"\s*<doc\b([^>]*)>")
_END_DOC = re.compile("</doc>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


def read_plain(pieces: Iterator[bytes], limits: Limits) -> Iterator[Record]:
    """One document, or as many as a file of ``<doc id="..." date="..." title="...">`` blocks holds."""
    head = next(pieces, b"")
    if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<doc "):
        yield from _doc_blocks(chain(head, pieces), limits)
        return
    raw = first_bytes(chain(head, pieces), limits.max_bytes)
    if len(raw) >= limits.max_bytes:
        yield Record(0, problem=limits.over_long)
        return
    text, encoding = decoding.decode(raw)
    yield Record(0, text, encoding)


def read_stdin(pieces: Iterator[bytes], columns: Columns, limits: Limits) -> Iterator[Record]:
    """Standard input: JSON Lines where it begins with an object, CSV where with a header, else as a text file."""
    head = next(pieces, b"")
    if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b'{"'):
        return read_jsonl(chain(head, pieces), columns, limits)
    if is_table(head, columns, limits):
        return read_csv(chain(head, pieces), columns, limits)
    return read_plain(chain(head, pieces), limits)


@dataclass(slots=True)
class _Block:
    """What stands between two tags; ``attributes`` are those of the tag before it, None outside of documents."""

    attributes: dict[str, str] | None = None
    body: list[str] = field(default_factory=list)
    length: int = 0
    problem: str = ""

    def add(self, text: str, trouble: str, limits: Limits) -> None:
        self.length += len(text)
        self.problem = self.problem or trouble or (limits.over_long if self.length > limits.max_chars else "")
        if self.problem:
            self.body.clear()
        else:
            self.body.append(text)

    @property
    def is_blank(self) -> bool:
        return not self.problem and not any(text.strip() for text in self.body)


def _doc_blocks(pieces: Iterator[bytes], limits: Limits) -> Iterator[Record]:
    row, block, encoding = 0, _Block(), ""
    for line, encoding, trouble in decoded_lines(pieces, limits):
        rest = line or ""
        while match := (_DOC if block.attributes is None else _END_DOC).match(rest):
            if block.attributes is not None or not block.is_blank:
                row += 1
                yield _doc_record(row, block, encoding)
            block = _Block() if block.attributes is not None else _Block(_attributes(match[1]))
            rest = rest[match.end() :]
            rest = rest if rest.strip() else ""
        if rest or trouble:
            block.add(rest, trouble, limits)
    if block.attributes is not None:
        block.problem = block.problem or "cut off: no </doc>; fetch the file again"
    if not block.is_blank:
        yield _doc_record(row + 1, block, encoding)


def _attributes(tag: str) -> dict[str, str]:
    return {key: html.unescape(value) for key, value in _ATTRIBUTE.findall(tag)}


def _doc_record(row: int, block: _Block, encoding: str) -> Record:
    text = "".join(block.body).removesuffix("\n")
    if block.attributes is None:
        outside = f"outside of <doc> and </doc>: {text.strip()[:60]!r}; put it inside, or into a file of its own"
        return Record(row, problem=block.problem or outside)
    doc_id, title = block.attributes.get("id") or None, block.attributes.get("title") or None
    published = parse_date(block.attributes.get("date"))
    return Record(row, None if block.problem else text, encoding, doc_id, title, published, block.problem or None)


def read_jsonl(pieces: Iterator[bytes], columns: Columns, limits: Limits) -> Iterator[Record]:
    """One document a line, each a JSON object; blank lines are passed over."""
    row = 0
    for line, encoding, trouble in decoded_lines(pieces, limits):
        if line is not None and not line.strip():
            continue
        row += 1
        if line is None:
            yield Record(row, problem=trouble)
            continue
        try:
            cells = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Record(row, problem=f"not JSON: {str(error)[:200]}; write one object a line")
            continue
        if isinstance(cells, dict):
            yield from_cells(row, cells, encoding, columns.among(cells))
        else:
            yield Record(row, problem=f"not a JSON object; write one object with the key {columns.text!r} a line")


def read_parquet(stream: IO[bytes], columns: Columns, budget: Budget) -> Iterator[Record]:
    """One document a row, read in small batches of the named columns."""
    import pyarrow
    import pyarrow.parquet

    try:
        n_packed = 0 if budget.packed_size else _size_of(stream)
        table = pyarrow.parquet.ParquetFile(stream)
        names = table.schema_arrow.names
        columns = columns.among(names).checked(names)
        wanted = [name for name in (columns.id, columns.text, columns.title, columns.date) if name in names]
        row = 0
        for batch in table.iter_batches(batch_size=64, columns=wanted, use_threads=False):
            budget.spend(batch.nbytes, n_packed)
            for cells in batch.to_pylist():
                row += 1
                yield from_cells(row, cells, None, columns)
    except (pyarrow.ArrowException, *DAMAGED) as error:
        raise InputError(f"not Parquet, or damaged: {str(error)[:200]}; write the file again") from error


def _size_of(stream: IO[bytes]) -> int:
    """Bytes of a file whose size was not told; :class:`InputError` where it has no end to be read from."""
    try:
        return stream.seek(0, io.SEEK_END)
    except (OSError, ValueError) as error:
        reason = "Parquet is read from its end, and the server does not tell its size; fetch the file first"
        raise InputError(reason) from error


def in_memory(pieces: Iterator[bytes]) -> IO[bytes]:
    """The bytes of a Parquet member of an archive, which needs to be read from its end."""
    raw = first_bytes(pieces, _MAX_PARQUET)
    if len(raw) >= _MAX_PARQUET:
        raise InputError("a Parquet file of more than 256 MiB in an archive; unpack it first")
    return io.BytesIO(raw)
