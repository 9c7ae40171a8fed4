"""Words that stand for a person or a side. All persons are invented; countries are real."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.positions import find_positions
from pipeline.references import find_references
from pipeline.schema import Analysis
from tests.marked import analysis_of as marked_analysis


def analysis_of(marked: str) -> Analysis:
    """The analysis, up to positions, of a text in which names are marked."""
    analysis = marked_analysis(marked)
    return replace(analysis, positions=find_positions(analysis))


def references_in(marked: str) -> set[tuple[str, str, str]]:
    analysis = analysis_of(marked)
    names = {entity.entity_id: entity.name for entity in analysis.entities}
    text = analysis.document.text
    return {(r.span.of(text), names[r.entity_id], r.kind) for r in find_references(analysis)}


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (
            "وصل الرئيس المصري [PER سالم الجوهري] أمس. والتقى الرئيس المصري عددا من الطلاب.",
            ("الرئيس المصري", "سالم الجوهري", "title"),
        ),
        ("وصل الرئيس المصري [PER سالم الجوهري] أمس. وقال الرئيس إنه سعيد.", ("الرئيس", "سالم الجوهري", "title")),
        (
            "قال [PER كارلو بيرانتي]، خلال لقائه مع [PER إيغور لاريف]، إن الأمر انتهى.",
            ("لقائه", "كارلو بيرانتي", "pronoun"),
        ),
        (
            "زار [PER كارلو بيرانتي] [LOC تركيا]. وأجرى محادثات مع نظيره التركي هناك.",
            ("نظيره التركي", "تركيا", "peer"),
        ),
    ],
)
def test_words_stand_for_whom_the_document_tells(marked: str, expected: tuple[str, str, str]) -> None:
    assert expected in references_in(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "عقب لقائه مع [PER كارلو بيرانتي]، أكد [PER سالم الجوهري] أن الأمر انتهى.",
        "وفي ختام لقائه [PER كارلو بيرانتي]، سفير [LOC تركيا]، قال الرئيس المصري [PER سالم الجوهري] إنه سعيد.",
        "تكلم الرئيس المصري [PER سالم الجوهري]. وبعد لقائه [PER كارلو بيرانتي]، أكد الرئيس المصري أن الأمر انتهى.",
        "تكلم [PER إيغور لاريف] أمس. وبعد لقائه [PER كارلو بيرانتي]، أكد [PER سالم الجوهري] أن الأمر انتهى.",
    ],
)
def test_a_pronoun_that_opens_a_sentence_looks_ahead_to_its_subject(marked: str) -> None:
    assert ("لقائه", "سالم الجوهري", "pronoun") in references_in(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "وصل [PER سالم الجوهري]. وبعد لقائه [PER كارلو بيرانتي]، مع [PER إيغور لاريف]، انتهى الأمر.",
        "وصل [PER سالم الجوهري]. وبعد لقائه [PER كارلو بيرانتي]، السفير [PER إيغور لاريف]، انتهى الأمر.",
        "قال [PER سالم الجوهري] خلال لقائه [PER كارلو بيرانتي]، أكد [PER إيغور لاريف] ذلك.",
    ],
)
def test_a_pronoun_looks_ahead_to_no_subject_where_there_is_none(marked: str) -> None:
    assert ("لقائه", "سالم الجوهري", "pronoun") in references_in(marked)


def test_a_pronoun_after_and_goes_on_with_the_doings_of_whom_the_noun_before_it_is() -> None:
    found = references_in(
        "تكلم [PER كارلو بيرانتي] بعد زيارة الوزير [PER سالم الجوهري] [LOC تركيا] ولقائه [PER إيغور لاريف]."
    )
    assert ("ولقائه", "سالم الجوهري", "pronoun") in found
    found = references_in("تكلم [PER كارلو بيرانتي] بعد زيارة المدينة ولقائه [PER إيغور لاريف].")
    assert ("ولقائه", "كارلو بيرانتي", "pronoun") in found


@pytest.mark.parametrize(
    ("marked", "word"),
    [
        ("قال مصدر مقرب من [PER سالم الجوهري] إن الأخير سافر.", "الأخير"),
        ("وصل [PER كارلو بيرانتي] ومعه [PER سالم الجوهري]. وقال هذا الأخير إنه سعيد.", "الأخير"),
        ("التقى [PER كارلو بيرانتي] أمس [PER سالم الجوهري]، وسلم للأخير رسالة.", "للأخير"),
    ],
)
def test_the_latter_is_the_person_named_last(marked: str, word: str) -> None:
    assert (word, "سالم الجوهري", "pronoun") in references_in(marked)


@pytest.mark.parametrize("words", ["في اللقاء الأخير", "وفي الأخير", "في [LOC تركيا] الأخير"])
def test_what_is_only_the_last_of_its_kind_stands_for_nobody(words: str) -> None:
    assert not references_in(f"تكلم [PER سالم الجوهري] {words}.")


def test_a_title_beside_its_bearer_is_no_reference() -> None:
    assert references_in("وصل الرئيس المصري [PER سالم الجوهري] أمس.") == set()


def test_a_minister_is_not_the_minister_of_another_office() -> None:
    found = references_in("وصل وزير الدفاع التركي [PER كمال أصلان]. وقال وزير الخارجية التركي إنه سعيد.")
    assert all(name != "كمال أصلان" for _, name, _ in found)


def test_a_dual_stands_for_the_two_spoken_of_and_for_nobody_where_there_are_three() -> None:
    two = "التقى [PER كارلو بيرانتي] أمس [PER إيغور لاريف]. "
    assert {name for words, name, _ in references_in(two + "وبحث الجانبان التعاون.") if words == "الجانبان"} == {
        "كارلو بيرانتي",
        "إيغور لاريف",
    }
    three = two + "وحضر [PER سالم الجوهري]. وبحث الجانبان التعاون."
    assert all(words != "الجانبان" for words, _, _ in references_in(three))


def test_a_word_of_courtesy_stands_for_the_person_spoken_of() -> None:
    found = references_in("استقبل الأمير [PER سالم الجوهري] السفير [PER كمال أصلان]. وأكد سموه أهمية التعاون.")
    assert ("سموه", "سالم الجوهري", "pronoun") in found


def test_a_ruler_is_told_by_another_title_of_the_same_rank() -> None:
    found = references_in("وصل ملك [LOC المغرب] [PER سالم الجوهري] أمس. والتقى العاهل المغربي عددا من الطلاب.")
    assert ("العاهل المغربي", "سالم الجوهري", "title") in found


def test_the_head_of_the_republic_is_the_president() -> None:
    found = references_in("وصل الرئيس المصري [PER سالم الجوهري] أمس. وقال رئيس الجمهورية إنه سعيد.")
    assert ("رئيس الجمهورية", "سالم الجوهري", "title") in found


def test_an_office_named_without_its_country_is_of_whoever_was_told_without_one() -> None:
    told = "عاد رئيس الجمهورية [PER سالم الجوهري] إلى [LOC تونس]. واستقبل الرئيس الفرنسي [PER كارلو بيرانتي] ضيوفه. "
    found = references_in(told + "وتحادث [PER كارلو بيرانتي] أمس مع رئيس الجمهورية.")
    assert ("رئيس الجمهورية", "سالم الجوهري", "title") in found


def test_the_president_of_the_republic_is_not_the_foreign_one_named_beside_it() -> None:
    found = references_in("تحادث الرئيس الفرنسي [PER كارلو بيرانتي] هاتفيا مع رئيس الجمهورية.")
    assert all(name != "كارلو بيرانتي" for _, name, _ in found)


def test_a_title_ends_before_what_its_bearer_welcomes() -> None:
    told = "استقبل رئيس الجمهورية [PER سالم الجوهري] في [LOC تونس] مبعوث الرئيس المصري [PER كمال أصلان]. "
    found = references_in(told + "ورحب رئيس الجمهورية بالوفد المصري.")
    assert ("رئيس الجمهورية", "سالم الجوهري", "title") in found


def test_a_pronoun_goes_to_the_subject_of_its_own_clause() -> None:
    found = references_in("قال [PER كارلو بيرانتي] إن [PER إيغور لاريف] سيصل غدا في ختام زيارته إلى مدريد.")
    assert ("زيارته", "إيغور لاريف", "pronoun") in found


def test_a_peer_holds_the_office_of_the_person_spoken_of() -> None:
    told = "وصل وزير الخارجية التركي [PER كمال أصلان] والرئيس التركي [PER جواد أورهان]. "
    found = references_in(told + "وأجرى وزير الخارجية المصري [PER سالم الجوهري] محادثات مع نظيره التركي هناك.")
    assert ("نظيره التركي", "كمال أصلان", "peer") in found


@pytest.mark.parametrize(
    ("told", "bearer"),
    [
        ("رئيس الوزراء الروسي", "سالم الجوهري"),
        ("رئيس الحكومة الروسية", "سالم الجوهري"),
        ("الرئيس الروسي", "إيغور لاريف"),
    ],
)
def test_a_head_of_government_is_not_the_head_of_the_state(told: str, bearer: str) -> None:
    first, second = "رئيس الوزراء الروسي [PER سالم الجوهري]", "الرئيس الروسي [PER إيغور لاريف]"
    for one, other in ((first, second), (second, first)):
        assert (told, bearer, "title") in references_in(f"وصل {one} أمس. ووصل {other} اليوم. وقال {told} ذلك.")


def test_a_peer_of_a_minister_is_no_minister_of_another_office() -> None:
    told = "وقال وزير الدفاع التركي [PER سالم الجوهري] بعد لقاء مع نظيره الروسي ذلك."
    foreign = "وصل وزير الخارجية الروسي [PER إيغور لاريف] إلى [LOC تركيا]. "
    assert not any(kind == "peer" for _, _, kind in references_in(foreign + told))
    both = "وصل وزير الشؤون الخارجية والتعاون الروسي [PER إيغور لاريف] إلى [LOC تركيا]. "
    akin = "وقال وزير الخارجية التركي [PER سالم الجوهري] بعد لقاء مع نظيره الروسي ذلك."
    assert ("نظيره الروسي", "إيغور لاريف", "peer") in references_in(both + akin)


def test_a_title_ends_before_the_courtesy_of_another() -> None:
    told = "وصل الرئيس المصري [PER سالم الجوهري] أمس. "
    found = references_in(told + "جاء ذلك خلال استقبال الرئيس المصري لصاحب السمو الأمير [PER كمال أصلان].")
    assert ("الرئيس المصري", "سالم الجوهري", "title") in found


def test_who_tells_of_his_own_meeting_is_who_was_spoken_of_before() -> None:
    found = references_in("تحدث [PER سالم الجوهري] أمس. وقال: «لقد التقيت الوزير [PER كمال أصلان]».")
    assert ("التقيت", "سالم الجوهري", "pronoun") in found
    named = references_in("تحدث [PER كمال أصلان] أمس. وقال [PER سالم الجوهري]: «التقيت الوزير هناك».")
    assert [one for one in named if one[2] == "pronoun"] == [("التقيت", "سالم الجوهري", "pronoun")]


@pytest.mark.parametrize(
    ("second", "verb"),
    [
        ("كما استقبل السفير الفرنسي [PER كمال أصلان].", "استقبل"),
        ("والتقى الوزير [PER كمال أصلان] والنائب [PER سليم فارس] في مكتبه.", "والتقى"),
        ("ثم اجتمع مع [PER كمال أصلان] أمس.", "اجتمع"),
    ],
)
def test_a_verb_of_meeting_without_a_subject_goes_on_with_the_host_of_before(second: str, verb: str) -> None:
    found = references_in(f"استقبل [PER سالم الجوهري] الوزير [PER عادل مطر]. {second}")
    assert (verb, "سالم الجوهري", "pronoun") in found


@pytest.mark.parametrize(
    "second",
    [
        "والتقى [PER كمال أصلان] وفدا من التجار.",
        "والتقى الوزير [PER كمال أصلان] السفير [PER سليم فارس].",
        "والتقى [PER سالم الجوهري] أمس في المدينة.",
        "والتقى الوفد الزائر [PER كمال أصلان].",
        "وقال [PER كمال أصلان] أمس إنه سعيد.",
    ],
)
def test_a_verb_of_meeting_with_a_subject_of_its_own_stands_for_nobody(second: str) -> None:
    found = references_in(f"استقبل [PER سالم الجوهري] الوزير [PER عادل مطر]. {second}")
    assert not [one for one in found if one[2] == "pronoun"]


def test_every_reference_lies_in_its_sentence_and_has_a_reason() -> None:
    analysis = analysis_of("وصل الرئيس المصري [PER سالم الجوهري] أمس. وقال الرئيس بعد لقائه الطلاب إنه سعيد.")
    references = find_references(analysis)
    assert len(references) == 2
    assert all(analysis.sentences[r.sentence].span.covers(r.span) and r.reason for r in references)
