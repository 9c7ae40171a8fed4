"""A run as one SQLite file: every table with its foreign keys, and full-text search over the evidence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.export.cells import strip_bidi
from pipeline.export.codes import exported_tables
from pipeline.export.files import whole_path
from pipeline.export.source import RunFolder
from pipeline.normalize import fold
from pipeline.tables import Table

_TYPES = {"string": "TEXT", "int64": "INTEGER", "float64": "REAL", "bool": "INTEGER"}
_KEYS = {"documents": "doc_id", "entities": "entity_id", "meetings": "meeting_id", "events": "event_id"}
_REFERENCES = {
    "doc_id": "documents",
    "entity_id": "entities",
    "of_entity_id": "entities",
    "place_entity_id": "entities",
    "head_entity_id": "entities",
    "tail_entity_id": "entities",
    "meeting_id": "meetings",
    "event_id": "events",
}
_FACT = ("evidence", "evidence_start", "evidence_end")
_SEARCHED = {"meetings": _FACT, "positions": _FACT, "relations": _FACT, "sentences": ("text", "start", "end")}
_SEARCH = (
    "CREATE VIRTUAL TABLE evidence_search USING fts5("
    "evidence, folded, fact UNINDEXED, doc_id UNINDEXED, start UNINDEXED, end UNINDEXED, "
    "tokenize = 'unicode61 remove_diacritics 2')"
)


def write_sqlite(path: str | Path, run: RunFolder) -> None:
    """Write the tables of a run; InputError where a row refers to what is not there.

    ``evidence_search`` holds the evidence of meetings, positions and relations, and the sentences of co-mentions, as
    they stand and ``folded`` (spellings merged, as ``fold`` of this package merges them).
    """
    with whole_path(path) as beside, closing(sqlite3.connect(beside)) as base:
        base.execute("PRAGMA foreign_keys = OFF")  # checked once at the end, which is faster and names the row
        base.execute("PRAGMA page_size = 8192")
        base.execute(_SEARCH)
        for table, batches in exported_tables(run):
            base.execute(_create(table))
            for batch in batches:
                _insert(base, table, [_clean(row) for row in batch])
        _index(base)
        _check(base, path)
        base.commit()


def _create(table: Table) -> str:
    parts = []
    for column in table.columns:
        part = f'"{column.name}" {_TYPES[column.type]}'
        if _KEYS.get(table.name) == column.name:
            part += " PRIMARY KEY NOT NULL"
        elif (target := _target(table, column.name)) is not None:
            part += f' REFERENCES "{target}"("{_KEYS[target]}")'
        parts.append(part)
    return f'CREATE TABLE "{table.name}" ({", ".join(parts)})'


def _target(table: Table, column: str) -> str | None:
    if table.name == "rejected":
        return None
    return _REFERENCES.get(column)


def _insert(base: sqlite3.Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(table.columns))
    try:
        base.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', rows)  # noqa: S608 - a name of our own
    except sqlite3.IntegrityError as error:
        raise InputError(f"{table.name}: {error}; make the tables again with a run") from error
    if table.name in _SEARCHED:
        base.executemany("INSERT INTO evidence_search VALUES (?, ?, ?, ?, ?, ?)", _evidence(table, rows))


def _evidence(table: Table, rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    text, start, end = _SEARCHED[table.name]
    for values in rows:
        row = dict(zip(table.column_names, values, strict=True))
        if row[text]:
            folded = " ".join(filter(None, map(fold, row[text].split())))
            yield (row[text], folded, table.name.removesuffix("s"), row["doc_id"], row[start], row[end])


def _clean(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(strip_bidi(value) if isinstance(value, str) else value for value in row)


def _index(base: sqlite3.Connection) -> None:
    for table, column in (
        ("mentions", "entity_id"),
        ("mentions", "doc_id"),
        ("positions", "entity_id"),
        ("participants", "meeting_id"),
        ("participants", "entity_id"),
        ("edges", "head_entity_id"),
        ("edges", "tail_entity_id"),
    ):
        base.execute(f'CREATE INDEX "{table}_{column}" ON "{table}" ("{column}")')


def _check(base: sqlite3.Connection, path: str | Path) -> None:
    broken = base.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        table, number, target, _ = broken
        reason = f"row {number} of {table} refers to a row of {target} that is not there"
        raise InputError(f"{path}: {reason}; make the tables again with a run")
