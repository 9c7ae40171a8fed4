"""Shards to the tables of a corpus: duplicates, the registry, ids over all documents, edges; in DuckDB, out of core.

Nothing here needs a text or a model. Two things are kept in memory: the profiles of the registry, which grow with the
names of a corpus, and the parties of its meetings, which grow with the meetings. Every query is ordered by all its
columns, so the same rows give the same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from pipeline.events import Report, assign_events, link_reports
from pipeline.journal import Journal
from pipeline.normalize import fold
from pipeline.queries import CORPUS, DUPLICATES, FORMS, KEEP, MEETING_PAIRS, NEIGHBOURS, PROFILES, QUERIES, RANKED
from pipeline.registry import Profile, build_registry
from pipeline.shards import KEY, SHARD_TABLES, parquet_bytes
from pipeline.tables import MERGES, REJECTED, Column, Table

_SQL_TYPES = {"string": "VARCHAR", "int64": "BIGINT", "float64": "DOUBLE", "bool": "BOOLEAN"}
_ROWS_AT_ONCE = 20_000
EVENT_OF = tuple(Column(name, "string", "") for name in ("meeting_id", "event_id", "reason"))


class Corpus:
    """The shards of a run, joined into the tables of the corpus; open one, ask for its tables, close it."""

    def __init__(self, journal: Journal, *, memory_mb: int, registry: Path | None = None) -> None:
        import duckdb

        self.folder = journal.folder / "reduce"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self._base = duckdb.connect(str(self.folder / "corpus.duckdb"))
        self._base.execute(f"SET memory_limit = '{memory_mb}MB'")
        self._base.execute(f"SET temp_directory = {_quoted(self.folder / 'spill')}")
        self._base.execute("SET preserve_insertion_order = false")
        try:
            self._load(journal)
            self._keep()
            self._merge(registry)
        except BaseException:  # a full disk: what was joined so far must not go on filling it
            self.close()
            raise

    def close(self) -> None:
        """Free memory and disk."""
        self._base.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def rows(self, table: Table) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a table, ordered, some thousands at a time."""
        rest = [name for name in table.column_names if name not in table.order]
        order = ", ".join(f'"{name}" NULLS FIRST' for name in (*table.order, *rest))
        columns = ", ".join(f'"{name}"' for name in table.column_names)
        cursor = self._base.cursor()
        cursor.execute(f"SELECT {columns} FROM ({QUERIES[table.name]}) ORDER BY {order}")  # noqa: S608 -- all ours
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield rows

    def count(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a small query over the tables of the corpus."""
        return list(self._base.execute(query).fetchall())

    def _load(self, journal: Journal) -> None:
        self._insert("live", (KEY, Column("shard", "string", "shard that holds it")), journal.keys())
        for table in SHARD_TABLES:
            columns = (KEY, *table.columns)
            files = ", ".join(_quoted(path) for path in journal.shard_files(table.name))
            if files:
                self._base.execute(
                    f"CREATE VIEW shard_{table.name} AS "  # noqa: S608 -- table names of our own
                    f"SELECT * FROM read_parquet([{files}]) SEMI JOIN live USING (key)"
                )
            else:
                self._create(f"shard_{table.name}", columns)
        self._insert("unread", REJECTED.columns, journal.rejected())

    def _create(self, name: str, columns: Sequence[Column]) -> None:
        typed = ", ".join(f'"{column.name}" {_SQL_TYPES[column.type]}' for column in columns)
        self._base.execute(f"CREATE TABLE {name} ({typed})")

    def _insert(self, name: str, columns: Sequence[Column], rows: Iterator[Any]) -> None:
        """A table of the given rows, taken over in bounded portions."""
        self._create(name, columns)
        portion: list[Any] = []
        place = self.folder / "portion.parquet"
        for row in rows:
            portion.append(row)
            if len(portion) == _ROWS_AT_ONCE:
                place.write_bytes(parquet_bytes(columns, portion))
                self._base.execute(f"INSERT INTO {name} FROM read_parquet({_quoted(place)})")
                portion.clear()
        if portion:
            place.write_bytes(parquet_bytes(columns, portion))
            self._base.execute(f"INSERT INTO {name} FROM read_parquet({_quoted(place)})")

    def _keep(self) -> None:
        """Of the documents with one text, or one id, the one with the smallest (doc_id, digest, source, key).

        A document that goes for its text leaves its id to the next that bears it, so that a text is lost only to its
        twin or to another text of its id that is kept.
        """
        self._base.execute(RANKED)
        while (self._base.execute(KEEP).fetchone() or (0,))[0]:
            pass
        self._base.execute(DUPLICATES)

    def _merge(self, registry: Path | None) -> None:
        names = (row[0] for row in self._stream("SELECT DISTINCT name FROM shard_doc_entities ORDER BY 1"))
        columns = (Column("name", "string", ""), Column("folded", "string", ""))
        self._insert("folded", columns, ((name, fold(name)) for name in names))
        self._base.execute(PROFILES)
        made = build_registry(self._profiles(), rules=registry, together=self._together)
        self.unmatched_rules = made.unmatched
        self._insert(
            "registry",
            [
                *(Column(name, "string", "") for name in ("profile_id", "entity_id", "name", "country", "wikidata_id")),
                Column("local", "bool", ""),
            ],
            (
                (row.profile_id, row.entity_id, row.name, row.country or None, row.wikidata_id or None, row.local)
                for row in made.assignments
            ),
        )
        self._insert(
            "merges",
            MERGES.columns,
            (tuple(getattr(row, name) for name in MERGES.column_names) for row in made.merges),
        )
        self._base.execute(CORPUS)
        self._insert("event_of", EVENT_OF, self._events())

    def _together(self, group_of: Mapping[str, str], pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """The pairs of groups of profiles of which one document holds both."""
        self._insert("groups", [Column(name, "string", "") for name in ("profile_id", "grp")], iter(group_of.items()))
        self._insert("asked", [Column(name, "string", "") for name in ("one", "other")], iter(pairs))
        self._base.execute(
            "CREATE TABLE grouped AS SELECT DISTINCT g.grp, d.key FROM doc_profiles d JOIN groups g USING (profile_id)"
        )
        met = self._stream(
            "SELECT DISTINCT one, other FROM asked JOIN grouped a ON asked.one = a.grp "
            "JOIN grouped b ON asked.other = b.grp AND a.key = b.key"
        )
        return {(one, other) for one, other in met}

    def _events(self) -> Iterator[tuple[str, str, str]]:
        linked = link_reports(Report(*row) for row in self._stream(MEETING_PAIRS))
        named = self._stream(
            "SELECT meeting_id, entity_id FROM corpus_meetings LEFT JOIN corpus_participants "
            "USING (key, meeting_id) ORDER BY meeting_id"
        )
        parties = {
            meeting_id: frozenset(entity_id for _, entity_id in rows)
            for meeting_id, rows in groupby(named, key=itemgetter(0))
        }
        return assign_events(parties, linked)

    def _profiles(self) -> Iterator[Profile]:
        forms, neighbours = _Beside(self._stream(FORMS)), _Beside(self._stream(NEIGHBOURS))
        for row in self._stream("SELECT * FROM profiles ORDER BY profile_id"):
            profile_id, kind, name, folded, country, wikidata_id = row[:6]
            positions = tuple((pair.partition("\x1e")[0], pair.partition("\x1e")[2]) for pair in row[6])
            told = tuple((form, int(count)) for _, form, count in forms.of(profile_id))
            near = tuple(other for _, other in neighbours.of(profile_id))
            yield Profile(profile_id, kind, name, folded, country, wikidata_id, told, positions, near, *_four(row[7:]))

    def _stream(self, query: str) -> Iterator[tuple[Any, ...]]:
        cursor = self._base.cursor()
        cursor.execute(query)
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield from rows


class _Beside:
    """Rows sorted by their first cell, given out by that cell to one who asks in the same order."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, key: str) -> list[tuple[Any, ...]]:
        """The rows of one key; there may be none."""
        if self._next is None or self._next[0] != key:
            return []
        found = list(self._next[1])
        self._next = next(self._groups, None)
        return found


def _quoted(path: Path) -> str:
    """The path as a string of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def _four(values: tuple[Any, ...]) -> tuple[int, int, str, str]:
    n_documents, n_mentions, first_date, last_date = values
    return n_documents, n_mentions, first_date, last_date
