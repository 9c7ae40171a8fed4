"""The linear-chain CRF: a small, fast tagger on word forms, affixes, word clusters and gazetteers.

The weights are learned by :mod:`pipeline.training.crf`; here they are added up in NumPy, a word's own sums once for as
long as it is remembered, and the probabilities come from the forward-backward algorithm over a batch of sentences.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from pipeline.errors import ModelError
from pipeline.models import models_folder, verify_model
from pipeline.taggers.crf_features import (
    FIRST,
    LAST,
    PAIR_LEFT,
    PAIR_RIGHT,
    PLACES,
    FeatureMaker,
    Views,
    of_groups,
    of_link,
    of_marks,
    read_clusters,
)
from pipeline.taggers.default import WORDS_FOLDER
from pipeline.taggers.elsewhere import TOPICS_FILE, Around, Joined, SecondReading, TopicFeatures, read_topics
from pipeline.taggers.evidence import EVIDENCE_FILE, read_evidence
from pipeline.taggers.features import gazetteer, word_key
from pipeline.taggers.lattice import Lattice, marginals, with_unknown
from pipeline.taggers.neural import best_paths
from pipeline.taggers.row_cache import REMEMBERED, RowCache
from pipeline.taggers.vectors import Vectors
from pipeline.tagging import Prediction

MODEL_FILE = "weights.npz"
FIRST_FILE = "first.npz"
"""The weights of a first reading, in a model that reads twice."""
CLUSTERS_FOLDER, CLUSTERS_FILE = "clusters", "clusters.tsv.xz"

Floats = npt.NDArray[np.float32]

_Known = TypeVar("_Known")

_HOPELESS = -1e4
_BATCH_WORDS = 4096


class CrfTagger:
    """A trained CRF; confidences are marginal probabilities."""

    def __init__(
        self,
        name: str,
        features: FeatureMaker,
        weights: Mapping[str, npt.NDArray[np.generic]],
        around: Around | None = None,
    ) -> None:
        self.name = name
        self._around = around
        self.labels: tuple[str, ...] = tuple(str(label) for label in weights["labels"])
        self._features = features
        self._state = np.vstack([weights["state"], np.zeros((1, len(self.labels)))]).astype(np.float32)
        self._follow = np.asarray(weights["transitions"], np.float32)
        self._row = {attribute: row for row, attribute in enumerate(bytes(weights["attributes"]).decode().split("\n"))}
        n = len(self.labels)
        self._places: tuple[dict[str, tuple[int, ...]], ...] = ({}, {}, {})
        self._words = RowCache(self._views_of_words, (5, n))
        self._marks = RowCache(lambda keys: np.stack([self._views(of_marks(key)) for key in keys]), (5, n))
        self._pairs = RowCache(lambda keys: np.stack([self._both(zip(of_groups(*key))) for key in keys]), (2, n))
        self._link_rows = RowCache(lambda codes: np.stack([self._both(of_link(code)) for code in codes]), (2, n)).rows
        self._links = features.links()
        self._form_pairs = self._learned_pairs()
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
        sums: Floats = np.add.reduceat(self._state.take(rows, 0), starts)
        return sums

    def _both(self, sides: Iterable[Sequence[str]]) -> Floats:
        return np.stack([self._sum(side) for side in sides])

    def _views_of_words(self, keys: Sequence[str]) -> Floats:
        """The sums of the weights of words in each view, all at once: words x 5 x labels."""
        rows: list[tuple[int, ...]] = []
        starts: list[int] = []
        for key in keys:
            starts.append(len(rows))
            for reach, names in zip((2, 1, 0), self._features.names(key), strict=True):
                rows += [self._places[reach].get(name) or self._placed(reach, name) for name in names]
        flat = np.fromiter(chain.from_iterable(rows), np.intp, len(rows) * len(PLACES))
        sums: Floats = np.add.reduceat(self._state.take(flat.reshape(-1, len(PLACES)), 0), starts)
        return sums

    def _placed(self, reach: int, name: str) -> tuple[int, ...]:
        """The rows of a feature's name in each view that it reaches, remembered up to a bound."""
        nothing, known = len(self._state) - 1, self._places[reach]
        if len(known) > REMEMBERED:
            known.clear()
        known[name] = found = tuple(
            self._row.get(place + name, nothing) if abs(at - 2) <= reach else nothing for at, place in enumerate(PLACES)
        )
        return found

    def _learned_pairs(self) -> dict[str, tuple[int, int]]:
        """For two forms ``left|right`` the rows of what they give the left and the right one."""
        nothing = len(self._state) - 1
        rows: dict[str, tuple[int, int]] = {}
        names = list(self._row)  # sorted, so that those of one prefix stand together
        for side, prefix in enumerate((PAIR_LEFT, PAIR_RIGHT)):
            for row in range(bisect_left(names, prefix), bisect_left(names, prefix + chr(sys.maxunicode))):
                both = [*rows.get(names[row][2:], (nothing, nothing))]
                both[side] = row
                rows[names[row][2:]] = both[0], both[1]
        return rows

    def _group(self, key: str) -> str:
        group = self._groups.get(key)
        if group is None:
            if len(self._groups) > REMEMBERED:
                self._groups.clear()
            group = self._groups[key] = self._features.group(key)
        return group

    def scores(self, sentences: Sequence[Sequence[str]]) -> Floats:
        """The sum of the weights of each word's features, all sentences (none empty) after another: a row a word."""
        rows = [[word_key(word) for word in words] for words in sentences]
        keys = [key for row in rows for key in row]
        marks = [mark for row in rows for mark in self._features.marks(row)]
        ends = np.cumsum([len(row) for row in rows])
        views = self._words.rows(keys) + self._marks.rows(marks)
        scores: Floats = views[:, 2]
        near = np.ones((len(keys) - 1, 1), np.float32)  # 0 where the next word is another sentence's
        near[ends[:-1] - 1] = 0
        far = near[1:] * near[:-1]
        scores[1:] += views[:-1, 1] * near
        scores[:-1] += views[1:, 3] * near
        scores[2:] += views[:-2, 0] * far
        scores[:-2] += views[2:, 4] * far
        scores[ends - 1] += self._last
        scores[[0, *ends[:-1]]] += self._first
        self._add_pairs(scores, keys, near)
        return scores

    def _add_pairs(self, scores: Floats, keys: Sequence[str], near: Floats) -> None:
        """Add what two neighbours give each other: their groups, their forms, and what is known of them."""
        pairs = self._pairs.rows(list(pairwise([self._group(key) for key in keys]))) * near[:, :, None]
        scores[:-1] += pairs[:, 0]
        scores[1:] += pairs[:, 1]
        names = [f"{left}|{right}" for left, right in pairwise(keys)]
        inside = near[:, 0] > 0
        self._add_known(scores, names, inside, self._form_pairs, self._learned_rows)
        self._add_known(scores, names, inside, self._links, self._link_rows)

    @staticmethod
    def _add_known(
        scores: Floats,
        names: Sequence[str],
        inside: npt.NDArray[np.bool_],
        known: Mapping[str, _Known],
        rows_of: Callable[[list[_Known]], Floats],
    ) -> None:
        at = np.array([i for i, name in enumerate(names) if name in known and inside[i]], np.intp)
        if len(at):
            both = rows_of([known[names[i]] for i in at])
            scores[at] += both[:, 0]
            scores[at + 1] += both[:, 1]

    def _learned_rows(self, rows: Sequence[tuple[int, int]]) -> Floats:
        both: Floats = self._state.take(rows, 0)
        return both

    def probabilities(self, sentences: Sequence[Sequence[str]], labels: Sequence[str]) -> list[Floats]:
        """The marginal probability of each of ``labels``, 0 of unknown ones: one array a sentence, a row a word."""
        return list(self.lattice(sentences, labels).chances)

    def lattice(self, sentences: Sequence[Sequence[str]], labels: Sequence[str]) -> Lattice:
        """The scores of ``labels``, hopeless where unknown, and their marginal probabilities."""
        own = {label: column for column, label in enumerate(self.labels)}
        columns = [own.get(label, len(own)) for label in labels]
        nothing = np.zeros((0, len(labels)), np.float32)
        found, chances = [nothing] * len(sentences), [nothing] * len(sentences)
        for batch, scores, lengths in self._batches(sentences):
            likely = with_unknown(marginals(scores, lengths, self._follow), 0)[:, :, columns]
            wanted = with_unknown(scores, _HOPELESS)[:, :, columns]
            for column, index in enumerate(batch):
                found[index] = wanted[: lengths[column], column]
                chances[index] = likely[: lengths[column], column]
        follow = np.pad(self._follow, (0, 1))[np.ix_(columns, columns)]
        return Lattice(found, follow, chances)

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
        more = self._sums_around(sentences)
        order = sorted((i for i, words in enumerate(sentences) if words), key=lambda i: (len(sentences[i]), i))
        for index in order:
            if batch and (len(batch) + 1) * len(sentences[index]) > _BATCH_WORDS:
                yield self._score(batch, sentences, more)
                batch = []
            batch.append(index)
        if batch:
            yield self._score(batch, sentences, more)

    def _sums_around(self, sentences: Sequence[Sequence[str]]) -> list[Floats]:
        """What the other sentences add to the scores of each one's words; nothing where they are not read."""
        if self._around is None:
            return []
        return [
            np.stack([self._sum(names) for names in rows]) if rows else np.zeros((0, len(self.labels)), np.float32)
            for rows in self._around.features(sentences)
        ]

    def _score(
        self, batch: list[int], sentences: Sequence[Sequence[str]], more: Sequence[Floats]
    ) -> tuple[list[int], Floats, npt.NDArray[np.int32]]:
        lengths = np.array([len(sentences[i]) for i in batch], np.int32)
        scores = np.zeros((len(batch), int(lengths.max()), len(self.labels)), np.float32)
        own = self.scores([sentences[i] for i in batch])
        scores[np.arange(scores.shape[1]) < lengths[:, None]] = (
            own + np.concatenate([more[i] for i in batch]) if more else own
        )
        return batch, np.ascontiguousarray(scores.transpose(1, 0, 2)), lengths


