"""Whether a meeting took place, by the words that govern what tells of it: on invented sentences."""

from __future__ import annotations

import pytest

from pipeline.folded import fold_word
from pipeline.gazetteer import read_rows
from pipeline.meetings.attributes import Told
from pipeline.meetings.decided import decided_status, possible_statuses
from pipeline.meetings.happening import calls_off, frame_of, is_negated, is_scene
from pipeline.meetings.stage import find_status
from pipeline.meetings.status import describe_status
from pipeline.meetings.view import View, build_view
from pipeline.schema import Status
from tests.unit.test_meetings import analyse, meetings_of, parties

NAMES = {"سالم العلي": "p", "هاني البدوي": "p", "رامي الحلو": "p"}


def view_of(text: str) -> View:
    return build_view(analyse(text, {name: letter for name, letter in NAMES.items() if name in text}))


def words_in(*groups: str) -> list[dict[str, str]]:
    return [dict(row) for row in read_rows("meeting_words") if row["group"] in groups]


def told_by(view: View, *words: str) -> Told:
    """An event that the words tell of, the first of them best; by default all triggers, in their order."""
    folded = [fold_word(word) for word in words]
    numbers = [next(n for n, t in enumerate(view.triggers) if t.word == word) for word in folded]
    return Told(tuple(numbers or range(len(view.triggers))), frozenset())


@pytest.mark.parametrize("row", words_in("happens", "unplanned"), ids=lambda row: row["word"])
def test_no_meeting_was_held_or_is_planned_in_each_example(row: dict[str, str]) -> None:
    assert row["word"] in row["example"]
    view = view_of(row["example"])
    assert is_negated(view, view.triggers[-1])


@pytest.mark.parametrize("row", words_in("runs"), ids=lambda row: row["word"])
def test_what_began_or_ended_was_held_in_each_example(row: dict[str, str]) -> None:
    assert row["word"] in row["example"].split()
    view = view_of(row["example"])
    told = Told((len(view.triggers) - 1,), frozenset())
    assert "frame=held" in describe_status(view, told)
    assert decided_status(view, told) is Status.HELD


GOVERNING = {  # group: what its words make of the meeting
    "stood": ("held", Status.HELD),
    "took_place": ("held", Status.HELD),
    "relative": ("held", Status.HELD),
    "ahead": ("future", Status.PLANNED),
    "if": ("future", Status.PLANNED),
    "threat": ("future", Status.PLANNED),
    "called_off": ("cancel", Status.CANCELLED),
}


@pytest.mark.parametrize("row", words_in(*GOVERNING), ids=lambda row: f"{row['group']}-{row['word']}")
def test_a_word_that_governs_the_meeting_tells_whether_it_happened(row: dict[str, str]) -> None:
    frame, status = GOVERNING[row["group"]]
    assert row["word"] in row["example"]
    view = view_of(row["example"])
    best = next(n for n, t in enumerate(view.triggers) if t.form.kind and t.form.lemma != "سافر")
    assert frame_of(view, view.triggers[best]) == frame
    assert find_status(view, Told((best,), frozenset())) is status


@pytest.mark.parametrize("row", words_in("exception"), ids=lambda row: row["word"])
def test_who_met_no_one_but_one_met_him(row: dict[str, str]) -> None:
    view = view_of(row["example"])
    assert row["word"] in row["example"].split()
    assert not is_negated(view, view.triggers[0])


@pytest.mark.parametrize("row", words_in("calls_off"), ids=lambda row: row["word"])
def test_a_meeting_can_be_called_off_without_that_word(row: dict[str, str]) -> None:
    view = view_of(row["example"])
    assert row["word"] in row["example"].split()
    assert calls_off(view.words[0])
    assert Status.CANCELLED in possible_statuses(view, told_by(view))


@pytest.mark.parametrize(
    ("text", "word", "status"),
    [
        ("لم يعلن سالم العلي نتائج لقائه مع هاني البدوي", "لقائه", Status.HELD),
        ("وصف سالم العلي لقاءه بهاني البدوي بأنه طيب", "لقاءه", Status.HELD),
        ("دعا سالم العلي إلى إلغاء الرسوم خلال لقائه هاني البدوي", "لقائه", Status.HELD),
        ("كان سالم العلي في استقبال هاني البدوي في المطار", "استقبال", Status.HELD),
        ("سيكون سالم العلي في استقبال هاني البدوي في المطار", "استقبال", Status.PLANNED),
        ("نفى سالم العلي أنباء عن لقاء جمعه بهاني البدوي", "لقاء", Status.DENIED),
        ("نفى سالم العلي الأخبار حول عدم اجتماعه بهاني البدوي", "اجتماعه", Status.HELD),
        ("نفى سالم العلي إلغاء لقائه مع هاني البدوي", "لقائه", Status.PLANNED),
        ("لم يتم إلغاء اللقاء بين سالم العلي وهاني البدوي", "اللقاء", Status.PLANNED),
        ("أكد سالم العلي إلغاء لقائه مع هاني البدوي", "لقائه", Status.CANCELLED),
        ("لم يلتق سالم العلي سوى هاني البدوي", "يلتق", Status.HELD),
        ("لم يلتق سالم العلي هاني البدوي", "يلتق", Status.DENIED),
    ],
)
def test_the_status_is_of_the_meeting_and_not_of_what_is_said_beside_it(text: str, word: str, status: Status) -> None:
    view = view_of(text)
    assert find_status(view, told_by(view, word)) is status


