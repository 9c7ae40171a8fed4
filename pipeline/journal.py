"""What a run has done so far, kept beside its tables: committed shards, and the documents that each one holds.

A shard is a folder of Parquet files. It is written aside, synced, renamed into place and then listed in the journal,
in one transaction with its documents. A folder that the journal does not list counts for nothing and is removed when
the journal is opened. The journal is SQLite, so that it survives any end and needs no memory to speak of.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from pipeline.errors import InputError
from pipeline.schema import Rejected

_SCHEMA = """
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shards (shard_id TEXT PRIMARY KEY, n_words INTEGER, seconds TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (key BLOB PRIMARY KEY, shard_id TEXT, run INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rejected (doc_id TEXT, source TEXT, stage TEXT, reason TEXT);
"""
_REFUSED_AT_ONCE = 1_000
LOST = "lost-"
"""Begins the id of a shard that holds a document which no worker survived."""


@dataclass(frozen=True, slots=True)
class Part:
    """What the analysis of some documents made, Parquet bytes by table, and what it cost, CPU seconds by stage."""

    keys: tuple[str, ...]
    tables: Mapping[str, bytes]
    n_words: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    peak_memory_mb: int = 0


class Journal:
    """The record of one output folder; one process writes it at a time. ``fresh`` forgets what it held.

    ``retry`` forgets the documents that no worker survived, so that they are tried again. ``at_risk`` tells that there
    were such, or that the run before was killed in the middle of the work, as by a document that ends its process.
    """

    def __init__(self, folder: Path, settings: str, *, fresh: bool = False, retry: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._lock = _locked(folder / "lock")
        self._shards = folder / "shards"
        if fresh:
            (folder / "journal.sqlite").unlink(missing_ok=True)
            shutil.rmtree(self._shards, ignore_errors=True)
        self._shards.mkdir(exist_ok=True)
        self._base = sqlite3.connect(folder / "journal.sqlite", isolation_level=None)
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.executescript(_SCHEMA)
        self._drop_others(settings)
        self.at_risk = self._state("working") is not None
        if retry:
            self._forget_lost()
        self.run = int(self._state("run") or 0) + 1
        self._set_state("run", str(self.run))
        self._base.execute("DELETE FROM rejected")
        self._refused: list[tuple[str, str, str, str]] = []  # not yet written
        self._remove_unlisted()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()
        os.close(self._lock)

    def holds(self, keys: Sequence[str]) -> set[str]:
        """Those of the keys that a committed shard has; they are marked as input of this run."""
        held: set[str] = set()
        for key in keys:
            if self._base.execute("SELECT 1 FROM documents WHERE key = ?", (bytes.fromhex(key),)).fetchone():
                held.add(key)
        with self._transaction():
            rows = [(self.run, bytes.fromhex(key)) for key in sorted(held)]
            self._base.executemany("UPDATE documents SET run = ? WHERE key = ?", rows)
        return held

    def commit(self, shard_id: str, part: Part) -> None:
        """Make the part last: afterwards it is on disk and listed, whatever ends the run."""
        aside = self._shards / f"{shard_id}.part"
        place = self._shards / shard_id
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        for name, content in sorted(part.tables.items()):
            write_synced(aside / f"{name}.parquet", content)
        sync_folder(aside)
        if place.exists():
            shutil.rmtree(place)
        aside.rename(place)
        sync_folder(self._shards)
        with self._transaction():
            self._base.execute(
                "INSERT OR REPLACE INTO shards VALUES (?, ?, ?)",
                (shard_id, part.n_words, json.dumps(dict(part.seconds))),
            )
            rows = [(bytes.fromhex(key), shard_id, self.run) for key in part.keys]
            self._base.executemany("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", rows)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Note that documents are being analysed; the note stays where the process is killed meanwhile."""
        self._set_state("working", "1")
        try:
            yield
        finally:
            with suppress(sqlite3.Error):  # a full disk; the note does no harm
                self._base.execute("DELETE FROM state WHERE name = 'working'")

    def reject(self, rows: Iterable[Rejected]) -> None:
        """Note inputs of this run that could not be read; many in one transaction, for each waits for the disk."""
        self._refused += ((row.doc_id, row.source, row.stage, row.reason) for row in rows)
        if len(self._refused) >= _REFUSED_AT_ONCE:
            self._write_refused()

    def rejected(self) -> Iterator[tuple[str, str, str, str]]:
        """Inputs of this run that could not be read, in order."""
        self._write_refused()
        yield from self._base.execute("SELECT doc_id, source, stage, reason FROM rejected ORDER BY 1, 2, 3, 4")

    def keys(self) -> Iterator[tuple[str, str]]:
        """Key and shard of every document that is input of this run."""
        query = "SELECT lower(hex(key)), shard_id FROM documents WHERE run = ? ORDER BY 2, 1"
        yield from self._base.execute(query, (self.run,))

    def n_documents(self) -> int:
        """Documents that are input of this run and have been analysed, now or before."""
        row = self._base.execute("SELECT count(*) FROM documents WHERE run = ?", (self.run,)).fetchone()
        return int(row[0])

    def n_lost(self) -> int:
        """Those of the documents that no worker survived."""
        query = "SELECT count(*) FROM documents WHERE run = ? AND shard_id GLOB ?"
        return int(self._base.execute(query, (self.run, f"{LOST}*")).fetchone()[0])

    def shard_files(self, table: str) -> list[Path]:
        """Parquet files of one table, of the shards that hold input of this run, in order."""
        query = "SELECT DISTINCT shard_id FROM documents WHERE run = ? ORDER BY 1"
        found = [self._shards / row[0] / f"{table}.parquet" for row in self._base.execute(query, (self.run,))]
        return [path for path in found if path.exists()]

    def seconds(self) -> dict[str, float]:
        """Seconds per stage, added up over the committed shards."""
        total: dict[str, float] = {}
        for (text,) in self._base.execute("SELECT seconds FROM shards ORDER BY shard_id"):
            for name, value in json.loads(text).items():
                total[name] = total.get(name, 0.0) + value
        return total

    def _write_refused(self) -> None:
        with self._transaction():
            self._base.executemany("INSERT INTO rejected VALUES (?, ?, ?, ?)", self._refused)
        self._refused.clear()

    def _drop_others(self, settings: str) -> None:
        """Forget earlier shards where other settings, models or rules made them."""
        if self._state("settings") == settings:
            return
        with self._transaction():
            for table in ("shards", "documents"):
                self._base.execute(f"DELETE FROM {table}")  # noqa: S608 -- two names of our own
            self._set_state("settings", settings)

    def _forget_lost(self) -> None:
        with self._transaction():
            for table in ("documents", "shards"):
                query = f"DELETE FROM {table} WHERE shard_id GLOB ?"  # noqa: S608 -- two names of our own
                self.at_risk |= self._base.execute(query, (f"{LOST}*",)).rowcount > 0

    def _remove_unlisted(self) -> None:
        for path in sorted(self._shards.iterdir()):
            if not self._base.execute("SELECT 1 FROM shards WHERE shard_id = ?", (path.name,)).fetchone():
                shutil.rmtree(path, ignore_errors=True)

    def _state(self, name: str) -> str | None:
        row = self._base.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def _set_state(self, name: str, value: str) -> None:
        self._base.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, value))

    def _transaction(self) -> _Transaction:
        return _Transaction(self._base)


class _Transaction:
    """All statements inside take effect together, or none does."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def __enter__(self) -> None:
        self._base.execute("BEGIN IMMEDIATE")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._base.execute("COMMIT")
        elif self._base.in_transaction:  # SQLite rolls back by itself where the disk is full
            self._base.execute("ROLLBACK")


def settings_of(folder: Path) -> str | None:
    """Digest of the settings under which the shards in ``folder`` were made; None where there are none."""
    place = folder / "journal.sqlite"
    if not place.is_file():
        return None
    with closing(sqlite3.connect(f"{place.absolute().as_uri()}?mode=ro", uri=True)) as base, suppress(sqlite3.Error):
        row = base.execute("SELECT value FROM state WHERE name = 'settings'").fetchone()
        return None if row is None else str(row[0])
    return None


def write_synced(path: Path, content: bytes) -> None:
    """Write the bytes and wait until the disk has them."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the folder's names; without effect where a folder cannot be opened (Windows)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _locked(path: Path) -> int:
    """An open handle that locks the folder until it is closed; the lock falls with its process."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise InputError(
            f"{path.parent}: another run is writing there; wait for it, or name another --output"
        ) from error
    return handle
