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


def shapes_in(text: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Kind and pattern of the shapes that the folded text may hold, the most telling first.

    Where two overlap, the earlier kind wins.
    """
    words = set(_LETTERS.findall(text))
    if _NUMERIC.search(text):
        words.add(_MARKED_NUMBER)
    for shape in shapes():
        if not shape.words.isdisjoint(words):
            yield shape.kind, shape.pattern


def _first_words(*tables: Iterable[str]) -> frozenset[str]:
    """The first word of each entry, with the letters that may be glued before it."""
    letters = ("", *"وفبلك")
    firsts = {entry.split()[0] for table in tables for entry in table}
    return frozenset(one + other + word for one, other, word in product(letters, letters, firsts))


_LETTERS = re.compile(r"[^\W\d_]+")
_NUMERIC = re.compile(r"\d\s*[\-/.]\s*\d")
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
