"""Names that are a country's and the capital's of another (عمان): which of the two a text means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from pipeline.gazetteer import countries, find_country, find_nisba, places, words_of
from pipeline.normalize import fold
from pipeline.schema import Analysis
from pipeline.units import split_word

_WITHIN = 40  # characters before a name in which العاصمة and an adjective stand


def find_capitals(analysis: Analysis, mentions: Mapping[str, Sequence[int]]) -> frozenset[str]:
    """The folded names of places, of those given with the numbers of their mentions, that the text means as capitals.

    It does where العاصمة stands before the name, or where it tells of the capital's country and of the one of that
    name nothing.
    """
    found = set()
    for key, numbers in mentions.items():
        country, place = countries().get(key), places().get(key)
        if country is None or place is None or place[0] != "capital" or place[1] in ("", country.iso):
            continue
        others = [other for other in mentions if other != key]
        if any(_follows_capital(analysis, number) for number in numbers) or (
            _tells_of(place[1], key, others, analysis) and not _tells_of(country.iso, key, others, analysis)
        ):
            found.add(key)
    return frozenset(found)


def _follows_capital(analysis: Analysis, index: int) -> bool:
    """Whether العاصمة stands right before the mention, but for one adjective: العاصمة الأردنية عمان."""
    start = analysis.mentions[index].span.start
    words = [split_word(word) for word in fold(analysis.document.text[max(0, start - _WITHIN) : start]).split()]
    if words and not words[-1].prefix and find_nisba(words[-1].stem):
        words.pop()
    return bool(words) and words[-1].definite and words[-1].stem in words_of("capital")


def _tells_of(iso: str, key: str, others: Iterable[str], analysis: Analysis) -> bool:
    """Whether the text names a country other than by ``key``: its names, a place in it, its adjective, السلطنة."""
    for other in others:
        country, place = find_country(other), places().get(other)
        if (country is not None and country.iso == iso) or (place is not None and place[1] == iso):
            return True
    own = _own_words(iso) - {key}
    for sentence in analysis.sentences:
        for token in sentence.tokens:
            word = fold(token.norm)
            nisba = find_nisba(word)
            if (nisba is not None and nisba.iso == iso) or (key != word and split_word(word).stem in own):
                return True
    return False


@cache
def _own_words(iso: str) -> frozenset[str]:
    """The words in the names of a country that no other country's names hold: سلطنة, not مملكة."""
    bearers: dict[str, set[str]] = {}
    for name, country in countries().items():
        for word in name.split():
            bearers.setdefault(word, set()).add(country.iso)
    return frozenset(word for word, isos in bearers.items() if isos == {iso})
