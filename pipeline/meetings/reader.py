"""A small transformer that reads the sentences around a trigger: a second opinion on what they tell.

The scorers know the words by lists and places; the reader knows them by what it has read. It marks who is spoken of and
which words may tell of a meeting; small heads turn what it makes of a trigger, and of what stands near it, into
answers: who is a party, where and when it was, of what kind. They are joined with those of
:class:`pipeline.scorer.Scorer`.

``models/reader`` holds ``graph.onnx.gz``, ``head.npz`` and ``settings.json`` with the digest of the vectors of pieces
that it was made with, the taggers' own. :mod:`pipeline.training.reader` makes it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import ModelError, model_faults_told
from pipeline.meetings.view import Link, Trigger, View
from pipeline.meetings.windows import Window, cut_sentences, marks_of, windows_of
from pipeline.models import models_folder, verify_model
from pipeline.schema import DateExpression, MeetingKind
from pipeline.taggers.neural import open_session
from pipeline.taggers.transformer import GRAPH_FILE, ROWS_FILE, SETTINGS_FILE, PieceVectors, load_pieces
from pipeline.taggers.vectors import from_bytes

Floats = npt.NDArray[np.float32]
_Words = tuple[int, int, int]

HEAD_FILE = "head.npz"
_PAIR = ("trigger", "link", "product")
HEADS = {"party": _PAIR, "place": _PAIR, "date": _PAIR, "kind": ("trigger",)}
"""What each head reads: the vectors of a trigger and of a name or date, and their product; that of kinds the first."""
KINDS = tuple(map(str, MeetingKind))
"""The answers of the head of kinds, in the order of its rows."""


class Reading:
    """A document as the reader reads it: a sentence with those around it when it is first asked for, and only once."""

    def __init__(self, reader: Reader, view: View) -> None:
        self._reader, self._view = reader, view
        self._cut: list[list[list[int]]] = []
        self._read: dict[int, Mapping[_Words, Floats]] = {}

    def read(self, triggers: Iterable[int]) -> None:
        """Read what stands around the triggers, given by number, as far as it was not read; those near at once."""
        waiting = {self._view.triggers[number].sentence for number in triggers} - self._read.keys()
        if not waiting:
            return
        self._cut = self._cut or cut_sentences(self._view, self._reader.pieces)
        for window in windows_of(self._cut, waiting):
            self._read.update(dict.fromkeys(window.core, self._vectors(window)))

    def _vectors(self, window: Window) -> dict[_Words, Floats]:
        """The vectors of the triggers of a window's core, and of all tellings of names and all dates that it holds."""
        own = [_words_of(trigger) for sentence in window.core for trigger in self._view.triggers_in[sentence]]
        if not any(window.stretch(*words) for words in own):
            return {}
        states = self._reader.states(window, marks_of(self._view, window))
        told = [_words_of(link) for sentence in window.stretches for link in self._view.links[sentence]]
        told += [self._view.words_of(day) for sentence in window.stretches for day in self._view.dates_in[sentence]]
        stretches = {words: stretch for words in (*own, *told) if (stretch := window.stretch(*words)) is not None}
        return {words: states[start:end].mean(0) for words, (start, end) in stretches.items()}

    def _of_trigger(self, number: int) -> tuple[Mapping[_Words, Floats], Floats | None]:
        """What was read with a trigger, and the trigger's own vector."""
        trigger = self._view.triggers[number]
        vectors = self._read[trigger.sentence]
        return vectors, vectors.get(_words_of(trigger))

    def parties(self, asked: Sequence[tuple[int, Link]]) -> list[float | None]:
        """Log odds that a telling stands for a party of a trigger; None where not both stand in what was read."""
        return self._pairs("party", [(number, _words_of(link)) for number, link in asked])

    def places(self, asked: Sequence[tuple[int, Link]]) -> list[float | None]:
        """Log odds that a name is that of the place of what a trigger tells; None where not both were read."""
        return self._pairs("place", [(number, _words_of(link)) for number, link in asked])

    def dates(self, asked: Sequence[tuple[int, DateExpression]]) -> list[float | None]:
        """Log odds that words give the date of what a trigger tells; None where not both were read."""
        return self._pairs("date", [(number, self._view.words_of(day)) for number, day in asked])

    def kinds(self, trigger: int) -> dict[str, float] | None:
        """The logarithm of the probability of each kind of what a trigger tells; None where it is not read."""
        self.read((trigger,))
        _, vector = self._of_trigger(trigger)
        if vector is None:
            return None
        scores = self._reader.answer("kind", (vector[None],))[0]
        logs = scores - np.logaddexp.reduce(scores)
        return dict(zip(KINDS, map(float, logs), strict=True))

    def _pairs(self, head: str, asked: Sequence[tuple[int, _Words]]) -> list[float | None]:
        self.read(number for number, _ in asked)
        known: dict[int, tuple[Floats, Floats]] = {}
        for at, (number, words) in enumerate(asked):
            vectors, own = self._of_trigger(number)
            other = vectors.get(words)
            if own is not None and other is not None:
                known[at] = own, other
        if not known:
            return [None] * len(asked)
        trigger, name = (np.stack(side) for side in zip(*known.values(), strict=True))
        answers = self._reader.answer(head, (trigger, name, trigger * name))[:, 0]
        found = dict(zip(known, map(float, answers), strict=True))
        return [found.get(at) for at in range(len(asked))]


