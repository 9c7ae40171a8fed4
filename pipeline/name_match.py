"""How two names compare: the same, a spelling variant, a short form, or different; for persons, places and bodies.

All work on folded names (:func:`pipeline.normalize.fold`) taken apart into words; nothing here knows a document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

from pipeline.gazetteer import (
    given_names,
    known_ids,
    places,
    read_groups,
    strip_article,
    words_of,
)
from pipeline.schema import EntityType
from pipeline.word_match import family_stem, similar_words, word_keys


@lru_cache(maxsize=1 << 14)
def name_words(key: str, kind: EntityType) -> tuple[str, ...]:
    """The words of a folded name that are compared: no articles; for persons compounds joined and particles dropped.

    >>> name_words("عبدالفتاح البرهان", EntityType.PER)
    ('عبدفتاح', 'برهان')
    """
    words = key.split()
    if kind is not EntityType.PER:
        return tuple(strip_article(word) for word in words)
    joined: list[str] = []
    prefix = ""
    for at, word in enumerate(words):
        if at and at == len(words) - 1 and word in read_groups("name_edges", "generation"):
            joined.append(word)
            continue
        if word in read_groups("name_edges", "first_half") and len(words) > 1:
            prefix = "ابو" if word.startswith("اب") else word  # its cases
            continue
        if at and at == len(words) - 1 and word == "ال":
            joined.append("ايل")  # كيم جونغ إل: a name, no house's particle
            continue
        bare = strip_article(word)
        if bare.startswith("عبدال") and len(bare) > 6:
            bare = "عبد" + bare[5:]
        if bare in read_groups("name_edges", "second_half") and joined and not prefix:
            joined[-1] += bare
            continue
        joined.append(prefix + bare)
        prefix = ""
    if prefix:
        joined.append(prefix)
    return tuple(joined)


_DESCENT = frozenset({"بن", "ابن", "بنت"})
PARTICLES = _DESCENT | {"ال", "ولد"}


def name_keys(words: Sequence[str]) -> frozenset[str]:
    """What names are found by: two that fit by any score share one, but bodies that are known by both names alone."""
    return frozenset({"".join(words), "".join(words[:2])}.union(*map(word_keys, words)))


@lru_cache(maxsize=1 << 14)
def compare_persons(short: tuple[str, ...], full: tuple[str, ...]) -> tuple[int, str]:
    """How well ``short`` names the person that ``full`` names (0: not at all), and the reason; ``full`` is not shorter.

    >>> compare_persons(("سلمان",), ("محمد", "بن", "سلمان"))
    (1, "father's name")
    """
    if short == full:
        return 9, "same name"
    (short, one), (full, other) = _without_generation(short), _without_generation(full)
    if one and other and one != other:
        return 0, ""
    a = tuple(word for word in short if word not in PARTICLES)
    b = tuple(word for word in full if word not in PARTICLES)
    if not a or not b:
        return 0, ""
    if "".join(a) == "".join(b):
        return 9, "same name"
    known = known_items("PER")
    if len(a) > 1 and len(b) > 1 and short in known and full in known:
        how = (8, "spelling variant") if len(a) == len(b) else (7, "shortened name")
        return how if known[short] == known[full] else (0, "")
    if len(a) == len(b) and _spelled_alike(a, b):
        return 8, "spelling variant"
    if len(a) > len(b):
        a, b, short, full = b, a, full, short
    if len(a) == 1:
        return _single_word_fit(a[0], short, b, full)
    if _other_father(short, full):
        return 0, ""
    if similar_words(a[0], b[0]) and is_subsequence(a, b):
        return 7, "shortened name"
    starts = full.index(b[-len(a)]) if b[-len(a)] in full else 0
    if all(map(similar_words, a, b[-len(a) :])) and not (starts and full[starts - 1] in ("بن", "ابن", "بنت")):
        return 6, "end of the full name"
    if short[0] in ("بن", "ابن", "ال") and is_subsequence(a, b):
        return 6, "family name"
    return 0, ""


def _other_father(short: Sequence[str], full: Sequence[str]) -> bool:
    """True where both names tell whose child their bearer is, and not the same one's: (بن راشد, بن علي بن راشد).

    The father's name may be of several words, of which the short name tells one.
    """
    fathers = [_fathers(name) for name in (short, full)]
    return bool(fathers[0] and fathers[1]) and not any(similar_words(fathers[0][0], word) for word in fathers[1])


def _fathers(name: Sequence[str]) -> tuple[str, ...]:
    """The words between the first particle of descent and the next particle, behind one given name."""
    if len(name) < 3 or name[1] not in _DESCENT:
        return ()
    end = next((at for at in range(2, len(name)) if name[at] in PARTICLES), len(name))
    return tuple(name[2:end])


def _without_generation(words: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The words before a last one that tells a father from a son of one name (الأب, الابن), and that one, if any."""
    last = words[-1] if len(words) > 1 and words[-1] in read_groups("name_edges", "generation") else ""
    return (words[:-1], last) if last else (words, "")


