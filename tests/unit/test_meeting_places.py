"""Where a meeting took place: the scorer's answers on invented sentences, and the fit that makes places compete."""

from __future__ import annotations

import pytest

from pipeline.gazetteer import read_rows
from pipeline.meetings.attributes import Told
from pipeline.meetings.company import closeness, company_in, describe_company, describe_rank
from pipeline.meetings.journeys import leg_of, lies_ahead
from pipeline.meetings.places import NOWHERE
from pipeline.meetings.standings import governor_of
from pipeline.meetings.view import build_view
from pipeline.scorer import load_scorer
from pipeline.training import meetings
from pipeline.training.choice import fit_choice
from pipeline.training.tasks import Task
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


@pytest.mark.parametrize(
    ("text", "leg"),
    [
        ("التقى سالم الكرمي هاني البدوي قبيل مغادرته إلى الوادي", "beforehand"),
        ("التقى سالم الكرمي هاني البدوي قبل أن يتوجه إلى الوادي", "beforehand"),
        ("التقى سالم الكرمي هاني البدوي بعد عودته من الوادي", "after"),
        ("التقى سالم الكرمي هاني البدوي ثم انتقل إلى الوادي", "then"),
        ("التقى سالم الكرمي هاني البدوي ، ويصل غدا إلى الوادي", "future"),
        ("وصل سالم الكرمي إلى الوادي والتقى هاني البدوي", "plain"),
        ("وصل سالم الكرمي ، والتقى هاني البدوي في الوادي", ""),
        ("التقى سالم الكرمي هاني البدوي في الوادي", ""),
    ],
)
def test_the_leg_of_a_journey_is_found_before_the_place(text: str, leg: str) -> None:
    view = build_view(analyse(text, NAMES | {"الوادي": "l"}))
    assert leg_of(view, view.places[0][0]) == leg


@pytest.mark.parametrize("row", [row for row in read_rows("meeting_words") if row["group"] == "journey"])
def test_each_word_of_a_journey_leads_to_a_place(row: dict[str, str]) -> None:
    assert row["word"] in row["example"].split()
    names = {"سالم العلي": "p", "هاني البدوي": "p", "المدينة": "l"}
    view = build_view(
        analyse(row["example"], {name: letter for name, letter in names.items() if name in row["example"]})
    )
    assert leg_of(view, view.places[0][0])


@pytest.mark.parametrize(
    "row", [row for row in read_rows("meeting_words") if row["group"] == "scheduled"], ids=lambda row: row["word"]
)
def test_where_another_meeting_is_to_be_held_lies_ahead_in_each_example(row: dict[str, str]) -> None:
    assert row["word"] in row["example"]
    view = build_view(analyse(row["example"], {"سالم العلي": "p", "هاني البدوي": "p", "المدينة": "l"}))
    assert lies_ahead(view, view.triggers[0], "المدينة")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال الرئيس سالم الكرمي خلال لقائه أمس الوزير هاني البدوي قبيل مغادرته إلى بيروت إن الأمر انتهى.", None),
        ("التقى الرئيس سالم الكرمي أمس الوزير هاني البدوي قبل أن يتوجه إلى بيروت.", None),
        ("وصل الرئيس سالم الكرمي إلى بيروت والتقى الوزير هاني البدوي.", "بيروت"),
        ("التقى الرئيس سالم الكرمي الوزير هاني البدوي في بيروت قبل سفره.", "بيروت"),
        ("التقى الرئيس سالم الكرمي أمس الوزير هاني البدوي، ومن المقرر أن يزور بيروت غدا.", None),
        ("التقى الرئيس سالم الكرمي أمس الوزير هاني البدوي، وسيتوجه غدا إلى بيروت.", None),
        ("التقى الرئيس سالم الكرمي أمس الوزير هاني البدوي الذي يزور بيروت حاليا.", "بيروت"),
        ("وصل الرئيس سالم الكرمي عبر بيروت والتقى الوزير هاني البدوي.", None),
        ("كشف سالم الكرمي لبيروت أن الرئيس سالم الكرمي التقى الوزير هاني البدوي.", None),
        ("التقى الرئيس سالم الكرمي الوزير هاني البدوي للتحضير للقمة المقرر عقدها في بيروت.", None),
        ("التقى الرئيس سالم الكرمي الوزير هاني البدوي قبل القمة التي ستعقد في بيروت.", None),
    ],
)
def test_where_someone_goes_afterwards_is_not_where_they_met(text: str, expected: str | None) -> None:
    found = meetings_of(text, NAMES | {"بيروت": "l"})
    assert [meeting.place_entity_id for meeting in found] == [expected]


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


STORY = "التقى سالم الكرمي في الرياض هاني البدوي. وزار رامي الوردي الدوحة. ثم بقي سالم الكرمي مع رامي الوردي في دمشق."
STORY_NAMES = NAMES | {"رامي الوردي": "p", "الرياض": "l", "الدوحة": "l", "دمشق": "l"}


def test_a_place_is_the_closer_the_more_parties_and_the_fewer_others_its_sentence_names() -> None:
    view = build_view(analyse(STORY, STORY_NAMES))
    told = Told((0,), frozenset(NAMES))
    company = company_in(view, told, {0: 0, 1: 1, 2: 2, 3: 3})
    assert company == {0: (2, 0), 1: (0, 1), 2: (1, 1)}  # a fourth sentence there is not
    close = {place: closeness(view, view.tellings[place], company) for place in ("الرياض", "الدوحة", "دمشق")}
    assert close["الرياض"] > close["دمشق"] > close["الدوحة"]
    assert "rank=top+6" in describe_rank(close, "الرياض", "capital")
    assert "rank=low+1" in describe_rank(close, "الدوحة", "capital")


def test_the_word_before_the_preposition_and_the_nearest_person_tell_whose_place_it_is() -> None:
    text = "التقى سالم الكرمي هاني البدوي في الرياض. وبحث رامي الوردي الأوضاع بالدوحة."
    view = build_view(analyse(text, {name: STORY_NAMES[name] for name in STORY_NAMES if name != "دمشق"}))
    told, near = Told((0,), frozenset(NAMES)), {0: 0, 1: 1}
    company = company_in(view, told, near)
    first, second = (
        describe_company(view, told, view.tellings[place], near, company) for place in ("الرياض", "الدوحة")
    )
    assert {"company=2+0+in", "nearest=True+in+0"} <= first
    assert {"company=0+1+in+1", "nearest=False+in+1", "head=in+ال"} <= second


def test_fitted_alone_a_scorer_learns_anew_and_trusts_a_reader_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    task = Task()
    for features, answer in ((["near"], "yes"), (["far"], "no"), ([NOWHERE], "no")) * 4:
        task.add(features, answer, 1.0, "d")
    monkeypatch.setattr(meetings, "_held_out", lambda *_: None)
    anew = meetings.fit_only("place", [], {"place": task})
    assert anew.keys() == {"place"}
    assert anew["place"].total(["near"]) > anew["place"].total(["far"])
    assert anew["place"].settings == load_scorer("place").settings
