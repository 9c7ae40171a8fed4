"""Meetings that are hoped for, asked for, possible or refused, by what governs them: on invented sentences."""

from __future__ import annotations

import pytest

from pipeline.gazetteer import read_rows
from pipeline.meetings.decided import decided_status
from pipeline.meetings.moods import mood_of
from pipeline.meetings.stage import find_status
from pipeline.meetings.view import build_view
from pipeline.schema import Status
from tests.unit.test_meeting_status import NAMES, told_by, view_of, words_in
from tests.unit.test_meetings import analyse, meetings_of

MOODS = {
    "hoped": "hoped",
    "refused": "refused",
    "ruled_out": "ruled_out",
    "condition": "hoped",
    "managed": "",
    "narrates": "",
}
ROWS = [dict(row) for row in read_rows("meeting_words") if row["group"] in MOODS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["word"])
def test_each_word_makes_of_the_meeting_in_its_example_what_its_group_says(row: dict[str, str]) -> None:
    assert all(part in row["example"] for part in row["word"].split())
    view = build_view(analyse(row["example"], {}))
    moods = {mood_of(view, trigger) for trigger in view.triggers}
    assert moods - {""} == {MOODS[row["group"]]} - {""}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("تحدثت الصحف عن احتمال لقاء الرئيس المصري سالم العلي ونظيره التركي هاني البدوي.", Status.PLANNED),
        ("وقال إنه إذا عقدت القمة بين الرئيس سالم العلي والرئيس هاني البدوي فستكون الأولى.", Status.PLANNED),
        ("إذا التقى الرئيس سالم العلي الرئيس هاني البدوي فسيكون ذلك تقدما.", Status.PLANNED),
        ("دعا الأمين العام إلى عقد لقاء بين الرئيس سالم العلي والرئيس هاني البدوي.", Status.PLANNED),
        ("دعا الرئيس سالم العلي إلى اجتماع مع الرئيس التركي هاني البدوي.", Status.PLANNED),
        ("دعا الرئيس سالم العلي لعقد اجتماع مع الرئيس التركي هاني البدوي.", Status.PLANNED),
        ("طلب الرئيس سالم العلي لقاء مع الرئيس التركي هاني البدوي.", Status.PLANNED),
        ("قال الرئيس سالم العلي إنه يريد أن يلتقي الرئيس التركي هاني البدوي.", Status.PLANNED),
        ("قد يعقد الرئيس سالم العلي لقاء مع نظيره التركي هاني البدوي على هامش القمة.", Status.PLANNED),
        ("ينبغي أن يجتمع الرئيس سالم العلي مع الرئيس هاني البدوي لحل الأزمة.", Status.PLANNED),
        ("فشلت الوساطة في عقد لقاء بين الرئيس سالم العلي والرئيس هاني البدوي.", Status.CANCELLED),
        ("رفض الرئيس المصري سالم العلي عقد لقاء مع الرئيس التركي هاني البدوي.", Status.CANCELLED),
        ("دعا الرئيس سالم العلي في اجتماع مع الرئيس التركي هاني البدوي إلى وقف القتال.", Status.HELD),
        ("طلب الرئيس سالم العلي خلال لقائه الرئيس التركي هاني البدوي دعم بلاده.", Status.HELD),
        ("فشلت جهود عقد لقاء بين الرئيس سالم العلي والرئيس هاني البدوي.", Status.CANCELLED),
        ("استبعد المكتب عقد لقاء بين الرئيس سالم العلي والرئيس هاني البدوي.", Status.DENIED),
        ("قال الوزير إنه لا يستبعد لقاء بين الرئيس سالم العلي والرئيس هاني البدوي.", Status.PLANNED),
        ("لا خطط لدى الرئيس سالم العلي للقاء الرئيس هاني البدوي.", Status.DENIED),
        ("أكد المكتب أن اللقاء بين الرئيس سالم العلي والرئيس هاني البدوي لم يحصل.", Status.DENIED),
        ("كان من المقرر عقد لقاء بين الرئيس سالم العلي والرئيس هاني البدوي لكنه لم يعقد.", Status.CANCELLED),
        ("عقد لقاء أمس بين الرئيس سالم العلي والرئيس هاني البدوي ولم يتم الاتفاق.", Status.HELD),
        ("استقبل الرئيس سالم العلي الرئيس التركي هاني البدوي وبحثا إمكانية عقد قمة.", Status.HELD),
        ("زار الرئيس سالم العلي المدينة أمس قبل أن يجتمع مع الرئيس هاني البدوي.", Status.HELD),
        ("عاد الرئيس سالم العلي إلى البلاد قبيل أن يلتقي الرئيس هاني البدوي.", Status.HELD),
        ("يزور الرئيس سالم العلي المدينة غدا قبل أن يلتقي الرئيس هاني البدوي.", Status.PLANNED),
        ("سيزور الرئيس سالم العلي المدينة قبل أن يلتقي الرئيس هاني البدوي.", Status.PLANNED),
        ("تتجه الأنظار إلى القمة المقررة بين الرئيس سالم العلي والرئيس هاني البدوي.", Status.PLANNED),
        ("تحدث عن تعهدات قمة في يونيو الماضي بين الرئيس سالم العلي والرئيس هاني البدوي.", Status.HELD),
        ("مرت أشهر على اللقاء الأخير بين الرئيس سالم العلي والرئيس هاني البدوي. ولا موعد للقاء.", Status.HELD),
    ],
)
def test_what_is_only_hoped_for_or_refused_was_not_held(text: str, status: Status) -> None:
    assert [meeting.status for meeting in meetings_of(text, {name: NAMES[name] for name in list(NAMES)[:2]})] == [
        status
    ]


@pytest.mark.parametrize(
    ("text", "word", "mood"),
    [
        ("غادر سالم العلي قبل أن يلتقي هاني البدوي", "يلتقي", ""),
        ("رفض سالم العلي أن يلتقي هاني البدوي", "يلتقي", "refused"),
        ("رفض سالم العلي دعوة هاني البدوي إلى اجتماع", "اجتماع", "refused"),
        ("رفض سالم العلي شروط هاني البدوي في لقاء أمس", "لقاء", ""),
        ("طالب سالم العلي بلقاء هاني البدوي", "بلقاء", "hoped"),
        ("قال إن الرئيس يلتقي هاني البدوي", "يلتقي", ""),
    ],
)
def test_only_what_governs_the_trigger_sets_its_mood(text: str, word: str, mood: str) -> None:
    view = view_of(text)
    assert mood_of(view, view.triggers[told_by(view, word).triggers[0]]) == mood


def test_a_meeting_that_was_hoped_for_and_then_held_is_held() -> None:
    view = view_of("دعا سالم العلي إلى لقاء، والتقى أمس هاني البدوي")
    assert find_status(view, told_by(view, "لقاء", "والتقى")) is Status.HELD


@pytest.mark.parametrize("row", words_in("occurred"), ids=lambda row: row["word"])
def test_a_meeting_that_was_called_for_and_then_took_place_is_not_settled_as_planned(row: dict[str, str]) -> None:
    assert row["word"] in row["example"].split()
    view = view_of(row["example"])
    assert decided_status(view, told_by(view, "لقاء", "اللقاء")) is not Status.PLANNED


def test_a_meeting_that_was_hoped_for_and_then_called_off_is_not_planned() -> None:
    view = view_of("دعا سالم العلي إلى لقاء مع هاني البدوي. وألغي اللقاء أمس بين سالم العلي وهاني البدوي.")
    assert find_status(view, told_by(view, "لقاء", "اللقاء")) is Status.CANCELLED
