"""What a tagger knows about a word before it reads the sentence: its folded key, clusters, and the gazetteers.

The gazetteers are the lists of ``pipeline/lexicons``, their sources are in the notices beside them. All look-ups are by
:func:`word_key` and :func:`name_key`; a proclitic before the first word of a name is tried both ways.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources

PROCLITICS = "وفبلك"

_REMEMBERED = 100_000  # distinct words

_FOLDS = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "گ": "ك", "ڪ": "ك",
    "چ": "ج", "پ": "ب", "ڤ": "ف", "ڥ": "ف", "ڨ": "ق", "ھ": "ه", "ہ": "ه", "ە": "ه", "ے": "ي",
}  # fmt: skip
_DROPPED = (
    *range(0x610, 0x61B),
    *range(0x64B, 0x660),
    0x670,
    0x640,
    *range(0x6D6, 0x6EE),
    *range(0x200B, 0x2010),
    0x61C,
    0xFEFF,
)
_WORD_TABLE: dict[int, str | None] = {
    **{ord(letter): plain for letter, plain in _FOLDS.items()},
    **dict.fromkeys((*range(0x660, 0x66A), *range(0x6F0, 0x6FA), *range(0x30, 0x3A)), "0"),
    **dict.fromkeys(_DROPPED, None),
}
_NAME_TABLE = str.maketrans({"ة": "ه", "ؤ": "ء", "ئ": "ء"})


@lru_cache(maxsize=_REMEMBERED)
def word_key(norm: str) -> str:
    """The spelling under which a word's form, cluster and count are kept: alef and yeh merged, digits as 0, lower case.

    >>> word_key("أحمد"), word_key("2025")
    ('احمد', '0000')
    """
    return norm.translate(_WORD_TABLE).lower()


@lru_cache(maxsize=_REMEMBERED)
def name_key(key: str) -> str:
    """A :func:`word_key` folded further for the gazetteers, whose lists do not keep ta marbuta and hamza carriers.

    >>> name_key(word_key("القاهرة"))
    'القاهره'
    """
    return key.translate(_NAME_TABLE)


@lru_cache(maxsize=_REMEMBERED)
def bare_forms(key: str) -> tuple[str, ...]:
    """The word and what is left of it after each proclitic that it may carry, longest first; the article is kept.

    >>> bare_forms("وبالقاهره")
    ('وبالقاهره', 'بالقاهره', 'القاهره')
    >>> bare_forms("للامم")
    ('للامم', 'الامم')
    """
    forms = [key]
    rest = key
    while len(rest) > 3 and rest[0] in PROCLITICS and len(forms) < 4:
        rest = "ال" + rest[2:] if rest.startswith("لل") else rest[1:]
        forms.append(rest)
        if rest.startswith("ال"):
            break
    return tuple(forms)


@dataclass(slots=True)
class _Node:
    """A node of the gazetteer's trie: the words that may follow, and the kind of the names that end here."""

    children: dict[str, _Node] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()


class Gazetteer:
    """Known names and titles, matched in a sentence as the longest phrases from left to right, each kind by itself."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._root = _Node()
        self._entry_by_word: dict[str, tuple[_Node, ...]] = {}
        for name, kind in entries:
            node = self._root
            for word in name.split():
                node = node.children.setdefault(name_key(word_key(word)), _Node())
            if node is not self._root and kind not in node.kinds:
                node.kinds = (*node.kinds, kind)

    def matches(self, keys: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Word ranges (start, end excluded) and kinds, left to right; matches of one kind do not overlap.

        ``keys`` are :func:`word_key` spellings.
        """
        reach: dict[str, int] = {}
        known = self._entry_by_word
        for start, key in enumerate(keys):
            entry = known.get(key)
            if entry is None:
                entry = self._enter(key)
            if entry:
                for kind, end in self._longest(keys, start, entry):
                    if reach.get(kind, 0) < end:
                        reach[kind] = end
                        yield start, end, kind

    def tag(self, keys: Sequence[str]) -> list[list[str]]:
        """For each word, the marks that it bears: ``B-LOC``, ``I-PER`` ..., ``S-`` for a match of one word."""
        marks: list[list[str]] = [[] for _ in keys]
        for start, end, kind in self.matches(keys):
            if end == start + 1:
                marks[start].append("S-" + kind)
                continue
            marks[start].append("B-" + kind)
            for inside in range(start + 1, end):
                marks[inside].append("I-" + kind)
        return marks

    def _enter(self, key: str) -> tuple[_Node, ...]:
        """The nodes that a name's first word leads to, with and without its proclitics."""
        children = self._root.children
        entry = tuple(children[form] for form in bare_forms(name_key(key)) if form in children)
        if len(self._entry_by_word) >= _REMEMBERED:
            self._entry_by_word.clear()
        self._entry_by_word[key] = entry
        return entry

    def _longest(self, keys: Sequence[str], start: int, entry: Sequence[_Node]) -> Iterator[tuple[str, int]]:
        ends: dict[str, int] = {}
        for first in entry:
            node, end = first, start + 1
            while True:
                for kind in node.kinds:
                    ends[kind] = max(end, ends.get(kind, 0))
                if end == len(keys) or not node.children:
                    break
                following = node.children.get(name_key(keys[end]))
                if following is None:
                    break
                node, end = following, end + 1
        yield from ends.items()


def _rows(name: str) -> Iterator[dict[str, str]]:
    path = resources.files("pipeline") / "lexicons" / name
    with path.open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def _with_article(form: str) -> tuple[str, ...]:
    return (form, "ال" + form) if form and not form.startswith("ال") else (form,)


def gazetteer_entries() -> Iterator[tuple[str, str]]:
    """Every name and title of the lexicons with its kind, in the order of the files."""
    for row in _rows("country_names.tsv"):
        yield row["name_ar"], "CTRY"
    for row in _rows("places_core.tsv"):
        yield row["name_ar"], "LOC"
    for row in _rows("world_regions.tsv"):
        yield row["name_ar"], "LOC"
    for row in _rows("places_extended.tsv"):
        yield row["name_ar"], "CITY" if not row["common_word"] else "CITYW"
    for row in _rows("admin1.tsv"):
        yield row["name_ar"], "ADM"
    for row in _rows("organisations.tsv"):
        yield row["name_ar"], "ORG"
    for row in _rows("persons_public.tsv"):
        yield row["name_ar"], "PUB" if " " in row["name_ar"] else "PUB1"
    for name in ("officeholder_names.tsv", "person_name_variants.tsv"):
        column = "name_ar" if name.startswith("off") else "name_ar_norm"
        for row in _rows(name):
            if " " in row[column]:
                yield row[column], "PER"
    yield from _name_words()
    for row in _rows("titles_roles.tsv"):
        for column in ("title_m", "title_f", "plural"):
            for form in _with_article(row[column]):
                yield form, "TITLE"
    for row in _rows("nationality_adjectives.tsv"):
        for column in list(row)[:6]:
            for form in _with_article(row[column]):
                yield form, "NISBA"
    for row in _rows("ministry_portfolios.tsv"):
        yield row["portfolio_ar"], "FOLIO"


def _name_words() -> Iterator[tuple[str, str]]:
    for row in _rows("given_names_core.tsv"):
        for form in (row["name_ar"], *row["spelling_variants"].split("|")):
            yield form.strip(), "GIVEN"
    for row in _rows("name_transliterations.tsv"):
        yield row["name_ar"], "TRANS"
    for row in _rows("name_particles.tsv"):
        yield row["particle_ar"], "PART"


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of the shipped lexicons, built once in a process."""
    return Gazetteer(gazetteer_entries())
