"""What every format yields: a record, from the columns that the user names, within the limits that he sets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date

from pipeline.errors import InputError
from pipeline.reading.streams import CHUNK

_ISO_DATE = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
NAME_THE_TEXT = "name the column that holds the text, as input.text_column in a file of settings (--config)"


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns, or JSON keys, that hold a document; all but the text may be absent."""

    id: str = "id"
    text: str = "text"
    title: str = "title"
    date: str = "date"

    def among(self, names: Iterable[str]) -> Columns:
        """These names as ``names`` spell them: where one is missing, the only one that differs in case alone.

        >>> Columns().among(["ID", "Text", "title", "TITLE", "Date", "date"])
        Columns(id='ID', text='Text', title='title', date='date')
        """
        given = list(names)
        return Columns(*(_spelled(name, given) for name in astuple(self)))

    def checked(self, names: Sequence[str]) -> Columns:
        """These same names; :class:`InputError` where a table's ``names`` lack the text, or have one of them twice."""
        if self.text not in names:
            raise InputError(f"no column {self.text!r}; it has {', '.join(names)[:200]}; {NAME_THE_TEXT}")
        for name in astuple(self):
            if names.count(name) > 1:
                raise InputError(f"two columns {name!r}; call one of them otherwise")
        return self


@dataclass(frozen=True, slots=True)
class Limits:
    """The longest text that is read, in code points."""

    max_chars: int = 1_000_000

    @property
    def max_bytes(self) -> int:
        """Bytes that such a text may take in any encoding, escaped or not."""
        return 8 * self.max_chars + CHUNK

    @property
    def over_long(self) -> str:
        """The reason for refusing a longer one."""
        return f"over-long: more than {self.max_chars:,} characters; cut it into documents or raise the limit"


@dataclass(frozen=True, slots=True)
class Record:
    """A document as its file gives it; ``row`` counts from 1 and is 0 for a file that is one document."""

    row: int
    text: str | None = None
    encoding: str | None = None
    doc_id: str | None = None
    title: str | None = None
    published: date | None = None
    problem: str | None = None


def _spelled(name: str, given: Sequence[str]) -> str:
    if name in given:
        return name
    like = [other for other in given if other.casefold() == name.casefold()]
    return like[0] if len(like) == 1 else name


def parse_date(cell: object) -> date | None:
    """The day that a date cell gives: a date, ISO 8601, 20251221, or 21/12/2025; None for anything else.

    >>> parse_date("2025-12-21T10:00:00Z"), parse_date("21/12/2025"), parse_date("soon")
    (datetime.date(2025, 12, 21), datetime.date(2025, 12, 21), None)
    """
    if isinstance(cell, date):
        return date(cell.year, cell.month, cell.day)
    text = str(cell).strip() if cell is not None else ""
    if match := _ISO_DATE.match(text):
        year, month, day = map(int, match.groups())
    elif match := _DAY_FIRST.match(text):
        day, month, year = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def from_cells(row: int, cells: Mapping[str, object], encoding: str | None, columns: Columns) -> Record:
    """The record in a row of named cells; one without text carries that as its problem."""
    text, doc_id, title = (cells.get(name) for name in (columns.text, columns.id, columns.title))
    known = None if doc_id is None else str(doc_id).strip() or None
    if not isinstance(text, str):
        reason = f"no text in {columns.text!r}; it has {', '.join(map(str, cells))[:200]}; {NAME_THE_TEXT}"
        return Record(row, doc_id=known, problem=reason)
    named = title.strip() or None if isinstance(title, str) else None
    return Record(row, text, encoding, known, named, parse_date(cells.get(columns.date)))
