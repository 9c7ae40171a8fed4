"""How two names compare: the same, a spelling variant, a short form, or different; for persons, places and bodies.

All work on folded names (:func:`pipeline.normalize.fold`) taken apart into words; nothing here knows a document.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from pipeline.gazetteer import (
    find_nisba,
    given_names,
    places,
    read_groups,
    strip_article,
    words_of,
)
from pipeline.schema import EntityType


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


PARTICLES = frozenset({"بن", "ابن", "بنت", "ال", "ولد"})


_SWAPPED = str.maketrans("غكقثذظطص", "جججسدضتس")
_LONG_VOWELS = _SWAPPED | dict.fromkeys(map(ord, "اويه"), None)


@lru_cache(maxsize=1 << 14)
def skeleton(word: str) -> str:
    """The consonants of a folded word, with letters that transliterations swap made one.

    >>> skeleton("نتنياهو") == skeleton("نتانياهو")
    True
    """
    return word.translate(_LONG_VOWELS)


_LONG = 5  # letters of a word of which one may be another


@lru_cache(maxsize=1 << 14)
def similar_words(one: str, other: str) -> bool:
    """True for two spellings of one word of a name: equal, one edit apart in a long word, or the same skeleton.

    >>> similar_words("ترامب", "ترمب"), similar_words("علي", "علا")
    (True, False)
    """
    if one == other:
        return True
    known = given_names()
    if one in known and other in known:
        return known[one] == known[other]  # حسن and حسين, سالم and سليم are different names
    if _stem(one) in known and _stem(other) in known and known[_stem(one)] != known[_stem(other)]:
        return False  # nor are العمري and العامري one family
    if one.removesuffix("ي") == other or one == other.removesuffix("ي"):
        return False  # سعود and السعودي, أحمد and أحمدي
    nisbas = find_nisba(one), find_nisba(other)
    if nisbas[0] is not None and nisbas[1] is not None:
        return nisbas[0].iso is not None and nisbas[0].iso == nisbas[1].iso  # أمريكي and أميركي, not مصري and بصري
    shorter, longer = sorted((len(one), len(other)))
    if longer - shorter > 2 or shorter < 3:
        return False
    bones = skeleton(one)
    if bones == skeleton(other) and (len(bones) >= 3 or (shorter >= 4 and one[0] == other[0])):
        return not _other_vowels(one, other, shorter, longer)
    return shorter >= _LONG and one_edit_apart(one, other)


@lru_cache(maxsize=1 << 13)
def word_keys(word: str) -> frozenset[str]:
    """What words are found by: two of which :func:`similar_words` holds share one of these at least.

    Words one edit apart are the same without a letter of one or of each.
    """
    keys = {word, skeleton(word)}
    nisba = find_nisba(word)
    keys |= {key for key in (given_names().get(word), nisba.iso if nisba is not None else None) if key is not None}
    if len(word) >= _LONG:
        keys |= {word[:at] + word[at + 1 :] for at in range(len(word))}
    return frozenset(keys)


def name_keys(words: Sequence[str]) -> frozenset[str]:
    """What names are found by: two that fit by any score share one, but bodies that are known by both names alone."""
    return frozenset({"".join(words), "".join(words[:2])}.union(*map(word_keys, words)))


def _stem(word: str) -> str:
    """A family name without the ending that makes one of a given name."""
    return word.removesuffix("ي") if len(word) > 3 else word


def _other_vowels(one: str, other: str, shorter: int, longer: int) -> bool:
    """True where words of the same bones are different names none the less, as short native ones are.

    A long vowel for another (جميل, جمال), swapped sounds (قاسم, جاسم), another first letter (أحمد, حميد) or a
    vowel that moved (شارقة, شرقية) count only in long words, which are foreign ones as a rule.
    """
    if one[0] != other[0] and shorter < 6:
        return True
    if longer > shorter:
        return shorter < 4 or (shorter < 7 and not one_edit_apart(one.translate(_SWAPPED), other.translate(_SWAPPED)))
    changed = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if all(a in _WEAK and b in _WEAK for a, b in changed):
        return shorter < 6
    if any(a in _WEAK or b in _WEAK for a, b in changed):
        return shorter < 7
    return shorter < 5


_WEAK = frozenset("اويه")


def one_edit_apart(one: str, other: str) -> bool:
    """True where one insertion, deletion, substitution or swap of neighbours makes ``one`` into ``other``."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    start = 0
    while start < len(one) and one[start] == other[start]:
        start += 1
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    if one[start + 1 :] == other[start + 1 :]:
        return True
    return one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]


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
    if len(a) == len(b) and _spelled_alike(a, b):
        return 8, "spelling variant"
    if len(a) > len(b):
        a, b, short, full = b, a, full, short
    if len(a) == 1:
        return _single_word_fit(a[0], short, b, full)
    if similar_words(a[0], b[0]) and is_subsequence(a, b):
        return 7, "shortened name"
    starts = full.index(b[-len(a)]) if b[-len(a)] in full else 0
    if all(map(similar_words, a, b[-len(a) :])) and not (starts and full[starts - 1] in ("بن", "ابن", "بنت")):
        return 6, "end of the full name"
    if short[0] in ("بن", "ابن", "ال") and is_subsequence(a, b):
        return 6, "family name"
    return 0, ""


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
    if len(apart) > 1 or len(one) < 2 or not given_names().keys().isdisjoint(map(_stem, apart[0])):
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
