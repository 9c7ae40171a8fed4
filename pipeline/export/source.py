"""The tables of a finished run, read from its folder in batches: from Parquet where it was written, else from CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import InputError
from pipeline.export.csv import read_csv
from pipeline.export.parquet import read_parquet
from pipeline.tables import TABLES, Table

if TYPE_CHECKING:
    import pandas as pd

Batches = Iterator[list[tuple[Any, ...]]]
_DTYPES: dict[str, Any] = {"string": "string", "int64": "Int64", "float64": "Float64", "bool": "boolean"}


class RunFolder:
    """The output folder of a run; raises InputError where it holds none."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not any((self.folder / f"documents.{ending}").exists() for ending in ("parquet", "csv")):
            raise InputError(f"{folder}: no documents.parquet and no documents.csv; give the output folder of a run")

    def batches(self, table: Table) -> Batches:
        """The rows of a table some thousands at a time, in the order of its columns, unknown as None."""
        path = self.folder / f"{table.name}.parquet"
        if path.exists():
            return read_parquet(path, table)
        path = self.folder / f"{table.name}.csv"
        if not path.exists():
            raise InputError(f"{path}: not there; make the tables again with a run")
        return read_csv(path, table)

    def rows(self, table: Table) -> Iterator[Mapping[str, Any]]:
        """The rows of a table as mappings by column name."""
        for batch in self.batches(table):
            for row in batch:
                yield dict(zip(table.column_names, row, strict=True))


def load_tables(folder: str | Path) -> dict[str, pd.DataFrame]:
    """The tables of a run as DataFrames by name, typed: string, Int64, Float64, boolean; unknown is ``pd.NA``."""
    import pandas as pd

    run = RunFolder(folder)
    frames = {}
    for table in TABLES:
        rows = [row for batch in run.batches(table) for row in batch]
        columns = {
            column.name: pd.Series([row[place] for row in rows], dtype=_DTYPES[column.type])
            for place, column in enumerate(table.columns)
        }
        frames[table.name] = pd.DataFrame(columns)
    return frames
