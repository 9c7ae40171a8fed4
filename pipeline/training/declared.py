"""What each corpus marks and how, and under which licence: ``corpora.tsv``, read into frozen values.

``text`` names the text that several corpora share, so that none of it is counted twice. ``tokens`` tells which tokens
stand for another one or for nothing, ``types`` what its types are in the annotation guidelines (nothing: no name
there). ``clitics`` is ``split`` where they are tokens of their own. ``heads``, ``acting_countries`` and ``adjectives``
tell in words what no mapping mends: whether a name holds its head noun, and what states that act and adjectives of
nationality are. Such corpora are mixed by output heads of their own (:mod:`pipeline.training.sources`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigError

_TABLE = Path(__file__).with_name("corpora.tsv")


@dataclass(frozen=True, slots=True)
class Declared:
    """One row of the table; ``tokens`` and ``types`` map to an empty string what is left out."""

    corpus: str
    text: str
    clitics: str
    tokens: Mapping[str, str]
    types: Mapping[str, str]
    heads: str
    acting_countries: str
    adjectives: str
    licence: str
    remark: str


def read_declared(path: Path = _TABLE) -> dict[str, Declared]:
    """The declared corpora by name, in the order of the file."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows: list[dict[str, Any]] = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    maps = ("tokens", "types")
    return {row["corpus"]: Declared(**row | {name: _pairs(row[name]) for name in maps}) for row in rows}


def _pairs(field: str) -> dict[str, str]:
    return {name: value for name, _, value in (pair.partition("=") for pair in field.split())}


def licences_of(trained_on: Iterable[str]) -> dict[str, str]:
    """The licence of each corpus that a card names; what follows a corpus (``/train``, a comma) does not matter.

    Raises ConfigError for a corpus that the table does not know.
    """
    declared = read_declared()
    found: dict[str, str] = {}
    for name in trained_on:
        corpus = max((known for known in declared if _is_part(name, known)), key=len, default=None)
        if corpus is None:
            raise ConfigError(f"no licence known for {name!r}; add its corpus to {_TABLE.name}")
        found[corpus] = declared[corpus].licence
    return found


def _is_part(name: str, corpus: str) -> bool:
    return name.startswith(corpus) and name[len(corpus) : len(corpus) + 1] in ("", "/", ",", " ", "+", ":")
