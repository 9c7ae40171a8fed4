"""The shapes that a date takes in Arabic news, as patterns over folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

from pipeline.dates import words

_BEFORE = r"(?<![\w/.\-])(?<!تشرين )(?<!كانون )(?<!ربيع )(?<!جمادي )(?:[وفبلك]{0,2})"
_AFTER = r"(?![\w])"


@cache
def _parts() -> dict[str, str]:
    month = words.alternatives(words.months())
    side = words.alternatives(words.sides())
    return {
        "month": rf"(?:{month})",
        # شباط/فبراير ; أكتوبر (تشرين الأول) ; يناير/ كانون الثاني
        "months": rf"(?P<month>{month})(?:\s*[/،,]\s*(?:{month})|\s*\(\s*(?:{month})\s*\)|\s+(?:{month})(?!\w))?",
        "side": rf"(?P<side>{side})",
        "ordinal": words.alternatives(words.ordinals()),
        "weekday": words.alternatives(words.weekdays()),
        "hijri": words.alternatives(words.hijri_months()),
        "count": words.alternatives(words.counts()),
        "unit": words.alternatives(words.units()),
    }


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of date, its pattern, and words one of which a text must hold for the pattern to be worth a search."""

    kind: str
    pattern: re.Pattern[str]
    words: frozenset[str]


def find_shapes(text: str, only: str = "") -> Iterator[tuple[str, re.Match[str]]]:
    """Kind and match of the shapes that the folded text holds, the most telling first; of one kind, where it is given.

    Where two overlap, the earlier kind wins. Patterns look around the words that they need and nowhere else.
    """
    words = set(_LETTERS.findall(text))
    marked = _NUMERIC.search(text) is not None
    for shape in shapes():
        if only and shape.kind != only:
            continue
        if _MARKED_NUMBER in shape.words:
            stretches = [(0, len(text))] if marked else []
        else:
            stretches = _around(text, shape.words & words)
        for start, end in stretches:
            for match in shape.pattern.finditer(text, start, end):
                yield shape.kind, match