def _words_of(told: Trigger | Link) -> _Words:
    """The words of a trigger or of a telling of a name: their sentence, the first and the last."""
    return (told.sentence, told.first, told.last) if isinstance(told, Link) else (told.sentence, told.token, told.token)


def _gelu(values: Floats) -> Floats:
    """By the hyperbolic tangent, as the heads were fitted (Hendrycks and Gimpel, 2016)."""
    out: Floats = 0.5 * values * (1 + np.tanh(math.sqrt(2 / math.pi) * (values + 0.044715 * values**3)))
    return out


def answer_of(weights: Mapping[str, Floats], head: str, parts: Sequence[str], inputs: Sequence[Floats]) -> Floats:
    """What a head of one hidden layer says of rows of vectors, rows x answers; it has a matrix for each part."""
    hidden = sum(vectors @ weights[f"{head}_{part}"].T for part, vectors in zip(parts, inputs, strict=True))
    out: Floats = _gelu(hidden + weights[f"{head}_bias"]) @ weights[f"{head}_out"].T + weights[f"{head}_out_bias"]
    return out


class Reader:
    """The transformer with its heads."""

    def __init__(self, session: Any, pieces: PieceVectors, heads: Mapping[str, Floats]) -> None:
        self.session, self.pieces, self.heads = session, pieces, heads

    def open(self, view: View) -> Reading:
        """A document to ask about."""
        return Reading(self, view)

    def states(self, window: Window, marks: npt.NDArray[np.int64]) -> Floats:
        """What the transformer makes of each piece: pieces x width."""
        vectors = self.pieces.of(np.array(window.ids)[None])
        states: Floats = self.session.run(["states"], {"vectors": vectors, "marks": marks[None]})[0][0]
        return states

    def answer(self, head: str, inputs: Sequence[Floats]) -> Floats:
        """What one of the heads says of rows of vectors, rows x answers."""
        return answer_of(self.heads, head, HEADS[head], inputs)


def load_reader(folder: Path | None = None) -> Reader:
    """The shipped reader, or that of a folder, loaded once a process; ModelError where files are missing or broken."""
    return _open_reader(folder or models_folder() / "reader", models_folder() / "pieces")


@lru_cache(maxsize=8)
def _open_reader(folder: Path, pieces: Path) -> Reader:
    verify_model(folder)
    digest = verify_model(pieces).files.get(ROWS_FILE)
    vectors = load_pieces(pieces)
    with model_faults_told(f"{folder}: the reader", "make it again"):
        heads = from_bytes(folder / HEAD_FILE)
        made_with = json.loads((folder / SETTINGS_FILE).read_text("utf-8"))["pieces"]
        session = open_session(folder / GRAPH_FILE)
        outputs = {one.name for one in session.get_outputs()}
    if made_with != digest:
        raise ModelError(f"{folder}: made with other pieces than those in {pieces}; make the reader again")
    if "states" not in outputs or not {f"{head}_out" for head in HEADS} <= heads.keys():
        raise ModelError(f"{folder}: made by another version, without all of {', '.join(HEADS)}; make the reader again")
    return Reader(session, vectors, heads)
