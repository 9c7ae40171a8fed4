import dataclasses

import pytest

from pipeline.evaluation.analyses import predicted_from
from pipeline.evaluation.gold import GoldDocument, GoldMeeting, parse_annotation
from pipeline.evaluation.mistakes import Mistake, context_of, find_mistakes
from pipeline.evaluation.reliability import (
    calibration_error,
    meeting_outcomes,
    mention_outcomes,
    position_outcomes,
    reliability,
)
from pipeline.schema import EntityType, MeetingKind, Party, Span, Status
from pipeline.training.gold_analysis import as_analysis

TEXT = "عنوان\nالتقى سامر الوردي ليلى النهري في نورس.\nوغاب هاني."
ANNOTATION = """E\te1\tPER\tسامر الوردي
E\te2\tPER\tليلى النهري
E\te3\tLOC\tنورس
E\te4\tPER\tهاني
M\te1\tسامر الوردي
M\te2\tليلى النهري
M\te3\tنورس
M\te4\tهاني
POS\te1\tرئيس\tWD
MEET\tmeeting\theld\t2031-04\te3\te1,e2\tev: التقى سامر الوردي
REL\tlocated_in\te4\te3
"""


def gold() -> GoldDocument:
    return parse_annotation("d", TEXT, ANNOTATION)


def told(mistakes: list[Mistake]) -> list[tuple[str, str, str]]:
    return [(mistake.fact, mistake.verdict, mistake.told) for mistake in mistakes]


def test_gold_makes_no_mistake() -> None:
    assert find_mistakes(gold(), gold()) == []


def test_every_difference_is_told_with_its_words() -> None:
    one = gold()
    mentions = (one.mentions[0], dataclasses.replace(one.mentions[2], type=EntityType.ORG), *one.mentions[3:])
    meetings = (
        dataclasses.replace(one.meetings[0], status=Status.PLANNED, parties=frozenset({"e1", "e4"})),
        GoldMeeting(MeetingKind.CALL, Status.HELD, None, None, frozenset({"e3", "e4"}), Span(0, 5)),
    )
    guess = dataclasses.replace(one, mentions=mentions, meetings=meetings, positions=(), relations=())
    found = find_mistakes(one, guess)
    assert told(found) == [
        ("mention", "missed", "PER"),
        ("mention", "differs", "LOC not ORG"),
        ("meeting", "missed", "[meeting held 2031-04 نورس] سامر الوردي + ليلى النهري"),
        ("meeting", "wrong", "[meeting planned 2031-04 نورس] سامر الوردي + هاني"),
        ("meeting", "wrong", "[call held - -] نورس + هاني"),
        ("position", "missed", "سامر الوردي: رئيس of WD"),
        ("relation", "missed", "هاني located_in نورس"),
    ]
    assert found[0].context == "التقى سامر الوردي ⟦ليلى النهري⟧ في نورس."


def test_a_matched_meeting_tells_what_differs() -> None:
    one = gold()
    other = dataclasses.replace(one.meetings[0], status=Status.DENIED, date=None, place_entity_id=None)
    (mistake,) = find_mistakes(one, dataclasses.replace(one, meetings=(other,)))
    assert mistake.verdict == "differs"
    assert mistake.told.startswith("status, place, date: ")


def test_context_stays_in_its_line() -> None:
    assert context_of(TEXT, Span(0, 5)) == "⟦عنوان⟧"
    assert context_of(TEXT, None) == ""


def test_an_analysis_takes_the_shape_of_gold() -> None:
    one = gold()
    back = predicted_from(as_analysis(one, upto="relations"))
    assert find_mistakes(one, back) == []
    assert back.meetings[0].date == "2031-04"


def test_confidence_is_held_against_what_was_right() -> None:
    one = gold()
    analysis = as_analysis(one)
    mentions = (dataclasses.replace(analysis.mentions[0], confidence=0.6, type=EntityType.ORG), *analysis.mentions[1:])
    analysis = dataclasses.replace(analysis, mentions=mentions)
    bins = reliability(mention_outcomes(one, predicted_from(analysis), analysis))
    assert [(b.n_rows, b.confidence, b.accuracy) for b in bins] == [(1, 0.6, 0.0), (3, 1.0, 1.0)]
    assert calibration_error(bins) == pytest.approx(0.6 / 4)
    assert calibration_error([]) == 0.0


def test_calibration_error_is_the_gap_between_confidence_and_precision() -> None:
    assert calibration_error(reliability([(0.95, True), (0.95, True), (0.95, False), (0.95, False)])) == pytest.approx(
        0.45
    )
    assert calibration_error(reliability([(1.0, True), (1.0, True)])) == 0


def test_confidences_of_meetings_and_positions_are_held_against_gold() -> None:
    one = gold()
    analysis = as_analysis(one, upto="relations")
    meeting, position = analysis.meetings[0], analysis.positions[0]
    other = dataclasses.replace(meeting, parties=(Party("e3", ""), Party("e4", "")), confidence=0.2)
    wrong = dataclasses.replace(position, entity_id="e2", confidence=0.3)
    analysis = dataclasses.replace(analysis, meetings=(other, meeting), positions=(position, wrong))
    guess = predicted_from(analysis)
    assert list(meeting_outcomes(one, guess, analysis)) == [(0.2, False), (1.0, True)]
    assert list(position_outcomes(one, guess, analysis)) == [(1.0, True), (0.3, False)]
