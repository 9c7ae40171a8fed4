"""Where a title begins and ends. All persons and bodies are invented; countries are real."""

from __future__ import annotations

import pytest

from pipeline.titles import TitlePhrase, find_titles
from pipeline.units import Unit, units_of
from tests.marked import analysis_of


def titles_in(marked: str) -> list[tuple[str, TitlePhrase]]:
    """The title phrases of the first sentence, each with its words."""
    analysis = analysis_of(marked)
    units = units_of(analysis, 0, [mention.span.start for mention in analysis.mentions])
    return [(_words(analysis.document.text, units, phrase), phrase) for phrase in find_titles(units)]


def _words(text: str, units: tuple[Unit, ...], phrase: TitlePhrase) -> str:
    return " ".join(units[at].span.of(text) for at in phrase.words)


def test_a_conjunction_before_a_head_in_waw_is_kept() -> None:
    ((_, phrase),) = titles_in("وصل [PER سالم الجوهري]، ووزير الخارجية.")
    assert phrase.head.prefix == "و"


@pytest.mark.parametrize("marked", ["وجدت اللجنة أمرا جديدا.", "نشرت الصحيفة خبرا أمس."])
def test_a_plural_in_hamza_is_one_only_where_it_is_written(marked: str) -> None:
    assert titles_in(marked) == []


@pytest.mark.parametrize("marked", ["التقى نظراءه أمس.", "مع نظرائه أمس.", "حضر نظراؤه أمس.", "التقى ووزراؤها أمس."])
def test_a_plural_before_a_pronoun_in_its_cases(marked: str) -> None:
    ((_, phrase),) = titles_in(marked)
    assert (phrase.head.number, phrase.head.suffixed) == ("plural", True)


def test_a_woman_is_a_peer_too() -> None:
    ((_, phrase),) = titles_in("التقت نظيرتها التركية [PER لينا أصلان].")
    assert phrase.head.category == "peer"


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("قال النائب الأول للرئيس الإيراني [PER سالم الجوهري].", "النائب الأول للرئيس"),
        ("وصل المبعوث الشخصي للأمين العام لل[ORG أمم المتحدة] [PER سالم الجوهري].", "المبعوث الشخصي للأمين العام"),
        ("عين [PER سالم الجوهري] رئيسا للوزراء أمس.", "رئيسا للوزراء"),
        ("وصل مستشار جلالة الملك المهندس [PER سالم الجوهري].", "مستشار جلالة الملك"),
        ("قال الأمين العام المساعد ل[ORG جامعة نورديا] [PER سالم الجوهري].", "الأمين العام المساعد"),
        ("قال الوزير المسؤول عن الشؤون الخارجية [PER سالم الجوهري].", "الوزير المسؤول عن الشؤون الخارجية"),
        ("استقبل ملك البلاد المعظم في [LOC قصر نورديا] الشيخ [PER سالم الجوهري].", "ملك البلاد"),
        ("التقى الوزير في [LOC نورديا] [PER سالم الجوهري].", "الوزير"),
        ("وصل رئيس مباحث المديرية والمقدم [PER سالم الجوهري].", "رئيس مباحث المديرية"),
        ("وصلت نائبة رئيس وزرائها [PER لينا صافي].", "نائبة رئيس وزرائها"),
        ("كان في استقبال رئيس الدولة لدى حلوله وزير الصحة [PER سالم الجوهري].", "رئيس الدولة"),
        ("وصل سفير [LOC فرنسا] والسيدات والسادة.", "سفير"),
        ("التقى رئيس الجمهورية العماد [PER سالم الجوهري].", "رئيس الجمهورية"),
        ("قالت المسؤولة عن عملية [LOC نورديا] أمس.", "المسؤولة"),
        ("قدم الرئيس للرئيس المصري [PER سالم الجوهري] هدية.", "الرئيس"),
    ],
)
def test_how_far_a_title_goes(marked: str, expected: str) -> None:
    assert titles_in(marked)[0][0] == expected


