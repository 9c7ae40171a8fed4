import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.taggers.inputs import (
    AFFIX_BUCKETS,
    N_AFFIXES,
    N_KNOWLEDGE,
    SPAN_LISTS,
    WORD_LISTS,
    Gazetteer,
    affix_ids,
    gazetteer_form,
    knowledge_matrix,
    stems,
    subword_buckets,
    word_form,
)

PLACE = 3 * SPAN_LISTS.index("place")
GIVEN = 3 * len(SPAN_LISTS) + WORD_LISTS.index("given")


def test_vowel_signs_tatweel_and_alef_forms_do_not_change_a_words_form() -> None:
    assert word_form("إِلـى") == word_form("الى") == "الي"


def test_presentation_forms_become_letters() -> None:
    assert word_form("\ufefb") == "لا"


def test_digits_of_every_script_are_one_shape() -> None:
    assert word_form("2025") == word_form("٢٠٢٥") == "0000"


@given(st.text(alphabet="ابتثكلمنهويةىأإآؤئءقفغعظطضصشسزرذدخحج0123456789.:abcZ-", max_size=12))
def test_a_form_is_its_own_form(word: str) -> None:
    form = word_form(word)
    assert word_form(form) == form


@given(st.text(alphabet="ابتلكفوم", min_size=1, max_size=10))
def test_stems_end_alike_and_never_grow(word: str) -> None:
    for stem in stems(word):
        assert len(stem) <= len(word)
        assert stem[-2:] == word[-2:]


def test_a_names_longest_match_is_marked_from_its_first_word() -> None:
    gazetteer = Gazetteer({"place": ["نهر", "نهر الوداد"]}, {})
    assert sorted(gazetteer.span_features(["عبر", "نهر", "الوداد"])) == [(1, PLACE), (2, PLACE + 1)]


def test_a_proclitic_does_not_hide_a_name() -> None:
    gazetteer = Gazetteer({"place": ["الودادين"]}, {"given": ["سمهر"]})
    assert gazetteer.span_features(["وبالودادين"]) == [(0, PLACE + 2)]
    assert gazetteer.span_features(["للودادين"]) == [(0, PLACE + 2)]
    assert GIVEN in gazetteer.word_features("وسمهر")


def test_a_word_that_normalises_to_nothing_ends_no_name() -> None:
    gazetteer = Gazetteer({"place": ["نهر"]}, {})
    assert gazetteer.span_features(["نهر", ""]) == [(0, PLACE + 2)]


def test_the_matrix_holds_what_the_gazetteer_says() -> None:
    gazetteer = Gazetteer({"place": ["نهر"]}, {"given": ["سمهر"]})
    matrix = np.zeros((2, N_KNOWLEDGE), np.float32)
    knowledge_matrix(["نهر", "سمهر"], gazetteer, matrix)
    assert matrix[0, PLACE + 2] == 1
    assert matrix[1, GIVEN] == 1
    assert matrix[1, PLACE + 2] == 0


def test_hashes_are_the_same_on_every_machine() -> None:
    assert subword_buckets("سمهر", 1000) == [534, 276, 200, 342, 592, 408, 820, 945, 434, 151, 589]
    assert subword_buckets("ab", 1 << 16)[0] == _fnv("<a") % (1 << 16)
    ids = affix_ids("سمهر")
    assert len(ids) == N_AFFIXES
    assert all(0 <= i < AFFIX_BUCKETS for i in ids)


def _fnv(text: str) -> int:
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) % 2**32
    return value


def test_gazetteer_spelling_joins_ta_marbuta_and_hamza_carriers() -> None:
    assert gazetteer_form("مدينة رؤى") == gazetteer_form("مدينه رءي")
