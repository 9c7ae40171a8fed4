"""Sentences in pieces as they travel: what :mod:`pipeline.training.carried` writes and ``finetune_gpu`` reads.

Nothing but NumPy is imported here, for a machine with a GPU may have little else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.taggers.wordpieces import cut_forms, windows


@dataclass(frozen=True, slots=True)
class Cut:
    """A sentence, or a window of a long one, as ids of pieces by word; ``labels`` are empty for raw text."""

    words: tuple[tuple[int, ...], ...]
    labels: tuple[int, ...]
    head: int
    weight: float
    held: bool


def cut_sentence(
    forms: Sequence[str], labels: Sequence[int], known: dict[str, int], head: int, weight: float, held: bool
) -> Iterator[Cut]:
    """The sentence in windows that the transformer can read at once."""
    pieces = cut_forms(forms, known)
    for start, end in windows(pieces):
        yield Cut(tuple(map(tuple, pieces[start:end])), tuple(labels[start:end]), head, weight, held)


def write_cuts(cuts: Iterable[Cut], path: Path, *, heads: Sequence[str] = (), text: Sequence[str] = ()) -> int:
    """Write sentences as arrays, with the names of all heads or with the raw text; how many were written."""
    rows = list(cuts)
    words = [word for row in rows for word in row.words]
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "pieces": np.array([piece for word in words for piece in word], np.uint16),
        "word_sizes": np.array([len(word) for word in words], np.uint8),
        "sentence_sizes": np.array([len(row.words) for row in rows], np.uint16),
        "labels": np.array([label for row in rows for label in row.labels], np.int8),
        "heads": np.array([row.head for row in rows], np.int8),
        "weights": np.array([row.weight for row in rows], np.float32),
        "held": np.array([row.held for row in rows], np.bool_),
        "text": _packed(text),
        "head_names": _packed(heads),
    }
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # its keywords are arrays
    return len(rows)


def read_cuts(path: Path) -> list[Cut]:
    """The sentences of a file of :func:`write_cuts`."""
    with np.load(path, allow_pickle=False) as stored:
        pieces, labels = stored["pieces"].tolist(), stored["labels"].tolist()
        sizes, lengths = stored["word_sizes"].tolist(), stored["sentence_sizes"].tolist()
        rest = zip(stored["heads"].tolist(), stored["weights"].tolist(), stored["held"].tolist(), strict=True)
    cuts, word, at = [], 0, 0
    for length, (head, weight, held) in zip(lengths, rest, strict=True):
        words = []
        for size in sizes[word : word + length]:
            words.append(tuple(pieces[at : at + size]))
            at += size
        cuts.append(Cut(tuple(words), tuple(labels[word : word + length]), head, weight, held))
        word += length
    return cuts


def read_text(path: Path) -> list[list[str]]:
    """The words of the raw sentences of a file of :func:`write_cuts`."""
    return [line.split(" ") for line in _lines(path, "text")]


def read_heads(path: Path) -> list[str]:
    """The names of the heads of a file of :func:`write_cuts`, in their order."""
    return _lines(path, "head_names")


def _packed(lines: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def _lines(path: Path, name: str) -> list[str]:
    with np.load(path, allow_pickle=False) as stored:
        return str(stored[name].tobytes().decode()).split("\n")
