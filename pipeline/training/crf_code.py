"""Sentences as the numbers that :mod:`pipeline.training.crf_fit` reads, and fitted weights as arrays and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.training.crf_fit import Coded, Settings, fit

LEAST_WEIGHT = 0.03
"""Features none of whose weights is as large are left out."""
_DROPPED = 4  # of the ten bits of a fraction

Featured = tuple[Sequence[Sequence[str]], Sequence[str], float]
"""A sentence: the names of each word's features, the labels, and how much it counts."""
Weights = Mapping[str, npt.NDArray[np.generic]]


def fitted(sentences: Iterable[Featured], settings: Settings, least_sights: int) -> Weights:
    """The weights of a CRF, as :class:`pipeline.taggers.crf.CrfTagger` reads them."""
    names, labels, coded = encode(sentences, least_sights)
    return weights_of(names, labels, *fit(coded, len(names), len(labels), settings))


def encode(sentences: Iterable[Featured], least_sights: int) -> tuple[list[str], list[str], list[Coded]]:
    """The names of the features that were seen often enough, the labels, and the sentences in their numbers."""
    index: dict[str, int] = {}
    labels: dict[str, int] = {}
    coded: list[Coded] = []
    for rows, own_labels, weight in sentences:
        if not rows:
            continue
        ids = np.array([index.setdefault(name, len(index)) for row in rows for name in row], np.int32)
        own = np.array([labels.setdefault(label, len(labels)) for label in own_labels], np.int32)
        coded.append(Coded(ids, np.array([len(row) for row in rows], np.int32), own, weight))
    sights = np.zeros(len(index), np.int64)
    for one in coded:
        np.add.at(sights, one.features, 1)
    kept = sights >= least_sights
    number = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    names = [name for name, keep in zip(index, kept.tolist(), strict=True) if keep]
    return names, list(labels), [_only(one, number) for one in coded]


def _only(sentence: Coded, number: npt.NDArray[np.int32]) -> Coded:
    """The sentence with its features renumbered, those without a number left out."""
    features = number[sentence.features]
    words = np.repeat(np.arange(len(sentence.counts)), sentence.counts)[features >= 0]
    counts = np.bincount(words, minlength=len(sentence.counts)).astype(np.int32)
    return Coded(features[features >= 0], counts, sentence.labels, sentence.weight)


def weights_of(
    names: Sequence[str], labels: Sequence[str], state: npt.NDArray[np.float32], follow: npt.NDArray[np.float32]
) -> Weights:
    """The weights, features by name and labels by name; features that hardly matter are left out."""
    columns: list[int] = np.argsort(labels).tolist()
    kept: list[int] = np.flatnonzero(np.abs(state).max(1) >= LEAST_WEIGHT).tolist()
    rows = sorted(kept, key=lambda i: names[i])
    return {
        "labels": np.array([labels[i] for i in columns]),
        "attributes": np.frombuffer("\n".join(names[i] for i in rows).encode(), np.uint8),
        "state": coarse(state[rows][:, columns]),
        "transitions": follow[columns][:, columns],
    }


def coarse(values: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.float16]:
    """The nearest 16-bit numbers whose last bits are zeros, which pack well; within one part in 128 of the values.

    >>> coarse(np.array([1.0, 1.004, -0.3], np.float32)).tolist()
    [1.0, 1.0, -0.30078125]
    """
    bits = np.ascontiguousarray(values, np.float16).view(np.uint16).astype(np.uint32)
    kept = (bits + (1 << (_DROPPED - 1))) >> _DROPPED << _DROPPED
    return kept.astype(np.uint16).view(np.float16)


def write_weights(weights: Weights, output: Path) -> None:
    """Write the weights."""
    np.savez_compressed(output, **weights)  # type: ignore[arg-type]  # numpy's stub takes them for its own option
