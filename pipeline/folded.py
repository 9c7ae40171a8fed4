"""A document's text folded letter by letter, with the way back to the raw offsets.

Rules that look for words work on the folded text; what they find is reported in raw code points.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from pipeline.schema import Span

_REMOVED = re.compile("[\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_MERGED = str.maketrans(
    "أإآٱىةؤئکی\u00a0\u2009\u202f٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٪",
    "اااايهويكي   01234567890123456789%",
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; ``starts[i]`` is the raw offset of its ``i``-th letter, and is None where nothing was removed."""

    text: str
    starts: tuple[int, ...] | None
    size: int

    def span(self, start: int, end: int) -> Span:
        """The raw span of the folded letters ``start`` to ``end`` (excluded), with the marks on the last letter."""
        if self.starts is None:
            return Span(start, end)
        return Span(self.starts[start], self.starts[end] if end < len(self.starts) else self.size)

    def position(self, raw: int) -> int:
        """The folded offset of the letter at, or last before, the raw offset."""
        if self.starts is None:
            return raw
        return max(0, bisect_right(self.starts, raw) - 1)


@lru_cache(maxsize=64)
def fold_text(text: str) -> Folded:
    """The text without diacritics, tatweel and invisible marks, letters merged and digits made ASCII.

    >>> fold_text("لِقاءٌ ١٢").text
    'لقاء 12'
    """
    merged = text.translate(_MERGED)
    if not _REMOVED.search(merged):
        return Folded(merged, None, len(text))
    removed = {match.start() for match in _REMOVED.finditer(merged)}
    return Folded(_REMOVED.sub("", merged), tuple(i for i in range(len(text)) if i not in removed), len(text))


@lru_cache(maxsize=30_000)
def fold_word(word: str) -> str:
    """One word folded as :func:`fold_text` folds it."""
    return _REMOVED.sub("", word.translate(_MERGED))
