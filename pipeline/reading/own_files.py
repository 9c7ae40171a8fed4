"""Which files of a folder a run or an export wrote: tables are no texts, though they end like some."""

from __future__ import annotations

import json
import os
from collections.abc import Collection

from pipeline.tables import TABLES

_WORK = ".work"  # what a run keeps in its output folder
_MANIFEST = "manifest.json"
_MOST_MANIFEST = 64 << 20
_CSV = frozenset(f"{table.name}.csv" for table in TABLES)
_PARQUET = frozenset(f"{table.name}.parquet" for table in TABLES)
_NODES = ("documents", "entities", "meetings")
_TIES = ("holds", "named_in", "named_together", "related", "told_in", "took_part", "took_place_in")
_NEO4J = frozenset(f"{name}.csv" for name in (*_NODES, *_TIES))


def own_files(folder: str, names: Collection[str]) -> frozenset[str]:
    """Those of ``names``, all that the folder holds, that a run wrote into it, or an export to Parquet or Neo4j.

    A run is known by its journal, its manifest or the full number of its tables, wherever it was copied to.
    """
    held = set(names)
    found: frozenset[str] = _NEO4J if held >= _NEO4J else frozenset()
    if held >= _CSV or held >= _PARQUET or _WORK in held or (_MANIFEST in held and _is_ours(folder)):
        found |= _CSV | _PARQUET
    return found & held


def _is_ours(folder: str) -> bool:
    """True where the folder's manifest is one that a run wrote."""
    path = os.path.join(folder, _MANIFEST)  # noqa: PTH118  strings throughout, as in sources.py
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > _MOST_MANIFEST:  # noqa: PTH113, PTH202
            return False
        with open(path, encoding="utf-8") as stream:  # noqa: PTH123
            page = json.load(stream)
    except (OSError, ValueError, RecursionError):
        return False
    versions = page.get("versions") if isinstance(page, dict) else None
    return isinstance(versions, dict) and "liqa" in versions
