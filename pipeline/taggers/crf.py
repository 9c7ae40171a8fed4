"""The linear-chain CRF: a small, fast tagger on word forms, affixes, word clusters and gazetteers.

python-crfsuite learns the weights; here they are added up in NumPy, a word's own sums once for as long as it is
remembered, and the probabilities come from the forward-backward algorithm over a batch of sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.errors import ModelError
from pipeline.models import models_folder, verify_model
from pipeline.taggers.crf_features import FIRST, LAST, FeatureMaker, Views, of_groups, of_marks, of_pair, read_clusters
from pipeline.taggers.features import gazetteer, word_key
from pipeline.taggers.neural import best_paths
from pipeline.tagging import Prediction

MODEL_FILE = "weights.npz"
CLUSTERS_FILE = "clusters.tsv.xz"

Floats = npt.NDArray[np.float32]

_REMEMBERED = 60_000
_BATCH_WORDS = 4096


class _Sums:
    """Rows of weights by key, made on demand and remembered up to a bound."""

    def __init__(self, make: Callable[[Hashable], Floats], shape: tuple[int, ...]) -> None:
        self._make = make
        self._index: dict[Hashable, int] = {}
        self._rows = np.zeros((1024, *shape), np.float32)

    def rows(self, keys: Sequence[Hashable]) -> Floats:
        """One row a key."""
        if len(self._index) + len(keys) > _REMEMBERED:
            self._index.clear()
        known = self._index
        for key in keys:
            if key not in known:
                self._add(key)
        found: Floats = self._rows[[known[key] for key in keys]]
        return found

    def _add(self, key: Hashable) -> None:
        at = len(self._index)
        if at == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[at] = self._make(key)
        self._index[key] = at


class CrfTagger:
    """A trained CRF; confidences are marginal probabilities."""

    def __init__(self, name: str, features: FeatureMaker, weights: Mapping[str, npt.NDArray[np.generic]]) -> None:
        self.name = name
        self.labels: tuple[str, ...] = tuple(str(label) for label in weights["labels"])
        self._features = features
        self._state = np.vstack([weights["state"], np.zeros((1, len(self.labels)))]).astype(np.float32)
        self._follow = np.asarray(weights["transitions"], np.float32)
        self._row = {attribute: row for row, attribute in enumerate(bytes(weights["attributes"]).decode().split("\n"))}
        n = len(self.labels)
        self._words = _Sums(lambda key: self._views(features.of_word(str(key))), (5, n))
        self._marks = _Sums(lambda key: self._views(of_marks(key)), (5, n))
        self._pairs = _Sums(lambda key: self._pair(*of_groups(*key)), (2, n))  # type: ignore[misc]
        self._groups: dict[str, str] = {}
        self._first, self._last = self._sum((FIRST,)), self._sum((LAST,))

    def _sum(self, attributes: Sequence[str]) -> Floats:
        rows = [self._row[attribute] for attribute in attributes if attribute in self._row]
        total: Floats = self._state[rows].sum(0)
        return total

    def _views(self, views: Views) -> Floats:
        row = self._row
        rows: list[int] = []
        starts: list[int] = []
        for view in views:
            starts.append(len(rows))
            rows.append(-1)  # the row of zeros, so that no view is empty
            rows += [row[attribute] for attribute in view if attribute in row]
        sums: Floats = np.add.reduceat(self._state[rows], starts)
        return sums

    def _pair(self, left: str, right: str) -> Floats:
        return np.stack([self._sum((left,)), self._sum((right,))])

    def _group(self, key: str) -> str:
        group = self._groups.get(key)
        if group is None:
            if len(self._groups) > _REMEMBERED:
                self._groups.clear()
            group = self._groups[key] = self._features.group(key)
        return group

    def scores(self, words: Sequence[str]) -> Floats:
        """The sum of the weights of each word's features: a row a word, a column a label."""
        keys = [word_key(word) for word in words]
        views = self._words.rows(keys) + self._marks.rows(self._features.marks(keys))
        scores: Floats = views[:, 2]
        scores[1:] += views[:-1, 1]
        scores[:-1] += views[1:, 3]
        scores[2:] += views[:-2, 0]
        scores[:-2] += views[2:, 4]
        scores[0] += self._first
        scores[-1] += self._last
        if len(keys) > 1:
            groups = [self._group(key) for key in keys]
            pairs = self._pairs.rows(list(pairwise(groups)))
            scores[:-1] += pairs[:, 0]
            scores[1:] += pairs[:, 1]
        row = self._row
        for i, (left, right) in enumerate(pairwise(keys)):
            for at, attribute in enumerate(of_pair(left, right), i):
                if attribute in row:
                    scores[at] += self._state[row[attribute]]
        return scores

    def probabilities(self, sentences: Sequence[Sequence[str]], labels: Sequence[str]) -> list[Floats]:
        """The marginal probability of each of ``labels``: one array a sentence, a row a word."""
        columns = [self.labels.index(label) for label in labels]
        found = [np.zeros((0, len(labels)), np.float32)] * len(sentences)
        for batch, scores, lengths in self._batches(sentences):
            chances = marginals(scores, lengths, self._follow)[:, :, columns]
            for column, index in enumerate(batch):
                found[index] = chances[: lengths[column], column]
        return found

    def predict(self, sentences: Sequence[Sequence[str]]) -> list[Prediction]:
        """The most probable labels of each sentence, with the probability of each label."""
        found = [Prediction((), ())] * len(sentences)
        start = np.zeros(len(self.labels), np.float32)
        for batch, scores, lengths in self._batches(sentences):
            chances = marginals(scores, lengths, self._follow)
            paths = best_paths(scores, lengths, start, self._follow)
            for column, (index, path) in enumerate(zip(batch, paths, strict=True)):
                confidences = chances[np.arange(len(path)), column, path]
                found[index] = Prediction(tuple(self.labels[label] for label in path), tuple(confidences.tolist()))
        return found

    def _batches(self, sentences: Sequence[Sequence[str]]) -> Iterator[tuple[list[int], Floats, npt.NDArray[np.int32]]]:
        """Indices, scores (words x batch x labels) and lengths of the sentences that have words, the shortest first."""
        batch: list[int] = []
        order = sorted((i for i, words in enumerate(sentences) if words), key=lambda i: (len(sentences[i]), i))
        for index in order:
            if batch and (len(batch) + 1) * len(sentences[index]) > _BATCH_WORDS:
                yield self._score(batch, sentences)
                batch = []
            batch.append(index)
        if batch:
            yield self._score(batch, sentences)

    def _score(
        self, batch: list[int], sentences: Sequence[Sequence[str]]
    ) -> tuple[list[int], Floats, npt.NDArray[np.int32]]:
        lengths = np.array([len(sentences[i]) for i in batch], np.int32)
        scores = np.zeros((int(lengths.max()), len(batch), len(self.labels)), np.float32)
        for column, index in enumerate(batch):
            scores[: lengths[column], column] = self.scores(sentences[index])
        return batch, scores, lengths


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


def load_crf(argument: str = "") -> CrfTagger:
    """The shipped CRF, or the one in the folder ``argument``; its files are verified first."""
    folder = Path(argument) if argument else models_folder() / "crf"
    verify_model(folder)
    try:
        with np.load(folder / MODEL_FILE, allow_pickle=False) as weights:
            parts = {name: weights[name] for name in weights.files}
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{folder / MODEL_FILE}: cannot be read ({error}); restore it with 'git checkout -- models'"
        ) from error
    return CrfTagger(
        f"crf:{folder}" if argument else "crf", FeatureMaker(read_clusters(folder / CLUSTERS_FILE), gazetteer()), parts
    )
