"""What a tagger that scores sequences says of sentences, for others to join in before the best sequence is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lattice:
    """Scores of each word's labels and of a label after another, and the probabilities that come of both.

    ``scores`` and ``chances`` hold one array a sentence, a row a word, a column a label; ``follow[i, j]`` is the score
    of label j after label i.
    """

    scores: Sequence[Floats]
    follow: Floats
    chances: Sequence[Floats]


def with_unknown(rows: Floats, value: float) -> Floats:
    """The array with one more column, of a label that the tagger does not know."""
    return np.pad(rows, ((0, 0), (0, 0), (0, 1)), constant_values=value)


def marginals(scores: Floats, lengths: npt.NDArray[np.int32], follow: Floats) -> Floats:
    """The probability of each label of each word of a batch (words x batch x labels): the forward-backward algorithm.

    ``follow[i, j]`` is the score of label j after label i. Rows past a sentence's length mean nothing.
    """
    n_words = len(scores)
    ways = np.exp(follow.astype(np.float64))
    local = np.exp((scores - scores.max(-1, keepdims=True)).astype(np.float64))
    forward, backward = np.empty_like(local), np.ones_like(local)
    forward[0] = local[0] / local[0].sum(-1, keepdims=True)
    for at in range(1, n_words):
        step = (forward[at - 1] @ ways) * local[at]
        forward[at] = step / step.sum(-1, keepdims=True)
    for at in range(n_words - 2, -1, -1):
        step = (local[at + 1] * backward[at + 1]) @ ways.T
        inside = (at + 1 < lengths)[:, None]
        backward[at] = np.where(inside, step / step.sum(-1, keepdims=True), 1.0)
    chances = forward * backward
    chances /= chances.sum(-1, keepdims=True)
    single: Floats = chances.astype(np.float32)
    return single
