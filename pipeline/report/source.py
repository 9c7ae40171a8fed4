"""The tables of a run as DuckDB views, so that a corpus of any size needs only the memory of what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import duckdb

from pipeline.errors import InputError
from pipeline.tables import TABLES, Table

Row = tuple[Any, ...]

_SQL_TYPES = {"string": "VARCHAR", "int64": "BIGINT", "float64": "DOUBLE", "bool": "BOOLEAN"}
_CSV_READER = (
    "read_csv('{}', header = true, all_varchar = true, quote = '\"', escape = '\"', delim = ',', nullstr = '')"
)


@contextmanager
def open_tables(tables_dir: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory with one view for each table of a run.

    Parquet is preferred, because CSV cells may carry a guard against formulas. Raises InputError where a table is
    missing or damaged, also where that shows only when its rows are read.
    """
    if file_of(tables_dir, "entities") is None:
        raise InputError(
            f"{tables_dir}: holds no entities.csv or entities.parquet; give the output folder of `liqa run`"
        )
    with duckdb.connect(config={"threads": 2, "memory_limit": "2GB", "temp_directory": gettempdir()}) as connection:
        connection.execute("SET enable_progress_bar = false")
        for table in TABLES:
            _create_view(connection, table, tables_dir)
        try:
            yield connection
        except duckdb.InvalidInputException as error:  # its message names the file
            raise InputError(f"{tables_dir}: {_first_line(error)}; make the tables again with a run") from error


def _create_view(connection: duckdb.DuckDBPyConnection, table: Table, tables_dir: Path) -> None:
    path = file_of(tables_dir, table.name)
    if path is None:
        raise InputError(f"{tables_dir / table.name}.parquet or .csv: not there; make the tables again with a run")
    columns = ", ".join(f'TRY_CAST("{c.name}" AS {_SQL_TYPES[c.type]}) AS "{c.name}"' for c in table.columns)
    quoted = str(path).replace("'", "''")
    reader = "read_parquet('{}')" if path.suffix == ".parquet" else _CSV_READER
    view = f'CREATE VIEW "{table.name}" AS SELECT {columns} FROM '  # noqa: S608 - names of our own
    try:
        connection.execute(view + reader.format(quoted))
    except duckdb.Error as error:
        reason = _first_line(error)
        raise InputError(f"{path}: cannot be read ({reason}); make the tables again with a run") from error


def _first_line(error: duckdb.Error) -> str:
    return str(error).partition("\n")[0]


def file_of(tables_dir: Path, name: str) -> Path | None:
    """The file that holds the table ``name``, or None."""
    candidates = (
        tables_dir / f"{name}.parquet",
        tables_dir / "parquet" / f"{name}.parquet",
        tables_dir / f"{name}.csv",
    )
    return next((path for path in candidates if path.is_file()), None)


def temporary(connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Iterable[Row]) -> None:
    """A table ``name`` with ``columns`` (SQL) that holds ``rows``, for joins against the views."""
    connection.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" ({columns})')
    values = list(rows)
    if not values:
        return
    columns_of = [list(column) for column in zip(*values, strict=True)]
    spread = ", ".join(["unnest(?)"] * len(columns_of))
    connection.execute(f'INSERT INTO "{name}" SELECT {spread}', columns_of)
