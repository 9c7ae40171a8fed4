"""Bodies that their words alone tell: well-known ones by ``lexicons/organisations.tsv``, and a state's own.

A body of two words or more that the list holds is a name wherever its words stand: of 930 places in the annotated
train articles where such words do, 908 are a body or a part of one. A single word (القاعدة, فتح) may be another; it
only decides where the tagger was in doubt. A state's body is a noun such as الحكومة and the adjective of a country that
agrees with it (الجيش المصري), but رئيس الحكومة المصرية is a title.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from pipeline.consistency import Name, bare_spellings
from pipeline.gazetteer import find_nisba, given_names, is_place, read_groups, read_rows
from pipeline.normalize import fold
from pipeline.schema import EntityType
from pipeline.taggers.features import word_key

_CONFIDENCE = 0.9
# A single word that the list holds is taken for the body where the tagger held it for no name with less than this.
_OUTSIDE_WORD = 0.9
_LEAST = 5  # letters of such a word
# What the tagger is as sure of as this stays of the type that it gave.
_SURE = 0.8
Words = Sequence[str]


def with_known_bodies(
    names: Sequence[Name], sentences: Sequence[Words], outside: Sequence[Sequence[float]]
) -> list[Name]:
    """The names in the order of the text, with the bodies that the tagger passed over or gave another type in doubt.

    ``outside`` holds for each normalised word the probability that it is no part of a name, and 0 where it already is.
    """
    by_sentence: dict[int, list[Name]] = {}
    for name in names:
        by_sentence.setdefault(name.sentence, []).append(name)
    found: list[Name] = []
    for index, words in enumerate(sentences):
        own = by_sentence.get(index, [])
        start = 0
        while start < len(words):
            end = _body_end(words, start)
            if not end or not (
                body := _taken(own, Name(index, start, end, EntityType.ORG, _CONFIDENCE), words, outside)
            ):
                start += 1
                continue
            own = [name for name in own if name.end <= start or name.start >= end] + [body]
            start = end
        found += sorted(own, key=lambda name: name.start)
    return found


def _taken(own: Sequence[Name], body: Name, words: Words, outside: Sequence[Sequence[float]]) -> Name | None:
    """The body, where the tagger found no name in its words or that of another type; else None."""
    within = [name for name in own if name.start < body.end and body.start < name.end]
    alone = body.end - body.start == 1
    if not within:
        return body if not alone or outside[body.sentence][body.start] < _OUTSIDE_WORD else None
    if (within[0].start, within[-1].end) != (body.start, body.end) or len(within) > 1:
        return None
    doubtful = within[0].confidence < _SURE and (not alone or _is_no_other(words[body.start]))
    return replace(within[0], type=EntityType.ORG) if doubtful else None


def _is_no_other(word: str) -> bool:
    """Whether no place or person is known by the word."""
    forms = {fold(form) for form in bare_spellings(word)}
    return not any(form in given_names() or is_place(form) for form in forms)


def _body_end(words: Words, start: int) -> int:
    """The index after the last word of the body that begins at ``start``; 0 where none does."""
    return (known_body_end(words, start) or _state_body_end(words, start)) if _may_begin(words[start]) else 0


@lru_cache(maxsize=30_000)
def _may_begin(word: str) -> bool:
    """Whether some body begins with the word, whatever follows."""
    forms = bare_spellings(word)
    heads = read_groups("name_edges", "state_body")
    several = any(form in _known() or form in heads for form in map(fold, forms))
    return several or not _single().isdisjoint(map(word_key, forms))


def known_body_end(words: Words, start: int) -> int:
    """As :func:`_body_end`, for the well-known bodies alone."""
    forms = bare_spellings(words[start])
    for form in map(fold, forms):
        for rest in _known().get(form, ()):
            end = start + 1 + len(rest)
            if tuple(map(fold, words[start + 1 : end])) == rest:
                return end
    return 0 if _single().isdisjoint(map(word_key, forms)) else start + 1


@cache
def _known() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """First word of a well-known body's name to the words that follow it, the longest first; all folded."""
    rests: dict[str, set[tuple[str, ...]]] = {}
    unsure = read_groups("name_edges", "unsure_body")
    for row in read_rows("organisations"):
        name = fold(row["name_ar"])
        first, *rest = name.split()
        if rest and name not in unsure:
            rests.setdefault(first, set()).add(tuple(rest))
    return {first: tuple(sorted(known, key=lambda rest: (-len(rest), rest))) for first, known in rests.items()}


@cache
def _single() -> frozenset[str]:
    """The well-known bodies of one word that is no other and too long to be one behind a glued letter."""
    unsure = read_groups("name_edges", "unsure_body")
    names = (row["name_ar"] for row in read_rows("organisations") if fold(row["name_ar"]) not in unsure)
    return frozenset(word_key(name) for name in names if len(name.split()) == 1 and len(name) >= _LEAST)


def _state_body_end(words: Words, start: int) -> int:
    """The index after الجيش المصري, or القوات المسلحة المصرية; 0 where the words are none or a title's."""
    heads = read_groups("name_edges", "state_body")
    head = next((form for form in map(fold, bare_spellings(words[start])) if form in heads), None)
    if head is None:
        return 0
    if start and not {fold(form) for form in bare_spellings(words[start - 1])}.isdisjoint(
        read_groups("name_edges", "state_title")
    ):
        return 0
    at = start + 1 + (start + 2 < len(words) and fold(words[start + 1]) == "المسلحه")
    return at + 1 if at < len(words) and _agrees(head, words[at]) else 0


def _agrees(head: str, word: str) -> bool:
    """Whether the word is a country's adjective in the gender of the noun."""
    nisba = find_nisba(fold(word)) if word.startswith("ال") else None
    if nisba is None or nisba.kind != "country" or nisba.number != "singular":
        return False
    return head.endswith(("ه", "ات")) == word.endswith(("ة", "ه"))
