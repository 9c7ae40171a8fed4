"""Recurrent networks as a tagger: bidirectional, over subword vectors, run by ONNX Runtime.

A model folder holds ``settings.json`` and the graphs that it names, whose probabilities are averaged; the word
vectors and the name lists are shared by the models.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import model_faults_told
from pipeline.taggers.inputs import N_AFFIXES, N_KNOWLEDGE, Gazetteer, affix_ids, knowledge_matrix, word_form
from pipeline.taggers.vectors import Vectors
from pipeline.tagging import Prediction

Floats = npt.NDArray[np.float32]

#: Words of a batch, padding included; larger batches gain nothing and cost memory.
BATCH_WORDS = 1024
#: What a call of the graphs costs beside its words, in words; anything from 8 to 32 does as well.
_CALL_WORDS = 16
#: Sentences of a batch, so that cutting stays cheap for a document of very many very short ones.
_BATCH_SENTENCES = 64
#: Longer sentences are cut here, so that one odd page cannot fill the memory.
LONGEST = 256
_IMPOSSIBLE = np.float32(-1e4)


def transition_costs(labels: Sequence[str]) -> tuple[Floats, Floats]:
    """Scores of starting with a label and of following one by another: 0, or -1e4 where BIO forbids it."""
    start = np.zeros(len(labels), np.float32)
    follow = np.zeros((len(labels), len(labels)), np.float32)
    for j, label in enumerate(labels):
        if label.startswith("I-"):
            start[j] = _IMPOSSIBLE
            for i, before in enumerate(labels):
                if before[1:] != label[1:]:
                    follow[i, j] = _IMPOSSIBLE
    return start, follow


def best_paths(scores: Floats, lengths: npt.NDArray[np.int32], start: Floats, follow: Floats) -> list[list[int]]:
    """The best label sequence of each sentence of a batch (words x batch x labels), by Viterbi's algorithm."""
    n_words, n_batch, n_labels = scores.shape
    best = scores[0] + start
    back = np.zeros((n_words, n_batch, n_labels), np.int8)
    keep = np.arange(n_labels)
    for at in range(1, n_words):
        ways = best[:, :, None] + follow
        back[at] = ways.argmax(axis=1)
        step = ways.max(axis=1) + scores[at]
        alive = at < lengths
        back[at][~alive] = keep
        best = np.where(alive[:, None], step, best)
    label = best.argmax(axis=1)
    path = np.zeros((n_words, n_batch), np.int64)
    rows = np.arange(n_batch)
    for at in range(n_words - 1, -1, -1):
        path[at] = label
        label = back[at][rows, label]
    return [path[:length, i].tolist() for i, length in enumerate(lengths)]


def cut_batches(lengths: Sequence[int]) -> list[int]:
    """Ends of the cheapest batches of pieces, whose lengths stand in ascending order.

    A batch costs as much as if all its pieces had the length of the longest, for the recurrence does not pass over
    padding; the more calls, the less padding. A document cut into sentences is half padding in a single batch.

    >>> cut_batches([5, 5, 6, 40, 41])
    [3, 5]
    """
    costs = [0]
    starts = [0]
    for end, longest in enumerate(lengths, start=1):
        ways: list[tuple[int, int]] = []
        for start in range(end - 1, max(end - 1 - _BATCH_SENTENCES, -1), -1):
            words = longest * (end - start)
            if words > BATCH_WORDS and ways:
                break
            ways.append((costs[start] + words + _CALL_WORDS, start))
        cost, start = min(ways)
        costs.append(cost)
        starts.append(start)
    ends = []
    end = len(lengths)
    while end:
        ends.append(end)
        end = starts[end]
    return ends[::-1]


