"""What scorers and readers together teach a reader of raw news."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import pytest

from pipeline.meetings.features import describe_all
from pipeline.meetings.pairs import find_pairs
from pipeline.meetings.reader import KINDS, Reader, Reading
from pipeline.meetings.view import Link, View
from pipeline.schema import MeetingKind
from pipeline.scorer import sigmoid
from pipeline.training.reader_answers import Answers, taught
from tests.unit.test_reader_heard import story


class Teacher(Reading):
    """Says the same of every party and, by their names, of places; a reader whose every document is itself."""

    def __init__(self, says: float | None, places: Mapping[str, float | None] | None = None) -> None:
        self.says, self.sites = says, places or {}

    def open(self, view: View) -> Teacher:
        assert view.triggers
        return self

    def read(self, triggers: Iterable[int]) -> None:
        pass

    def parties(self, asked: Sequence[tuple[int, Link]]) -> list[float | None]:
        return [self.says] * len(asked)

    def places(self, asked: Sequence[tuple[int, Link]]) -> list[float | None]:
        return [self.sites.get(link.entity_id) for _, link in asked]

    def kinds(self, trigger: int) -> dict[str, float] | None:
        assert trigger >= 0
        return {kind: 0.0 if kind == "visit" else -30.0 for kind in KINDS}


def lesson(*teachers: Teacher, score: float = 0.5) -> tuple[View, Answers]:
    view, _ = story()
    rows = [[(candidate, score) for candidate, _ in row] for row in describe_all(view)]
    told = [(telling, score) for telling in find_pairs(view, rows)]
    return view, taught(view, rows, told, [cast(Reader, teacher) for teacher in teachers])


def test_the_mean_of_the_readers_moves_what_the_scorers_say() -> None:
    _, answers = lesson(Teacher(4.0), Teacher(0.0))
    (score,) = {score for row in answers.parties if len(row) > 1 for _, score in row}
    assert score == pytest.approx(sigmoid(0.45 * 2.0))
    _, sure = lesson(Teacher(8.0))
    _, unsure = lesson(Teacher(-8.0))
    assert min(score for _, score in sure.pairs) > 0.5 > max(score for _, score in unsure.pairs)


def test_of_what_a_reader_does_not_read_the_scorers_answer_stays() -> None:
    _, answers = lesson(Teacher(4.0), Teacher(None))
    assert {score for row in answers.parties for _, score in row} == {0.5}
    assert {score for _, score in answers.pairs} == {0.5}


def test_only_a_sure_trigger_tells_of_an_event_and_its_place_is_half_the_readers() -> None:
    assert not lesson(Teacher(-8.0))[1].events
    view, answers = lesson(Teacher(8.0, {"دمشق": 30.0, "عمان": -30.0}), Teacher(8.0, {"دمشق": 30.0}))
    assert answers.events
    assert {telling.trigger for telling, score in answers.pairs if score >= 0.5} == set(answers.events)
    for event in answers.events.values():
        assert event.kind is MeetingKind.VISIT
        assert event.date is None
        says = {link.entity_id: event.place(link) for row in view.places for link in row}
        assert says["دمشق"] in (pytest.approx(0.5), pytest.approx(1.0))  # as the stage answers, beside sure readers
        assert {says["عمان"], says["الرباط"]} <= {0.0, 1.0}  # one reader did not read them: the stage's answer alone
