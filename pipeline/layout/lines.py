"""The lines of a page, and which of them are boilerplate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile

from pipeline.gazetteer import given_names
from pipeline.layout.cues import Cues, folded, load_cues
from pipeline.normalize import fold
from pipeline.schema import SegmentKind

GAP = "[ \\t\\u00a0]{3,}"
"""Blanks that stand for a lost line break."""

_BREAK = re.compile(rf"[\r\n]+|{GAP}|\Z")
_SIGHT = 8  # words of a line that a cue may take
_SIGHT_CHARS = 200
_MAX_FURNITURE_CHARS = 400
_TAIL = 12  # code points that may hold a line's last mark and what closes after it
_MAX_HEADLINE_WORDS = 22
_MAX_MENU_WORDS = 3  # before the article begins the headline that follows a list may be its own
_MAX_MENU_ENTRY_WORDS = 6
_MIN_MENU_LINES = 9
_NAME_SIGHT = 3  # words of a line of which one is a person's given name
_MIN_PARAGRAPH_WORDS = 12
MIN_LINK_WORDS = 5
_CLOSED = re.compile(r"[.!؟?…:،؛][\"'»”’)\]\u200f\u200e ]*$")
_INTRODUCES = re.compile(r"[:،؛-][\"'»”’)\]\u200f\u200e ]*$")
_STOPPED = re.compile(r"[.…:،؛][\"'»”’)\]\u200f\u200e ]*$")
_ADDRESS = re.compile(r"\W*(?:https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.-]+)\W*$")
_BETWEEN_ENTRIES = re.compile(r"[-–—|\u0640•·»›>/*]+")
DASH = re.compile(r"[-–—|\u0640]+")


@dataclass(slots=True)
class Line:
    """A line: where it stands, its first words folded, how many it has, and what it is judged to be."""

    start: int
    end: int
    words: tuple[str, ...]
    n_words: int
    closed: bool
    stopped: bool
    introduces: bool
    boilerplate: bool = False
    kind: SegmentKind = SegmentKind.ARTICLE

    @property
    def is_headline(self) -> bool:
        """True for a line of words that has no full stop; questions and exclamations are headlines too."""
        return 0 < self.n_words <= _MAX_HEADLINE_WORDS and not self.stopped

    @property
    def is_paragraph(self) -> bool:
        """True for a line that is long, or of some length and ended as a sentence is."""
        return (self.n_words >= _MIN_PARAGRAPH_WORDS and self.closed) or self.n_words > _MAX_HEADLINE_WORDS


def lines_of(text: str) -> Iterator[Line]:
    """The lines of ``text`` in order; a gap of three blanks or more ends one as a line break does."""
    start = 0
    for match in _BREAK.finditer(text):
        if match.start() > start:
            yield _line(text, start, match.start())
        start = match.end()


def _line(text: str, start: int, end: int) -> Line:
    words = folded(text[start : min(end, start + _SIGHT_CHARS)], _SIGHT)
    n_words = len(words) if len(words) < _SIGHT else len(text[start:end].split())
    tail = text[max(start, end - _TAIL) : end].rstrip()
    closed, stopped, introduces = (p.search(tail) is not None for p in (_CLOSED, _STOPPED, _INTRODUCES))
    return Line(start, end, words, n_words, closed, stopped, introduces)


def judge(text: str, lines: list[Line]) -> None:
    """Set ``boilerplate`` and ``kind`` of each line."""
    cues = load_cues()
    over = begun = False
    index = 0
    while index < len(lines):
        line = lines[index]
        scope = _prefix_scope(line, cues)
        if scope is None and _is_furniture(text, line, cues):
            scope = "exact"
        line.boilerplate = scope is not None
        over = over or scope == "end"
        begun = begun or (scope is None and line.is_paragraph)
        index += 1
        if scope == "story" and over and _second_story(lines, index):
            for later in lines[index:]:
                later.kind = SegmentKind.SECONDARY
        elif scope in ("block", "story"):
            index = _take_headlines(lines, index, cues, _MAX_HEADLINE_WORDS if begun else _MAX_MENU_WORDS)
    _take_unannounced(lines)
    _take_menu(lines)
    _spread(lines)


def _prefix_scope(line: Line, cues: Cues) -> str | None:
    """The scope of the longest cue that the line begins with and is not too long for."""
    if not line.words:
        return None
    for words, scope, max_words in cues.prefixes.get(line.words[0], ()):
        if line.words[: len(words)] == words and line.n_words <= max_words + len(words):
            return scope
    return None


def _is_furniture(text: str, line: Line, cues: Cues) -> bool:
    """True for a line of a section name, a button, sites and agencies, an address, or a date and time alone."""
    if not 0 < line.n_words <= _MAX_HEADLINE_WORDS or line.end - line.start > _MAX_FURNITURE_CHARS:
        return False
    string = text[line.start : line.end]
    parts = [part for part in map(folded, _BETWEEN_ENTRIES.split(string)) if part]
    if parts and all(part in cues.whole or part in cues.sites or part in cues.credits for part in parts):
        return True
    return _ADDRESS.match(string) is not None or _is_clock(string, cues.clock)


def _is_clock(string: str, clock: frozenset[str]) -> bool:
    words = re.findall(r"[^\W\d_]+|\d+", string)
    return any(word.isdigit() for word in words) and all(word.isdigit() or fold(word) in clock for word in words)


def _second_story(lines: Sequence[Line], index: int) -> bool:
    """True where paragraphs follow within a few lines."""
    return sum(line.is_paragraph for line in lines[index : index + 8]) >= 2


def _take_headlines(lines: Sequence[Line], index: int, cues: Cues, max_words: int) -> int:
    """Mark the headlines of at most ``max_words`` words from ``index`` on; the index of the line after them."""
    while index < len(lines) and lines[index].n_words <= max_words and not lines[index].stopped:
        if _prefix_scope(lines[index], cues) is not None:
            break
        lines[index].boilerplate = True
        index += 1
    return index


def _take_unannounced(lines: Sequence[Line]) -> None:
    """Mark two or more headlines in a row between paragraphs: links to other stories, as subheads stand alone."""
    worded = [line for line in lines if line.n_words]
    index = 1
    while index < len(worded):
        run = index
        while run < len(worded) and worded[run].is_headline and worded[run].n_words >= MIN_LINK_WORDS:
            run += 1
        between = run < len(worded) and worded[index - 1].is_paragraph and worded[run].is_paragraph
        n_open = sum(not line.closed for line in worded[index:run])
        if (
            between
            and n_open > max(1, (run - index) // 2)
            and not any(line.introduces for line in worded[index - 1 : run])
        ):
            for line in worded[index:run]:
                line.boilerplate = True
        index = max(run, index + 1)


def _take_menu(lines: Sequence[Line]) -> None:
    """Mark a long run of short lines before the first paragraph: sections, tickers, names of sites.

    A list of persons, or one that a line introduces with a colon, is what the page tells, and so are lines that no
    paragraph follows: of 22,647 texts twelve were nothing else, songs and lists of works and people, and none a menu.
    """
    worded = [line for line in lines if line.n_words]
    top = list(takewhile(lambda line: not line.is_paragraph, worded))
    if len(top) == len(worded):
        return
    for short, run in groupby(top, key=lambda line: line.n_words <= _MAX_MENU_ENTRY_WORDS):
        entries = list(run)
        told = any(line.introduces for line in entries) or 2 * sum(map(_names_a_person, entries)) > len(entries)
        if short and len(entries) >= _MIN_MENU_LINES and not told:
            for line in entries:
                line.boilerplate = True


def _names_a_person(line: Line) -> bool:
    """True where a given name stands among the first words, behind a title perhaps."""
    return line.n_words > 1 and any(word in given_names() for word in line.words[:_NAME_SIGHT])


def _spread(lines: Sequence[Line]) -> None:
    """Wordless lines join the boilerplate that they stand beside."""
    for before, line in pairwise(lines):
        if not line.n_words and before.boilerplate:
            line.boilerplate = True
    for after, line in pairwise(reversed(lines)):
        if not line.n_words and after.boilerplate:
            line.boilerplate = True
