"""Rows of the packaged word lists."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pipeline.errors import ConfigError


@cache
def read_rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of ``lexicons/<name>.tsv`` by column name, in file order.

    :raises ConfigError: where a row has another number of fields than the header line.
    """
    lines = (files("pipeline") / "lexicons" / f"{name}.tsv").read_text("utf-8").splitlines()
    header = lines[0].split("\t")
    rows = []
    for number, line in enumerate(lines[1:], 2):
        if not line or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != len(header):
            raise ConfigError(
                f"lexicons/{name}.tsv:{number}: {len(fields)} fields, {len(header)} expected; mend the row"
            )
        rows.append(dict(zip(header, fields, strict=True)))
    return tuple(rows)
