"""Matrices that fit in a repository, one byte a number, and word vectors of them, with subwords for other words."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import ModelError
from pipeline.taggers.inputs import subword_buckets

Floats = npt.NDArray[np.float32]

_CACHE_LIMIT = 100_000
SCALES = ".scales"
_ARRAYS = ("rows", "scales", "buckets", "bucket_scales")


def quantize(matrix: Floats) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
    """The rows as signed bytes and the scale of each row; ``bytes * scale`` is within half a step of the row."""
    scale = (np.abs(matrix).max(axis=1) / 127.0).clip(1e-8).astype(np.float16)
    steps = scale.astype(np.float32).clip(1e-8)
    return np.rint(matrix / steps[:, None]).clip(-127, 127).astype(np.int8), scale


def as_bytes(weights: Mapping[str, Floats]) -> dict[str, Any]:
    """Matrices as bytes, each with its scales under its name and :data:`SCALES`; what is no matrix in 16 bits."""
    stored: dict[str, Any] = {}
    for name, values in weights.items():
        if values.ndim == 2:
            stored[name], stored[f"{name}{SCALES}"] = quantize(values)
        else:
            stored[name] = values.astype(np.float16)
    return stored


def from_bytes(path: Path) -> dict[str, Floats]:
    """The arrays of an ``.npz`` file, those with scales beside them as the numbers that their bytes stand for."""
    with np.load(path, allow_pickle=False) as stored:
        plain = {name: stored[name].astype(np.float32) for name in stored.files}
    scales = {name.removesuffix(SCALES): plain.pop(name) for name in list(plain) if name.endswith(SCALES)}
    return {name: values * scales[name][:, None] if name in scales else values for name, values in plain.items()}


class Vectors:
    """Vectors of unit mean square: listed words by look-up, other words as the mean of their subwords.

    ``words`` are in :func:`pipeline.taggers.inputs.word_form`. Method: subword skip-gram (Bojanowski et al., 2017).
    """

    def __init__(
        self,
        words: list[str],
        rows: npt.NDArray[np.int8],
        scales: npt.NDArray[np.float16],
        buckets: npt.NDArray[np.int8],
        bucket_scales: npt.NDArray[np.float16],
    ) -> None:
        self.size = int(rows.shape[1])
        self._index = {word: i for i, word in enumerate(words)}
        self._rows, self._scales = rows, scales.astype(np.float32)
        self._buckets, self._bucket_scales = buckets, bucket_scales.astype(np.float32)
        self._cache: dict[str, Floats] = {}

    @classmethod
    def load(cls, folder: Path, *, subwords: bool = True) -> Vectors:
        """The vectors of a folder; ModelError where its files are missing or do not fit together.

        Without ``subwords``, which are not shipped, the vectors of words that are not listed are zero.
        """
        try:
            words = (folder / "words.txt").read_text("utf-8").split("\n")
            rows, scales = (np.load(folder / f"{name}.npy") for name in _ARRAYS[:2])
            if subwords:
                buckets, bucket_scales = (np.load(folder / f"{name}.npy") for name in _ARRAYS[2:])
            else:
                buckets, bucket_scales = np.zeros((1, rows.shape[1]), np.int8), np.zeros(1, np.float16)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"{folder}: word vectors cannot be read: {error}; restore the folder from the repository"
            ) from error
        if not len(words) == len(rows) == len(scales):
            raise ModelError(
                f"{folder}: {len(words)} words but {len(rows)} vectors; restore the folder from the repository"
            )
        return cls(words, rows, scales, buckets, bucket_scales)

    def save(self, folder: Path) -> None:
        """Write ``words.txt`` and one ``.npy`` file an array."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "words.txt").write_text("\n".join(self._index), "utf-8")
        np.save(folder / "rows.npy", self._rows)
        np.save(folder / "scales.npy", self._scales.astype(np.float16))
        np.save(folder / "buckets.npy", self._buckets)
        np.save(folder / "bucket_scales.npy", self._bucket_scales.astype(np.float16))

    def lists(self, form: str) -> bool:
        """True for a word with a vector of its own."""
        return form in self._index

    def frequent(self, n: int) -> frozenset[str]:
        """The ``n`` most frequent of the listed words."""
        return frozenset(islice(self._index, n))

    def of(self, form: str) -> Floats:
        """The vector of one word form."""
        vector = self._cache.get(form)
        if vector is None:
            vector = self._compute(form)
            if len(self._cache) >= _CACHE_LIMIT:
                self._cache.clear()
            self._cache[form] = vector
        return vector

    def _compute(self, form: str) -> Floats:
        at = self._index.get(form)
        if at is not None:
            row: Floats = self._rows[at].astype(np.float32) * self._scales[at]
        else:
            ids = subword_buckets(form, len(self._buckets))
            row = (self._buckets[ids].astype(np.float32) * self._bucket_scales[ids, None]).mean(axis=0)
        norm = float(np.linalg.norm(row))
        return row * np.float32(np.sqrt(self.size) / max(norm, 1e-6))
