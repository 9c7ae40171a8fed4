"""CSV and TSV to records: one document a row under a header."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import astuple

from pipeline.errors import InputError
from pipeline.reading.decoded import Line, decoded_lines
from pipeline.reading.records import Columns, Limits, Record, from_cells
from pipeline.reading.streams import ANY_END

_MAX_BROKEN_ROWS = 100
_MAX_ROW_LINES = 20_000  # line breaks inside one CSV row; a quote that never closes goes on and on
_MAX_HEADER_LINES = 50
_DELIMITERS = ",;\t|"
_BLANK = _DELIMITERS + " \r\n\ufeff"
_SEPARATOR = re.compile(r'"?sep=([^"\r\n])"?[,;\t|]*', re.IGNORECASE)
"""A first line by which Excel is told the delimiter."""


def read_csv(
    pieces: Iterator[bytes], columns: Columns, limits: Limits, *, delimiter: str | None = None
) -> Iterator[Record]:
    """One document a row under a header row, which blank rows and a row ``sep=;`` may precede.

    Without either, the delimiter is that of commas, semicolons, tabs and bars under which the header names most of the
    columns. A row whose quoting is broken is refused alone: reading goes on at the line after its first.
    """
    csv.field_size_limit(limits.max_bytes)
    source = _Lines(decoded_lines(pieces, limits, ends=ANY_END))
    names, delimiter, encoding = _header(source, columns, delimiter)
    columns = columns.among(names).checked(names)
    for row, (cells, problem) in enumerate(_csv_rows(source, delimiter, limits), 1):
        if not problem and len(cells) != len(names):
            problem = f"{len(cells)} cells under {len(names)} columns; mend the row's quoting"
        if problem:
            yield Record(row, problem=problem)
        else:
            yield from_cells(row, dict(zip(names, cells, strict=True)), encoding, columns)


def is_table(head: bytes, columns: Columns, limits: Limits) -> bool:
    """True where a stream begins with a header in which the text is one of two columns or more, as no text does."""
    try:
        names, _, _ = _header(_Lines(decoded_lines(iter([head]), limits, ends=ANY_END)), columns, None)
    except InputError:
        return False
    return len(names) > 1 and columns.among(names).text in names


class _Lines:
    """Lines of which some may be read once more."""

    def __init__(self, source: Iterator[Line]) -> None:
        self._source = source
        self._again: deque[Line] = deque()

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        return self._again.popleft() if self._again else next(self._source)

    def put_back(self, lines: Sequence[Line]) -> None:
        self._again.extendleft(reversed(lines))


def _header(source: _Lines, columns: Columns, delimiter: str | None) -> tuple[list[str], str, str]:
    """Names of the columns, delimiter and encoding; the rows after the header are left in the source."""
    for entry in source:
        line, encoding, trouble = entry
        if line is None:
            raise InputError(trouble)
        if match := _SEPARATOR.fullmatch(line.strip("\r\n")):
            delimiter = match[1]
        elif line.strip(_BLANK):
            lines = [entry, *_rest_of_header(line, source)]
            cut = {mark: _cut_header(lines, mark) for mark in delimiter or _DELIMITERS}
            best = max(cut, key=lambda mark: _fitness(cut[mark][0], columns))
            names, n_lines = cut[best]
            source.put_back(lines[n_lines:])
            return names, best, encoding
    raise InputError("empty: no header; give a header row")


def _rest_of_header(line: str, source: _Lines) -> list[Line]:
    """The further lines of a header with line breaks inside of quotes; none where a quote never closes."""
    used: list[Line] = []
    n_quotes = line.count('"')
    while n_quotes % 2 and len(used) < _MAX_HEADER_LINES and (entry := next(source, None)) is not None:
        used.append(entry)
        n_quotes += (entry[0] or "").count('"')
    if n_quotes % 2 or any(entry[0] is None for entry in used):
        source.put_back(used)
        return []
    return used


def _cut_header(lines: Sequence[Line], delimiter: str) -> tuple[list[str], int]:
    """Names of the columns, and of how many lines they were."""
    reader = csv.reader((line[0] or "" for line in lines), delimiter=delimiter)
    try:
        cells = next(reader, [])
    except csv.Error as error:
        raise InputError(f"broken header: {error}; write one row with the names of the columns") from error
    return [name.strip() for name in cells], reader.line_num


def _fitness(names: Sequence[str], columns: Columns) -> tuple[int, int, int]:
    """How well a header was cut: whether it has the text, how many other columns of ours, and how many at all."""
    found = columns.among(names)
    return int(found.text in names), sum(name in names for name in astuple(found)), len(names)


def _csv_rows(source: _Lines, delimiter: str, limits: Limits) -> Iterator[tuple[list[str], str]]:
    """Cells and problem of each row; after a broken row its lines but the first are read once more."""
    n_broken = 0
    while True:
        used: list[Line] = []

        def feed(used: list[Line] = used) -> Iterator[str]:
            length = 0
            for entry in source:
                used.append(entry)
                length += len(entry[0] or "")
                if entry[0] is None or length > limits.max_bytes or len(used) > _MAX_ROW_LINES:
                    raise csv.Error(entry[2] or "a quote that never closes")
                yield entry[0]

        try:
            cells = next(csv.reader(feed(), delimiter=delimiter, strict=True), None)
        except csv.Error as error:
            n_broken += 1
            yield [], used[0][2] or f"broken quoting: {error}; double the quotes inside cells"
            if n_broken == _MAX_BROKEN_ROWS:
                raise InputError(
                    f"broken quoting in {n_broken} rows, the rest not read; write the file anew"
                ) from error
            source.put_back(used[1:])
            continue
        if cells is None:
            return
        if cells:
            yield cells, ""
