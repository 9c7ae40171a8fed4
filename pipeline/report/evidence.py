"""The sentences that show the facts, cut into plain words, names and triggers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import duckdb

from pipeline.report.source import temporary

# A piece of a sentence: plain words; a name with the number of its entity (-1: not on the page); a trigger.
Piece = str | tuple[str, int] | tuple[str]

# The twelve characters with the property Bidi_Control can make a text look like another; controls cannot be seen.
_UNSEEN = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def plain(text: str | None) -> str:
    r"""``text`` for display: no characters that turn the reading direction, controls and line ends as one space.

    >>> plain("a\u202eb\nc")
    'ab c'
    """
    return _CONTROLS.sub(" ", _UNSEEN.sub("", text or "")).strip()


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A stretch of a document's raw text, in code points, end excluded."""

    doc_id: str
    start: int
    end: int


@dataclass(slots=True)
class Sentences:
    """The stretches that the page shows, each once and numbered in the order of their coming."""

    numbers: dict[Stretch, int] = field(default_factory=dict)
    texts: dict[Stretch, str] = field(default_factory=dict)
    marks: dict[Stretch, list[tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(list))

    def number(self, stretch: Stretch, text: str | None = None) -> int:
        """The number of ``stretch``, which is added where it is new; ``text`` is its raw text where known."""
        if text is not None:
            self.texts.setdefault(stretch, text)
        return self.numbers.setdefault(stretch, len(self.numbers))

    def mark(self, stretch: Stretch, start: int | None, end: int | None, entity: int) -> None:
        """Marks the characters from ``start`` to ``end`` of the raw text as the name of ``entity`` (-2: a trigger)."""
        if start is not None and end is not None and stretch.start <= start < end <= stretch.end:
            self.marks[stretch].append((start, end, entity))

    def without_text(self) -> list[Stretch]:
        """The stretches whose text is still unknown."""
        return [stretch for stretch in self.numbers if stretch not in self.texts]

    def pieces(self, stretch: Stretch) -> list[Piece] | None:
        """The pieces of ``stretch`` from first to last, or None where its text is unknown."""
        text = self.texts.get(stretch)
        if text is None:
            return None
        return list(cut(text, stretch.start, self.marks.get(stretch, ())))


def cut(text: str, offset: int, marks: Iterable[tuple[int, int, int]]) -> Iterable[Piece]:
    """The pieces of ``text``, whose first character lies at ``offset``; where marks overlap, the first longest wins.

    >>> list(cut("met Ann there", 10, [(14, 17, 5)]))
    ['met ', ('Ann', 5), ' there']
    """
    done = 0
    for start, end, entity in sorted(set(marks), key=lambda m: (m[0], -m[1], m[2] == -1, m[2])):
        first, last = start - offset, end - offset
        if first < done or last > len(text):
            continue
        if first > done:
            yield _words(text[done:first])
        surface = plain(text[first:last])
        yield (surface,) if entity == -2 else (surface, entity)
        done = last
    if done < len(text):
        yield _words(text[done:])


def _words(text: str) -> str:
    """As ``plain``, but the spaces at both ends stay, since names follow."""
    return _CONTROLS.sub(" ", _UNSEEN.sub("", text))


def mark_mentions(connection: duckdb.DuckDBPyConnection, sentences: Sentences, numbers: Mapping[str, int]) -> None:
    """Marks every name that the table of mentions has inside a stretch; ``numbers`` numbers the entities shown."""
    stretches = list(sentences.numbers)
    rows = [(number, s.doc_id, s.start, s.end) for number, s in enumerate(stretches)]
    temporary(connection, "shown", 'n BIGINT, doc_id VARCHAR, "start" BIGINT, "end" BIGINT', rows)
    query = (
        'SELECT s.n, m."start", m."end", m.entity_id FROM mentions m JOIN shown s ON m.doc_id = s.doc_id '
        'AND m."start" >= s."start" AND m."end" <= s."end" ORDER BY 1, 2, 3, 4'
    )
    for number, start, end, entity_id in connection.execute(query).fetchall():
        sentences.mark(stretches[number], start, end, numbers.get(entity_id, -1))


def add_texts(connection: duckdb.DuckDBPyConnection, sentences: Sentences) -> None:
    """Fills in the texts of the stretches that no fact quotes, from the table of sentences."""
    stretches = sentences.without_text()
    temporary(connection, "wanted", 'doc_id VARCHAR, "start" BIGINT', [(s.doc_id, s.start) for s in stretches])
    query = 'SELECT s.doc_id, s."start", s."end", s.text FROM sentences s JOIN wanted USING (doc_id, "start")'
    for doc_id, start, end, text in connection.execute(query).fetchall():
        sentences.texts[Stretch(doc_id, start, end)] = text
