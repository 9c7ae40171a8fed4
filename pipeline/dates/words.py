"""The words of dates, read from ``lexicons/temporal_numeric.tsv`` and turned into alternatives of a pattern."""

from __future__ import annotations

import re
from functools import cache

from pipeline.folded import fold_word
from pipeline.gazetteer import read_rows

NAMES_TOO = {"ناصر", "رجب", "شعبان", "رمضان", "صفر", "محرم", "ماي", "اب", "مارس", "جوان", "اوت"}
"""Month names that are names of people or everyday words as well: never a date without a number, شهر or a year."""

PAST_WORDS = "الماضي|الماضيه|المنصرم|المنصرمه|الفائت|الفايت|الفائته|الفايته|السابق"
NEXT_WORDS = "المقبل|المقبله|القادم|القادمه|الاتي|الاتيه"
THIS_WORDS = "الجاري|الجاريه|الحالي|الحاليه"
SIDES = dict.fromkeys(PAST_WORDS.split("|"), -1) | dict.fromkeys(NEXT_WORDS.split("|"), 1)
SIDES |= dict.fromkeys(THIS_WORDS.split("|"), 0)


@cache
def _values(kind: str) -> dict[str, int]:
    rows = [row for row in read_rows("temporal_numeric") if row["class"] == kind and "rare" not in row["note"]]
    return {fold_word(row["expression_ar"]): int(row["value"]) for row in rows}


def months() -> dict[str, int]:
    """Gregorian month names of every Arab country, folded, with their number."""
    return _values("month_gregorian")


def hijri_months() -> dict[str, int]:
    """Hijri month names, folded, with their number."""
    return _values("month_hijri")


def weekdays() -> dict[str, int]:
    """Weekday names, folded, with their ISO number."""
    return _values("weekday")


@cache
def ordinals() -> dict[str, int]:
    """Ordinal words to thirty-one, folded: the day of a month written out."""
    units = {"الاول": 1, "الثاني": 2, "الثالث": 3, "الرابع": 4, "الخامس": 5, "السادس": 6, "السابع": 7, "الثامن": 8}
    units |= {"التاسع": 9}
    found = units | {"العاشر": 10, "الحادي عشر": 11, "العشرين": 20, "الثلاثين": 30, "الحادي والثلاثين": 31}
    found |= {f"{word} عشر": number + 10 for word, number in units.items() if number > 1}
    found |= {f"{word} والعشرين": number + 20 for word, number in units.items() if number > 1}
    return found | {"الحادي والعشرين": 21}


@cache
def counts() -> dict[str, int]:
    """Number words to ten, folded, as they stand before a counted unit."""
    return {word: number for word, number in _values("cardinal").items() if number <= 10}


@cache
def units() -> dict[str, tuple[str, int]]:
    """Units of a day or longer, folded, with their letter (D, W, M, Y) and how many the form itself counts."""
    letters = {row["expression_ar"]: row["value"] for row in read_rows("temporal_numeric") if row["class"] == "unit"}
    found = {fold_word(word): (letter, 1) for word, letter in letters.items() if letter in "DWMY" and word != "دقيقة"}
    for row in read_rows("temporal_numeric"):
        letter = letters.get(row["value"], "")
        if row["class"] in ("unit_dual", "unit_plural") and letter in ("D", "W", "M", "Y") and row["value"] != "دقيقة":
            found[fold_word(row["expression_ar"])] = (letter, 2 if row["class"] == "unit_dual" else 0)
    return found


def alternatives(words: dict[str, object] | dict[str, int] | dict[str, tuple[str, int]]) -> str:
    """The words as alternatives of a pattern, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
