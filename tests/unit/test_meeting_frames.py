"""How a sentence joins two candidates of a trigger, on invented sentences."""

from __future__ import annotations

from pipeline.meetings.candidates import find_candidates
from pipeline.meetings.chains import find_chains
from pipeline.meetings.features import describe_all
from pipeline.meetings.frames import describe_frame
from pipeline.meetings.pairs import find_pairs
from pipeline.meetings.view import build_view
from tests.unit.test_meetings import analyse

NAMES = {"سالم الكرمي": "p", "هاني البدوي": "p", "رامي الحلو": "p"}


def frame(text: str, lemma: str, one: str, other: str) -> set[str]:
    """The features of two persons at the first trigger of that lemma."""
    view = build_view(analyse(text, {name: letter for name, letter in NAMES.items() if name in text}))
    number = next(i for i, trigger in enumerate(view.triggers) if trigger.form.lemma == lemma)
    found = {candidate.entity_id: candidate for candidate in find_candidates(view)[number]}
    trigger = view.triggers[number]
    return set(describe_frame(view, trigger, found[one], found[other], find_chains(view, trigger.sentence)))


def test_subject_before_and_peer_after_with() -> None:
    found = frame("سالم الكرمي أجرى مباحثات مع نظيره هاني البدوي.", "مباحثات", "سالم الكرمي", "هاني البدوي")
    assert {"shape=12", "frame2=12+:with", "between=with+12", "peer", "rivals=0/0"} <= found


def test_the_order_of_the_two_makes_no_difference() -> None:
    text = "استقبل سالم الكرمي في مكتبه هاني البدوي."
    one = frame(text, "استقبل", "سالم الكرمي", "هاني البدوي")
    assert one == frame(text, "استقبل", "هاني البدوي", "سالم الكرمي")
    assert "shape=22" in one


def test_names_of_one_list_stand_under_its_opener() -> None:
    found = frame("التقى رامي الحلو مع سالم الكرمي وهاني البدوي.", "التقى", "سالم الكرمي", "هاني البدوي")
    assert "shape=22=" in found
    assert "frame2=22=+:with" in found


def test_a_person_between_is_a_rival() -> None:
    found = frame("التقى رامي الحلو مع سالم الكرمي قبل هاني البدوي.", "التقى", "رامي الحلو", "هاني البدوي")
    assert "rivals=1/1" in found


def test_talks_told_apart_do_not_speak_for_a_meeting_of_the_guests() -> None:
    names = dict.fromkeys(("سالم الوردي", "هاني البدوي", "ماجد الكرمي"), "p")
    text = "عقد سالم الوردي لقاءات ثنائية مع هاني البدوي وماجد الكرمي. ثم اجتمع سالم الوردي مع هاني البدوي."
    view = build_view(analyse(text, names))
    last = next(number for number, trigger in enumerate(view.triggers) if trigger.sentence == 1)
    rows = [
        [(c, 0.2 if number == last and c.entity_id == "ماجد الكرمي" else 0.95) for c, _ in row]
        for number, row in enumerate(describe_all(view))
    ]
    tellings = [one for one in find_pairs(view, rows) if {one.left, one.right} == {"هاني البدوي", "ماجد الكرمي"}]
    assert [one.trigger for one in tellings] == [last]
    assert "top=20" in tellings[0].features