@pytest.mark.parametrize(
    ("marked", "number"),
    [
        ("التقى رئيسا البرلمان العراقي [PER سالم الجوهري] والكويتي [PER نادر الصافي].", "dual"),
        ("التقى وزيرا خارجية [LOC مصر] و[LOC الأردن] أمس.", "dual"),
        ("انتخب [PER سالم الجوهري] رئيسا للبرلمان.", "singular"),
        ("انتخب [PER سالم الجوهري] رئيسا تنفيذيا للشركة.", "singular"),
        ("انتخب [PER سالم الجوهري] عضوا في [ORG مجلس نورديا].", "singular"),
    ],
)
def test_two_in_a_construct_and_one_in_the_accusative_are_written_alike(marked: str, number: str) -> None:
    assert titles_in(marked)[0][1].head.number == number


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("كانت زيارة الرئيس المصري لضريح [PER سالم الجوهري] قصيرة.", "الرئيس"),
        ("قام وزير الدفاع بزيارة لحاملة الطائرات [PER سالم الجوهري].", "وزير الدفاع"),
        ("تلقى وزير الداخلية برقية من [PER سالم الجوهري].", "وزير الداخلية"),
        ("استعد الرئيس المصري لعبور نهر [PER سالم الجوهري].", "الرئيس"),
        ("قال الأمين العام بالنيابة ل[ORG اتحاد الجسور] [PER سالم الجوهري].", "الأمين العام بالنيابة"),
        ("قال القائد الأعلى للقوات المسلحة [PER سالم الجوهري].", "القائد الأعلى للقوات المسلحة"),
        ('قال الرئيس التنفيذي لشركة "[ORG نورديا]" [PER سالم الجوهري].', "الرئيس التنفيذي لشركة"),
        ("قال الناطق الرسمي للحكومة [PER سالم الجوهري].", "الناطق الرسمي للحكومة"),
    ],
)
def test_a_closed_title_goes_on_only_with_words_of_titles(marked: str, expected: str) -> None:
    assert titles_in(marked)[0][0] == expected


def test_a_family_that_rules_owns_nothing() -> None:
    assert titles_in("حيا الأسرة المالكة والشعب، و[PER سالم الجوهري].") == []
    assert titles_in("قالت المالكة [PER لينا صافي].") != []


@pytest.mark.parametrize(
    ("marked", "n_titles"),
    [
        ("قال النقيب [PER سالم الجوهري] أمس.", 0),
        ("قال نقيب في الجيش أمس.", 0),
        ("قال نقيب الصحفيين [PER سالم الجوهري] أمس.", 1),
        ("قال نقيب الأطباء [PER سالم الجوهري] أمس.", 1),
        ("قال نقيب [ORG نقابة الجسور] [PER سالم الجوهري] أمس.", 1),
    ],
)
def test_a_rank_is_an_office_only_of_a_guild(marked: str, n_titles: int) -> None:
    assert len(titles_in(marked)) == n_titles


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("قالت وزيرة الثقافة و الفنون، [PER لينا صافي].", "وزيرة الثقافة و الفنون"),
        ("استقبل وزير الثقافة و الوزيرة [PER لينا صافي].", "وزير الثقافة"),
        ("استقبل وزير الثقافة و السيدة [PER لينا صافي].", "وزير الثقافة"),
    ],
)
def test_a_blank_after_and_does_not_end_a_title(marked: str, expected: str) -> None:
    assert titles_in(marked)[0][0] == expected


@pytest.mark.parametrize(
    "title", ["ورئيسة الوزراء", "لرئيسة البرلمان", "بوزيرة الخارجية", "ونائبة المدير", "ومديرة المتحف"]
)
def test_a_title_of_a_woman_after_a_proclitic_is_read_to_its_end(title: str) -> None:
    assert titles_in(f"حضر الوفد {title} [PER لينا صافي].")[0][0] == title


def test_a_title_with_its_country_ends_before_the_next_one() -> None:
    found = titles_in("التقى المبعوث الأمريكي الرئيس التركي [PER سالم الجوهري].")
    assert [words for words, _ in found] == ["المبعوث", "الرئيس"]
