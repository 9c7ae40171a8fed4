"""The recipe of the words that begin with a proclitic letter before a person's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.training import person_proclitics
from pipeline.training.person_proclitics import LEXICON, words_before_persons

CODES = {  # person, place, organisation, begins, count
    "سمهر": "50034",
    "لسمهر": "30032",
    "كندور": "40033",
    "بكندور": "40032",
    "مصلحة": "00034",
    "رش": "60034",
    "نهبان": "60032",
    "لنهبان": "20030",
}


@pytest.mark.parametrize(
    ("word", "is_before_person"),
    [
        ("لسمهر", True),
        ("بسمهر", True),  # never seen with the letter
        ("لنهبان", True),
        ("بكندور", False),  # hardly rarer with the letter than without
        ("لمصلحة", False),  # no person
        ("ورش", False),
        ("برش", False),  # too short
        ("لسمهر بكندور", False),
        ("لزعفر", False),  # unknown
    ],
)
def test_a_word_is_told_by_what_its_rest_is(word: str, is_before_person: bool) -> None:
    assert words_before_persons([word], CODES, ()) == [word] * is_before_person


def test_a_name_keeps_its_letter() -> None:
    assert words_before_persons(["لسمهر", "بسمهر"], CODES, {"لسمهر"}) == ["بسمهر"]


def test_the_shipped_list_is_what_the_recipe_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["person_proclitics", "--output", str(tmp_path / "made.tsv")])
    person_proclitics.main()
    assert (tmp_path / "made.tsv").read_bytes() == LEXICON.read_bytes()
