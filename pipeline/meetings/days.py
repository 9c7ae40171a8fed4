"""When an event took place: the dates near its triggers, each judged, and those that give the same time together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Sequence
from datetime import date, timedelta

from pipeline.meetings.attributes import Told
from pipeline.meetings.features import bucket
from pipeline.meetings.reader import Reading
from pipeline.meetings.view import Trigger, View
from pipeline.schema import DateExpression, When
from pipeline.scorer import Scorer

_WEEK = timedelta(days=7)  # within which what a page tells of has happened

Candidate = tuple[DateExpression, int]
"""Words that give a date, and the number of the trigger that they stand nearest to."""


def find_date(view: View, told: Told, scorer: Scorer, reading: Reading | None = None) -> When | None:
    """The time that is told most surely; words that give the same time support each other (noisy-or).

    None where no words are sure enough. Where the scorer was fitted with a reader's opinion, what the ``reading`` says
    is heard as well.
    """
    candidates = date_candidates(view, told)
    stamps = idle_stamps(view, told, candidates)
    opinions = opinions_on_dates(told, candidates, reading if "opinion" in scorer.settings else None)
    doubts: dict[tuple[date, date], float] = {}
    best: dict[tuple[date, date], tuple[float, int, When]] = {}
    for (expression, number), opinion in zip(candidates, opinions, strict=True):
        if expression.when is None or expression in stamps or _is_too_late(view, told, expression.when):
            continue
        own = scorer.probability(describe_date(view, told, expression, number, stamps))
        score = scorer.joined(own, opinion)
        days = (expression.when.first, expression.when.last)
        doubts[days] = doubts.get(days, 1.0) * (1.0 - score)
        best[days] = max(
            best.get(days, (0.0, 0, expression.when)), (score, -expression.span.start, expression.when), key=_rank
        )
    if not best:
        return None
    days = min(doubts, key=lambda one: (doubts[one], -best[one][0], one))
    return best[days][2] if 1.0 - doubts[days] >= scorer.settings.get("threshold", 0.5) else None


def _is_too_late(view: View, told: Told, when: When) -> bool:
    """Whether the time lies after the day of publication and the next, and a past verb tells of the event."""
    published = view.analysis.document.published
    past = view.triggers[told.triggers[0]].form.tense == "past"
    return past and published is not None and when.first > published + timedelta(days=1)


def _rank(told: tuple[float, int, When]) -> tuple[float, int]:
    return told[:2]


def opinions_on_dates(told: Told, candidates: Sequence[Candidate], reading: Reading | None) -> list[float | None]:
    """The reader's log odds of the words by the surest trigger; None of those that do not stand near it."""
    if reading is None:
        return [None] * len(candidates)
    return reading.dates([(told.triggers[0], expression) for expression, _ in candidates])


def date_candidates(view: View, told: Told) -> list[Candidate]:
    """The resolved date expressions near the triggers and of the first sentences, each with its nearest trigger."""
    found: dict[DateExpression, int] = {}
    for number in told.triggers:
        sentence = view.triggers[number].sentence
        start = max(0, sentence - 2)
        near = view.dates_in[: min(3, start)] + view.dates_in[start : sentence + 3]
        for expression in (expression for row in near for expression in row):
            if expression.when is not None:
                known = found.get(expression)
                if known is None or _reach(view, expression, known) > _reach(view, expression, number):
                    found[expression] = number
    return list(found.items())


def idle_stamps(view: View, told: Told, candidates: Sequence[Candidate]) -> frozenset[DateExpression]:
    """The dates of the page's datelines, where the sentence of the surest trigger tells when the event is itself.

    A stamp says when the page was written. It gives way to other days from a week before it on; to later ones only
    where the trigger is no past verb, for what they tell of is to come.
    """
    published = view.analysis.document.published
    if published is None or not view.stamps:
        return frozenset()
    trigger = view.triggers[told.triggers[0]]
    last = published if trigger.form.tense == "past" else date.max
    own = (e for e, _ in candidates if e.sentence == trigger.sentence and e not in view.stamps)
    told_days = [expression.when for expression in own if expression.when is not None]
    if any(when.first == when.last == published for when in told_days):
        return frozenset()
    near = (when.precision in ("day", "range") and published - _WEEK <= when.first <= last for when in told_days)
    return view.stamps if any(near) else frozenset()


def _start(trigger: Trigger) -> int:
    return trigger.span.start


def _reach(view: View, expression: DateExpression, number: int) -> tuple[int, int]:
    trigger = view.triggers[number]
    return abs(expression.sentence - trigger.sentence), abs(expression.span.start - trigger.span.start)


def describe_date(
    view: View, told: Told, expression: DateExpression, number: int, without: Container[DateExpression] = ()
) -> list[str]:
    """Features for 'is this the date': how far it stands, what is between, and how the words give it.

    Dates ``without`` which the event is told are not counted among those of the sentence.
    """
    trigger = view.triggers[number]
    when = expression.when
    offset = max(-3, min(3, expression.sentence - trigger.sentence))
    same = f"{offset:+d}" if offset else "same"
    published = view.analysis.document.published
    after = expression.span.start > trigger.span.start
    low, high = sorted((expression.span.start, trigger.span.start))
    between = view.analysis.document.text[low:high]
    marks = sum(between.count(mark) for mark in '،,.:؛"')
    out = [f"same={same}", f"best={number == told.triggers[0]}", f"after={after}+{same}"]
    out += [
        f"t={trigger.form.lemma}+{same}",
        f"gap={bucket(high - low, (0, 20, 50, 90, 150))}+{same}+{after}",
        f"marks={bucket(marks, (0, 1, 2, 4))}+{same}",
    ]
    told_dates = [one for one in view.dates_in[expression.sentence] if one not in without]
    n_dates = len({(o.when.first, o.when.last) if o.when else o.span for o in told_dates})  # one day may be told twice
    first = bisect_right(view.triggers, low, key=_start)
    others = max(0, bisect_left(view.triggers, high, key=_start) - first)
    out += [f"dates={bucket(n_dates, (1, 2, 3))}", f"others={bucket(others, (0, 1, 2, 4))}+{same}"]
    if when is not None:
        day = published is not None and when.precision == "day" and 0 <= (published - when.first).days <= 1
        form = trigger.form
        out += [f"precision={when.precision}+{when.basis}", f"basis={when.basis}+{same}", f"today={day}+{same}"]
        out += [f"today={day}+{same}+{form.tense}", f"line={min(expression.sentence, 3)}+today={day}+{same}"]
        out += [
            f"precision={when.precision}+{when.basis}+{same}",
            f"today={day}+best={number == told.triggers[0]}+{same}",
        ]
    return out
