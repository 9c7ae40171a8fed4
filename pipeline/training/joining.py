"""How far the scorers and the reader are to be trusted: a logistic model of both, fitted on held-out documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.meetings.attributes import describe_kind
from pipeline.meetings.days import date_candidates, describe_date, opinions_on_dates
from pipeline.meetings.places import describe_places, joined_places, opinions_on_places
from pipeline.meetings.reader import Reading
from pipeline.schema import MeetingKind
from pipeline.scorer import Scorer, joined_logs, log_odds
from pipeline.training.meeting_examples import FEW, Read, weight_of
from pipeline.training.tasks import FOLDS, Task, fold_of
from pipeline.training.told_events import Found, when_as_text

JOINING = ("own", "opinion", "bias")


def weigh(scores: Sequence[float], opinions: Sequence[float | None], task: Task) -> dict[str, float]:
    """The settings by which :meth:`pipeline.scorer.Scorer.joined` joins both; empty without opinions on two answers."""
    from sklearn.linear_model import LogisticRegression

    known = [at for at, opinion in enumerate(opinions) if opinion is not None]
    if len({task.answers[at] for at in known}) < 2:
        return {}
    rows = [[log_odds(scores[at]), opinions[at]] for at in known]
    answers, weights = [task.answers[at] == "yes" for at in known], [task.weights[at] for at in known]
    model = LogisticRegression(C=10.0).fit(rows, answers, weights)
    own, opinion = (round(float(weight), 3) for weight in model.coef_[0])
    return {"own": own, "opinion": opinion, "bias": round(float(model.intercept_[0]), 3)}


def joined(scores: Sequence[float], opinions: Sequence[float | None], settings: Mapping[str, float]) -> list[float]:
    """The scores with the opinions, by such settings."""
    scorer = Scorer((), (), {}, settings)
    return [scorer.joined(score, opinion) for score, opinion in zip(scores, opinions, strict=True)]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a scorer and a reader say of the answers to one question, which is right, and how much that weighs."""

    own: Mapping[str | None, float]
    opinion: Mapping[str, float]
    right: str | None
    weight: float


def weigh_kinds(choices: Sequence[Choice]) -> dict[str, float]:
    """The settings by which :meth:`pipeline.scorer.Scorer.joined_distribution` joins both; empty without choices."""

    def totals(choice: Choice, settings: Mapping[str, float]) -> Mapping[str | None, float]:
        own = {str(name): share for name, share in choice.own.items()}
        return dict(joined_logs(own, choice.opinion, settings).items())

    return _weigh(choices, {"own": 1.0, "opinion": 0.0}, totals)


def weigh_places(choices: Sequence[Choice]) -> dict[str, float]:
    """The settings by which :func:`pipeline.meetings.places.joined_places` joins both; empty without choices."""

    def totals(choice: Choice, settings: Mapping[str, float]) -> Mapping[str | None, float]:
        return joined_places(choice.own, choice.opinion, settings)

    return _weigh(choices, {"own": 1.0, "opinion": 0.0, "unread": 0.0, "none": 0.0}, totals)


def _weigh(
    choices: Sequence[Choice],
    start: Mapping[str, float],
    totals: Callable[[Choice, Mapping[str, float]], Mapping[str | None, float]],
) -> dict[str, float]:
    """The settings that make the right answers likeliest; a choice without a right answer teaches nothing."""
    from scipy.optimize import minimize

    asked = [choice for choice in choices if choice.right in choice.own]
    if not asked:
        return {}
    names = sorted(start)

    def loss(values: np.ndarray) -> float:
        settings = dict(zip(names, values, strict=True))
        whole = 0.01 * float(((values - [start[name] for name in names]) ** 2).sum())
        for choice in asked:
            found = totals(choice, settings)
            whole += choice.weight * float(np.logaddexp.reduce(list(found.values())) - found[choice.right])
        return whole

    best = minimize(loss, [start[name] for name in names], method="L-BFGS-B").x
    return {name: round(float(value), 3) for name, value in zip(names, best, strict=True)}


@dataclass(slots=True)
class _Heard:
    """What was said of events: choices of kinds and places, and of each date whether it is theirs."""

    kinds: list[Choice] = field(default_factory=list)
    places: list[Choice] = field(default_factory=list)
    dates: Task = field(default_factory=Task)
    own: list[float] = field(default_factory=list)
    opinions: list[float | None] = field(default_factory=list)


def attribute_joining(
    told: Sequence[tuple[Read, list[Found]]], tasks: Mapping[str, Task], fit_one: Callable[[str, Task], Scorer]
) -> dict[str, dict[str, float]]:
    """How far to trust scorer and reader on kind, place and date of events that were found; empty without a reader.

    Each event is judged by scorers that ``fit_one`` fits without its document, and by the reader of its fold.
    """
    heard = _Heard()
    asked = [(read, events, reading) for read, events in told if (reading := read.reading()) is not None]
    for fold in range(FOLDS) if asked else ():
        scorers = {name: fit_one(name, tasks[name].without(fold)) for name in ("kind", "place", "date")}
        for read, events, reading in asked:
            if fold_of(read.gold.doc_id) == fold:
                reading.read(found.event.triggers[0] for found in events)
                for found in events:
                    _hear(heard, read, found, reading, scorers)
    weights = {"kind": weigh_kinds(heard.kinds), "place": weigh_places(heard.places)}
    return weights | {"date": weigh(heard.own, heard.opinions, heard.dates)} if asked else {}


def _hear(heard: _Heard, read: Read, found: Found, reading: Reading, scorers: Mapping[str, Scorer]) -> None:
    """Note what a scorer and the reader say of an event; of a kind only where the reader says anything."""
    view, told, meeting, weight = read.view, found.told, found.meeting, weight_of(read.gold.doc_id)
    if meeting is None:
        return
    kinds = reading.kinds(told.triggers[0])
    if kinds is not None:
        shares: dict[str | None, float] = dict(scorers["kind"].distribution(describe_kind(view, told)).items())
        rare = FEW.get(meeting.kind.value, 1.0)  # both learned from calls that weigh as much
        heard.kinds.append(Choice(shares, kinds, meeting.kind.value, weight * rare))
    if meeting.kind is not MeetingKind.CALL:
        described = describe_places(view, told, meeting.kind)
        own = {entity_id: scorers["place"].total(features) for entity_id, features in described.items()}
        opinions = opinions_on_places(view, told, reading)
        heard.places.append(Choice(own, opinions, meeting.place_entity_id, weight))
    candidates = date_candidates(view, told)
    heard.opinions += opinions_on_dates(told, candidates, reading)
    for expression, number in candidates:
        answer = "yes" if when_as_text(expression.when) == meeting.date else "no"
        heard.own.append(scorers["date"].probability(describe_date(view, told, expression, number)))
        heard.dates.add([], answer, weight, read.gold.doc_id)  # weighed by both opinions, not by features
