"""Two meetings of the same people in one text, on invented sentences."""

from __future__ import annotations

import pytest

from pipeline.folded import fold_word
from pipeline.gazetteer import read_rows
from pipeline.meetings.candidates import find_candidates
from pipeline.meetings.events import Event
from pipeline.meetings.twice import told_apart
from pipeline.meetings.view import build_view
from pipeline.schema import Status
from tests.unit.test_meetings import analyse, meetings_of, parties

HOST, GUEST, OTHER = "سالم العلي", "هاني البدوي", "رامي الحلو"
AGAIN = [row for row in read_rows("meeting_words") if row["group"] == "again"]
MET = f"التقى {HOST} {GUEST} أمس في باريس. "


def told(text: str) -> list[tuple[str, frozenset[str]]]:
    """Status and parties of each meeting, in the order of the text."""
    names = {name: "p" for name in (HOST, GUEST, OTHER) if name in text}
    return [(meeting.status.value, frozenset(parties(meeting))) for meeting in meetings_of(text, names)]


BOTH = frozenset((HOST, GUEST))


@pytest.mark.parametrize(
    "earlier",
    [
        f"وكان {HOST} قد التقى {GUEST} العام الماضي.",
        f"وكان {HOST} التقى {GUEST} في لندن قبل شهرين.",
        f"واجتمع {HOST} مع {GUEST} في لندن قبل شهرين.",
    ],
)
def test_a_meeting_to_come_of_two_who_met_before_is_another_one(earlier: str) -> None:
    found = told(f"سيلتقي الرئيس {HOST} الرئيس {GUEST} غدا في باريس. {earlier}")
    assert found == [("planned", BOTH), ("held", BOTH)]


@pytest.mark.parametrize("row", AGAIN, ids=lambda row: row["word"])
def test_each_word_of_again_tells_of_the_next_meeting_in_its_example(row: dict[str, str]) -> None:
    assert fold_word(row["word"]) in map(fold_word, row["example"].split())
    assert told(f"{MET}{row['example']}.") == [("held", BOTH), ("planned", BOTH)]


def test_whom_someone_travelled_to_meet_and_then_met_is_one_meeting() -> None:
    assert told(f"وصل الرئيس {HOST} إلى باريس للقاء الرئيس {GUEST}. والتقى {HOST} {GUEST} في باريس.") == [
        ("held", BOTH)
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"{MET}وقال {HOST} إن لقاءه مع {GUEST} كان مثمرا.",
        f"{MET}وكان متوقعا أن يلتقي {HOST} {GUEST} في المدينة.",
        f"سيلتقي {HOST} {GUEST} غدا في باريس. وقال {HOST} إنه سيلتقي {GUEST} غدا.",
    ],
)
def test_one_meeting_told_twice_stays_one(text: str) -> None:
    assert len(told(text)) == 1


def test_what_is_denied_is_told_once() -> None:
    text = f"نفت الحكومة لقاء الرئيس {HOST} مع {GUEST}. وكانت صحيفة ذكرت أن {HOST} قد التقى {GUEST} سرا."
    assert told(text) == [("denied", BOTH)]


@pytest.mark.parametrize(("later", "n_events"), [(Status.HELD, 2), (Status.PLANNED, 1)])
def test_what_has_the_same_status_by_both_tellings_is_one(later: Status, n_events: int) -> None:
    text = f"سيلتقي {HOST} {GUEST} غدا. والتقى {HOST} {GUEST} أمس."
    view = build_view(analyse(text, dict.fromkeys((HOST, GUEST), "p")))
    rows = [[(candidate, 0.9) for candidate in row] for row in find_candidates(view)]
    event = Event([0, 1], {candidate.entity_id: candidate for candidate, _ in rows[0]}, {}, ())
    parts = told_apart(view, event, rows, lambda each: later if each.triggers == [1] else Status.PLANNED)
    assert len(parts) == n_events
    assert [number for part in parts for number in part.triggers] == [0, 1]
