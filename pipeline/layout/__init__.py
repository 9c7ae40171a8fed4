"""Which parts of a page are article, second story, or boilerplate.

A page is cut into lines, also where wide gaps of blanks replace line breaks. Lines are judged by the cues of
``lexicons/layout_cues.tsv`` and by their shape; when in doubt a line is article, since a lost name cannot be found
again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from pipeline.layout.cues import Cues, folded, load_cues
from pipeline.layout.lines import DASH, MIN_LINK_WORDS, Line, judge, lines_of
from pipeline.schema import Analysis, Segment, SegmentKind, Span

__all__ = ["find_segments"]


def find_segments(analysis: Analysis) -> tuple[Segment, ...]:
    """The segments of the text, in order; together they cover it, and neighbours differ in kind."""
    text = analysis.document.text
    lines = list(lines_of(text))
    judge(text, lines)
    spans = sorted(_boilerplate_spans(text, lines))
    return tuple(_segments(text, lines, spans))


def _boilerplate_spans(text: str, lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Whole lines, and the parts of lines that cues cut off."""
    cues = load_cues()
    for number, line in enumerate(lines):
        if line.boilerplate:
            yield line.start, line.end
            continue
        if number == 0:
            yield from _site_ends(text, line, cues)
        for match in cues.patterns.finditer(text[line.start : line.end]):
            yield line.start + match.start(), line.start + match.end()
        cut = cues.cuts.search(text, line.start, line.end)
        if cut:
            yield cut.start(), line.end


def _site_ends(text: str, line: Line, cues: Cues) -> Iterator[tuple[int, int]]:
    """The site's name before the first or after the last dash of a title, and the sections that follow the first."""
    dashes = list(DASH.finditer(text, line.start, line.end))
    if not dashes or line.n_words < MIN_LINK_WORDS:
        return
    if folded(text[dashes[-1].end() : line.end]) in cues.sites:
        yield dashes[-1].start(), line.end
    if folded(text[line.start : dashes[0].start()]) in cues.sites:
        between = takewhile(lambda two: folded(text[two[0].end() : two[1].start()]) in cues.whole, pairwise(dashes))
        yield line.start, max((after.end() for _, after in between), default=dashes[0].end())


def _segments(text: str, lines: Sequence[Line], spans: Sequence[tuple[int, int]]) -> Iterator[Segment]:
    """Segments that cover the text; the white space between two of them belongs to the first."""
    second = next((line.start for line in lines if line.kind is SegmentKind.SECONDARY), len(text))
    position = 0
    for start, end in (*_merged(text, spans), (len(text), len(text))):
        for begin, stop, kind in (
            (position, min(start, second), SegmentKind.ARTICLE),
            (max(position, second), start, SegmentKind.SECONDARY),
            (start, end, SegmentKind.BOILERPLATE),
        ):
            if begin < stop:
                yield Segment(Span(begin, stop), kind)
        position = end
    if not text:
        yield Segment(Span(0, 0), SegmentKind.ARTICLE)


def _merged(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """``spans``, sorted by start, with the white space after them, those that touch made one."""
    begin = end = -1
    for start, stop in spans:
        while stop < len(text) and text[stop].isspace():
            stop += 1
        if start > end:
            if begin >= 0:
                yield begin, end
            begin = start
        end = max(end, stop)
    if begin >= 0:
        yield begin, end
