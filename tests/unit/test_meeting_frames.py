"""How a sentence joins two candidates of a trigger, on invented sentences."""

from __future__ import annotations

from pipeline.meetings.candidates import find_candidates
from pipeline.meetings.chains import find_chains
from pipeline.meetings.frames import describe_frame
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
