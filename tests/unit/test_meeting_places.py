"""Where a meeting took place: the scorer's answers on invented sentences, and the fit that makes places compete."""

from __future__ import annotations

import pytest

from pipeline.meetings.standings import governor_of
from pipeline.meetings.view import build_view
from pipeline.training.choice import fit_choice
from tests.unit.test_meetings import analyse, meetings_of

NAMES = {"سالم الكرمي": "p", "هاني البدوي": "p"}


@pytest.mark.parametrize(
    ("text", "places", "expected"),
    [
        ("استقبل الرئيس سالم الكرمي في القاهرة اليوم وزير الخارجية هاني البدوي.", ["القاهرة"], "القاهرة"),
        (
            "اجتمع الرئيس سالم الكرمي مع وزير الخارجية هاني البدوي في العاصمة المصرية القاهرة.",
            ["القاهرة"],
            "القاهرة",
        ),
        (
            "استقبل الرئيس سالم الكرمي في قصر الوادي بالرياض اليوم وزير الخارجية هاني البدوي.",
            ["قصر الوادي", "الرياض"],
            "قصر الوادي",
        ),
        ("بحث الرئيس سالم الكرمي مع الوزير هاني البدوي العلاقات بين البلدين.", [], None),
        ("أجرى الرئيس سالم الكرمي اتصالا هاتفيا بالرئيس هاني البدوي حول الوضع في دمشق.", ["دمشق"], None),
    ],
)
def test_the_place_is_the_most_precise_one_told(text: str, places: list[str], expected: str | None) -> None:
    found = meetings_of(text, NAMES | dict.fromkeys(places, "l"))
    assert [meeting.place_entity_id for meeting in found] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("التقيا في الوادي", "in"),
        ("التقيا بمدينة الوادي", "in"),
        ("التقيا في العاصمة المصرية الوادي", "in"),
        ("وصلا إلى ميناء الوادي", "to"),
        ("التقيا في مسقط رأسه ثم زارا الوادي", ""),
    ],
)
def test_the_preposition_of_a_place_is_found_over_its_heads(text: str, expected: str) -> None:
    view = build_view(analyse(text, {"الوادي": "l"}))
    assert governor_of(view, view.links[0][0]) == expected


def test_a_choice_prefers_what_was_right_among_its_rivals() -> None:
    question = [["near", "red"], ["far", "red"], ["none"]]
    lonely = [["far", "red"], ["none"]]
    rows, answers = (question + lonely) * 8, (["yes", "no", "no", "no", "yes"]) * 8
    scorer = fit_choice(rows, answers, [1.0] * len(rows), "none", strength=10.0, min_count=1)
    near, far, none = (scorer.total(row) for row in question)
    assert near > none > far


def test_a_question_without_a_right_answer_teaches_nothing() -> None:
    rows, answers = [["near"], ["none"]] * 4, ["yes", "no"] * 4
    unsure = [["near"], ["far"], ["none"]] * 4
    plain = fit_choice(rows, answers, [1.0] * 8, "none", strength=1.0, min_count=1)
    more = fit_choice(rows + unsure, answers + ["no"] * 12, [1.0] * 20, "none", strength=1.0, min_count=1)
    assert plain.total(["near"]) == more.total(["near"])
