"""A small transformer that reads the sentences around a trigger: a second opinion on who takes part.

The scorers know the words by lists and places; the reader knows them by what it has read. It marks who is spoken of and
which words may tell of a meeting, and gives a vector for each of those stretches; a small head turns the vectors of a
trigger and a candidate into log odds. :class:`pipeline.scorer.Scorer` joins them with its own answer.

``models/reader`` holds ``graph.onnx.gz``, ``head.npz`` and ``settings.json`` with the digest of the vectors of pieces
that it was made with, the taggers' own. :mod:`pipeline.training.reader` makes it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import ModelError
from pipeline.meetings.candidates import Candidate
from pipeline.meetings.view import Link, View
from pipeline.models import models_folder, verify_model
from pipeline.schema import EntityType
from pipeline.taggers.inputs import word_form
from pipeline.taggers.neural import open_session
from pipeline.taggers.transformer import GRAPH_FILE, ROWS_FILE, SETTINGS_FILE, PieceVectors, load_pieces
from pipeline.taggers.wordpieces import END, LENGTH

Floats = npt.NDArray[np.float32]
Place = tuple[int, int]
"""First piece and end of a stretch of a window."""

HEAD_FILE = "head.npz"
HEAD = ("trigger", "link", "product")
"""What the head reads: the vectors of a trigger and a candidate, and their product."""
BACK = 2  # sentences before the first one that is asked for, as far as they fit
_GAP = 3  # sentences from a wanted one to the next within which both are read at once
_ROOM = 40  # pieces that what stands before leaves free
TRIGGER = 7
_KINDS = (EntityType.PER, EntityType.LOC, EntityType.ORG)
SCALES = ".scales"
N_MARKS = 8  # none, names by type, other tellings by type, triggers


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces that are read at once; ``places`` maps a sentence to the place of each of its words.

    ``core`` are the sentences that are asked for here: what they tell of stands in the window, both ways.
    """

    ids: tuple[int, ...]
    places: Mapping[int, Sequence[Place]]
    core: range

    def place(self, sentence: int, first: int, last: int) -> Place | None:
        """The place of a sentence's words from ``first`` to ``last``; None where the window does not hold them."""
        words = self.places.get(sentence, ())
        return (words[first][0], words[last][1]) if last < len(words) else None


def windows_of(view: View, wanted: Collection[int], pieces: PieceVectors) -> Iterator[Window]:
    """Windows that hold every wanted sentence once in their core, with sentences before it and the one after it.

    Of a sentence that is longer than a window, only its beginning is read.
    """
    text = view.analysis.document.text
    cut = [
        _fitting([pieces.cut(word_form(token.span.of(text)) or ".") for token in sentence.tokens])
        for sentence in view.analysis.sentences
    ]
    sizes = [sum(map(len, words)) + 1 for words in cut]
    waiting = sorted(wanted)
    while waiting:
        first = last = waiting[0]
        start, size = first, 1 + sizes[first]
        while start > max(0, first - BACK) and size + sizes[start - 1] <= LENGTH - _ROOM:
            start -= 1
            size += sizes[start]
        end, size = _with_next(sizes, first + 1, first + 2, size)
        for sentence in waiting[1:]:
            if sentence - last > _GAP or _with_next(sizes, end, sentence + 2, size)[0] < min(sentence + 2, len(sizes)):
                break
            end, size = _with_next(sizes, end, sentence + 2, size)
            last = sentence
        waiting = [sentence for sentence in waiting if sentence > last]
        yield _window(cut, start, end, range(first, last + 1))


def _with_next(sizes: Sequence[int], end: int, wanted: int, size: int) -> tuple[int, int]:
    """The end, up to the wanted one, and the size of a window to which the sentences from ``end`` on are added."""
    while end < min(wanted, len(sizes)) and size + sizes[end] <= LENGTH:
        size += sizes[end]
        end += 1
    return end, size


def _fitting(words: Sequence[list[int]]) -> list[list[int]]:
    """The words that fit into a window between two ENDs."""
    kept, size = [], 2
    for word in words:
        size += len(word)
        if size > LENGTH:
            break
        kept.append(word)
    return kept


def _window(cut: Sequence[list[list[int]]], start: int, end: int, core: range) -> Window:
    ids, places = [END], {}
    for sentence in range(start, end):
        row = []
        for word in cut[sentence]:
            row.append((len(ids), len(ids) + len(word)))
            ids += word
        ids.append(END)
        places[sentence] = row
    return Window(tuple(ids), places, core)


def marks_of(view: View, window: Window) -> npt.NDArray[np.int64]:
    """What each piece belongs to: 0 nothing, 1 to 3 a name by type, 4 to 6 another telling of one, 7 a trigger."""
    marks = np.zeros(len(window.ids), np.int64)
    for sentence in window.places:
        for link in view.links[sentence]:
            place = window.place(sentence, link.first, link.last)
            if place:
                marks[slice(*place)] = 1 + _KINDS.index(link.type) + (0 if link.kind == "name" else len(_KINDS))
    for trigger in view.triggers:
        place = window.place(trigger.sentence, trigger.token, trigger.token)
        if place:
            marks[slice(*place)] = TRIGGER
    return marks