def _spelled_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names of as many words are spellings of one.

    Each word is similar, or a single one is written with غ for ج (كيم جونغ أون, كيم جونج أون) and is no Arabic given
    name or the family of one.
    """
    apart = [(a, b) for a, b in zip(one, other, strict=True) if not similar_words(a, b)]
    if not apart:
        return True
    if len(apart) > 1 or len(one) < 2 or not given_names().keys().isdisjoint(map(family_stem, apart[0])):
        return False
    first, second = (word.replace("غ", "ج") for word in apart[0])
    return first == second


def _single_word_fit(
    word: str, short: tuple[str, ...], names: tuple[str, ...], full: tuple[str, ...]
) -> tuple[int, str]:
    if len(names) == 1:
        return (8, "spelling variant") if similar_words(word, names[0]) else (0, "")
    if len(full) > 1 and full[-2] in ("بن", "ابن", "بنت"):
        return (
            (3, "given name") if similar_words(word, names[0]) else (1, "father's name") if word in names else (0, "")
        )
    if word == names[-1]:
        return 5, "family name"
    if word == "".join(names[:2]):
        return 5, "shortened name"  # سلفاكير
    if similar_words(word, names[-1]):
        return 4, "family name, spelling variant"
    if short[0] in ("بن", "ابن", "ال"):
        pairs = enumerate(pairwise(full), 2)
        found = any(similar_words(word, name) and (of in PARTICLES or at == len(full)) for at, (of, name) in pairs)
        return (4, "family name") if found else (0, "")
    if similar_words(word, names[0]):
        return 3, "given name"
    if any(word == other for other in names[1:-1]):
        return 1, "part of the full name"
    return 0, ""


def is_subsequence(short: Sequence[str], full: Sequence[str]) -> bool:
    """Whether words similar to those of ``short`` stand in ``full`` in their order."""
    at = iter(full)
    return all(any(similar_words(word, other) for other in at) for word in short)


@lru_cache(maxsize=1 << 14)
def compare_places(short: tuple[str, ...], full: tuple[str, ...]) -> str:
    """The reason why two names without articles name one place, or an empty string."""
    if short == full or "".join(short) == "".join(full):
        return "same name"
    if len(short) == len(full):
        return "spelling variant" if all(map(similar_words, short, full)) else ""
    if short == full[: len(short)] and full[len(short)] in words_of("place_adjective"):
        part = full[len(short)] in words_of("direction") and " ".join(short) in places()
        return "" if part else "shortened name"  # نواكشوط الغربية is a part of نواكشوط, الضفة no whole of الضفة الغربية
    if len(full) > len(short) and full[0] in words_of("place_head") and full[1 : 1 + len(short)] == short:
        return "without its head noun"
    return ""


@cache
def known_items(kind: Literal["PER", "ORG"]) -> Mapping[tuple[str, ...], str]:
    """The words of each well-known name of a type to its Wikidata item; names that two share are left out."""
    found: dict[tuple[str, ...], set[str]] = {}
    for name, item in known_ids(kind).items():
        found.setdefault(name_words(name, EntityType(kind)), set()).add(item)
    return {words: next(iter(items)) for words, items in found.items() if len(items) == 1}