def _around(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """The stretches of the text that hold one of the words and what a date around it may take, apart, in order."""
    found: list[tuple[int, int]] = []
    for at in sorted(at for word in words for at in _places(text, word)):
        if found and at + _REACH <= found[-1][1]:
            continue
        start = max(0, at - _REACH)
        if found and start <= found[-1][1]:
            start, _ = found.pop()
        blank = text.find(" ", at + _REACH)  # a word cut in two could end in a date
        found.append((start, blank if blank >= 0 else len(text)))
    return found


def _places(text: str, word: str) -> Iterator[int]:
    """Where the letters of a word stand in a text."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _first_words(*tables: Iterable[str]) -> frozenset[str]:
    """The first word of each entry, with the letters that may be glued before it."""
    letters = ("", *"وفبلك")
    firsts = {entry.split()[0] for table in tables for entry in table}
    return frozenset(one + other + word for one, other, word in product(letters, letters, firsts))


_LETTERS = re.compile(r"[^\W\d_]+")
_NUMERIC = re.compile(r"\d\s*[\-/.]\s*\d")
_REACH = 150  # letters that a date takes, at most, before or from the word by which it is found
_MARKED_NUMBER = "1/2"  # stands among the words of a text that holds numbers with a mark between them


@cache
def shapes() -> tuple[Shape, ...]:
    """Every shape, the most telling first."""
    p = _parts()
    year = r"(?:\s*[،,/\-]?\s*(?:من\s+)?(?:العام\s+|عام\s+|سنه\s+)?(?P<year>(?:19|20)\d\d)(?!\d))"
    side = rf"(?:\s+(?:من\s+)?(?:العام\s+)?{p['side']})"
    day = rf"(?P<day>\d{{1,2}}|{p['ordinal']})"
    first = rf"(?P<first>(?>\d{{1,2}}|{p['ordinal']}))"  # atomic: the 22nd (الثاني والعشرين) is not the 2nd to the 20th
    until = r"\s*(?:و|الي|حتي|-|–|الي غايه|و\s*حتي)\s*"
    month = rf"(?:شهر\s+)?{p['months']}"
    months, hijri, days = _first_words(words.months()), _first_words(words.hijri_months()), _first_words(["الشهر"])
    marked, units = frozenset({_MARKED_NUMBER}), _first_words(words.units())
    spans = _first_words(["الاسبوع", "الشهر", "العام", "السنه"])
    years = ["عام", "العام", "سنه", "السنه", "عامي", "العامي"]
    near = ["امس", "البارحه", "اليوم", "الليله", "غدا", "غد", "الغد"]
    found = [
        (
            "hijri",
            hijri,
            rf"{_BEFORE}(?P<day>\d{{1,2}})\s*(?:من\s+)?(?P<hijri>{p['hijri']})(?:\s*(?P<year>1[34]\d\d)|{_AFTER})",
        ),
        (
            "hijri",
            marked,
            r"(?<![\d/])(?P<year>1[34]\d\d)\s*[/\-]\s*(?P<month>\d{1,2})\s*[/\-]\s*(?P<day>\d{1,2})(?!\d)",
        ),
        (
            "hijri",
            marked,
            r"(?<![\d/])(?P<day>\d{1,2})\s*[/\-]\s*(?P<month>\d{1,2})\s*[/\-]\s*(?P<year>1[34]\d\d)(?!\d)",
        ),
        (
            "days",
            months,
            rf"{_BEFORE}(?:ال)?(?:يومي|ايام|من|بين)?\s*{first}\s+(?:من\s+)?(?:{p['month']})\s+"
            rf"(?:الي|حتي|و)\s*{day}\s*(?:من\s+)?{month}(?:{year}|{side})?{_AFTER}",
        ),
        (
            "days",
            months,
            rf"{_BEFORE}(?:يومي\s+|من\s+|ايام\s+|بين\s+)?{first}{until}{day}\s*(?:من\s+)?{month}(?:{year}|{side})?{_AFTER}",
        ),
        (
            "days",
            days,
            rf"{_BEFORE}(?:يومي\s+|من\s+|ايام\s+|بين\s+)?{first}{until}{day}\s*(?:من\s+)?(?:الشهر\s+){p['side']}{_AFTER}",
        ),
        (
            "iso",
            marked,
            r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?[\-/.]\s?(?P<month>\d{1,2})\s?[\-/.]\s?(?P<day>\d{1,2})(?!\d)",
        ),
        (
            "numeric",
            marked,
            r"(?<![\d/.\-])(?P<day>\d{1,2})\s?[\-/.]\s?(?P<month>\d{1,2})\s?[\-/.]\s?"
            r"(?P<year>(?:19|20)\d\d|\d\d)(?![\d/])",
        ),
        ("day", months, rf"{_BEFORE}{day}\s*[/\-]?\s*(?:من\s+)?{month}(?:{year}|{side})?(?![^\W\d])"),
        ("day", days, rf"{_BEFORE}{day}\s+(?:من\s+)?(?:هذا\s+الشهر|الشهر\s+{p['side']}){_AFTER}"),
        (
            "weekday",
            _first_words(words.weekdays()),
            rf"(?<!\w)(?:[وفبل]{{0,2}})(?:يوم\s+|(?:صباح|مساء|ظهر|فجر|عصر|ليله)\s+)?(?:يوم\s+|امس\s+|اليوم\s+)?\(?"
            rf"(?P<weekday>{p['weekday']})\)?(?:\s+{p['side']})?{_AFTER}",
        ),
        (
            "month",
            months,
            rf"{_BEFORE}(?P<lead>شهر\s+|في\s+|خلال\s+|منتصف\s+|اوائل\s+|اواخر\s+|مطلع\s+|نهايه\s+|بدايه\s+|اول\s+|منذ\s+)?"
            rf"(?:شهر\s+)?{p['months']}(?:{year}|{side})?{_AFTER}",
        ),
        (
            "hijrimonth",
            hijri,
            rf"(?<!\w)(?:[وفبل]{{0,2}})شهر\s+(?P<hijri>{p['hijri']})(?:\s+المبارك)?(?:\s+(?:من\s+)?(?:العام\s+)?{p['side']})?{_AFTER}",
        ),
        ("unit", spans, rf"(?<!\w)(?:[وفبلك]{{0,2}})(?P<unit>الاسبوع|الشهر|العام|السنه)\s+{p['side']}{_AFTER}"),
        ("unit", spans, rf"(?<!\w)(?:[وفبلك]{{0,2}})(?:هذا|هذه)\s+(?P<unit>الاسبوع|الشهر|العام|السنه){_AFTER}"),
        (
            "ago",
            units,
            rf"(?<!\w)(?P<way>قبل|منذ|بعد)\s+(?:نحو\s+|حوالي\s+)?(?:(?P<count>\d{{1,3}}|{p['count']})\s+)?(?P<unit>{p['unit']}){_AFTER}",
        ),
        ("year", _first_words(years), r"(?<!\w)(?:[وفبل]{0,2})(?:ال)?(?:عام|سنه|عامي)\s+(?P<year>(?:19|20)\d\d)(?!\d)"),
        ("year", _first_words(["في"]), r"(?<!\w)في\s+(?P<year>(?:19|20)\d\d)(?![\d/\-:.])"),
        (
            "relative",
            _first_words(near),
            r"(?<!\w)(?:[وفبل]{0,2})(?P<relative>اول\s+من\s+امس|اول\s+امس|امس\s+الاول|بعد\s+غد|الليله\s+الماضيه|"
            rf"البارحه|امس|اليوم|الليله|غدا|غد|الغد){_AFTER}",
        ),
    ]
    return tuple(Shape(kind, re.compile(shape), needed) for kind, needed, shape in found)
