"""A run as an Excel workbook: one right-to-left sheet a table, frozen header, real dates, no formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.export.cells import xml_safe
from pipeline.export.codes import exported_tables
from pipeline.export.files import whole_path
from pipeline.export.source import RunFolder
from pipeline.tables import Table

if TYPE_CHECKING:
    from openpyxl import Workbook

MAX_ROWS = 1_048_576  # rows of a sheet, its header included; Excel's own limit
MAX_CHARACTERS = 32_767  # of a cell; likewise
_DATES = ("date", "first_date", "last_date", "date_from", "date_to")
_WIDTHS = {"evidence": 80, "name": 30, "aliases": 40, "text": 30, "title": 30, "features": 40, "reason": 60}


def write_excel(path: str | Path, run: RunFolder, *, max_rows: int = MAX_ROWS) -> None:
    """Write the tables of a run. A table longer than a sheet goes on in ``name 2`` and so on.

    Days are date cells, months and years stay text; text past Excel's limit of a cell is cut, with an ellipsis.
    """
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    for table, batches in exported_tables(run):
        rows = (row for batch in batches for row in batch)
        number = 1
        while _write_sheet(book, table, rows, number, max_rows):
            number += 1
    with whole_path(path) as beside:
        book.save(beside)


def _write_sheet(book: Workbook, table: Table, rows: Iterator[Sequence[Any]], number: int, max_rows: int) -> bool:
    """Write one sheet; True where it is full and rows may be left."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    first = next(rows, None)
    if first is None and number > 1:
        return False
    sheet = book.create_sheet(table.name if number == 1 else f"{table.name} {number}")
    sheet.sheet_view.rightToLeft = True
    sheet.freeze_panes = "A2"
    for place, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(column.name, 14)
    header = [WriteOnlyCell(sheet, name) for name in table.column_names]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    n_rows = 1
    row = first
    while row is not None:
        sheet.append([_cell(sheet, name, value) for name, value in zip(table.column_names, row, strict=True)])
        n_rows += 1
        if n_rows == max_rows:
            return True
        row = next(rows, None)
    return False


def _cell(sheet: Any, name: str, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if not isinstance(value, str):
        return value
    if name in _DATES and len(value) == len("2025-12-21"):
        cell = WriteOnlyCell(sheet, date.fromisoformat(value))
        cell.number_format = "yyyy-mm-dd"
        return cell
    text = xml_safe(value)
    if len(text) > MAX_CHARACTERS:
        text = text[: MAX_CHARACTERS - 1] + "…"
    if not text.startswith("="):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # openpyxl takes it for a formula otherwise
    return cell
