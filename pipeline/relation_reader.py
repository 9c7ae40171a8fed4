"""A second opinion on how two names of a sentence are related: what the reader of meetings makes of them.

The scorer knows the words around two names one by one; the reader (:mod:`pipeline.meetings.reader`) knows the sentence.
It was not taught relations: a head of one hidden layer, fitted for itself, turns what it makes of both names, and of
the words between them, into an answer. ``models/relations`` holds ``head.npz`` and ``settings.json`` with the answers
and the digest of the reader that it was fitted on. :mod:`pipeline.training.relation_reader` makes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from pipeline.errors import ModelError, model_faults_told
from pipeline.meetings.reader import Floats, Reader, answer_of, load_reader
from pipeline.meetings.view import build_view
from pipeline.meetings.windows import marks_of, window_within
from pipeline.models import models_folder, verify_model
from pipeline.relation_features import Pair
from pipeline.schema import Analysis
from pipeline.taggers.transformer import GRAPH_FILE, SETTINGS_FILE
from pipeline.taggers.vectors import from_bytes

HEAD_FILE = "head.npz"
BEFORE, BEHIND = 5, 3  # words before the first name and behind the last one that are read
PARTS = ("left", "right", "mean", "peak", "product")
"""What the head reads: the vector of either name, mean and peak of the pieces between them, the product of the two."""


@dataclass(frozen=True, slots=True)
class RelationReader:
    """The reader, the matrices of the head by :data:`PARTS`, and the answers that its rows stand for."""

    reader: Reader
    weights: Mapping[str, Floats]
    answers: tuple[str, ...]

    def opinions(self, analysis: Analysis, pairs: Sequence[Pair]) -> list[dict[str, float] | None]:
        """The logarithm of the probability of each answer, by pair; None where a sentence is too long."""
        inputs = pair_vectors(self.reader, analysis, pairs)
        known = [at for at, vectors in enumerate(inputs) if vectors is not None]
        found: list[dict[str, float] | None] = [None] * len(pairs)
        if known:
            columns = np.stack([vectors for vectors in inputs if vectors is not None], axis=1)
            scores = answer_of(self.weights, "relation", PARTS, list(columns))
            logs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
            for at, row in zip(known, logs, strict=True):
                found[at] = dict(zip(self.answers, map(float, row), strict=True))
        return found


def pair_vectors(reader: Reader, analysis: Analysis, pairs: Sequence[Pair]) -> list[Floats | None]:
    """What the head reads of each pair, parts x width, from its sentence alone; None where that is too long.

    The pairs of a sentence are read at once, with the words around and between them.
    """
    view = build_view(analysis)
    found: list[Floats | None] = [None] * len(pairs)
    by_sentence: dict[int, list[int]] = {}
    for number, pair in enumerate(pairs):
        by_sentence.setdefault(pair.sentence, []).append(number)
    for sentence, numbers in by_sentence.items():
        ends = [end for number in numbers for side in pairs[number].sides for end in side]
        words = range(min(ends) - BEFORE, max(ends) + 1 + BEHIND)
        window = window_within(view, reader.pieces, sentence, words)
        states = reader.states(window, marks_of(view, window))
        for number in numbers:
            left, right = (window.stretch(sentence, *side) for side in pairs[number].sides)
            if left is not None and right is not None:
                found[number] = _parts(states, left, right)
    return found


def _parts(states: Floats, left: tuple[int, int], right: tuple[int, int]) -> Floats:
    one, other = states[slice(*left)].mean(0), states[slice(*right)].mean(0)
    between = states[left[1] : right[0]]
    if not len(between):
        between = np.zeros((1, len(one)), np.float32)
    parts: Floats = np.stack([one, other, between.mean(0), between.max(0), one * other])
    return parts


def load_relation_reader(folder: Path | None = None) -> RelationReader:
    """The shipped one, or that of a folder, loaded once a process; ModelError where files are missing or broken."""
    return _open(folder or models_folder() / "relations", models_folder() / "reader")


@lru_cache(maxsize=2)
def _open(folder: Path, reader: Path) -> RelationReader:
    verify_model(folder)
    digest = verify_model(reader).files.get(GRAPH_FILE)
    with model_faults_told(f"{folder}: the head of relations", "make it again"):
        settings = json.loads((folder / SETTINGS_FILE).read_text("utf-8"))
        weights, answers, made_with = from_bytes(folder / HEAD_FILE), tuple(settings["answers"]), settings["reader"]
    if made_with != digest:
        raise ModelError(f"{folder}: made with another reader than that in {reader}; make the head of relations again")
    return RelationReader(load_reader(reader), weights, answers)
