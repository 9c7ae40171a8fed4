"""Files that appear whole or not at all, and tables as CSV."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pipeline.tables import Table


def write_whole(path: Path, content: bytes) -> None:
    """Write the bytes aside, wait until the disk has them, and give them their name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.part")
    with aside.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)


def write_csv(path: Path, table: Table, portions: Iterable[Sequence[tuple[Any, ...]]]) -> int:
    """The table as UTF-8 CSV with a byte-order mark; number of rows."""
    aside = path.with_name(f".{path.name}.part")
    n_rows = 0
    with aside.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(table.column_names)
        for rows in portions:
            writer.writerows([_cell(value) for value in row] for row in rows)
            n_rows += len(rows)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)
    return n_rows


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
