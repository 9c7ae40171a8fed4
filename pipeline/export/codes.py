"""Event codes of CAMEO 1.1b3 and PLOVER 0.8 for a meeting, where those schemes have one.

Cancelled and denied meetings have none. A meeting with a known host and a known visitor is a visit in both schemes:
CAMEO writes it as the directed pair 042 (by the visitor) and 043 (by the host). Codes are strings: 040 is not 40.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.export.source import RunFolder
from pipeline.lexicon import read_rows
from pipeline.tables import MEETINGS, PARTICIPANTS, Column, Table

CODE_COLUMNS = (
    Column("cameo", "string", "CAMEO 1.1b3 event code, or the pair for visitor and host joined by |"),
    Column("plover_event", "string", "PLOVER 0.8 event type"),
    Column("plover_mode", "string", "PLOVER 0.8 mode"),
    Column("plover_context", "string", "PLOVER 0.8 context mark"),
)
CODED_MEETINGS = Table(MEETINGS.name, MEETINGS.row, (*MEETINGS.columns, *CODE_COLUMNS), MEETINGS.order)
"""The table of meetings with its codes, as exports write it."""

_HOST, _GUESTS = "host", ("visitor", "guest")


@dataclass(frozen=True, slots=True)
class EventCode:
    """The codes of one meeting; an empty mode or context is None."""

    cameo: tuple[str, ...]
    plover_event: str
    plover_mode: str | None
    plover_context: str | None


def code_of(kind: str, status: str, *, sided: bool) -> EventCode | None:
    """The codes of a meeting, None where neither scheme records it; ``sided`` means that host and visitor are known.

    >>> code_of("call", "held", sided=False).cameo
    ('041',)
    """
    side = "yes" if sided else "no"
    for row in read_rows("event_codes"):
        if row["status"] == status and row["kind"] in ("*", kind) and row["sided"] in ("*", side):
            modes = (row["plover_mode"] or None, row["plover_context"] or None)
            return EventCode(tuple(row["cameo"].split("|")), row["plover_event"], *modes)
    return None


def sided_meetings(run: RunFolder) -> set[str]:
    """Ids of the meetings of a run that have both a host and a visitor."""
    hosted: set[str] = set()
    visited: set[str] = set()
    for row in run.rows(PARTICIPANTS):
        if row["role"] == _HOST:
            hosted.add(row["meeting_id"])
        elif row["role"] in _GUESTS:
            visited.add(row["meeting_id"])
    return hosted & visited


def coded_meetings(run: RunFolder) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of :data:`CODED_MEETINGS` in batches."""
    sided = sided_meetings(run)
    for batch in run.batches(MEETINGS):
        yield [(*row, *_cells(dict(zip(MEETINGS.column_names, row, strict=True)), sided)) for row in batch]


def _cells(row: Mapping[str, Any], sided: set[str]) -> tuple[str | None, ...]:
    code = code_of(row["kind"], row["status"], sided=row["meeting_id"] in sided)
    if code is None:
        return (None, None, None, None)
    return ("|".join(code.cameo), code.plover_event, code.plover_mode, code.plover_context)


def exported_tables(run: RunFolder) -> Iterator[tuple[Table, Iterator[list[tuple[Any, ...]]]]]:
    """Every table of a run with its batches, meetings with their codes; tables that others refer to come first."""
    from pipeline.tables import TABLES

    first = ("documents", "entities", "meetings", "events")
    for table in sorted(TABLES, key=lambda table: first.index(table.name) if table.name in first else len(first)):
        if table.name == MEETINGS.name:
            yield CODED_MEETINGS, coded_meetings(run)
        else:
            yield table, run.batches(table)
