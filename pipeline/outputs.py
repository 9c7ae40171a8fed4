"""The files of a run besides its manifest: each table, the graph in each of its formats; and a disk that takes none."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config import Config
from pipeline.errors import OutputError
from pipeline.tables import EDGES, ENTITIES, TABLES, Table

if TYPE_CHECKING:
    from pipeline.reduce import Corpus

_NAME_ANOTHER = "name a folder where you may write as --output"
_GO_ON = "make room, then the same command goes on from there"
_MORE_MEMORY = "give the reduce more memory (run.reduce_memory_mb), then the same command goes on from there"
_GRAPHS = ("graph.graphml", "graph.gexf", "graph.json", "graph.cyjs")
_NO_PLACE = (FileExistsError, FileNotFoundError, NotADirectoryError, PermissionError)
_NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS))


@contextmanager
def disk_faults_told(folder: Path) -> Iterator[None]:
    """Turn what a library raises where disk or memory give no room into an OutputError.

    Faults of files elsewhere, as of a model's, go on as they are.
    """
    import duckdb

    try:
        yield
    except (OSError, sqlite3.OperationalError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        if isinstance(error, OSError) and not _is_of(folder, error):
            raise
        reason = getattr(error, "strerror", None) or error
        remedy = _NAME_ANOTHER if isinstance(error, _NO_PLACE) else _GO_ON
        if isinstance(error, duckdb.OutOfMemoryException):
            remedy = _MORE_MEMORY
        raise OutputError(f"{folder}: cannot be written ({reason}); {remedy}") from error


def _is_of(folder: Path, error: OSError) -> bool:
    """True where the error names a file in the folder, or the folder itself, or one above; or tells of a full disk."""
    if not isinstance(error.filename, str):
        return error.errno in _NO_ROOM
    place, named = folder.absolute(), Path(error.filename).absolute()
    return named.is_relative_to(place) or place.is_relative_to(named)


def write_table(corpus: Corpus, table: Table, folder: Path, config: Config) -> int:
    """The table as Parquet and as CSV; number of rows. The rows are sorted once: CSV is made from the Parquet file."""
    from pipeline.export.csv import write_csv
    from pipeline.export.parquet import read_parquet, write_parquet

    place = folder / f"{table.name}.parquet"
    aside = place if config.output.parquet else corpus.folder / place.name
    n_rows = write_parquet(aside, table, corpus.rows(table))
    if config.output.csv:
        mark = config.output.byte_order_mark
        write_csv(folder / f"{table.name}.csv", table, read_parquet(aside, table), byte_order_mark=mark)
    return n_rows


def write_graph(tables: Path, folder: Path) -> None:
    """Each graph file under ``folder``, from the Parquet tables in ``tables``; the rows are streamed."""
    from pipeline.export.cytoscape import CYTOSCAPE
    from pipeline.export.gexf import GEXF
    from pipeline.export.graph_files import write_graphs
    from pipeline.export.graphml import GRAPHML
    from pipeline.export.json import JSON
    from pipeline.export.parquet import read_parquet

    entities, edges = (read_parquet(tables / f"{table.name}.parquet", table) for table in (ENTITIES, EDGES))
    files = zip((folder / name for name in _GRAPHS), (GRAPHML, GEXF, JSON, CYTOSCAPE), strict=True)
    write_graphs(dict(files), entities, edges)


def write_report(folder: Path) -> None:
    """The page ``report.html`` beside the tables."""
    from pipeline import report

    report.write_report(folder)


def remove_leftovers(folder: Path, config: Config) -> None:
    """Delete what would be taken for this run's: files left half written, and earlier ones that it does not write.

    Half-written files have names of their own. Tables in a format that the settings no longer ask for, graphs and
    report would tell of another corpus, and loaders take Parquet before CSV.
    """
    asked = config.output
    written = (folder / "manifest.json").is_file()  # by an earlier run; else such files are somebody's own
    for wanted, names in (
        (asked.csv, [f"{table.name}.csv" for table in TABLES]),
        (asked.parquet, [f"{table.name}.parquet" for table in TABLES]),
        (asked.graph, _GRAPHS),
        (asked.report and (asked.csv or asked.parquet), ["report.html"]),
    ):
        for name in () if wanted or not written else names:
            if (folder / name).is_file():
                (folder / name).unlink()
    for pattern in (".*.part", ".*.part.*", ".report-*.html"):
        for path in folder.glob(pattern):
            if path.is_file():
                path.unlink()
