"""When a page was published, by its own header, its stamp or its dateline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from operator import itemgetter
from typing import Literal

from pipeline.dates import calendar, words
from pipeline.dates.expressions import hijri_date
from pipeline.dates.patterns import find_shapes
from pipeline.folded import Folded, fold_text
from pipeline.gazetteer import fold_name, places
from pipeline.schema import Span

Basis = Literal["column", "header", "dateline"]
_Ranked = tuple[int, int, int, date, Basis]

_HEAD = 1500  # letters of the page that may hold a labelled date
_MOST_WORDS = 3  # of a place before the date of a dateline
_STAMP = 700  # letters that may hold a date without a label
_IN_PROSE = (0, 4, 5)  # ranks that a date inside a sentence may have: by a label, by 'today', by a weekday
_HIJRI_RANK = 6
_LABEL = re.compile(r"(?:نشر(?:ت)?|تاريخ\s+النشر|تحديث|(?<!\w)date|published|updated)[^.\n]{0,24}$", re.IGNORECASE)
_HIJRI = re.compile(
    r"\d{1,2}\s+\w+(?:\s+(?:الاول|الاخر|الثاني|الاولي|الاخره|القعده|الحجه))?\s+1[34]\d\d\s*ه?ـ?\w?\s*(?:الموافق)?"
)
_AGENCIES = (
    r"(?:وفا|واس|ا ف ب|رويترز|سانا|بنا|كونا|قنا|وام|العمانيه|ومع|واج|وات|سونا|واع|بترا|سبا|شينخوا|سبوتنيك|الاناضول|"
    r"ا ش ا|د ب ا)"
)
_AGENCY = re.compile(
    rf"\s*[،,/(]?\s*(?:{_AGENCIES}(?!\w)|الموافق)|\s*\(\s*[^\W\d][\w\s.،]{{0,20}}\)\s*[\-–—:]|\s*/\s*[^\W\d][\w\s.]{{0,20}}/"
)
_OPENING = re.compile(rf"\s*(?:م\s*)?(?:[\-–—:]|$)|{_AGENCY.pattern}")  # what follows the date of a dateline
_UPDATED = re.compile(r"\s*[،,|\-–—]?\s*اخر\s+تحديث(?!\w)")
_HIJRI_MARK = re.compile(r"\s*ه(?:جري(?:ه)?)?(?!\w)(?!\s*[.]?\s*ش(?!\w))")  # not the Persian solar year (ه.ش)
_MONTHS = "january february march april may june july august september october november december"
_ENGLISH = {name: number for number, name in enumerate(_MONTHS.split(), 1)}


@cache
def _shapes() -> tuple[re.Pattern[str], ...]:
    month = words.alternatives(words.months())
    english = "|".join(_ENGLISH)
    return (
        re.compile(r"(?<!\d)(?P<year>20\d\d|19\d\d)[\-/.](?P<month>\d{1,2})[\-/.](?P<day>\d{1,2})(?!\d)"),
        re.compile(
            r"(?<![\d/.\-])(?P<day>\d{1,2})\s?[\-/.]\s?(?P<month>\d{1,2})\s?[\-/.]\s?(?P<year>20\d\d|19\d\d|\d\d)(?![\d/])"
        ),
        re.compile(
            rf"(?<!\d)(?P<day>\d{{1,2}})\s*[/\-]?\s*ي?(?P<name>{month})(?:\s*[/،,]\s*(?:{month})|\s*\(\s*(?:{month})\s*\))?"
            rf"\s*[،,/\-]?\s*(?P<year>20\d\d|19\d\d)(?!\d)"
        ),
        re.compile(
            rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<english>{english})\.?,?\s+(?P<year>20\d\d|19\d\d)",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?P<english>{english})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>20\d\d|19\d\d)", re.IGNORECASE
        ),
    )


def find_publication_date(text: str) -> tuple[date, Basis] | None:
    """The publication date that the page states, and where (header or dateline); None where it states none.

    A date under a label (نشر، تاريخ، آخر تحديث) goes before a bare stamp, and a stamp before 'today, Sunday
    5 May 2019' in the prose.
    A date inside a sentence without 'today' is the date of something else. The Hijri date of a dateline counts where
    there is no other.

    >>> find_publication_date("آخر تحديث: الأحد 5 مايو/ أيار, 2019, 12:39")
    (datetime.date(2019, 5, 5), 'header')
    """
    best = min(_dates_of_head(text)[1], key=itemgetter(0, 1), default=None)
    return None if best is None else (best[3], best[4])


def find_datelines(text: str) -> tuple[Span, ...]:
    """What stands before the page's own text: the lines, or their beginnings, that end in the date of a stamp.

    >>> [span.of(text) for text in ["تونس 5 مايو 2019 - التقى الوزير"] for span in find_datelines(text)]
    ['تونس 5 مايو 2019']
    """
    folded, ranked = _dates_of_head(text)
    head = folded.text[:_HEAD]
    found = {
        folded.span(_line_around(head, start, end)[0], end)
        for rank, start, end, _, _ in ranked
        if rank not in _IN_PROSE
    }
    return tuple(sorted(found))


@lru_cache(maxsize=1)  # two stages ask it of a document
def _dates_of_head(text: str) -> tuple[Folded, tuple[_Ranked, ...]]:
    """The folded beginning of a page, and what :func:`_ranked_dates` finds there."""
    folded = fold_text(text)
    return folded, tuple(_ranked_dates(folded.text[:_HEAD]))


def _ranked_dates(text: str) -> Iterator[_Ranked]:
    """Rank, start, end, day and place of the dates that may be the page's own."""
    for start, end, day in _full_dates(text):
        rank, basis = _standing(text, start, end)
        if rank is not None:
            yield rank, start, end, day, basis
    for start, end, day in _hijri_datelines(text):
        yield _HIJRI_RANK, start, end, day, "dateline"


