"""What the neural tagger sees of a word: one implementation for training and for run time.

A sentence of words becomes three arrays: word vectors (from :class:`pipeline.taggers.vectors.Vectors`), a multi-hot
matrix of knowledge and shape features, and hashed affix ids. Nothing here knows offsets, files of the run or labels.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

_INVISIBLE = (
    *range(0x0610, 0x061B),
    *range(0x064B, 0x0660),
    0x0670,  # superscript alef
    0x0640,  # tatweel
    *range(0x06D6, 0x06EE),
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    0x061C,  # Arabic letter mark
    0xFEFF,  # byte order mark
    0x00AD,  # soft hyphen
)
_LETTERS = {
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ٱ": "ا",
    "ى": "ي",
    "ی": "ي",
    "ې": "ي",
    "ے": "ي",
    "ک": "ك",
    "گ": "ك",
    "ڪ": "ك",
    "چ": "ج",
    "پ": "ب",
    "ڤ": "ف",
    "ڥ": "ف",
    "ڨ": "ق",
    "ھ": "ه",
    "ہ": "ه",
    "ە": "ه",
}
_DIGITS = (*range(0x30, 0x3A), *range(0x0660, 0x066A), *range(0x06F0, 0x06FA))


def _word_table() -> dict[int, str | None]:
    table: dict[int, str | None] = {ord(a): b for a, b in _LETTERS.items()}
    table.update(dict.fromkeys(_DIGITS, "0"))
    table.update(dict.fromkeys(_INVISIBLE))
    for code in (*range(0xFB50, 0xFDFE), *range(0xFE70, 0xFEFD)):  # presentation forms
        table[code] = unicodedata.normalize("NFKC", chr(code)).translate(table)
    return table


_TABLE = _word_table()
_GAZETTEER_FOLD = str.maketrans({"ة": "ه", "ؤ": "ء", "ئ": "ء"})

PROCLITICS_OUTER = "وف"
PROCLITICS_INNER = "بلك"
_ENDS = "\0"  # the key of a trie node under which the lists of the names that end there stand
N_AFFIXES = 6
AFFIX_BUCKETS = 4096

#: Names of the gazetteer lists whose multi-word entries are found as spans; each gives begin, inside, single.
SPAN_LISTS = ("person", "place", "place_extended", "organisation")
#: Names of the lists that a single word, with or without proclitics, is looked up in.
WORD_LISTS = (
    "given",
    "person_word",
    "foreign_name",
    "nisba",
    "title",
    "title_word",
    "portfolio",
    "particle",
    "time",
    "place_word",
    "org_word",
)
_SHAPES = (
    "article",
    "outer",
    "inner",
    "lil",
    "latin",
    "digit",
    "punct",
    "quote",
    "bracket",
    "short",
    "long",
    "feminine",
    "nisba_end",
    "hashtag",
)
N_KNOWLEDGE = 3 * len(SPAN_LISTS) + len(WORD_LISTS) + len(_SHAPES)


def fold_line(line: str) -> str:
    """A line of text in the spelling of :func:`word_form`, its words not yet told apart."""
    return line.translate(_TABLE).lower()


def word_form(surface: str) -> str:
    """The spelling under which a word's vector is looked up: marks and tatweel out, alef and ya unified, digits as 0.

    A number is the zeros of its first part and a run of punctuation its first mark, as the vectors know them.

    >>> word_form("إلى"), word_form("2025"), word_form("12:30"), word_form("...")
    ('الي', '0000', '00', '.')
    """
    form = fold_line(surface)
    if not form or form[0].isalpha():
        return form
    if form[0] == "0":
        return form[: len(form) - len(form.lstrip("0"))]
    return form[0]


def gazetteer_form(surface: str) -> str:
    """The coarser spelling in which gazetteer names are compared; ta marbuta and hamza carriers are unified too."""
    return word_form(surface).translate(_GAZETTEER_FOLD)


@lru_cache(maxsize=30_000)
def stems(form: str) -> tuple[str, ...]:
    """The form and what is left of it without one or two proclitics, longest first; never under two letters.

    >>> stems("وللامم")
    ('وللامم', 'للامم', 'الامم', 'لامم')
    """
    found = [form]
    if len(form) > 3 and form[0] in PROCLITICS_OUTER:
        found.append(form[1:])
    for base in tuple(found):
        if len(base) > 3 and base[0] in PROCLITICS_INNER:
            if base.startswith("لل"):
                found.append("ال" + base[2:])
            found.append(base[1:])
    return tuple(dict.fromkeys(found))


def _bucket(gram: str, n_buckets: int) -> int:
    """FNV-1a of the UTF-8 bytes, as in fastText: the same on every machine."""
    value = 2166136261
    for byte in gram.encode():
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value % n_buckets


@lru_cache(maxsize=30_000)
def affix_ids(form: str) -> tuple[int, ...]:
    """Hashed ids of the first and last one, two and three letters, in that order."""
    grams = [f"{n}<{form[:n]}" for n in (1, 2, 3)] + [f"{n}>{form[-n:]}" for n in (1, 2, 3)]
    return tuple(_bucket(gram, AFFIX_BUCKETS) for gram in grams)


def subword_buckets(form: str, n_buckets: int) -> list[int]:
    """Bucket of each character n-gram of ``<form>``: 3 to 5 letters, and 2 at its edges."""
    marked = f"<{form[:24]}>"
    last = len(marked)
    return [
        _bucket(marked[i : i + n], n_buckets)
        for n in (2, 3, 4, 5)
        for i in range(last - n + 1)
        if n > 2 or i in (0, last - 2)
    ]


@lru_cache(maxsize=30_000)
def _shape(form: str) -> tuple[int, ...]:
    first = form[:1]
    arabic = "\u0621" <= first <= "\u06ff" and first.isalpha()
    on = (
        form.startswith("ال"),
        arabic and first in PROCLITICS_OUTER,
        arabic and first in PROCLITICS_INNER,
        form.startswith(("لل", "ولل", "فلل")),
        first.isascii() and first.isalpha(),
        first.isdigit(),
        bool(first) and not first.isalnum(),
        first in "\"'«»“”‘’",
        first in "()[]{}",
        len(form) <= 3,
        len(form) >= 8,
        form.endswith(("ه", "ة")),
        form.endswith(("ي", "يه", "ية")),
        first in "#_@",
    )
    return tuple(i for i, value in enumerate(on) if value)


class Gazetteer:
    """Name lists ready for look-up, built from folded names.

    ``spans`` maps a list of :data:`SPAN_LISTS` to names of one or more words, ``words`` a list of
    :data:`WORD_LISTS` to single words; both in :func:`gazetteer_form`.
    """

    def __init__(self, spans: Mapping[str, Iterable[str]], words: Mapping[str, Iterable[str]]) -> None:
        self._trie: dict[str, dict[str, object]] = {}
        for index, name in enumerate(SPAN_LISTS):
            for entry in spans.get(name, ()):
                self._add(entry.split(), index)
        self._word_bits: dict[str, tuple[int, ...]] = {}
        base = 3 * len(SPAN_LISTS)
        for index, name in enumerate(WORD_LISTS):
            for word in words.get(name, ()):
                self._word_bits[word] = (*self._word_bits.get(word, ()), base + index)
        self._cache: dict[str, tuple[int, ...]] = {}

    def _add(self, words: Sequence[str], index: int) -> None:
        node: dict[str, object] = self._trie  # type: ignore[assignment]
        for word in words:
            node = node.setdefault(word, {})  # type: ignore[assignment]
        if words:
            ends = node.setdefault(_ENDS, set())
            ends.add(index)  # type: ignore[attr-defined]

    def word_features(self, form: str) -> tuple[int, ...]:
        """Feature indices that hold for the word wherever it stands: list membership and shape."""
        known = self._cache.get(form)
        if known is None:
            on: set[int] = set()
            for stem in stems(form.translate(_GAZETTEER_FOLD)):
                on.update(self._word_bits.get(stem, ()))
            shape = 3 * len(SPAN_LISTS) + len(WORD_LISTS)
            on.update(shape + i for i in _shape(form))
            known = tuple(sorted(on))
            if len(self._cache) < 200_000:
                self._cache[form] = known
        return known

    def _longest(self, folded: Sequence[str], start: int) -> dict[int, int]:
        """For each list, the end (excluded) of its longest name that starts at ``start``."""
        best: dict[int, int] = {}
        for stem in stems(folded[start]):
            node = self._trie.get(stem)
            at = start + 1
            while node is not None:
                for index in node.get(_ENDS, ()):  # type: ignore[attr-defined]
                    best[index] = max(best.get(index, 0), at)
                node = node.get(folded[at]) if at < len(folded) else None  # type: ignore[assignment]
                at += 1
        return best

    def span_features(self, forms: Sequence[str]) -> list[tuple[int, int]]:
        """Pairs (word index, feature index) of the names found, leftmost longest for each list."""
        folded = [form.translate(_GAZETTEER_FOLD) for form in forms]
        found: list[tuple[int, int]] = []
        free = [0] * len(SPAN_LISTS)
        for start in range(len(folded)):
            for index, end in self._longest(folded, start).items():
                if start < free[index]:
                    continue
                free[index] = end
                if end == start + 1:
                    found.append((start, 3 * index + 2))
                else:
                    found.append((start, 3 * index))
                    found.extend((at, 3 * index + 1) for at in range(start + 1, end))
        return found


def knowledge_matrix(forms: Sequence[str], gazetteer: Gazetteer, out: npt.NDArray[np.float32]) -> None:
    """Fill ``out`` (words x N_KNOWLEDGE, zeros) with the features of one sentence."""
    for at, form in enumerate(forms):
        for index in gazetteer.word_features(form):
            out[at, index] = 1.0
    for at, index in gazetteer.span_features(forms):
        out[at, index] = 1.0
