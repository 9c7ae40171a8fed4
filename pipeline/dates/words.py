"""The words of dates, read from ``lexicons/temporal_numeric.tsv`` and turned into alternatives of a pattern."""

from __future__ import annotations

import re
from functools import cache

from pipeline.folded import fold_word
from pipeline.gazetteer import read_rows


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
def names_too() -> frozenset[str]:
    """Months that are names or everyday words as well: never a date without a number, شهر or a year."""
    rows = (row for row in read_rows("temporal_numeric") if "also a name" in row["note"])
    return frozenset(fold_word(row["expression_ar"]) for row in rows)


@cache
def sides() -> dict[str, int]:
    """Adjectives, folded, that tell which one is meant: the last (-1), this one (0) or the next (1)."""
    rows = (row for row in read_rows("temporal_numeric") if row["class"] == "relative")
    return {fold_word(row["expression_ar"]): int(row["value"]) for row in rows if row["value"] in ("-1", "0", "+1")}


@cache
def days() -> dict[str, int]:
    """Folded words for a day near today, with how many days it is after today: البارحه is -1."""
    rows = (row for row in read_rows("temporal_numeric") if row["class"] == "relative" and row["value"][-1] == "D")
    return {fold_word(row["expression_ar"]): int(row["value"].replace("P", "")[:-1]) for row in rows}


@cache
def ordinals() -> dict[str, int]:
    """Ordinal words to thirty-one, folded: the day of a month written out."""
    rows = (row for row in read_rows("temporal_numeric") if row["class"] == "ordinal" and "masc" in row["note"])
    return {fold_word(row["expression_ar"]): int(row["value"]) for row in rows}


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
