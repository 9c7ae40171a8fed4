"""Fitting a linear-chain CRF: adaptive gradients over small batches, with features dropped at random.

Dropping a share of a word's features at each sight keeps the weights from leaning on spellings alone, so that names
that were never seen are found by their context; crfsuite, whose penalties shrink weights only, cannot do it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a CRF is fitted; the weights are the mean of those after each of the last ``averaged`` passes."""

    passes: int = 16
    averaged: int = 4
    rate: float = 0.1
    shrink: float = 1e-3
    dropped: float = 0.2
    sentences: int = 8
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Coded:
    """A sentence: the feature ids of all its words in a row, how many each word has, its label ids, its weight."""

    features: Ids
    counts: Ids
    labels: Ids
    weight: float = 1.0


class _Adaptive:
    """Weights with a rate of their own each (AdaGrad)."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.values = np.zeros(shape, np.float32)
        self._squares = np.ones(shape, np.float32)

    def step(self, rows: Any, gradient: Floats, rate: float, shrink: float) -> None:
        """Move the given rows against the gradient."""
        gradient = gradient + np.float32(shrink) * self.values[rows]
        self._squares[rows] += gradient * gradient
        self.values[rows] -= np.float32(rate) * gradient / np.sqrt(self._squares[rows])


def fit(sentences: Sequence[Coded], n_features: int, n_labels: int, settings: Settings) -> tuple[Floats, Floats]:
    """The weights of features (a row a feature, a column a label) and of one label after another."""
    rng = np.random.default_rng(settings.seed)
    state, follow = _Adaptive((n_features, n_labels)), _Adaptive((n_labels, n_labels))
    mean_state, mean_follow = np.zeros_like(state.values), np.zeros_like(follow.values)
    for done in range(settings.passes):
        rate = settings.rate * (1 - 0.9 * done / settings.passes)
        for batch in _batches(sentences, settings.sentences, rng):
            rows, sums = _design(batch, settings.dropped, rng)
            scores = sums @ state.values[rows]
            gradient, moves = gradients(scores, follow.values, batch)
            state.step(rows, sums.T @ gradient, rate, settings.shrink)
            follow.step(slice(None), moves, rate, 0.0)
        if done >= settings.passes - settings.averaged:
            mean_state += state.values / np.float32(settings.averaged)
            mean_follow += follow.values / np.float32(settings.averaged)
    return mean_state, mean_follow


def _batches(sentences: Sequence[Coded], size: int, rng: np.random.Generator) -> Iterator[list[Coded]]:
    """All sentences in batches of about the same length, in random order."""
    lengths = np.array([len(sentence.labels) for sentence in sentences]) + rng.random(len(sentences)) * 4
    order = np.argsort(lengths)
    for start in rng.permutation(np.arange(0, len(order), size)):
        yield [sentences[i] for i in order[start : start + size]]


def _design(batch: Sequence[Coded], dropped: float, rng: np.random.Generator) -> tuple[Ids, Any]:
    """The distinct features of a batch, and the matrix that adds their rows up: a row a word."""
    ids = np.concatenate([sentence.features for sentence in batch])
    counts = np.concatenate([sentence.counts for sentence in batch])
    kept = rng.random(len(ids)) >= dropped
    words = np.repeat(np.arange(len(counts)), counts)[kept]
    ends = np.cumsum(np.bincount(words, minlength=len(counts)))
    rows, columns = np.unique(ids[kept], return_inverse=True)
    values = np.full(len(columns), 1 / (1 - dropped), np.float32)
    return rows, csr_matrix((values, columns, np.concatenate([[0], ends])), shape=(len(counts), len(rows)))


def gradients(scores: Floats, follow: Floats, batch: Sequence[Coded]) -> tuple[Floats, Floats]:
    """How the loss of a batch grows with each word's scores and with each transition (forward-backward algorithm).

    The loss is the negative logarithm of the probability of the right labels, each sentence's times its weight.
    """
    lengths = np.array([len(sentence.labels) for sentence in batch])
    longest, n_labels = int(lengths.max()), scores.shape[1]
    place = (np.arange(longest)[:, None] < lengths).T  # a row a sentence
    local = np.ones((len(batch), longest, n_labels))
    local[place] = np.exp(scores - scores.max(1, keepdims=True))
    local = local.transpose(1, 0, 2)
    gold = np.zeros((len(batch), longest), np.int64)
    gold[place] = np.concatenate([sentence.labels for sentence in batch])
    ways = np.exp(follow.astype(np.float64))
    forward, backward = _sweep(local, ways, lengths)
    chances = (forward * backward).transpose(1, 0, 2)[place]
    chances /= chances.sum(1, keepdims=True)
    chances[np.arange(len(chances)), gold[place]] -= 1
    weights = np.array([sentence.weight for sentence in batch])
    own = chances * np.repeat(weights, lengths)[:, None]
    pairs = forward[:-1, :, :, None] * ways * (local[1:] * backward[1:])[:, :, None, :]
    pairs *= (place.T[1:] * weights)[:, :, None, None] / pairs.sum((2, 3), keepdims=True)
    moves = pairs.sum((0, 1))
    follows = place[:, 1:]
    shares = np.broadcast_to(weights[:, None], follows.shape)[follows]
    np.subtract.at(moves, (gold[:, :-1][follows], gold[:, 1:][follows]), shares)
    return own.astype(np.float32), moves.astype(np.float32)


def _sweep(
    local: npt.NDArray[np.float64], ways: npt.NDArray[np.float64], lengths: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Forward and backward values (words x batch x labels), each row scaled to sum to one."""
    forward, backward = np.empty_like(local), np.ones_like(local)
    forward[0] = local[0] / local[0].sum(1, keepdims=True)
    for at in range(1, len(local)):
        step = (forward[at - 1] @ ways) * local[at]
        forward[at] = step / step.sum(1, keepdims=True)
    for at in range(len(local) - 2, -1, -1):
        step = (local[at + 1] * backward[at + 1]) @ ways.T
        backward[at] = np.where((at + 1 < lengths)[:, None], step / step.sum(1, keepdims=True), 1.0)
    return forward, backward
