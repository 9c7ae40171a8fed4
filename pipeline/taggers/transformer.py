"""A small transformer as a tagger, run by ONNX Runtime: the shipped ones, and ``transformer:FOLDER``.

A folder holds ``graph.onnx.gz``, or ``graph.onnx``, and ``settings.json`` (labels and calibration); the vectors of
pieces, which the shipped models share, lie in ``pieces.txt``, ``piece_rows.npy`` and ``piece_scales.npy`` there or in
a folder of their own.

Sentences that are given together are read together, several in a window, for the network was taught to use what
stands before and after. So the sentences of one call should be of one document, in their order; what else is read
with a sentence moves its probabilities by some hundredths.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import ConfigError, ModelError, model_faults_told
from pipeline.models import verify_model
from pipeline.taggers.inputs import word_form
from pipeline.taggers.neural import best_paths, confidences_of, open_session, transition_costs
from pipeline.taggers.wordpieces import END, LENGTH, cut_word, windows
from pipeline.tagging import Prediction

Floats = npt.NDArray[np.float32]

GRAPH_FILE, PLAIN_GRAPH_FILE, SETTINGS_FILE = "graph.onnx.gz", "graph.onnx", "settings.json"
PIECES_FILE, ROWS_FILE, SCALES_FILE = "pieces.txt", "piece_rows.npy", "piece_scales.npy"
_REMEMBERED = 60_000
_ALONE = 160  # pieces that are read at once, though two could share them
_FULL = 192  # pieces of a window that whole sentences fill: as good as LENGTH, and attention costs less

#: A part of a sentence as it stands in a window: the sentence, its first word there, and the pieces of its words.
Part = tuple[int, int, list[list[int]]]


class PieceVectors:
    """The pieces that words are cut into, and their vectors, one byte a number."""

    def __init__(
        self, pieces: Sequence[str], rows: npt.NDArray[np.int8], scales: npt.NDArray[np.floating[Any]]
    ) -> None:
        self._known = {piece: i for i, piece in enumerate(pieces)}
        self._rows, self._scales = rows, scales.astype(np.float32)
        self._cut: dict[str, list[int]] = {}

    @classmethod
    def load(cls, folder: Path) -> PieceVectors:
        """The pieces of a folder; ModelError where its files are missing or do not fit together."""
        try:
            pieces = (folder / PIECES_FILE).read_text("utf-8").split("\n")
            rows, scales = np.load(folder / ROWS_FILE), np.load(folder / SCALES_FILE)
        except (OSError, ValueError) as error:
            raise ModelError(f"{folder}: pieces cannot be read: {error}; export the model again") from error
        if not len(pieces) == len(rows) == len(scales):
            raise ModelError(f"{folder}: {len(pieces)} pieces but {len(rows)} vectors; export the model again")
        return cls(pieces, rows, scales)

    def __len__(self) -> int:
        return len(self._rows)

    def cut(self, form: str) -> list[int]:
        """The ids of a word's pieces, at least one and never more than fit between two ends."""
        ids = self._cut.get(form)
        if ids is None:
            if len(self._cut) >= _REMEMBERED:
                self._cut.clear()
            ids = self._cut[form] = cut_word(form, self._known)[: LENGTH - 2]
        return ids

    def of(self, ids: npt.NDArray[np.int64]) -> Floats:
        """The vectors of ids of any shape, along a new last axis."""
        vectors: Floats = self._rows[ids] * self._scales[ids][..., None]
        return vectors


