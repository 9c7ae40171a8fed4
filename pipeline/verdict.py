"""What is asked at the end of the map: does the sum add up, was anything read, did anything get through a worker."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from pipeline.errors import ConfigError, InputError
from pipeline.journal import Journal

_FIRST_REASONS = 3
_ENOUGH_LOST = 16  # where every document ends its worker, the fault is not the documents'


def check_got_through(journal: Journal, reason: str, n_so_far: int | None = None) -> None:
    """ConfigError where each document was lost to its worker, and there is more than one.

    ``reason`` is that of the last one. In the middle of the map, ``n_so_far`` documents into it, the first few decide.
    """
    if n_so_far is None:
        all_lost = 1 < journal.n_documents() == journal.n_lost()
    else:
        all_lost = n_so_far >= _ENOUGH_LOST and not journal.seconds()
    if all_lost:
        last = reason or "an earlier run lost it; run again with --workers 2, which tries it once more"
        raise ConfigError(f"no worker has got through any document; of the last one: {last}")


def nothing_read(journal: Journal, inputs: Sequence[str | Path], folder: Path) -> InputError | None:
    """The error of a run all of whose inputs were rejected while they were read; None where there is a document.

    It is raised at once where ``folder`` holds documents of an earlier run, whose tables would give way to empty ones.
    """
    if journal.n_documents():
        return None
    n_rejected = sum(1 for _ in journal.rejected())
    told = (f"{source}: {reason}" for _, source, _, reason in islice(journal.rejected(), _FIRST_REASONS))
    where = ", ".join(map(str, inputs))[:200]
    error = InputError(f"no document in {where}; {n_rejected:,} rejected: {' | '.join(told)}")
    if _has_documents(folder):
        raise InputError(f"{error} | the tables of the earlier run stay as they are")
    return error


def _has_documents(folder: Path) -> bool:
    """True where an earlier run has left tables with documents, or a manifest that does not say."""
    try:
        page = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return bool(page["documents"]["out"])
    except FileNotFoundError:
        return False
    except (ValueError, KeyError, TypeError):
        return True


def check_sums(journal: Journal, counts: Mapping[str, int]) -> dict[str, int]:
    """The law that nothing vanishes: documents in are documents out and rejected."""
    n_in = journal.n_documents() + sum(1 for _ in journal.rejected())
    n_out, n_rejected = counts["documents"], counts["rejected"]
    if n_in != n_out + n_rejected:
        raise RuntimeError(f"{n_in} documents in, {n_out} out and {n_rejected} rejected; this is a bug")
    return {"in": n_in, "out": n_out, "rejected": n_rejected}