def test_a_meeting_whose_cancellation_is_told_is_no_scene() -> None:
    view = view_of("غادر سالم العلي بعد إلغاء لقاء مع هاني البدوي")
    assert not is_scene(view, view.triggers[-1])


@pytest.mark.parametrize(
    ("text", "word", "negated"),
    [
        ("قال إن لا أحد حضر لقاء سالم العلي", "لقاء", False),
        ("لم يكسب سالم العلي الكثير من لقائه هاني البدوي", "لقائه", False),
        ("لم يعلق سالم العلي بعد لقاء هاني البدوي", "لقاء", False),
        ("ليس من المقرر أن تفضي المحادثات إلى اتفاق", "المحادثات", False),
        ("لا توجد خطط للبيع، قال سالم العلي في لقاء هاني البدوي", "لقاء", False),
        ("غادر سالم العلي دون أن يلتقي هاني البدوي", "يلتقي", True),
        ("ولا توجد خطط لعقد لقاء بين سالم العلي وهاني البدوي", "لقاء", True),
    ],
)
def test_a_negation_denies_only_what_it_governs(text: str, word: str, *, negated: bool) -> None:
    view = view_of(text)
    trigger = view.triggers[told_by(view, word).triggers[0]]
    assert is_negated(view, trigger) is negated


@pytest.mark.parametrize(
    ("text", "words", "status"),
    [
        ("انتهت القمة دون لقاء بين سالم العلي وهاني البدوي", ("القمة", "لقاء"), Status.DENIED),
        ("لم يتم اللقاء بين سالم العلي وهاني البدوي وألغي أمس", ("اللقاء",), None),
        ("توجه سالم العلي إلى المدينة للقاء هاني البدوي", ("توجه", "للقاء"), Status.PLANNED),
        ("توجه سالم العلي إلى المدينة والتقى هاني البدوي", ("والتقى", "توجه"), Status.HELD),
        ("قال سالم العلي ذلك خلال لقائه هاني البدوي", ("لقائه",), Status.HELD),
        ("وسيبحث سالم العلي الأمر خلال لقائه هاني البدوي", ("لقائه",), None),
        ("أكد سالم العلي خلال لقائه المرتقب أهمية الأمر", ("لقائه",), Status.PLANNED),
        ("التقى سالم العلي أمس هاني البدوي وستعقد قمة قريبا", ("التقى",), Status.HELD),
    ],
)
def test_plain_words_decide(text: str, words: tuple[str, ...], status: Status | None) -> None:
    view = view_of(text)
    assert decided_status(view, told_by(view, *words)) is status


@pytest.mark.parametrize(
    "text",
    [
        "لا صحة لما نشر عن لقاء بين سالم العلي وهاني البدوي",
        "الأنباء عن لقاء سالم العلي هاني البدوي عارية عن الصحة",
        "قال إن خبر لقاء سالم العلي وهاني البدوي غير صحيح",
        "نفى سالم العلي لقاء هاني البدوي",
    ],
)
def test_a_meeting_that_is_called_untrue_is_denied(text: str) -> None:
    view = view_of(text)
    assert Status.DENIED in possible_statuses(view, told_by(view))
    assert find_status(view, told_by(view)) is Status.DENIED


def test_no_meeting_is_denied_by_a_negation_of_something_else() -> None:
    view = view_of("ويقول منتقدون إن سالم العلي لم يكسب شيئا من اجتماعه مع هاني البدوي")
    assert Status.DENIED not in possible_statuses(view, told_by(view))
    assert find_status(view, told_by(view)) is not Status.DENIED


def test_what_was_offered_was_not_held() -> None:
    (found,) = meetings_of("عرض الرئيس سالم العلي لقاءه مع زعيم المعارضة هاني البدوي في أي وقت.", NAMES)
    assert found.status is Status.PLANNED


@pytest.mark.parametrize(
    "text",
    [
        "استدعى وزير الخارجية سالم العلي السفير الفرنسي هاني البدوي.",
        "تسلم الرئيس سالم العلي أوراق اعتماد السفير الفرنسي هاني البدوي.",
        "وصل رئيس الوزراء سالم العلي إلى جدة، وكان في مقدمة مستقبليه نائب أمير المنطقة الأمير هاني البدوي.",
    ],
)
def test_an_ambassador_who_is_called_in_or_received_is_met(text: str) -> None:
    (found,) = meetings_of(text, {"سالم العلي": "p", "هاني البدوي": "p"})
    assert parties(found) == {"سالم العلي", "هاني البدوي"}
    assert found.status is Status.HELD


@pytest.mark.parametrize("row", words_in("bygone"), ids=lambda row: row["word"])
def test_each_word_for_what_is_past_makes_of_the_meeting_in_its_example_one_that_was_held(row: dict[str, str]) -> None:
    assert row["word"] in row["example"].split()
    view = view_of(row["example"])
    assert {decided_status(view, told_by(view, trigger.word)) for trigger in view.triggers} == {Status.HELD}