class NeuralTagger:
    """Labels words with a network of ours; build one with :func:`load_neural`.

    ``calibration`` maps raw mention probabilities to observed precision: two rows, increasing, interpolated between.
    """

    def __init__(
        self,
        name: str,
        sessions: Sequence[Any],
        vectors: Vectors,
        gazetteer: Gazetteer,
        settings: dict[str, Any],
        *,
        threads: int = 1,
    ) -> None:
        self.name = name
        self.labels: tuple[str, ...] = tuple(settings["labels"])
        self._sessions = tuple(sessions)
        self._n_threads = threads
        self._pool: tuple[int, ThreadPoolExecutor] | None = None
        self._vectors = vectors
        self._gazetteer = gazetteer
        self._calibration = np.asarray(settings.get("calibration", [[0.0, 1.0], [0.0, 1.0]]), np.float64)
        self._start, self._follow = transition_costs(self.labels)

    def predict(self, sentences: Sequence[Sequence[str]]) -> list[Prediction]:
        """Labels of each sentence; every label of a name carries the probability that the whole name is right."""
        found: dict[tuple[int, int], tuple[list[int], Floats]] = {}
        for batch, scores, lengths in self._scored(self._pieces(sentences)):
            paths = best_paths(scores, lengths, self._start, self._follow)
            for column, ((index, at, _), path) in enumerate(zip(batch, paths, strict=True)):
                found[index, at] = path, scores[: len(path), column]
        return [self._prediction(sentence, index, found) for index, sentence in enumerate(sentences)]

    def probabilities(self, sentences: Sequence[Sequence[str]], labels: Sequence[str]) -> list[Floats]:
        """The probability of each of ``labels`` given that it is one of them: one array a sentence, a row a word."""
        columns = [self.labels.index(label) for label in labels]
        rows = [np.zeros((len(sentence), len(labels)), np.float32) for sentence in sentences]
        for batch, scores, lengths in self._scored(self._pieces(sentences)):
            chances = np.exp(scores[:, :, columns])
            chances /= chances.sum(-1, keepdims=True)
            for column, ((index, at, _), length) in enumerate(zip(batch, lengths, strict=True)):
                rows[index][at : at + length] = chances[:length, column]
        return rows

    @staticmethod
    def _pieces(sentences: Sequence[Sequence[str]]) -> list[tuple[int, int, list[str]]]:
        pieces = [
            (index, at, [word_form(word) or "." for word in sentence[at : at + LONGEST]])
            for index, sentence in enumerate(sentences)
            for at in range(0, len(sentence), LONGEST)
        ]
        return sorted(pieces, key=lambda piece: len(piece[2]))

    def _scored(
        self, pieces: list[tuple[int, int, list[str]]]
    ) -> Iterator[tuple[list[tuple[int, int, list[str]]], Floats, npt.NDArray[np.int32]]]:
        """The pieces in batches, with log-probabilities (words x batch x labels) and lengths, a batch a thread."""
        ends = cut_batches([len(forms) for _, _, forms in pieces])
        batches = [pieces[start:end] for start, end in pairwise([0, *ends])]
        for at in range(0, len(batches), self._n_threads):
            group = batches[at : at + self._n_threads]
            answers = self._each([[forms for _, _, forms in batch] for batch in group])
            for batch, (scores, lengths) in zip(group, answers, strict=True):
                yield batch, scores, lengths

    def _each(self, batches: Sequence[list[list[str]]]) -> Iterable[tuple[Floats, npt.NDArray[np.int32]]]:
        """The scores and lengths of each batch, all at once; a forked process has none of its parent's threads."""
        if len(batches) < 2:
            return map(self._scores, batches)
        if self._pool is None or self._pool[0] != os.getpid():
            self._pool = os.getpid(), ThreadPoolExecutor(self._n_threads)
        feeds = [self._feed(batch) for batch in batches]
        return zip(self._pool[1].map(self._answer, feeds), (feed["lengths"] for feed in feeds), strict=True)

    def _scores(self, sentences: list[list[str]]) -> tuple[Floats, npt.NDArray[np.int32]]:
        feed = self._feed(sentences)
        return self._answer(feed), feed["lengths"]

    def _feed(self, sentences: list[list[str]]) -> dict[str, Any]:
        lengths = np.array([len(forms) for forms in sentences], np.int32)
        longest, n = int(lengths.max()), len(sentences)
        vectors = np.zeros((longest + 2, n, self._vectors.size), np.float32)
        knowledge = np.zeros((longest, n, N_KNOWLEDGE), np.float32)
        affixes = np.zeros((longest, n, N_AFFIXES), np.int64)
        edges = np.ones((longest + 2, n, 1), np.float32)
        for i, forms in enumerate(sentences):
            vectors[1 : len(forms) + 1, i] = [self._vectors.of(form) for form in forms]
            edges[1 : len(forms) + 1, i] = 0
            affixes[: len(forms), i] = [affix_ids(form) for form in forms]
            knowledge_matrix(forms, self._gazetteer, knowledge[:, i])
        return {"vectors": vectors, "edges": edges, "knowledge": knowledge, "affixes": affixes, "lengths": lengths}

    def _answer(self, feed: Mapping[str, Any]) -> Floats:
        scores: list[Floats] = [session.run(["log_probabilities"], feed)[0] for session in self._sessions]
        if len(scores) == 1:
            return scores[0]
        mean: Floats = np.log(np.mean([np.exp(one) for one in scores], axis=0))
        return mean

    def _prediction(
        self, sentence: Sequence[str], index: int, found: dict[tuple[int, int], tuple[list[int], Floats]]
    ) -> Prediction:
        labels: list[str] = []
        confidences: list[float] = []
        for at in range(0, len(sentence), LONGEST):
            path, scores = found[index, at]
            labels.extend(self.labels[i] for i in path)
            confidences.extend(confidences_of(path, scores, self.labels, self._calibration))
        return Prediction(tuple(labels), tuple(confidences))


def confidences_of(
    path: Sequence[int], scores: Floats, labels: Sequence[str], calibration: npt.NDArray[np.float64]
) -> list[float]:
    """For each word of a name the calibrated probability of the name, for other words that of their label.

    ``scores`` are logarithms of probabilities (words x labels); ``calibration`` is as in :class:`NeuralTagger`.
    """
    names = [labels[i] for i in path]
    taken = [float(scores[at, label]) for at, label in enumerate(path)]
    out = [float(np.exp(score)) for score in taken]
    at = 0
    while at < len(path):
        end = at + 1
        if names[at] != "O":
            while end < len(path) and names[end].startswith("I-"):
                end += 1
            total = sum(taken[at:end])
            if end < len(path):
                inside = labels.index("I-" + names[at][2:])
                total += float(np.log1p(-min(np.exp(scores[end, inside]), 0.9999)))
            out[at:end] = [float(np.interp(np.exp(total), *calibration))] * (end - at)
        at = end
    return out


def open_session(path: Path) -> Any:
    """ONNX Runtime's session of a graph, packed (``.gz``) or not, on one thread.

    A thread takes a whole batch: where two share one, sums are rounded otherwise, and confidences would depend on the
    number of threads.
    """
    import onnxruntime

    graph = path.read_bytes()
    if path.suffix == ".gz":
        graph = gzip.decompress(graph)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def load_neural(folder: Path, name: str, vectors: Vectors, gazetteer: Gazetteer, *, threads: int = 2) -> NeuralTagger:
    """The tagger of a model folder; ModelError where a file is missing or broken."""
    with model_faults_told(f"{folder}: the model", "restore the folder from the repository"):
        settings = json.loads((folder / "settings.json").read_text("utf-8"))
        sessions = [open_session(folder / graph) for graph in settings["graphs"]]
    return NeuralTagger(name, sessions, vectors, gazetteer, settings, threads=threads)
