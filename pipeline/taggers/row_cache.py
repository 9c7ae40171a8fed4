"""Rows of numbers by key, made where they are first asked for and remembered up to a bound."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

REMEMBERED = 60_000
_AT_ONCE = 4096  # new keys whose rows are made together


class RowCache:
    """``make`` gives the rows (keys x shape) of keys that are new; where too many are known, all are forgotten."""

    def __init__(self, make: Callable[[Sequence[Any]], Floats], shape: tuple[int, ...]) -> None:
        self._make = make
        self._index: dict[Hashable, int] = {}
        self._rows = np.zeros((1024, *shape), np.float32)

    def rows(self, keys: Sequence[Hashable]) -> Floats:
        """One row a key."""
        if len(self._index) + len(keys) > REMEMBERED:
            self._index.clear()
        known = self._index
        new = [key for key in dict.fromkeys(keys) if key not in known]
        for start in range(0, len(new), _AT_ONCE):
            self._add(new[start : start + _AT_ONCE])
        at = np.fromiter(map(known.__getitem__, keys), np.intp, len(keys))
        found: Floats = self._rows.take(at, 0)
        return found

    def _add(self, keys: Sequence[Hashable]) -> None:
        first = len(self._index)
        while first + len(keys) > len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[first : first + len(keys)] = self._make(keys)
        self._index.update(zip(keys, range(first, first + len(keys)), strict=True))
