"""Tables as CSV: UTF-8 with a byte-order mark by default (Excel needs it for Arabic), cells safe in spreadsheets."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.export.cells import plain_cell, safe_cell
from pipeline.export.files import whole_file
from pipeline.tables import Column, Table

Row = Sequence[Any]
_ROWS_AT_ONCE = 20_000


def write_csv(path: str | Path, table: Table, batches: Iterable[Iterable[Row]], *, byte_order_mark: bool = True) -> int:
    """Write a table from batches of rows in its column order; the number of rows written.

    None becomes an empty cell. Memory holds one batch at a time.
    """
    n_rows = 0
    makers = [_MAKERS.get(column.type, list) for column in table.columns]
    with whole_file(path, byte_order_mark=byte_order_mark) as out:
        # CR LF as in RFC 4180; with LF alone the writer of Python 3.11 leaves a cell that holds CR unquoted
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(table.column_names)
        for batch in batches:
            rows = list(batch)
            if rows:
                columns = [make(values) for make, values in zip(makers, zip(*rows, strict=True), strict=True)]
                writer.writerows(zip(*columns, strict=True))
                n_rows += len(rows)
    return n_rows


def read_csv(path: str | Path, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a table in batches, typed, unknown as None, in the order of the table's columns.

    Columns may be added to the file; InputError where one of the table's is missing or a cell has the wrong type.
    """
    with Path(path).open(encoding="utf-8-sig", newline="") as lines:
        csv.field_size_limit(10**9)
        reader = csv.reader(lines)
        header = next(reader, [])
        if missing := [name for name in table.column_names if name not in header]:
            raise InputError(f"{path}: no column {', '.join(missing)}; make the tables again with a run")
        places = [(header.index(column.name), column) for column in table.columns]
        batch: list[tuple[Any, ...]] = []
        for cells in reader:
            batch.append(tuple(_parse(path, reader.line_num, column, cells[place]) for place, column in places))
            if len(batch) == _ROWS_AT_ONCE:
                yield batch
                batch = []
        if batch:
            yield batch


def _parse(path: str | Path, line: int, column: Column, cell: str) -> Any:
    if cell == "":
        return None
    try:
        return _PARSERS[column.type](cell)
    except (KeyError, ValueError) as error:
        reason = f"line {line}: {column.name} is {cell!r}, not {column.type}"
        raise InputError(f"{path}: {reason}; make the tables again with a run") from error


def _texts(values: Iterable[str | None]) -> list[str]:
    return ["" if value is None else safe_cell(value) for value in values]


def _truths(values: Iterable[bool | None]) -> list[str]:
    return ["" if value is None else str(bool(value)).lower() for value in values]


_MAKERS: dict[str, Callable[[Iterable[Any]], list[Any]]] = {"string": _texts, "bool": _truths}
"""How the cells of a column are made; numbers and None are made by the writer, which tells floats in full."""
_PARSERS: dict[str, Callable[[str], Any]] = {
    "string": plain_cell,
    "int64": int,
    "float64": float,
    "bool": {"true": True, "false": False}.__getitem__,
}
