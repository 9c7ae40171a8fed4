"""Meetings told one after another in one sentence, on invented sentences."""

from __future__ import annotations

from itertools import combinations

import pytest

from pipeline.folded import fold_word
from pipeline.gazetteer import read_rows
from pipeline.meetings import find_meetings
from pipeline.meetings.chains import find_chains
from pipeline.meetings.clauses import Clauses, find_clauses
from pipeline.meetings.features import describe_all
from pipeline.meetings.pairs import find_pairs
from pipeline.meetings.view import build_view
from tests.unit.test_meetings import analyse

HOST, GUEST, NEXT, OTHER = "سالم العلي", "هاني البدوي", "رامي الحلو", "ماجد الكرمي"
OPENING = ("next_meeting", "another", "announced", "next_guest", "guest_again", "agent", "each_apart")
WORDS = [row for row in read_rows("meeting_words") if row["group"] in OPENING]


def names_in(text: str) -> dict[str, str]:
    return {name: "p" for name in (HOST, GUEST, NEXT, OTHER) if name in text}


def clauses(text: str) -> Clauses | None:
    """The parts of a text of one sentence."""
    return find_clauses(build_view(analyse(text, names_in(text))), 0)


def pairs(text: str) -> set[frozenset[str]]:
    """Who may have met whom, however unlikely."""
    view = build_view(analyse(text, names_in(text)))
    rows = [[(candidate, 0.9) for candidate, _ in row] for row in describe_all(view)]
    return {frozenset((one.left, one.right)) for one in find_pairs(view, rows)}


@pytest.mark.parametrize("row", WORDS, ids=lambda row: row["word"])
def test_each_word_opens_another_meeting_of_the_same_host_in_its_example(row: dict[str, str]) -> None:
    assert fold_word(row["word"]) in " ".join(map(fold_word, row["example"].split()))
    assert pairs(row["example"]) == {frozenset((HOST, GUEST)), frozenset((HOST, NEXT))}


def test_a_host_of_its_own_ends_what_was_told_before() -> None:
    found = pairs(f"التقى {HOST} {GUEST}، فيما استقبل {NEXT} {OTHER}.")
    assert found == {frozenset((HOST, GUEST)), frozenset((NEXT, OTHER))}


def test_a_host_before_the_verb_is_carried_on_and_who_told_of_it_is_not() -> None:
    found = clauses(f"قال {OTHER} إن {HOST} التقى {GUEST}، كما التقى {NEXT}.")
    assert found is not None
    assert found.carried[-1] == frozenset((HOST,))


def test_whoever_was_named_before_a_verb_without_a_subject_of_its_own_met_both() -> None:
    found = clauses(f"يقوم {HOST} بزيارة حيث يلتقي {GUEST} بعد أن اجتمع مع {NEXT}.")
    assert found is not None
    assert found.carried[1] == frozenset((HOST,))


@pytest.mark.parametrize("scene", ["وذلك خلال استقباله", "عقب لقائه", "بعد اجتماعه مع"])
def test_a_meeting_at_the_time_of_another_has_guests_of_its_own(scene: str) -> None:
    assert pairs(f"يلتقي {HOST} {GUEST} غدا، {scene} {NEXT}.") == {frozenset((HOST, GUEST)), frozenset((HOST, NEXT))}


@pytest.mark.parametrize("again", ["، واجتمع مع", "، وعقد لقاء مع", "، واستقبل", " حيث التقى"])
def test_a_further_verb_goes_on_to_a_guest_of_its_own(again: str) -> None:
    assert pairs(f"التقى {HOST} {GUEST} أمس{again} {NEXT}.") == {frozenset((HOST, GUEST)), frozenset((HOST, NEXT))}


def test_who_tells_of_the_doings_of_another_one_met_nobody_there() -> None:
    found = pairs(f"قال {OTHER} ذلك بعد زيارة الوزير {HOST} المدينة ولقائه الرئيس {GUEST}.")
    assert found == {frozenset((HOST, GUEST))}


def test_the_host_who_is_then_received_by_another_one_met_both() -> None:
    found = pairs(f"اجتمع {HOST} مع {GUEST} أمس، ثم استقبله الرئيس {NEXT}.")
    assert found == {frozenset((HOST, GUEST)), frozenset((HOST, NEXT))}
    assert clauses(f"وصل {HOST} أمس، ثم استقبله {GUEST} مع {NEXT}.") is None


@pytest.mark.parametrize(
    "row", [r for r in read_rows("meeting_words") if r["group"] == "same_guest"], ids=lambda row: row["word"]
)
def test_each_word_for_the_guest_of_before_opens_no_other_meeting(row: dict[str, str]) -> None:
    assert row["word"] in row["example"].split()
    assert clauses(row["example"]) is None


@pytest.mark.parametrize("same", ["، وعقد معه جلسة بحضور", "، وعقدا لقاء بحضور", "، واستقبله بحضور", "، وقال إن"])
def test_a_further_verb_goes_on_with_the_guest_of_before(same: str) -> None:
    assert clauses(f"التقى {HOST} {GUEST} أمس{same} {NEXT}.") is None