class TransformerTagger:
    """Labels words by their first pieces; ``calibration`` is as in :class:`pipeline.taggers.neural.NeuralTagger`."""

    def __init__(
        self, name: str, session: Any, pieces: PieceVectors, settings: dict[str, Any], threads: int = 1
    ) -> None:
        self.name = name
        self.labels: tuple[str, ...] = tuple(settings["labels"])
        self._session, self._vectors, self._n_threads = session, pieces, threads
        self._pool: tuple[int, ThreadPoolExecutor] | None = None
        self._calibration = np.asarray(settings.get("calibration", [[0.0, 1.0], [0.0, 1.0]]), np.float64)
        self._start, self._follow = transition_costs(self.labels)

    def predict(self, sentences: Sequence[Sequence[str]]) -> list[Prediction]:
        """Labels of each sentence; every label of a name carries the probability that the whole name is right."""
        found = []
        for scores in self._scores(sentences):
            if not len(scores):
                found.append(Prediction((), ()))
                continue
            lengths = np.array([len(scores)], np.int32)
            (path,) = best_paths(scores[:, None], lengths, self._start, self._follow)
            told = confidences_of(path, scores, self.labels, self._calibration)
            found.append(Prediction(tuple(self.labels[label] for label in path), tuple(told)))
        return found

    def probabilities(self, sentences: Sequence[Sequence[str]], labels: Sequence[str]) -> list[Floats]:
        """The probability of each of ``labels`` given that it is one of them: one array a sentence, a row a word."""
        columns = [self.labels.index(label) for label in labels]
        chances = [np.exp(scores[:, columns]) for scores in self._scores(sentences)]
        return [rows / np.maximum(rows.sum(-1, keepdims=True), 1e-9) for rows in chances]

    def _scores(self, sentences: Sequence[Sequence[str]]) -> list[Floats]:
        """The logarithms of the labels' probabilities: one array a sentence, a row a word."""
        found = [np.zeros((len(sentence), len(self.labels)), np.float32) for sentence in sentences]
        rows = self._windows(sentences)
        for parts, scores in zip(rows, self._each(rows), strict=True):
            at = 1
            for index, start, words in parts:
                firsts = at + np.cumsum([0, *(len(word) for word in words[:-1])])
                found[index][start : start + len(words)] = scores[firsts]
                at += sum(map(len, words)) + 1
        return found

    def _windows(self, sentences: Sequence[Sequence[str]]) -> list[list[Part]]:
        """The sentences in windows, with an END before, between and after them.

        What a few windows hold is shared out evenly, as far as whole sentences allow, and over an even number of them
        where more than ``_ALONE`` pieces are read: so two threads end together. The number of threads plays no part in
        it, for what is read with a sentence moves its probabilities.
        """
        parts: list[tuple[Part, int]] = []
        for index, sentence in enumerate(sentences):
            pieces = [self._vectors.cut(word_form(word) or ".") for word in sentence]
            for start, end in windows(pieces):
                parts.append(((index, start, pieces[start:end]), sum(map(len, pieces[start:end])) + 1))
        total = sum(size for _, size in parts)
        count = -(-total // (_FULL - 1))
        count += count % 2 if total > _ALONE else 0
        rows: list[list[Part]] = []
        left = done = 0
        for part, size in parts:
            filled = len(rows) < count and (done + size / 2) * count >= total * len(rows)
            if filled or size > left:
                rows.append([])
                left = _FULL - 1
            rows[-1].append(part)
            left -= size
            done += size
        return rows

    def _each(self, rows: Sequence[list[Part]]) -> Iterable[Floats]:
        """The scores of each window, a window a thread; a forked process has none of its parent's threads."""
        if self._n_threads < 2 or len(rows) < 2:
            return map(self._answer, rows)
        if self._pool is None or self._pool[0] != os.getpid():
            self._pool = os.getpid(), ThreadPoolExecutor(self._n_threads)
        return self._pool[1].map(self._answer, rows)

    def _answer(self, parts: list[Part]) -> Floats:
        """The scores of one window's pieces; alone, for numbers are scaled to bytes over all that is read at once."""
        ids = [END]
        for _, _, words in parts:
            ids += [piece for word in words for piece in word]
            ids.append(END)
        vectors = self._vectors.of(np.array(ids)[None])
        scores: Floats = self._session.run(["log_probabilities"], {"vectors": vectors})[0][0]
        return scores


@lru_cache(maxsize=2)
def load_pieces(folder: Path) -> PieceVectors:
    """The pieces of a folder, read once a process."""
    return PieceVectors.load(folder)


def open_transformer(folder: Path, name: str, pieces: Path) -> TransformerTagger:
    """The tagger of a folder, with the pieces of another; ModelError where files are missing, broken or of two makes.

    ``LIQA_THREADS`` tells how many windows it reads at once; the engine gives each of its workers one thread.
    """
    verify_model(folder)
    digests = verify_model(pieces).files
    vectors = load_pieces(pieces)
    with model_faults_told(f"{folder}: the model", "export it again"):
        settings = json.loads((folder / SETTINGS_FILE).read_text("utf-8"))
        packed = folder / GRAPH_FILE
        session = open_session(packed if packed.exists() else folder / PLAIN_GRAPH_FILE)
        threads = int(os.environ.get("LIQA_THREADS", "2"))
        tagger = TransformerTagger(name, session, vectors, settings, threads)
    if settings.get("pieces") != digests.get(ROWS_FILE):
        raise ModelError(f"{folder}: made with other pieces than those in {pieces}; export both again")
    return tagger


def load_transformer(argument: str) -> TransformerTagger:
    """The tagger of a folder; ConfigError where none is named, ModelError where its files are missing or broken."""
    if not argument:
        raise ConfigError("tagger 'transformer' needs a folder; write transformer:FOLDER")
    return open_transformer(Path(argument), f"transformer:{argument}", Path(argument))
