"""How far a reader is heard on where, when and of what kind an event is: in use, and when its weights are fitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pipeline.evaluation.gold import GoldDocument, GoldMeeting
from pipeline.meetings import stage
from pipeline.meetings.attributes import Told
from pipeline.meetings.candidates import Candidate
from pipeline.meetings.days import find_date
from pipeline.meetings.events import Event
from pipeline.meetings.features import describe_all
from pipeline.meetings.places import find_place, opinions_on_places
from pipeline.meetings.reader import KINDS, Reader, Reading
from pipeline.meetings.view import Link, View, build_view
from pipeline.schema import DateExpression, EntityType, MeetingKind, Status
from pipeline.scorer import Scorer, load_scorer
from pipeline.training import meetings
from pipeline.training.joining import attribute_joining
from pipeline.training.meeting_examples import Read
from pipeline.training.tasks import Task, fold_of
from pipeline.training.told_events import Found
from tests.unit.test_meetings import analyse

NAMES = {"سالم الوردي": "p", "هاني البدوي": "p", "عمان": "l", "دمشق": "l", "الرباط": "l"}
STORY = (
    "وصل سالم الوردي إلى عمان. والتقى هاني البدوي في دمشق يوم 3 مارس 2024. ثم عاد من عمان يوم 9 مارس 2024. "
    "وقال إن الملف في الرباط مهم."
)
PLACES = {"own": 0.0, "opinion": 1.0, "unread": -9.0, "none": 0.0}


class Saying(Reading):
    """A reading that says what it is told to, by the first code point of a name or date; it remembers the asked."""

    def __init__(self, view: View, says: Mapping[int, float], kind: str = "visit") -> None:
        self.view, self.says, self.kind = view, says, kind
        self.asked: list[Link] = []

    def read(self, triggers: Any) -> None:
        pass

    def places(self, asked: Sequence[tuple[int, Link]]) -> list[float | None]:
        self.asked += [link for _, link in asked]
        return [self.says.get(link.span.start) for _, link in asked]

    def parties(self, asked: Sequence[tuple[int, Link]]) -> list[float | None]:
        return [8.0 if link.type is EntityType.PER else -8.0 for _, link in asked]

    def dates(self, asked: Sequence[tuple[int, DateExpression]]) -> list[float | None]:
        return [self.says.get(expression.span.start) for _, expression in asked]

    def kinds(self, trigger: int) -> dict[str, float] | None:
        assert self.view.triggers[trigger].form.lemma
        return {kind: 0.0 if kind == self.kind else -9.0 for kind in KINDS}


def story() -> tuple[View, Told]:
    view = build_view(analyse(STORY, NAMES))
    number = next(at for at, trigger in enumerate(view.triggers) if trigger.form.lemma == "التقى")
    return view, Told((number,), frozenset(list(NAMES)[:2]))


def place_scorer(**settings: float) -> Scorer:
    return Scorer(("yes",), (0.0,), {}, PLACES | settings)


def test_of_the_tellings_of_a_place_the_likeliest_counts_and_none_beyond_what_is_read() -> None:
    view, told = story()
    first, again = STORY.index("عمان"), STORY.rindex("عمان")
    reading = Saying(view, {first: -2.0, again: 1.5})
    assert opinions_on_places(view, told, reading) == {"عمان": 1.5}
    assert {link.entity_id for link in reading.asked} == {"عمان", "دمشق"}


@pytest.mark.parametrize(("damascus", "expected"), [(3.0, "دمشق"), (1.0, "عمان"), (-5.0, "عمان")])
def test_the_place_follows_a_reader_that_is_trusted(damascus: float, expected: str) -> None:
    view, told = story()
    reading = Saying(view, {STORY.index("عمان"): 2.0, STORY.index("دمشق"): damascus})
    assert find_place(view, told, MeetingKind.MEETING, place_scorer(), reading) == expected
    assert find_place(view, told, MeetingKind.MEETING, place_scorer(none=5.0), reading) is None
    assert find_place(view, told, MeetingKind.CALL, place_scorer(), reading) is None
    untold = replace(place_scorer(), weights={"none:kind=meeting": (1.0,)}, settings={})
    assert find_place(view, told, MeetingKind.MEETING, untold, reading) is None  # fitted without one, it hears none


def test_the_date_follows_a_reader_that_is_trusted() -> None:
    view, told = story()
    third, ninth = (day.span.start for day in view.analysis.dates)
    heard = Scorer(("yes",), (-1.0,), {}, {"own": 0.0, "opinion": 1.0, "bias": 0.0, "threshold": 0.5})
    for says, expected in (({third: 2.0, ninth: -2.0}, 3), ({third: -2.0, ninth: 2.0}, 9), ({third: -2.0}, None)):
        found = find_date(view, told, heard, Saying(view, says))
        assert (found and found.first.day) == expected
    assert find_date(view, told, replace(heard, settings={"threshold": 0.5}), Saying(view, {third: 2.0})) is None
    assert find_date(view, told, heard, None) is None


def test_the_stage_hears_the_reader_on_the_date(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "التقى سالم الوردي هاني البدوي في دمشق يوم 3 مارس 2024. ثم عاد إلى عمان يوم 9 مارس 2024."
    view = build_view(analyse(text, NAMES))
    third, ninth = (day.span.start for day in view.analysis.dates)
    heard = Scorer(("yes",), (-1.0,), {}, {"own": 0.0, "opinion": 1.0, "bias": 0.0, "threshold": 0.5})
    monkeypatch.setattr(stage, "load_scorer", lambda name: heard if name == "date" else load_scorer(name))
    for says, expected in (({third: 3.0, ninth: -3.0}, 3), ({third: -3.0, ninth: 3.0}, 9)):
        reader = SimpleNamespace(open=lambda view, says=says: Saying(view, says))
        (meeting,) = stage.find_meetings(view.analysis, cast(Reader, reader))
        assert meeting.when is not None
        assert meeting.when.first.day == expected


def test_the_kind_follows_a_reader_that_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    view, told = story()
    bias = tuple(float(kind == "meeting") for kind in KINDS)
    heard = Scorer(KINDS, bias, {}, {"own": 1.0, "opinion": 1.0})
    monkeypatch.setattr(stage, "load_scorer", lambda _: heard)
    assert stage.find_kind(view, told, Saying(view, {}, "call")) is MeetingKind.CALL
    assert stage.find_kind(view, told, None) is MeetingKind.MEETING
    monkeypatch.setattr(stage, "load_scorer", lambda _: replace(heard, settings={}))
    assert stage.find_kind(view, told, Saying(view, {}, "call")) is MeetingKind.MEETING


def test_who_judges_an_event_in_fitting_has_not_learned_from_it() -> None:
    view, told = story()
    found = []
    tasks = {"kind": Task(), "place": Task(), "date": Task()}
    for number in range(12):
        gold = _gold(f"x{number}")
        read = Read(gold, view, describe_all(view))
        third, ninth = (day.span.start for day in view.analysis.dates)
        read.opened = Saying(view, {STORY.index("دمشق"): 2.0, STORY.index("عمان"): -2.0, third: 2.0, ninth: -2.0})
        candidates: dict[str, Candidate] = {}
        event = Event(list(told.triggers), candidates, {}, ())
        found.append((read, [Found(event, gold.meetings[0])]))
        for task in tasks.values():
            task.add([f"document={gold.doc_id}"], "yes", 1.0, gold.doc_id)
    used: list[tuple[str, frozenset[str]]] = []

    def fitted(name: str, task: Task) -> Scorer:
        used.append((name, frozenset(task.groups)))
        return Scorer(KINDS, (0.0,) * len(KINDS), {}, {}) if name == "kind" else Scorer(("yes",), (0.0,), {}, {})

    settings = attribute_joining(found, tasks, fitted)
    everyone = {f"x{number}" for number in range(12)}
    folds = {frozenset(one for one in everyone if fold_of(one) != fold) for fold in map(fold_of, everyone)}
    assert folds <= {groups for _, groups in used}
    assert settings["place"]["opinion"] > 0.5
    assert settings["kind"]["opinion"] > 0.5
    assert settings["date"]["opinion"] > 0.5


def _gold(doc_id: str) -> GoldDocument:
    meeting = GoldMeeting(MeetingKind.VISIT, Status.HELD, "2024-03-03", "دمشق", frozenset(list(NAMES)[:2]))
    return GoldDocument(doc_id, STORY, None, (), (), (), (), (meeting,), ())


def test_without_readers_nothing_is_joined() -> None:
    view, told = story()
    gold = _gold("x1")
    read = Read(gold, view, describe_all(view))
    found = Found(Event(list(told.triggers), {}, {}, ()), gold.meetings[0])
    assert attribute_joining([(read, [found])], {}, meetings.fit_one) == {}