@pytest.mark.parametrize("opening", ["كما استقبل", "ثم التقى", "واستقبل", "واجتمع مع"])
def test_who_was_met_in_the_sentence_before_did_not_meet_the_next_guest(opening: str) -> None:
    found = pairs(f"استقبل {HOST} {GUEST} أمس. {opening} {NEXT} بعد ذلك.")
    assert frozenset((HOST, GUEST)) in found
    assert frozenset((HOST, NEXT)) in found
    assert frozenset((GUEST, NEXT)) not in found


def test_whoever_meets_in_a_further_sentence_may_have_met_those_of_before() -> None:
    found = pairs(f"وصل {HOST} و{GUEST} أمس. واستقبل {NEXT} {HOST}.")
    assert frozenset((HOST, NEXT)) in found


def test_a_list_of_hosts_is_carried_on() -> None:
    found = clauses(f"التقى {HOST} و{GUEST} مع {NEXT}، كما التقيا {OTHER}.")
    assert found is not None
    assert found.carried[1] == frozenset((HOST, GUEST))


@pytest.mark.parametrize(
    "text",
    [
        f"التقى {HOST} {GUEST}، ثم استقبلهما {NEXT}.",
        f"التقى {HOST} {GUEST}، كما بحث مع {NEXT} التعاون.",
        f"التقى {HOST} {GUEST} كما كان مقررا في حضور {NEXT}.",
        f"قال {HOST} خلال لقائه {GUEST} إن {NEXT} بخير.",
        f"التقى {HOST} {GUEST} و{NEXT} خلال زيارته إلى المدينة.",
        f"أعلن {HOST} عقد قمة ثانية مع {GUEST} بحضور {NEXT}.",
    ],
)
def test_what_goes_on_with_the_same_meeting_opens_no_other(text: str) -> None:
    assert clauses(text) is None
    assert pairs(text) == {frozenset(pair) for pair in combinations(names_in(text), 2)}


@pytest.mark.parametrize("next_one", [f"، ثم مع {NEXT}", f" ومع {NEXT}", f"، ومع الوزير {NEXT}"])
def test_a_preposition_that_is_said_again_leads_to_another_guest(next_one: str) -> None:
    assert pairs(f"اجتمع {HOST} مع {GUEST}{next_one}.") == {frozenset((HOST, GUEST)), frozenset((HOST, NEXT))}


def test_guests_whom_a_glued_letter_joins_came_one_after_another() -> None:
    found = pairs(f"استقبل {HOST} السفير {GUEST} فالوزير {NEXT} فرئيس الاتحاد {OTHER}.")
    assert found == {frozenset((HOST, one)) for one in (GUEST, NEXT, OTHER)}
    found = pairs(f"بحث {HOST} مع {GUEST} الأمر، ثم التقى النائب {NEXT} فالوزير {OTHER}.")
    assert found == {frozenset((HOST, one)) for one in (GUEST, NEXT, OTHER)}


def test_a_second_guest_with_the_same_preposition_is_apart_from_the_one_met_before() -> None:
    found = pairs(f"التقى {HOST} {GUEST} وبحث مع {NEXT} ومع {OTHER} الأزمة.")
    assert found == {frozenset((HOST, one)) for one in (GUEST, NEXT, OTHER)}


@pytest.mark.parametrize("text", [f"ومع وصول {HOST} التقى {GUEST} و{NEXT}.", f"حضر {HOST} ومعه {GUEST} مع {NEXT}."])
def test_a_preposition_that_is_said_once_parts_nobody(text: str) -> None:
    assert pairs(text) == {frozenset(pair) for pair in combinations((HOST, GUEST, NEXT), 2)}


def test_two_meetings_of_a_sentence_are_two_events() -> None:
    text = f"التقى وزير الخارجية {HOST} وزير الدفاع {GUEST}، كما التقى رئيس البرلمان {NEXT}."
    found = [{party.entity_id for party in meeting.parties} for meeting in find_meetings(analyse(text, names_in(text)))]
    assert found == [{HOST, GUEST}, {HOST, NEXT}]


@pytest.mark.parametrize(
    "text",
    [
        f"وصل {HOST} أمس والتقى {GUEST}، ومن المقرر أن يلتقي {NEXT}.",
        f"التقى {HOST} أمس {GUEST} وسيلتقي غدا {NEXT}.",
    ],
)
def test_a_meeting_to_come_has_guests_of_its_own(text: str) -> None:
    assert frozenset((GUEST, NEXT)) not in pairs(text)
    assert {frozenset((HOST, GUEST)), frozenset((HOST, NEXT))} <= pairs(text)


def test_who_stands_before_the_verb_to_come_is_its_own_host() -> None:
    assert frozenset((OTHER, NEXT)) in pairs(f"التقى {HOST} {GUEST} و{OTHER} سيلتقي غدا {NEXT}.")


