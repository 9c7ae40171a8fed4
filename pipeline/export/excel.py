"""A run as an Excel workbook: one right-to-left sheet a table, frozen header with filters, real dates, no formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from pipeline.export.cells import xml_safe
from pipeline.export.codes import exported_tables
from pipeline.export.files import whole_path
from pipeline.export.source import RunFolder
from pipeline.export.xlsx import FIRST_DAY, Value, Workbook

MAX_ROWS = 1_048_576  # rows of a sheet, its header included; Excel's own limit
MAX_CHARACTERS = 32_767  # of a cell; likewise
_DATES = ("date", "first_date", "last_date", "date_from", "date_to")
_WIDTHS = {"evidence": 80, "name": 30, "aliases": 40, "text": 30, "title": 30, "features": 40, "reason": 60}


def write_excel(path: str | Path, run: RunFolder, *, max_rows: int = MAX_ROWS) -> None:
    """Write the tables of a run. A table longer than a sheet goes on in ``name 2`` and so on.

    Days are date cells, months and years stay text, as do days before March 1900; text past Excel's limit of a cell is
    cut, with an ellipsis.
    """
    with whole_path(path) as beside, Workbook(beside) as book:
        for table, batches in exported_tables(run):
            names = table.column_names
            widths = [_WIDTHS.get(name, 14) for name in names]
            rows: Iterator[Sequence[Value]] = (_cells(names, row) for batch in batches for row in batch)
            number = 1
            while book.add_sheet(
                table.name if number == 1 else f"{table.name} {number}", names, widths, rows, max_rows
            ):
                following = next(rows, None)
                if following is None:
                    break
                rows = chain((following,), rows)
                number += 1


def _cells(names: Sequence[str], row: Sequence[Any]) -> list[Value]:
    return [_cell(name, value) if isinstance(value, str) else value for name, value in zip(names, row, strict=True)]


def _cell(name: str, value: str) -> Value:
    if name in _DATES and len(value) == len("2025-12-21"):
        day = date.fromisoformat(value)
        return day if day >= FIRST_DAY else value
    text = xml_safe(value)
    return text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 1] + "…"
