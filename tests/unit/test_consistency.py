"""Names passed over by the tagger are found again, and only where the spelling and the doubt allow it."""

from __future__ import annotations

import pytest

from pipeline.consistency import Name, bare_spellings, find_again


def again(names: list[Name], text: list[str], outside: float | list[float] = 0.7) -> list[tuple[int, int, int, str]]:
    sentences = [line.split() for line in text]
    taken = {(n.sentence, i) for n in names for i in range(n.start, n.end)}
    rows = [
        [0.0 if (s, i) in taken else (outside[s] if isinstance(outside, list) else outside) for i in range(len(words))]
        for s, words in enumerate(sentences)
    ]
    return [(n.sentence, n.start, n.end, n.type) for n in find_again(names, sentences, rows)]


FULL = Name(0, 1, 3, "PER", 0.9)


def test_a_person_is_found_again_by_the_last_name_with_a_proclitic_before_it() -> None:
    assert again([FULL], ["قال فاضل الزبيدي", "ورد والزبيدي غاضب"]) == [(1, 1, 2, "PER")]


def test_a_person_is_not_found_again_by_the_first_name() -> None:
    assert again([FULL], ["قال فاضل الزبيدي", "هذا فاضل عن الحاجة"]) == []


def test_the_longest_form_is_taken() -> None:
    assert again([FULL], ["قال فاضل الزبيدي", "عاد فاضل الزبيدي"]) == [(1, 1, 3, "PER")]


def test_a_tagger_that_is_certain_is_believed() -> None:
    assert again([FULL], ["قال فاضل الزبيدي", "ورد الزبيدي غاضبا"], outside=0.9999) == []


def test_an_unsure_name_is_not_spread() -> None:
    assert again([Name(0, 0, 1, "LOC", 0.3)], ["سروان بعيدة", "في سروان"]) == []


def test_a_place_is_not_looked_for_by_its_second_word() -> None:
    assert again([Name(0, 0, 2, "LOC", 0.95)], ["تل سروان بعيدة", "في سروان"]) == []


def test_spelling_decides_between_a_name_and_a_particle() -> None:
    assert again([Name(0, 0, 2, "PER", 0.95)], ["خالد علي", "جلس على"]) == []


@pytest.mark.parametrize(
    ("full", "elsewhere"),
    [
        ("حسن نصر الله", "إن شاء الله"),
        ("كيم جونغ إن", "قال إن الخبر"),
        ("سامر عبد العزيز", "ربنا العزيز"),
        ("آل بين", "بين الجبلين"),
    ],
)
def test_a_person_is_not_found_again_by_a_word_that_is_no_name(full: str, elsewhere: str) -> None:
    assert again([Name(0, 0, len(full.split()), "PER", 0.95)], [full, elsewhere]) == []


def test_an_adjective_after_a_definite_noun_is_no_family_name() -> None:
    text = ["قال نبيل العربي", "في الوطن العربي", "قال الدكتور العربي", "رد العربي"]
    assert again([Name(0, 1, 3, "PER", 0.9)], text) == [(2, 2, 3, "PER"), (3, 1, 2, "PER")]


@pytest.mark.parametrize(
    "line", ["والتقى السوداني وزيرا", "ثم ألقى السوداني كلمة", "اجتمع العامري والسوداني", "وصل إلى السوداني"]
)
def test_a_family_name_after_a_verb_or_and_is_no_adjective(line: str) -> None:
    assert len(again([Name(0, 0, 3, "PER", 0.9)], ["محمد شياع السوداني", line])) == 1


def test_words_that_already_bear_a_name_are_left_alone() -> None:
    names = [FULL, Name(1, 1, 2, "LOC", 0.9)]
    assert again(names, ["قال فاضل الزبيدي", "في الزبيدي"]) == []


def test_a_name_found_again_is_less_certain_than_its_source() -> None:
    found = find_again([Name(0, 0, 1, "LOC", 0.99)], [["سروان"], ["سروان"]], [[0.0], [0.6]])
    assert [name.confidence < 0.99 for name in found] == [True]


@pytest.mark.parametrize(
    ("word", "forms"), [("بغداد", ["بغداد", "غداد"]), ("للأمم", ["للأمم", "الأمم"]), ("سالم", ["سالم"])]
)
def test_bare_spellings(word: str, forms: list[str]) -> None:
    assert list(bare_spellings(word)) == forms
