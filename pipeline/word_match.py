"""How two folded words of names compare: one word, another spelling of it, or a different word."""

from __future__ import annotations

from functools import lru_cache

from pipeline.gazetteer import find_nisba, given_names

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
    if (
        family_stem(one) in known
        and family_stem(other) in known
        and known[family_stem(one)] != known[family_stem(other)]
    ):
        return False  # nor are العمري and العامري one family
    if one.removesuffix("ي") == other or one == other.removesuffix("ي"):
        return False  # سعود and السعودي, أحمد and أحمدي
    if _of(one) == other or one == _of(other):
        return False  # عامرة and العامرية
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


def _of(word: str) -> str:
    """The word that a feminine adjective is made of, as it is written with its own ending."""
    return word[:-2] + "ه" if word.endswith("يه") and len(word) > 4 else word


def family_stem(word: str) -> str:
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