def test_guests_who_came_one_after_another_did_not_meet() -> None:
    found = pairs(f"استقبل {HOST} السفير {GUEST}، ثم الوزير {NEXT} وعرض معهما الأوضاع.")
    assert found == {frozenset((HOST, GUEST)), frozenset((HOST, NEXT))}


def test_two_of_one_turn_came_together() -> None:
    found = pairs(f"استقبل {HOST} السفير {GUEST}، ثم الوزير {NEXT} و{OTHER}.")
    assert frozenset((NEXT, OTHER)) in found
    assert frozenset((GUEST, OTHER)) not in found


@pytest.mark.parametrize(
    "text",
    [
        f"استقبل الرئيس {HOST} في مكتبه كلا من الوزير {GUEST}، رئيس اللجنة، والسفير {NEXT}.",
        f"استقبل {HOST} في مقر رئاسة الحكومة كلا من {GUEST} و{NEXT}.",
        f"ومن المقرر أن يلتقي {HOST} كلًا من {GUEST} و{NEXT}.",
        f"التقى {HOST} كلاً من {GUEST} و{NEXT}.",
        f"استقبل {HOST} كل من {GUEST}، رئيس اللجنة، و{NEXT}.",
        f"قال البيان إن {HOST} التقى بكل من {GUEST} و{NEXT}.",
    ],
)
def test_each_of_those_received_one_by_one_met_the_host_alone(text: str) -> None:
    assert pairs(text) == {frozenset((HOST, GUEST)), frozenset((HOST, NEXT))}


def test_a_list_that_is_the_subject_met_the_guest_together() -> None:
    assert frozenset((HOST, GUEST)) in pairs(f"استقبل كل من {HOST} و{GUEST} الوزير {NEXT}.")


@pytest.mark.parametrize(
    "text",
    [
        f"استقبل الرئيس {HOST}، الأحد، الوزير {GUEST}، وذلك غداة استقباله السفير {NEXT}.",
        f"استقبل الرئيس {HOST} الوزير {GUEST}، وذلك بعد يوم من استقباله السفير {NEXT}.",
        f"التقى الوزير {HOST} نظيره {GUEST} قبل أيام من لقائه السفير {NEXT}.",
        f"وعقب لقاء الوزير {HOST} مع الرئيس {GUEST}، التقى الوزير {HOST} السفير {NEXT}.",
    ],
)
def test_a_meeting_that_tells_when_another_was_has_guests_of_its_own(text: str) -> None:
    assert pairs(text) == {frozenset((HOST, GUEST)), frozenset((HOST, NEXT))}


def test_whom_someone_meets_later_was_not_there_before() -> None:
    text = f"وصل {HOST} إلى المدينة للقاء {GUEST}، على أن يلتقي في وقت لاحق {NEXT}."
    assert pairs(text) == {frozenset((HOST, GUEST)), frozenset((HOST, NEXT))}


def test_who_tells_of_a_meeting_of_others_was_not_there() -> None:
    text = f"صرح الوزير {OTHER} أمس بأن الرئيس {HOST} اجتمع مع السفير {GUEST}."
    assert pairs(text) == {frozenset((HOST, GUEST))}
    own = f"قال {HOST} إن {GUEST} استقبله بحضور {NEXT}."
    assert frozenset((HOST, GUEST)) in pairs(own)


def test_whom_one_of_two_who_met_wants_to_meet_was_not_there() -> None:
    text = f"اجتمع {HOST} مع {GUEST}، وقال إن {GUEST} لا يسعى للقاء {NEXT}."
    assert pairs(text) == {frozenset((HOST, GUEST)), frozenset((GUEST, NEXT))}


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        (f"استقبل {HOST}، الأحد، {GUEST}.", False),
        (f"استقبل {HOST} في مكتبه، {GUEST}.", False),
        (f"استقبل {HOST}، {GUEST}.", True),
        (f"استقبل {HOST}، الأحد، و{GUEST}.", True),
    ],
)
def test_names_that_a_day_or_a_place_parts_are_no_list(text: str, listed: bool) -> None:
    view = build_view(analyse(text, names_in(text)))
    assert bool(find_chains(view, 0)) is listed


def test_a_delegation_met_the_host_together() -> None:
    assert frozenset((GUEST, NEXT)) in pairs(f"استقبل {HOST} وفدا ضم كلا من {GUEST} و{NEXT}.")
    assert frozenset((GUEST, NEXT)) in pairs(f"استقبل {HOST} وفد الحزب، كلا من {GUEST} و{NEXT}.")


@pytest.mark.parametrize(
    "row", [row for row in read_rows("meeting_words") if row["group"] == "together"], ids=lambda row: row["word"]
)
def test_those_with_whom_the_host_talked_at_once_were_together(row: dict[str, str]) -> None:
    assert row["word"] in row["example"].split()
    assert frozenset((GUEST, NEXT)) in pairs(row["example"])
