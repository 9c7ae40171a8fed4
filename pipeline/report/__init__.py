"""The report: one HTML file that shows who met whom with the sentences that say so, and needs no network."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pipeline.report.contents import Contents, Limits, gather
from pipeline.report.page import build_page

__all__ = ["Contents", "Limits", "write_report"]


def write_report(tables_dir: str | Path, path: str | Path | None = None, *, limits: Limits | None = None) -> Path:
    """The path of the page that shows the tables in ``tables_dir``: ``path``, or ``report.html`` beside the tables.

    The file appears whole or not at all. Raises InputError where ``tables_dir`` holds no tables.

    >>> write_report("data/processed")  # doctest: +SKIP
    PosixPath('data/processed/report.html')
    """
    target = Path(path) if path is not None else Path(tables_dir) / "report.html"
    page = build_page(gather(Path(tables_dir), limits or Limits()).to_json())
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=target.parent, prefix=".report-", suffix=".html")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(page)
        Path(aside).chmod(0o644)
        Path(aside).replace(target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    return target
