"""Words of a text that give a date, resolved against the publication date where they need one."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date, timedelta
from typing import Literal

from pipeline.dates import calendar, words
from pipeline.dates.patterns import find_shapes
from pipeline.folded import Folded, fold_text
from pipeline.schema import Analysis, DateExpression, When

Basis = Literal["stated", "relative"]

_TODAY_NOT = re.compile(
    r"\s+(?:التالي|الاول|الثاني|الثالث|الاخير|العالمي|الدولي|الوطني|السابق|الواحد|نفسه|ذاته|الموعود|المفتوح|الدراسي)(?!\w)"
)
_COUNTED_FROM = re.compile(r"\s*(?:من|علي)\s+(?!(?:الان|اليوم|دون)(?!\w))")  # بعد يومين من القمة: not from today
_NAMED_TODAY = re.compile(r"(?:المصري|روسيا|جريده|صحيفه|ذلك|قناه|الاردن|سوريا|تركيا|العراق|ليبيا)\s+$")
_FUTURE = re.compile(
    r"(?<!\w)[وف]?(?:س[ينت]\w{2,}|سوف|المقرر|المتوقع|المنتظر|المرتقب\w*|المرجح|مرتقب\w*|مقرر\w*|متوقع\w*|يتوقع|تتوقع|يعتزم|تعتزم|ينوي|"
    r"يستعد|تستعد|لاجراء|للقاء|موعد\w*|اعتزام\w*|يلتقي|تلتقي|يزور|تزور|يصل|تصل|يبدا|تبدا|يتوجه|تتوجه|يعقد|تعقد|يستضيف|تستضيف|تنطلق|"
    r"ينطلق)(?!\w)"
)
_PAST = re.compile(
    r"(?<!\w)[وف]?(?:التقي|التقت|استقبل|استقبلت|اجتمع|اجتمعت|عقد|عقدت|اجري|اجرت|بحث|بحثت|كان|كانت|وصل|وصلت|قال|قالت|اعلن|اعلنت|زار|زارت|"
    r"اكد|اكدت|تلقي|تلقت|ناقش|ناقشت|شارك|شاركت|غادر|غادرت|عقب|اعقاب)(?!\w)"
)
_LATE = 3  # days by which a stamp may be later than the text


def find_dates(analysis: Analysis) -> tuple[DateExpression, ...]:
    """The date expressions of the article and secondary segments, in text order, without overlap.

    ``when`` is None where the words need a publication date and there is none: nothing is invented.
    """
    if not analysis.sentences:
        return ()
    folded = fold_text(analysis.document.text)
    taken: list[tuple[int, int]] = []
    found: list[DateExpression] = []
    starts = [sentence.span.start for sentence in analysis.sentences]
    unnamed = _without_names(analysis, folded)
    for kind, match in find_shapes(folded.text):
        start, end = _trim(match)
        if any(start < b and a < end for a, b in taken) or _is_no_date(kind, match, folded.text):
            continue
        span = folded.span(start, end)
        index = bisect_right(starts, span.start) - 1
        if index < 0 or span.start >= analysis.sentences[index].span.end:
            continue
        taken.append((start, end))
        left = folded.position(analysis.sentences[index].span.start)
        side = _tense(unnamed[left:start], unnamed[end : end + 60])
        found.append(DateExpression(span, index, _resolve(kind, match, analysis.document.published, side)))
    return tuple(sorted(found, key=lambda expression: expression.span))


def _without_names(analysis: Analysis, folded: Folded) -> str:
    """The folded text with its names blanked: a name that begins like a future verb tells no tense."""
    text = folded.text
    parts: list[str] = []
    done = 0
    for mention in analysis.mentions:
        start, end = folded.position(mention.span.start), folded.position(mention.span.end - 1) + 1
        parts += [text[done:start], " " * (end - max(start, done))]
        done = max(done, end)
    return "".join((*parts, text[done:]))


def _trim(match: re.Match[str]) -> tuple[int, int]:
    """The match without leading proclitics glued to a digit or a word, and without trailing space."""
    start, end = match.span()
    while start < end and match.string[start].isspace():
        start += 1
    while end > start and match.string[end - 1].isspace():
        end -= 1
    return start, end


def _is_no_date(kind: str, match: re.Match[str], text: str) -> bool:
    """Whether the words look like a date and are none: a name, a number, an adjective after 'the day'."""
    if kind == "relative" and match["relative"] == "اليوم":
        return bool(_TODAY_NOT.match(text, match.end()) or _NAMED_TODAY.search(text[: match.start()]))
    if kind == "month":
        groups = match.groupdict()
        bare = not groups["year"] and not groups["side"]
        if bare and groups["month"] in words.names_too():
            return not (groups["lead"] or "").startswith("شهر")
        return bare and not groups["lead"]
    if kind == "hijri" and match.groupdict().get("year") is None:
        return match["hijri"] in words.names_too() and "من" not in match.group() and not match["day"]
    if kind == "ago":
        letter, own = words.units()[match["unit"]]
        counted_from = match["way"] != "منذ" and _COUNTED_FROM.match(text, match.end()) is not None
        return (not match["count"] and own == 0) or letter == "" or counted_from
    return False


def _tense(before: str, after: str) -> int:
    """The side that the nearest verb before the words tells (-1 past, 1 future); 0 where none does."""
    last: tuple[int, int] = (-1, 0)
    for pattern, side in ((_PAST, -1), (_FUTURE, 1)):
        for match in pattern.finditer(before):
            last = max(last, (match.start(), side))
    if last[1]:
        return last[1]
    if _FUTURE.search(after):
        return 1
    return -1 if _PAST.search(after) else 0


def _number(word: str | None) -> int:
    if word is None:
        return 0
    if word.isdigit():
        return int(word)
    return words.ordinals().get(word) or words.counts().get(word, 0)


def _resolve(kind: str, match: re.Match[str], published: date | None, tense: int) -> When | None:
    groups = match.groupdict()
    side = words.sides().get(groups.get("side") or "")
    if kind in ("iso", "numeric"):
        found = calendar.day_or_none(calendar.full_year(int(groups["year"])), int(groups["month"]), int(groups["day"]))
        return None if found is None else When(found, found, "stated")
    if kind == "hijri":
        return _resolve_hijri(groups, published)
    if kind == "hijrimonth":
        return _resolve_hijri_month(groups["hijri"], published, side)
    if kind in ("day", "days"):
        return _resolve_day(groups, published, tense, side)
    if kind == "month":
        return _resolve_month(groups, published, tense, side)
    if kind == "year":
        return calendar.year_of(int(groups["year"]), "stated")
    if published is None:
        return None
    if kind == "weekday":
        return _resolve_weekday(match, published, tense, side)
    if kind == "unit":
        return _shift_unit(groups["unit"].removeprefix("ال"), side or 0, published)
    if kind == "ago":
        return _resolve_ago(groups, published)
    return _resolve_relative(groups["relative"], published)


def hijri_date(match: re.Match[str]) -> date | None:
    """The day of a match of a Hijri shape that tells its year; None where it does not, or there is no such day."""
    found = _resolve_hijri(match.groupdict(), None)
    return None if found is None else found.first


def _resolve_hijri(groups: dict[str, str | None], published: date | None) -> When | None:
    month = words.hijri_months()[groups["hijri"] or ""] if groups.get("hijri") else int(groups.get("month") or 0)
    basis: Basis = "stated" if groups.get("year") else "relative"
    year = int(groups["year"] or 0) if groups.get("year") else (calendar.hijri_year(published) if published else None)
    if year is None:
        return None
    found = calendar.hijri_day(year, month, _number(groups["day"]))
    return None if found is None else When(found, found, basis)


def _resolve_hijri_month(name: str, published: date | None, side: int | None) -> When | None:
    year = calendar.hijri_year(published) if published else None
    if published is None or year is None:
        return None
    spans = [span for y in (year - 1, year, year + 1) if (span := calendar.hijri_month(y, words.hijri_months()[name]))]
    if side == -1:
        spans = [span for span in spans if span[1] < published]
    elif side == 1:
        spans = [span for span in spans if span[0] > published]
    if not spans:
        return None
    first, last = min(spans, key=lambda span: abs((span[0] - published).days))
    return When(first, last, "relative", "range")


def _resolve_day(groups: dict[str, str | None], published: date | None, tense: int, side: int | None) -> When | None:
    last = _number(groups["day"])
    first = _number(groups.get("first")) or last
    name = groups.get("month")
    basis: Basis = "stated" if groups.get("year") else "relative"
    if name is None:  # 18 من الشهر الماضي
        if published is None:
            return None
        month = published.month + (side or 0)
        year, month = published.year + (month - 1) // 12, (month - 1) % 12 + 1
    else:
        month = words.months()[name]
        if groups.get("year"):
            year = int(groups["year"] or 0)
        elif published is None:
            return None
        elif side == 0:
            year = published.year
        else:
            year = calendar.nearest_year(month, last, published, side or 0)
    start, end = calendar.day_or_none(year, month, first), calendar.day_or_none(year, month, last)
    if start is None or end is None or tense not in (-1, 0, 1):
        return None
    if start > end:  # من 28 يناير إلى 3 فبراير
        start = calendar.day_or_none(year if month > 1 else year - 1, month - 1 if month > 1 else 12, first)
        if start is None:
            return None
    return When(start, end, basis, "day" if start == end else "range")


def _resolve_month(groups: dict[str, str | None], published: date | None, tense: int, side: int | None) -> When | None:
    month = words.months()[groups["month"] or ""]
    if groups.get("year"):
        year, basis = int(groups["year"] or 0), "stated"
    elif published is None:
        return None
    else:
        basis = "relative"
        wanted = side if side is not None else tense
        year = published.year
        if wanted == -1 and (month > published.month or (side == -1 and month == published.month)):
            year -= 1
        elif wanted == 1 and month < published.month:
            year += 1
    if (groups.get("lead") or "").strip() == "اول":
        found = calendar.day_or_none(year, month, 1)
        return None if found is None else When(found, found, "stated" if basis == "stated" else "relative")
    return calendar.month_of(year, month, basis)


def _resolve_weekday(match: re.Match[str], published: date, tense: int, side: int | None) -> When:
    weekday = words.weekdays()[match["weekday"]]
    if "امس" in match.group().split():  # the stamp may be some days late, the weekday is the writer's own
        day = calendar.weekday_near(weekday, published, -1)
        day = day if (published - day).days <= _LATE else published - timedelta(days=1)
    elif side == -1:
        day = calendar.weekday_near(weekday, published - timedelta(days=1), -1)
    elif side == 1:
        day = calendar.weekday_near(weekday, published + timedelta(days=1), 1)
    else:
        day = calendar.weekday_near(weekday, published, 1 if tense == 1 else -1)
    return When(day, day, "relative")


def _shift_unit(unit: str, by: int, published: date) -> When:
    if unit == "اسبوع":
        return calendar.week_of(published + timedelta(weeks=by))
    if unit == "شهر":
        return calendar.month_of(published.year, published.month + by, "relative")
    if unit == "يوم":
        day = published + timedelta(days=by)
        return When(day, day, "relative")
    return calendar.year_of(published.year + by, "relative")


def _resolve_ago(groups: dict[str, str | None], published: date) -> When | None:
    letter, own = words.units()[groups["unit"] or ""]
    count = own if own == 2 else (_number(groups["count"]) or 1)
    by = count if groups["way"] == "بعد" else -count
    unit = {"D": "يوم", "W": "اسبوع", "M": "شهر", "Y": "عام"}[letter]
    if abs(by) > 200:
        return None
    if letter == "W":
        day = published + timedelta(weeks=by)
        return When(day, day, "relative")
    return _shift_unit(unit, by, published)


def _resolve_relative(word: str, published: date) -> When:
    day = published + timedelta(days=words.days()[" ".join(word.split())])
    return When(day, day, "relative")
