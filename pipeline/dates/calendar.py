"""Arithmetic of days, weeks, months and years; no words in here."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cache

from hijridate import Gregorian, Hijri

from pipeline.schema import When

HIJRI_YEARS = range(1343, 1501)  # the years that the Umm al-Qura table of hijridate knows


def day_or_none(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has no such day."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def full_year(year: int) -> int:
    """A year of two digits in full: 70 to 99 are of the last century.

    >>> full_year(9), full_year(98), full_year(2012)
    (2009, 1998, 2012)
    """
    if year >= 100:
        return year
    return 1900 + year if year >= 70 else 2000 + year


def month_of(year: int, month: int, basis: str) -> When:
    """A whole month; ``month`` may run over the year's ends (0 is December of the year before)."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    last = date(year, month, monthrange(year, month)[1])
    return When(date(year, month, 1), last, "stated" if basis == "stated" else "relative", "month")


def year_of(year: int, basis: str) -> When:
    """A whole year."""
    return When(date(year, 1, 1), date(year, 12, 31), "stated" if basis == "stated" else "relative", "year")


def week_of(day: date) -> When:
    """The week, Monday to Sunday, that holds the day; named relative to the publication date."""
    monday = day - timedelta(days=day.weekday())
    return When(monday, monday + timedelta(days=6), "relative", "range")


def nearest_year(month: int, day: int, published: date, side: int) -> int:
    """The year that puts the day nearest to the publication date, on the side (-1 past, 1 future) where one is told."""
    years = (published.year - 1, published.year, published.year + 1)
    days = {year: found for year in years if (found := day_or_none(year, month, day)) is not None}
    if side < 0:
        days = {y: d for y, d in days.items() if d <= published}
    elif side > 0:
        days = {y: d for y, d in days.items() if d >= published}
    if not days:
        return published.year
    return min(days, key=lambda year: abs((days[year] - published).days))


def weekday_near(weekday: int, published: date, side: int) -> date:
    """The named weekday nearest to the publication date: that day or before for -1, that day or after for 1."""
    back = (published.isoweekday() - weekday) % 7
    if side > 0:
        return published + timedelta(days=(weekday - published.isoweekday()) % 7)
    return published - timedelta(days=back)


@cache
def hijri_day(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of an Umm al-Qura date, by the hijridate library; None outside its table."""
    if year not in HIJRI_YEARS or not 1 <= month <= 12:
        return None
    length = Hijri(year, month, 1).month_length()
    if not 1 <= day <= length:
        return None
    found = Hijri(year, month, day).to_gregorian()
    return date(found.year, found.month, found.day)


@cache
def hijri_month(year: int, month: int) -> tuple[date, date] | None:
    """First and last Gregorian day of a Hijri month; None outside the library's table."""
    first = hijri_day(year, month, 1)
    if first is None:
        return None
    return first, first + timedelta(days=Hijri(year, month, 1).month_length() - 1)


@cache
def hijri_year(day: date) -> int | None:
    """The Hijri year of a Gregorian day; None outside the library's table."""
    if not date(1924, 8, 1) <= day <= date(2077, 11, 16):
        return None
    return int(Gregorian(day.year, day.month, day.day).to_hijri().year)
