"""Tables as Parquet: typed, compressed, every string exactly as it stands in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.export.files import whole_path
from pipeline.tables import Table

Row = Sequence[Any]
_ROWS_AT_ONCE = 20_000


def write_parquet(path: str | Path, table: Table, batches: Iterable[Iterable[Row]]) -> int:
    """Write a table from batches of rows in its column order, each batch a row group; the number of rows written."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"string": pa.string(), "int64": pa.int64(), "float64": pa.float64(), "bool": pa.bool_()}
    schema = pa.schema([(column.name, kinds[column.type]) for column in table.columns])
    n_rows = 0
    with whole_path(path) as beside, pq.ParquetWriter(beside, schema, compression="zstd") as writer:
        for batch in batches:
            rows = list(batch)
            if rows:
                columns = list(zip(*rows, strict=True))
                arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
                n_rows += len(rows)
    return n_rows


def read_parquet(path: str | Path, table: Table) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a table in batches, unknown as None, in the order of the table's columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"{path}: not a whole Parquet file ({error}); make the tables again with a run") from error
    with file:
        if missing := [name for name in table.column_names if name not in file.schema_arrow.names]:
            raise InputError(f"{path}: no column {', '.join(missing)}; make the tables again with a run")
        for batch in file.iter_batches(_ROWS_AT_ONCE, columns=list(table.column_names)):
            columns = [batch.column(name).to_pylist() for name in table.column_names]
            yield list(zip(*columns, strict=True))
