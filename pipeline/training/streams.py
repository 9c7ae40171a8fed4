"""Labelled text as one run of pieces a corpus: what ``carried`` writes and ``finetune_gpu`` and ``distil_gpu`` read.

Nothing but NumPy is imported here, for a machine with a GPU may have little else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.taggers.wordpieces import END, cut_forms

IGNORED = -1  # the label of a piece that does not begin a word


@dataclass(frozen=True, slots=True)
class Stream:
    """Ids of pieces, END after each sentence, and as many labels; ``head`` is the number of the corpus's convention."""

    name: str
    head: int
    ids: npt.NDArray[np.uint16]
    labels: npt.NDArray[np.int8]


def make_stream(
    name: str, head: int, rows: Iterable[tuple[Sequence[str], Sequence[int]]], known: dict[str, int]
) -> Stream:
    """The stream of sentences, each given as word forms and the numbers of their labels."""
    ids: list[int] = [END]
    labels: list[int] = [IGNORED]
    for forms, told in rows:
        for pieces, label in zip(cut_forms(forms, known), told, strict=True):
            ids.extend(pieces)
            labels.extend([label] + [IGNORED] * (len(pieces) - 1))
        ids.append(END)
        labels.append(IGNORED)
    return Stream(name, head, np.array(ids, np.uint16), np.array(labels, np.int8))


def write_streams(streams: Iterable[Stream], path: Path, *, heads: Sequence[str]) -> int:
    """Write the streams and the names of all heads; the number of pieces written."""
    rows = list(streams)
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "names": _packed([row.name for row in rows]),
        "head_names": _packed(heads),
        "heads": np.array([row.head for row in rows], np.int8),
        "sizes": np.array([len(row.ids) for row in rows], np.int64),
        "ids": np.concatenate([row.ids for row in rows]),
        "labels": np.concatenate([row.labels for row in rows]),
    }
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # its keywords are arrays
    return int(arrays["ids"].size)


def read_streams(path: Path) -> tuple[dict[str, Stream], list[str]]:
    """The streams of a file by name, and the names of the heads."""
    with np.load(path, allow_pickle=False) as stored:
        ends = np.cumsum(stored["sizes"])[:-1]
        names, heads = _lines(stored["names"]), stored["heads"].tolist()
        parts = zip(names, heads, np.split(stored["ids"], ends), np.split(stored["labels"], ends), strict=True)
        return {name: Stream(name, head, ids, labels) for name, head, ids, labels in parts}, _lines(
            stored["head_names"]
        )


def _packed(lines: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def _lines(packed: npt.NDArray[np.uint8]) -> list[str]:
    return str(packed.tobytes().decode()).split("\n")
