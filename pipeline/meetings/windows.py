"""What the reader reads at once: sentences around a trigger as pieces, with the stretches of their words and marks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.meetings.view import View
from pipeline.schema import EntityType, Token
from pipeline.taggers.inputs import word_form
from pipeline.taggers.transformer import PieceVectors
from pipeline.taggers.wordpieces import END, LENGTH

Stretch = tuple[int, int]
"""First piece and end of a stretch of a window."""

BACK, AFTER = 2, 1  # sentences before the first one that is asked for and after the last, as far as they fit
_GAP = 3  # sentences from a wanted one to the next within which both are read at once
_ROOM = 40  # pieces that what stands before leaves free
TRIGGER = 7
_TYPES = (EntityType.PER, EntityType.LOC, EntityType.ORG)
N_MARKS = 8  # none, names by type, other tellings by type, triggers


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces that are read at once; ``stretches`` maps a sentence to the stretch of each of its words.

    ``core`` are the sentences that are asked for here: what they tell of stands in the window, both ways.
    """

    ids: tuple[int, ...]
    stretches: Mapping[int, Sequence[Stretch]]
    core: range

    def stretch(self, sentence: int, first: int, last: int) -> Stretch | None:
        """The stretch of a sentence's words from ``first`` to ``last``; None where the window does not hold them."""
        words = self.stretches.get(sentence, ())
        return (words[first][0], words[last][1]) if last < len(words) else None


def cut_sentences(view: View, pieces: PieceVectors) -> list[list[list[int]]]:
    """The sentences of a document, word by word, in pieces; of one that is longer than a window, its beginning."""
    return [_cut(view, sentence.tokens, pieces) for sentence in view.analysis.sentences]


def _cut(view: View, tokens: Sequence[Token], pieces: PieceVectors) -> list[list[int]]:
    text = view.analysis.document.text
    return _fitting([pieces.cut(word_form(token.span.of(text)) or ".") for token in tokens])


def window_within(view: View, pieces: PieceVectors, sentence: int, words: range) -> Window:
    """The window of some words of a sentence, with no other sentence beside it."""
    tokens = view.analysis.sentences[sentence].tokens
    before = max(0, words.start)
    kept = _cut(view, tokens[before : words.stop], pieces)
    alone = _window({sentence: kept}, sentence, sentence + 1, range(sentence, sentence + 1))
    left_out: list[Stretch] = [(1, 1)] * before
    return Window(alone.ids, {sentence: left_out + list(alone.stretches[sentence])}, alone.core)


def windows_of(cut: Sequence[list[list[int]]], wanted: Collection[int]) -> Iterator[Window]:
    """Windows that hold every wanted sentence once in their core, with sentences before it and the one after it.

    ``cut`` are all sentences of the document, as :func:`cut_sentences` gives them.
    """
    sizes = [sum(map(len, words)) + 1 for words in cut]
    waiting = sorted(wanted)
    while waiting:
        first = last = waiting[0]
        start, size = first, 1 + sizes[first]
        while start > max(0, first - BACK) and size + sizes[start - 1] <= LENGTH - _ROOM:
            start -= 1
            size += sizes[start]
        end, size = _with_next(sizes, first + 1, first + 1 + AFTER, size)
        for sentence in waiting[1:]:
            wished = min(sentence + 1 + AFTER, len(sizes))
            if sentence - last > _GAP or _with_next(sizes, end, wished, size)[0] < wished:
                break
            end, size = _with_next(sizes, end, wished, size)
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


def _window(
    cut: Sequence[list[list[int]]] | Mapping[int, list[list[int]]], start: int, end: int, core: range
) -> Window:
    ids, stretches = [END], {}
    for sentence in range(start, end):
        row = []
        for word in cut[sentence]:
            row.append((len(ids), len(ids) + len(word)))
            ids += word
        ids.append(END)
        stretches[sentence] = row
    return Window(tuple(ids), stretches, core)


def marks_of(view: View, window: Window) -> npt.NDArray[np.int64]:
    """What each piece belongs to: 0 nothing, 1 to 3 a name by type, 4 to 6 another telling of one, 7 a trigger."""
    marks = np.zeros(len(window.ids), np.int64)
    for sentence in window.stretches:
        for link in view.links[sentence]:
            stretch = window.stretch(sentence, link.first, link.last)
            if stretch:
                marks[slice(*stretch)] = 1 + _TYPES.index(link.type) + (0 if link.kind == "name" else len(_TYPES))
    for trigger in (trigger for sentence in window.stretches for trigger in view.triggers_in[sentence]):
        stretch = window.stretch(trigger.sentence, trigger.token, trigger.token)
        if stretch:
            marks[slice(*stretch)] = TRIGGER
    return marks
