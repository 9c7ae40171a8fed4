"""What the word lists say, through the functions that the stages ask."""

from __future__ import annotations

import pytest

from pipeline.errors import ConfigError
from pipeline.folded import fold_word
from pipeline.gazetteer import find_country, find_nisba, given_names, known_ids, person_country, title_heads, words_of
from pipeline.normalize import fold


@pytest.mark.parametrize(
    ("name", "iso"),
    [
        ("فرنسا", "FR"),
        ("الجمهورية الفرنسية", "FR"),
        ("المملكة المغربية", "MA"),
        ("جمهورية مصر العربية", "EG"),
        ("جنوب السودان", "SS"),
        ("السودان", "SD"),
        ("باريس", None),
        ("أوروبا", None),
    ],
)
def test_a_country_by_its_names_and_no_other_place(name: str, iso: str | None) -> None:
    found = find_country(name)
    assert (found.iso if found else None) == iso


@pytest.mark.parametrize(
    ("word", "iso"),
    [
        ("الروسي", "RU"),
        ("والبيلاروسي", "BY"),
        ("السعودية", "SA"),
        ("الأميركيين", "US"),
        ("والإسرائيلي", "IL"),
        ("الكونغولي", None),
    ],
)
def test_a_nationality_adjective_in_its_forms(word: str, iso: str | None) -> None:
    for folded in (fold, fold_word):
        found = find_nisba(folded(word))
        assert found is not None
        assert found.iso == iso


def test_a_common_word_is_no_nationality() -> None:
    assert find_nisba(fold("كتاب")) is None


@pytest.mark.parametrize(
    ("form", "lemma", "number", "definite"),
    [
        ("برئيس", "رئيس", "singular", False),
        ("للرئيس", "رئيس", "singular", True),
        ("الوزيران", "وزير", "dual", True),
        ("وزراء", "وزير", "plural", False),
        ("المتحدثة", "متحدثة", "singular", True),
        ("ولي", "ولي", "singular", False),
    ],
)
def test_a_title_head_in_its_forms(form: str, lemma: str, number: str, definite: bool) -> None:
    head = title_heads()[fold(form)]
    assert (head.lemma, head.number, head.definite) == (lemma, number, definite)


def test_two_given_names_that_differ_in_a_vowel_are_two() -> None:
    names = given_names()
    assert names[fold("حسن")] != names[fold("حسين")]
    assert names[fold("عبد الله")] == names[fold("عبدالله")]


def test_an_item_is_known_only_for_names_that_one_bears() -> None:
    assert known_ids("ORG")[fold("الأمم المتحدة")] == known_ids("ORG")[fold("منظمة الأمم المتحدة")]


def test_an_unknown_group_of_words_is_an_error_that_names_the_file() -> None:
    with pytest.raises(ConfigError, match="title_words"):
        words_of("no such group")


@pytest.mark.parametrize(
    ("name", "iso"),
    [
        ("ناجي بن سالم آل نهيان", "AE"),
        ("ناجي سالم البوسعيدي", "OM"),
        ("محمد بن سلمان بن عبدالعزيز", "SA"),
        ("ناجي بن سالم", None),
        ("الصباح", None),
    ],
)
def test_the_country_of_a_person_by_forefathers_and_family(name: str, iso: str | None) -> None:
    assert person_country(name) == iso
