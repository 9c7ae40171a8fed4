"""The report: one HTML file that shows who met whom with the sentences that say so, and needs no network."""

from __future__ import annotations

from pathlib import Path

from pipeline.export.files import whole_file
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
    with whole_file(target) as out:
        out.write(page)
    return target