def load_crf(argument: str = "") -> CrfTagger:
    """The shipped CRF, or the one in the folder ``argument``; its files are verified first.

    A folder without word clusters of its own reads those that the shipped ones share.
    """
    folder = Path(argument) if argument else models_folder() / "crf"
    verify_model(folder)
    weights = _read_weights(folder / MODEL_FILE)
    evidence = read_evidence(folder / EVIDENCE_FILE)
    features = FeatureMaker(read_clusters(_clusters_of(folder)), gazetteer(), evidence)
    around: Around | None = None
    if (folder / FIRST_FILE).exists():
        topics = TopicFeatures(features, read_topics(folder / TOPICS_FILE, _listed_words()))
        first = CrfTagger("first", features, _read_weights(folder / FIRST_FILE), topics)
        around = Joined(topics, SecondReading(first))
    return CrfTagger(f"crf:{folder}" if argument else "crf", features, weights, around)


def _clusters_of(folder: Path) -> Path:
    own = folder / CLUSTERS_FILE
    if own.exists():
        return own
    shared = models_folder() / CLUSTERS_FOLDER
    verify_model(shared)
    return shared / CLUSTERS_FILE


def _listed_words() -> Vectors:
    folder = models_folder() / WORDS_FOLDER
    verify_model(folder)
    return Vectors.load(folder, subwords=False)


def _read_weights(path: Path) -> Mapping[str, npt.NDArray[np.generic]]:
    try:
        with np.load(path, allow_pickle=False) as weights:
            return {name: weights[name] for name in weights.files}
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: cannot be read ({error}); restore it with 'git checkout -- models'") from error