class Reading:
    """What was read of a document: the vectors of its triggers and of who is spoken of near them."""

    def __init__(self, head: Mapping[str, Floats]) -> None:
        self._head = head
        self._triggers: dict[int, Floats] = {}
        self._links: dict[tuple[int, str], Floats] = {}

    def add(self, trigger: int, vector: Floats, links: Mapping[str, Floats]) -> None:
        """The vector of a trigger and those of its candidates, by entity."""
        self._triggers[trigger] = vector
        self._links.update({(trigger, entity_id): vector for entity_id, vector in links.items()})

    def parties(self, asked: Sequence[tuple[int, str]]) -> list[float | None]:
        """Log odds that an entity is a party of a trigger, for each that is asked; None where nothing was read."""
        known = [one for one in asked if one in self._links]
        if not known:
            return [None] * len(asked)
        trigger = np.stack([self._triggers[number] for number, _ in known])
        link = np.stack([self._links[one] for one in known])
        found = dict(zip(known, self._answer((trigger, link, trigger * link)), strict=True))
        return [found.get(one) for one in asked]

    def _answer(self, inputs: Sequence[Floats]) -> list[float]:
        """One hidden layer over the inputs, each with a matrix of its own, and one number out."""
        head = self._head
        hidden = sum(vectors @ head[part].T for part, vectors in zip(HEAD, inputs, strict=True))
        out: list[float] = (_gelu(hidden + head["bias"]) @ head["out"] + head["out_bias"]).tolist()
        return out


def _gelu(values: Floats) -> Floats:
    """By the hyperbolic tangent, as the heads were fitted (Hendrycks and Gimpel, 2016)."""
    out: Floats = 0.5 * values * (1 + np.tanh(math.sqrt(2 / math.pi) * (values + 0.044715 * values**3)))
    return out


class Reader:
    """The transformer with its head."""

    def __init__(self, session: Any, pieces: PieceVectors, head: Mapping[str, Floats]) -> None:
        self._session, self._pieces, self._head = session, pieces, head

    def read(self, view: View, candidates: Mapping[int, Sequence[Candidate]]) -> Reading:
        """What stands around the triggers that are asked for, by number, each with its candidates."""
        reading = Reading(self._head)
        wanted: dict[int, list[int]] = {}
        for number in candidates:
            wanted.setdefault(view.triggers[number].sentence, []).append(number)
        for window in windows_of(view, wanted, self._pieces):
            numbers = [number for sentence in window.core for number in wanted.get(sentence, ())]
            self._read(view, window, {number: candidates[number] for number in numbers}, reading)
        return reading

    def _read(self, view: View, window: Window, rows: Mapping[int, Sequence[Candidate]], reading: Reading) -> None:
        places: dict[Place, int] = {}
        asked = []
        for number, row in rows.items():
            trigger = view.triggers[number]
            own = window.place(trigger.sentence, trigger.token, trigger.token)
            if own is None:
                continue
            links = {c.entity_id: place for c in row if (place := _place_of(window, c.link)) is not None}
            asked.append((number, own, links))
            for place in (own, *links.values()):
                places.setdefault(place, len(places))
        if not asked:
            return
        pool = np.zeros((len(places), len(window.ids)), np.float32)
        for (start, end), row_number in places.items():
            pool[row_number, start:end] = 1.0 / (end - start)
        vectors = self._pieces.of(np.array(window.ids)[None])
        told = {"vectors": vectors, "marks": marks_of(view, window)[None], "pool": pool}
        spans = self._session.run(["spans"], told)[0][0]
        for number, own, links in asked:
            reading.add(number, spans[places[own]], {e: spans[places[place]] for e, place in links.items()})


def _place_of(window: Window, link: Link) -> Place | None:
    return window.place(link.sentence, link.first, link.last)


def load_reader(folder: Path | None = None) -> Reader:
    """The shipped reader, or that of a folder, loaded once a process; ModelError where files are missing or broken."""
    return _open_reader(folder or models_folder() / "reader", models_folder() / "pieces")


@lru_cache(maxsize=8)
def _open_reader(folder: Path, pieces: Path) -> Reader:
    verify_model(folder)
    digest = verify_model(pieces).files.get(ROWS_FILE)
    vectors = load_pieces(pieces)
    try:
        head = read_head(folder / HEAD_FILE)
        made_with = json.loads((folder / SETTINGS_FILE).read_text("utf-8"))["pieces"]
        session = open_session(folder / GRAPH_FILE)
    except Exception as error:  # onnxruntime raises its own family, which has no common public base
        raise ModelError(f"{folder}: the reader cannot be loaded: {error!r}; make it again") from error
    if made_with != digest:
        raise ModelError(f"{folder}: made with other pieces than those in {pieces}; make the reader again")
    return Reader(session, vectors, head)


def read_head(path: Path) -> dict[str, Floats]:
    """The head's matrices, which lie there as bytes with a scale a row."""
    with np.load(path) as stored:
        plain = {name: stored[name].astype(np.float32) for name in stored.files}
    scales = {name.removesuffix(SCALES): plain.pop(name) for name in list(plain) if name.endswith(SCALES)}
    return {name: values * scales[name][:, None] if name in scales else values for name, values in plain.items()}
