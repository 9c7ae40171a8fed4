"""The shapes that a date takes in Arabic news, as patterns over folded text."""

from __future__ import annotations

import re
from functools import cache

from pipeline.dates import words

_BEFORE = r"(?<![\w/.\-])(?<!تشرين )(?<!كانون )(?<!ربيع )(?<!جمادي )(?:[وفبلك]{0,2})"
_AFTER = r"(?![\w])"


@cache
def _parts() -> dict[str, str]:
    month = words.alternatives(words.months())
    side = "|".join(sorted(words.SIDES, key=lambda word: -len(word)))
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


@cache
def patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Kind and pattern, the most telling first: where two overlap, the earlier kind wins."""
    p = _parts()
    year = r"(?:\s*[،,/\-]?\s*(?:من\s+)?(?:العام\s+|عام\s+|سنه\s+)?(?P<year>(?:19|20)\d\d)(?!\d))"
    side = rf"(?:\s+(?:من\s+)?(?:العام\s+)?{p['side']})"
    day = rf"(?P<day>\d{{1,2}}|{p['ordinal']})"
    first = rf"(?P<first>\d{{1,2}}|{p['ordinal']})"
    until = r"\s*(?:و|الي|حتي|-|–|الي غايه|و\s*حتي)\s*"
    month = rf"(?:شهر\s+)?{p['months']}"
    found = [
        ("hijri", rf"{_BEFORE}(?P<day>\d{{1,2}})\s*(?:من\s+)?(?P<hijri>{p['hijri']})(?:\s*(?P<year>1[34]\d\d))?"),
        ("hijri", r"(?<![\d/])(?P<year>1[34]\d\d)\s*[/\-]\s*(?P<month>\d{1,2})\s*[/\-]\s*(?P<day>\d{1,2})(?!\d)"),
        ("hijri", r"(?<![\d/])(?P<day>\d{1,2})\s*[/\-]\s*(?P<month>\d{1,2})\s*[/\-]\s*(?P<year>1[34]\d\d)(?!\d)"),
        (
            "days",
            rf"{_BEFORE}(?:ال)?(?:يومي|ايام|من|بين)?\s*{first}\s+(?:من\s+)?(?:{p['month']})\s+"
            rf"(?:الي|حتي|و)\s*{day}\s*(?:من\s+)?{month}(?:{year}|{side})?{_AFTER}",
        ),
        (
            "days",
            rf"{_BEFORE}(?:يومي\s+|من\s+|ايام\s+|بين\s+)?{first}{until}{day}\s*(?:من\s+)?{month}(?:{year}|{side})?{_AFTER}",
        ),
        (
            "days",
            rf"{_BEFORE}(?:يومي\s+|من\s+|ايام\s+|بين\s+)?{first}{until}{day}\s*(?:من\s+)?(?:الشهر\s+){p['side']}{_AFTER}",
        ),
        ("iso", r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?[\-/.]\s?(?P<month>\d{1,2})\s?[\-/.]\s?(?P<day>\d{1,2})(?!\d)"),
        (
            "numeric",
            r"(?<![\d/.\-])(?P<day>\d{1,2})\s?[\-/.]\s?(?P<month>\d{1,2})\s?[\-/.]\s?"
            r"(?P<year>(?:19|20)\d\d|\d\d)(?![\d/])",
        ),
        ("day", rf"{_BEFORE}{day}\s*[/\-]?\s*(?:من\s+)?{month}(?:{year}|{side})?(?![^\W\d])"),
        ("day", rf"{_BEFORE}{day}\s+(?:من\s+)?(?:هذا\s+الشهر|الشهر\s+{p['side']}){_AFTER}"),
        (
            "weekday",
            rf"(?<!\w)(?:[وفبل]{{0,2}})(?:يوم\s+|(?:صباح|مساء|ظهر|فجر|عصر|ليله)\s+)?(?:يوم\s+|امس\s+|اليوم\s+)?\(?"
            rf"(?P<weekday>{p['weekday']})\)?(?:\s+{p['side']})?{_AFTER}",
        ),
        (
            "month",
            rf"{_BEFORE}(?P<lead>شهر\s+|في\s+|خلال\s+|منتصف\s+|اوائل\s+|اواخر\s+|مطلع\s+|نهايه\s+|بدايه\s+|اول\s+|منذ\s+)?"
            rf"(?:شهر\s+)?{p['months']}(?:{year}|{side})?{_AFTER}",
        ),
        (
            "hijrimonth",
            rf"(?<!\w)(?:[وفبل]{{0,2}})شهر\s+(?P<hijri>{p['hijri']})(?:\s+المبارك)?(?:\s+(?:من\s+)?(?:العام\s+)?{p['side']})?{_AFTER}",
        ),
        ("unit", rf"(?<!\w)(?:[وفبلك]{{0,2}})(?P<unit>الاسبوع|الشهر|العام|السنه)\s+{p['side']}{_AFTER}"),
        ("unit", rf"(?<!\w)(?:[وفبلك]{{0,2}})(?:هذا|هذه)\s+(?P<unit>الاسبوع|الشهر|العام|السنه){_AFTER}"),
        (
            "ago",
            rf"(?<!\w)(?P<way>قبل|منذ|بعد)\s+(?:نحو\s+|حوالي\s+)?(?:(?P<count>\d{{1,3}}|{p['count']})\s+)?(?P<unit>{p['unit']}){_AFTER}",
        ),
        ("year", r"(?<!\w)(?:[وفبل]{0,2})(?:ال)?(?:عام|سنه|عامي)\s+(?P<year>(?:19|20)\d\d)(?!\d)"),
        ("year", r"(?<!\w)في\s+(?P<year>(?:19|20)\d\d)(?![\d/\-:.])"),
        (
            "relative",
            r"(?<!\w)(?:[وفبل]{0,2})(?P<relative>اول\s+من\s+امس|اول\s+امس|امس\s+الاول|بعد\s+غد|الليله\s+الماضيه|"
            rf"البارحه|امس|اليوم|الليله|غدا|غد|الغد){_AFTER}",
        ),
    ]
    return tuple((kind, re.compile(shape)) for kind, shape in found)