def _hijri_datelines(text: str) -> Iterator[tuple[int, int, date]]:
    """Start and end of the Hijri dates of datelines, and their days."""
    for _, match in find_shapes(text[:_STAMP], only="hijri"):
        day = hijri_date(match)
        mark = _HIJRI_MARK.match(text, match.end())
        end = match.end() if mark is None else mark.end()
        surely = mark is not None or match.groupdict().get("hijri") is not None
        if day is not None and surely and _opens_dateline(text, match.start(), end):
            yield match.start(), end, day


def _opens_dateline(text: str, start: int, end: int) -> bool:
    """Whether a date ends what opens a line: a place, or a few words and a weekday, or with an agency behind."""
    left, right = _line_around(text, start, end)
    before, after = text[left:start], text[end:right]
    named = re.findall(r"[^\W\d]+", before)
    if len(named) > 1 and named[-1] == "في":
        named.pop()
    weekday = bool(named) and named[-1] in words.weekdays()
    named = named[: len(named) - weekday]
    if len(named) > _MOST_WORDS or re.search(r"[:(]", before):
        return False
    if _AGENCY.match(after) and (named or weekday):
        return True
    if not re.match(r"\s*(?:[/\-–—]|$)", after):
        return False
    return fold_name(" ".join(named)) in places() if named else weekday and not after.strip()


def _full_dates(folded: str) -> Iterator[tuple[int, int, date]]:
    for shape in _shapes():
        for match in shape.finditer(folded):
            groups = match.groupdict()
            if groups.get("name"):
                month = words.months()[groups["name"]]
            elif groups.get("english"):
                month = _ENGLISH[groups["english"].lower()]
            else:
                month = int(groups["month"])
            day = calendar.day_or_none(calendar.full_year(int(groups["year"])), month, int(groups["day"]))
            if day is not None and date(1900, 1, 1) <= day:
                yield match.start(), match.end(), day


def _line_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Start and end of the line, or of the part between wide gaps, that holds the letters from start to end."""
    left = max(text.rfind("\n", 0, start), text.rfind("  ", 0, start)) + 1
    return left, min(index for index in (text.find("\n", end), text.find("  ", end), len(text)) if index >= 0)


def _standing(text: str, start: int, end: int) -> tuple[int | None, Basis]:
    """How much a full date looks like the page's own (0 best), and what kind of place it stands in; None for none."""
    before = text[max(0, start - 60) : start]
    if _LABEL.search(before):
        return 0, "header"
    if re.search(r"(?<!\w)[وف]?اليوم\s+(?:\w+\s+)?\(?$", before):
        return 4, "dateline"
    if start > _STAMP:
        return None, "header"
    left, right = _line_around(text, start, end)
    line_before, line_after = _HIJRI.sub("", text[left:start]), text[end:right]
    words_before = re.findall(r"[^\W\d]+", line_before)
    words_after = re.findall(r"[^\W\d]+", line_after)
    if len(words_before) in (2, 3) and words_before[-1] == "في" and _OPENING.match(line_after):
        return 3, "dateline"
    if _UPDATED.match(line_after):
        return 1, "header"
    if words_before and words_before[-1] in ("في", "بتاريخ", "يوم", "من", "منذ", "الي", "حتي"):
        return None, "header"
    weekday = bool(words_before) and words_before[-1] in words.weekdays()
    if len(words_before) - weekday <= 3 and len(words_after) <= 4:
        return (1 if re.match(r"\s*[\-–|،,]*\s*\d{1,2}:\d\d", line_after) else 2), "header"
    if len(words_before) - weekday <= 2 and re.match(
        rf"\s*(?:م\s+)?(?:\([\w\s.،]{{1,20}}\)\s*)?[\-–—(:]|\s*(?:م\s+)?[(\"]?{_AGENCIES}",
        line_after,
    ):
        return 3, "dateline"
    if weekday and re.search(r"(?<!\w)\w+\s+(?:يوم\s+|\()?\w+\s+$", line_before) and start < 250:
        return 5, "dateline"
    return None, "header"
