"""CSV and TSV to records: one document a row under a header."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

from pipeline.errors import InputError
from pipeline.reading.decoded import Line, decoded_lines
from pipeline.reading.records import Columns, Limits, Record, from_cells
from pipeline.reading.streams import ANY_END

_MAX_BROKEN_ROWS = 100
_MAX_ROW_LINES = 20_000  # line breaks inside one CSV row; a quote that never closes goes on and on
_DELIMITERS = ",;\t|"


def read_csv(
    pieces: Iterator[bytes], columns: Columns, limits: Limits, *, delimiter: str | None = None
) -> Iterator[Record]:
    """One document a row under a header row; of commas, semicolons, tabs and bars the delimiter is the most frequent.

    A row whose quoting is broken is refused alone: reading goes on at the line after its first.
    """
    csv.field_size_limit(limits.max_bytes)
    source = decoded_lines(pieces, limits, ends=ANY_END)
    header, encoding, trouble = next(source, (None, "", "empty: no header; give a header row"))
    if header is None:
        raise InputError(trouble)
    delimiter = delimiter or max(_DELIMITERS, key=header.count)
    names = _names(header, delimiter)
    columns = columns.among(names)
    if columns.text not in names:
        raise InputError(
            f"no column {columns.text!r}; it has {', '.join(names)[:200]}; name the column that holds the text"
        )
    for row, (cells, problem) in enumerate(_csv_rows(source, delimiter, limits), 1):
        if not problem and len(cells) != len(names):
            problem = f"{len(cells)} cells under {len(names)} columns; mend the row's quoting"
        if problem:
            yield Record(row, problem=problem)
        else:
            yield from_cells(row, dict(zip(names, cells, strict=True)), encoding, columns)


def _names(header: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error as error:
        raise InputError(f"broken header: {error}; write one row with the names of the columns") from error
    return [name.strip() for name in cells]


def _csv_rows(source: Iterator[Line], delimiter: str, limits: Limits) -> Iterator[tuple[list[str], str]]:
    """Cells and problem of each row; after a broken row its lines but the first are read once more."""
    again: deque[Line] = deque()
    n_broken = 0
    while True:
        used: list[Line] = []

        def feed(used: list[Line] = used) -> Iterator[str]:
            length = 0
            while True:
                entry = again.popleft() if again else next(source, None)
                if entry is None:
                    return
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
            again.extendleft(reversed(used[1:]))
            continue
        if cells is None:
            return
        if cells:
            yield cells, ""
