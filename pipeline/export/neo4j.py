"""A run as CSV for ``neo4j-admin database import``: entities, documents and meetings as nodes, and the load command."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from pipeline.export.cells import strip_bidi
from pipeline.export.codes import CODED_MEETINGS, coded_meetings
from pipeline.export.files import whole_path
from pipeline.export.source import RunFolder
from pipeline.tables import DOCUMENTS, EDGES, ENTITIES, MEETINGS, MENTIONS, PARTICIPANTS, POSITIONS, RELATIONS, Table

_LABELS = {"PER": "Person", "ORG": "Organisation", "LOC": "Place"}
_TYPES = {"string": "", "int64": ":long", "float64": ":double", "bool": ":boolean"}
_NODES = ("entities", "documents", "meetings")
_TIES = {
    "named_in": "NAMED_IN",
    "took_part": "TOOK_PART",
    "took_place_in": "TOOK_PLACE_IN",
    "told_in": "TOLD_IN",
    "holds": "HOLDS",
    "related": "RELATED",
    "named_together": "NAMED_TOGETHER",
}
Row = Mapping[str, Any]


def write_neo4j(path: str | Path, run: RunFolder) -> None:
    """Write a folder of CSV files and ``load.sh``, which names the command that makes a database of them."""
    with whole_path(path) as folder:
        folder.mkdir(parents=True)
        _write_nodes(folder / "entities.csv", ENTITIES, "Entity", run.rows(ENTITIES), "entity_id")
        _write_nodes(folder / "documents.csv", DOCUMENTS, "Document", run.rows(DOCUMENTS), "doc_id")
        _write_nodes(folder / "meetings.csv", CODED_MEETINGS, "Meeting", _coded(run), "meeting_id")
        _write_ties(folder / "named_in.csv", "Entity", "Document", ("n_mentions:long",), _named(run))
        _write_ties(folder / "took_part.csv", "Entity", "Meeting", ("role", "text"), _parties(run))
        _write_ties(folder / "took_place_in.csv", "Meeting", "Entity", (), _places(run))
        _write_ties(folder / "told_in.csv", "Meeting", "Document", (), _sources(run))
        office = ("title", "of_country", "former:boolean", "doc_id", "evidence")
        _write_ties(folder / "holds.csv", "Entity", "Entity", office, _offices(run))
        _write_ties(folder / "related.csv", "Entity", "Entity", ("relation", "doc_id", "evidence"), _relations(run))
        together = ("weight:long", "n_documents:long", "first_date", "last_date")
        _write_ties(folder / "named_together.csv", "Entity", "Entity", together, _co_mentions(run))
        (folder / "load.sh").write_text(_load_command(), "utf-8", newline="\n")


def _load_command() -> str:
    nodes = [f"--nodes={name}.csv" for name in _NODES]
    ties = [f"--relationships={kind}={name}.csv" for name, kind in _TIES.items()]
    options = " \\\n  ".join([*nodes, *ties, "--multiline-fields=true", "--overwrite-destination", "neo4j"])
    first = "#!/bin/sh\n# Neo4j 5, in this folder, with the database stopped\n"
    return f"{first}neo4j-admin database import full \\\n  {options}\n"


def _coded(run: RunFolder) -> Iterator[Row]:
    for batch in coded_meetings(run):
        for row in batch:
            yield dict(zip(CODED_MEETINGS.column_names, row, strict=True))


def _write_nodes(path: Path, table: Table, space: str, rows: Iterable[Row], key: str) -> None:
    names = [column.name for column in table.columns]
    header = [
        f"{column.name}:ID({space})" if column.name == key else f"{column.name}{_TYPES[column.type]}"
        for column in table.columns
    ]
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([*header, ":LABEL"])
        for row in rows:
            label = f"{space};{_LABELS[row['type']]}" if space == "Entity" else space
            writer.writerow([*(_cell(row[name]) for name in names), label])


def _write_ties(path: Path, head: str, tail: str, names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([f":START_ID({head})", f":END_ID({tail})", *names])
        writer.writerows([_cell(value) for value in row] for row in rows)


def _named(run: RunFolder) -> Iterator[tuple[Any, ...]]:
    """Entity, document and how often the document names it."""
    for doc_id, rows in groupby(run.rows(MENTIONS), key=lambda row: row["doc_id"]):
        counts = Counter(row["entity_id"] for row in rows if row["entity_id"])
        for entity_id, count in sorted(counts.items()):
            yield entity_id, doc_id, count


def _parties(run: RunFolder) -> Iterator[tuple[Any, ...]]:
    return ((row["entity_id"], row["meeting_id"], row["role"], row["text"]) for row in run.rows(PARTICIPANTS))


def _places(run: RunFolder) -> Iterator[tuple[Any, ...]]:
    rows = run.rows(MEETINGS)
    return ((row["meeting_id"], row["place_entity_id"]) for row in rows if row["place_entity_id"])


def _sources(run: RunFolder) -> Iterator[tuple[Any, ...]]:
    return ((row["meeting_id"], row["doc_id"]) for row in run.rows(MEETINGS))


def _offices(run: RunFolder) -> Iterator[tuple[Any, ...]]:
    """Offices of a named body or place; those of a country that only an adjective names have no node to lead to."""
    for row in run.rows(POSITIONS):
        if row["of_entity_id"]:
            what = (row["title"], row["of_country"], row["former"], row["doc_id"], row["evidence"])
            yield row["entity_id"], row["of_entity_id"], *what


def _relations(run: RunFolder) -> Iterator[tuple[Any, ...]]:
    for row in run.rows(RELATIONS):
        yield row["head_entity_id"], row["tail_entity_id"], row["relation"], row["doc_id"], row["evidence"]


def _co_mentions(run: RunFolder) -> Iterator[tuple[Any, ...]]:
    for row in run.rows(EDGES):
        if row["kind"] == "co_mention":
            how = (row["weight"], row["n_documents"], row["first_date"], row["last_date"])
            yield row["head_entity_id"], row["tail_entity_id"], *how


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return strip_bidi(str(value))
