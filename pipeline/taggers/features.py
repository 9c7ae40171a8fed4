"""What a tagger knows about a word before it reads the sentence: its folded key, clusters, and the gazetteers.

The gazetteers are the lists of ``pipeline/lexicons``, their sources are in the notices beside them. All look-ups are by
:func:`word_key` and :func:`name_key`; a proclitic before the first word of a name is tried both ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib import resources

PROCLITICS = "وفبلك"

_REMEMBERED = 30_000  # distinct words

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
_BOTH_TABLES = {**_WORD_TABLE, **_NAME_TABLE}


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


class Gazetteer:
    """Known names and titles, matched in a sentence as the longest phrases from left to right, each kind by itself."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        kinds: dict[str, tuple[str, ...]] = {}  # of each name, and () of what only begins one
        for name, kind in entries:
            words = _fold_name(name).split()
            if not words:
                continue
            prefix = words[0]
            for word in words[1:]:
                kinds.setdefault(prefix, ())
                prefix = f"{prefix} {word}"
            known = kinds.get(prefix, ())
            if kind not in known:
                kinds[prefix] = (*known, kind)
        self._kinds = kinds
        self._entry_by_word: dict[str, tuple[str, ...]] = {}

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

    def _enter(self, key: str) -> tuple[str, ...]:
        """The forms of a word, with and without its proclitics, that begin a name."""
        entry = tuple(form for form in bare_forms(name_key(key)) if form in self._kinds)
        if len(self._entry_by_word) >= _REMEMBERED:
            self._entry_by_word.clear()
        self._entry_by_word[key] = entry
        return entry

    def _longest(self, keys: Sequence[str], start: int, entry: Sequence[str]) -> Iterator[tuple[str, int]]:
        ends: dict[str, int] = {}
        for prefix in entry:
            end = start + 1
            kinds: tuple[str, ...] | None = self._kinds[prefix]
            while kinds is not None:
                for kind in kinds:
                    ends[kind] = max(end, ends.get(kind, 0))
                if end == len(keys):
                    break
                prefix = f"{prefix} {name_key(keys[end])}"
                kinds = self._kinds.get(prefix)
                end += 1
        yield from ends.items()


def _fold_name(name: str) -> str:
    """:func:`name_key` of the :func:`word_key` of each word, in one go."""
    return name.translate(_BOTH_TABLES).lower()


def _rows(name: str, *columns: str) -> Iterator[list[str]]:
    """The named columns of a lexicon, row by row."""
    text = (resources.files("pipeline") / "lexicons" / name).read_text("utf-8")
    header, *lines = text.removesuffix("\n").split("\n")
    names = header.split("\t")
    wanted = [names.index(column) for column in columns]
    for line in lines:
        fields = line.split("\t")
        yield [fields[i] for i in wanted]


def _with_article(form: str) -> tuple[str, ...]:
    return (form, "ال" + form) if form and not form.startswith("ال") else (form,)


_NISBA_COLUMNS = (
    "nisba_m_sg",
    "nisba_f_sg",
    "nisba_m_pl_nom",
    "nisba_m_pl_obl",
    "nisba_f_pl",
    "plural_collective",
)


def gazetteer_entries() -> Iterator[tuple[str, str]]:
    """Every name and title of the lexicons with its kind; their order is that of the marks in features."""
    yield from _names("country_names.tsv", "CTRY")
    yield from _names("places_core.tsv", "LOC")
    yield from _names("world_regions.tsv", "LOC")
    for name, common in _rows("places_extended.tsv", "name_ar", "common_word"):
        yield name, "CITYW" if common else "CITY"
    yield from _names("admin1.tsv", "ADM")
    yield from _names("organisations.tsv", "ORG")
    yield from _persons()
    for forms in _rows("titles_roles.tsv", "title_m", "title_f", "plural"):
        for title in forms:
            for form in _with_article(title):
                yield form, "TITLE"
    for forms in _rows("nationality_adjectives.tsv", *_NISBA_COLUMNS):
        for nisba in forms:
            for form in _with_article(nisba):
                yield form, "NISBA"
    for (portfolio,) in _rows("ministry_portfolios.tsv", "portfolio_ar"):
        yield portfolio, "FOLIO"


def _names(file: str, kind: str) -> Iterator[tuple[str, str]]:
    for (name,) in _rows(file, "name_ar"):
        yield name, kind


def _persons() -> Iterator[tuple[str, str]]:
    for (name,) in _rows("persons_public.tsv", "name_ar"):
        yield name, "PUB" if " " in name else "PUB1"
    for file, column in (("officeholder_names.tsv", "name_ar"), ("person_name_variants.tsv", "name_ar_norm")):
        for (name,) in _rows(file, column):
            if " " in name:
                yield name, "PER"
    for name, variants in _rows("given_names_core.tsv", "name_ar", "spelling_variants"):
        for form in (name, *variants.split("|")):
            yield form, "GIVEN"
    yield from _names("name_transliterations.tsv", "TRANS")
    for (particle,) in _rows("name_particles.tsv", "particle_ar"):
        yield particle, "PART"


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of the shipped lexicons, built once in a process."""
    return Gazetteer(gazetteer_entries())
