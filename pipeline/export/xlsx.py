"""The parts of an Excel workbook (ECMA-376) that tables need, written as a stream: memory holds a few hundred rows.

General writers keep an object a cell, which takes most of their time. Files are the same bytes for the same rows: no
time stamp is in them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import count, islice
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from xml.sax.saxutils import escape, quoteattr

Value = str | int | float | bool | date | None

FIRST_DAY = date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was; days before it would be off by one
_DAY_ZERO = date(1899, 12, 30)
_MOST_BYTES = 1_900_000_000  # of a sheet: zip archives that every reader opens hold files of at most 2 GiB
_ROWS_AT_ONCE = 500
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PLAIN, _DAY, _BOLD = 0, 1, 2  # places in cellXfs below
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf xfId="0"/><xf xfId="0" numFmtId="164" applyNumberFormat="1"/>'
    '<xf xfId="0" fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class Workbook:
    """A workbook that grows sheet by sheet; whole once the ``with`` ends."""

    def __init__(self, path: str | Path) -> None:
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self._names: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._write_index()
        self._archive.close()

    def add_sheet(
        self, name: str, header: Sequence[str], widths: Sequence[int], rows: Iterator[Sequence[Value]], max_rows: int
    ) -> bool:
        """Write one right-to-left sheet, header frozen and with filters; True where it is full and rows may be left."""
        self._names.append(name)
        letters = [_letters(place) for place in range(len(header))]
        with self._part(f"xl/worksheets/sheet{len(self._names)}.xml") as stream:
            stream.write(_sheet_head(widths).encode())
            stream.write(_row(1, letters, header, _BOLD).encode())
            n_rows = 1
            n_bytes = 0
            while n_rows < max_rows and n_bytes < _MOST_BYTES:
                numbers = count(n_rows + 1)
                chunk = [
                    _row(next(numbers), letters, row)
                    for row in islice(rows, min(_ROWS_AT_ONCE, max_rows - n_rows))
                ]  # fmt: skip
                if not chunk:
                    break
                n_rows += len(chunk)
                n_bytes += stream.write("".join(chunk).encode())
            stream.write(f'</sheetData><autoFilter ref="A1:{letters[-1]}{n_rows}"/></worksheet>'.encode())
        return n_rows >= max_rows or n_bytes >= _MOST_BYTES

    @contextmanager
    def _part(self, name: str) -> Iterator[IO[bytes]]:
        part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        part.compress_type = zipfile.ZIP_DEFLATED
        part.external_attr = 0o600 << 16
        with self._archive.open(part, "w") as stream:
            yield stream

    def _write_index(self) -> None:
        numbers = range(1, len(self._names) + 1)
        sheets = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
            for n, name in zip(numbers, self._names, strict=True)
        )
        book = f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">'
        targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers] + [("styles", "styles.xml")]
        parts = {
            "xl/styles.xml": _STYLES,
            "xl/workbook.xml": f"{book}<sheets>{sheets}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": _links(targets),
            "_rels/.rels": _links([("officeDocument", "xl/workbook.xml")]),
            "[Content_Types].xml": _content_types(numbers),
        }
        for name, text in parts.items():
            with self._part(name) as stream:
                stream.write(text.encode())


def _sheet_head(widths: Sequence[int]) -> str:
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(widths, 1)
    )
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView rightToLeft="1" workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>"
    )


def _row(number: int, letters: Sequence[str], row: Sequence[Value], style: int = _PLAIN) -> str:
    placed = zip(letters, row, strict=True)
    cells = "".join(_cell(f"{letter}{number}", value, style) for letter, value in placed if value is not None)
    return f'<row r="{number}">{cells}</row>'


def _cell(place: str, value: Value, style: int) -> str:
    """One cell; a text is never a formula, whatever it begins with."""
    if isinstance(value, str):
        text = escape(value, {"\r": "&#13;"})
        return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="{_DAY}"><v>{(value - _DAY_ZERO).days}</v></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def _letters(place: int) -> str:
    """Name of the column at ``place``, counted from 0.

    >>> _letters(0), _letters(25), _letters(26)
    ('A', 'Z', 'AA')
    """
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _links(targets: Iterable[tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _content_types(numbers: Iterable[int]) -> str:
    parts = {"/xl/workbook.xml": "sheet.main", "/xl/styles.xml": "styles"}
    parts |= {f"/xl/worksheets/sheet{n}.xml": "worksheet" for n in numbers}
    named = "".join(f'<Override PartName="{name}" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in parts.items())
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{named}</Types>'
    )
