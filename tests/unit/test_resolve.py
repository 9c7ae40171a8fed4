"""Mentions of one document to its entities. All names are invented, countries apart."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.lexicon import read_rows
from pipeline.resolve import resolve_entities
from pipeline.schema import Analysis, Document, EntityType, Mention, Sentence, Span
from pipeline.segment import tokenize
from pipeline.word_match import similar_words
from tests.marked import analysis_of as marked_analysis

PER, LOC, ORG = EntityType.PER, EntityType.LOC, EntityType.ORG


def analysis_of(*names: tuple[str, EntityType], gap: str = " ثم ") -> Analysis:
    """A text that is the names in order, with ``gap`` between them, as one sentence."""
    text = gap.join(name for name, _ in names)
    mentions, at = [], 0
    for name, kind in names:
        start = text.index(name, at)
        at = start + len(name)
        mentions.append(Mention(Span(start, at), kind, 0))
    sentence = Sentence(Span(0, len(text)), tokenize(text), 0)
    return Analysis(Document("d", text), sentences=(sentence,), mentions=tuple(mentions))


def clusters(analysis: Analysis) -> list[list[int]]:
    return [sorted(link.mention for link in entity.links) for entity in resolve_entities(analysis)]


@pytest.mark.parametrize(
    "names",
    [
        ("سالم بن راشد الجوهري", "سالم الجوهري"),
        ("سالم الجوهري", "الجوهري"),
        ("كارلو بيرانتي", "بيرنتي"),
        ("عبد الرحيم الصافي", "عبدالرحيم الصافى"),
        ("أبو سامر الحلاق", "ابو سامر الحلاق"),
        ("كيم جونغ أون", "كيم جونج أون"),
        ("لويس فان غال", "لويس فان جال"),
        ("جورج بيرانتي الابن", "بيرانتي الابن"),
        ("جورج بيرانتي", "بيرانتي الأب"),
        ("جورج بيرانتي الأب", "بيرانتي"),
        ("كيم جونغ أون", "كيم يونغ أون"),
        ("كيم سونغ إل", "كيم سونغ إيل"),
        ("سالم بن علي", "سالم بن محمد علي بن سعيد"),
    ],
)
def test_forms_of_one_person_share_an_entity(names: tuple[str, str]) -> None:
    assert clusters(analysis_of(*((name, PER) for name in names))) == [[0, 1]]


@pytest.mark.parametrize(
    "names",
    [
        ("سالم الجوهري", "راشد الجوهري"),
        ("نادر بن سامي بن فهد", "سامي بن فهد"),
        ("سالم علي", "سالم علا"),
        ("محمد علي مالك", "بن علي"),
        ("قاسم الراوي", "جاسم الراوي"),
        ("سالم القاسمي", "سالم الجاسمي"),
        ("جورج بيرانتي الأب", "جورج بيرانتي الابن"),
        ("جورج بيرانتي الأب", "بيرانتي الابن"),
        ("بيرانتي الأب", "بيرانتي الابن"),
        ("سالم بن راشد آل جوهر", "سالم بن علي بن راشد آل جوهر"),
        ("كيم سونغ إل", "كيم سونغ نام"),
    ],
)
def test_different_people_stay_apart(names: tuple[str, str]) -> None:
    assert clusters(analysis_of(*((name, PER) for name in names))) == [[0], [1]]


@pytest.mark.parametrize(
    ("names", "iso"),
    [
        (("تركيا", "جمهورية تركيا"), "TR"),
        (("المملكة المغربية", "المغرب"), "MA"),
        (("الولايات المتحدة", "أمريكا"), "US"),
    ],
)
def test_a_country_is_one_by_any_of_its_names(names: Sequence[str], iso: str) -> None:
    entities = resolve_entities(analysis_of(*((name, LOC) for name in names)))
    assert [entity.country for entity in entities] == [iso]


def test_a_capital_is_not_its_country() -> None:
    entities = resolve_entities(analysis_of(("فرنسا", LOC), ("باريس", LOC)))
    assert [entity.country for entity in entities] == ["FR", None]


@pytest.mark.parametrize(
    ("names", "gap"),
    [
        (("شركة نورديا", "نورديا"), " ثم "),
        (("مجلس التعاون البحري", "مجلس التعاون"), " ثم "),
        (("منظمة الجسور الدولية", "مجد"), " ("),
        (("الاتحاد العام السرواني للملاحة", "اتحاد الملاحة"), " ثم "),
        (("الوكالة الدولية للطاقة النظيفة", "وكالة الطاقة النظيفة"), " ثم "),
        (("الاتحاد السرواني لكرة الماء", "اتحاد كرة الماء"), " ثم "),
        (("مجلس التعاون لدول الخليج العربية", "مجلس التعاون الخليجي"), " ثم "),
        (("الأونروا", "وكالة غوث وتشغيل اللاجئين الفلسطينيين"), " ثم "),
    ],
)
def test_forms_of_one_body_share_an_entity(names: Sequence[str], gap: str) -> None:
    assert clusters(analysis_of(*((name, ORG) for name in names), gap=gap)) == [[0, 1]]


@pytest.mark.parametrize(
    "names",
    [
        ("الهيئة العليا للانتخابات", "هيئة الزراعة"),
        ("الاتحاد السرواني لكرة الماء", "اتحاد كرة اليد"),
        ("المجلس الأعلى للملاحة", "هيئة الملاحة"),
        ("مجلس الأمن الدولي", "مجلس الأمن القومي الإيراني"),
    ],
)
def test_different_bodies_stay_apart(names: Sequence[str]) -> None:
    assert clusters(analysis_of(*((name, ORG) for name in names))) == [[0], [1]]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("بحر الورد", "الورد"), [[0, 1]]),
        (("نورديا الشريف", "نورديا"), [[0, 1]]),
        (("نورديا الشرقية", "نورديا"), [[0], [1]]),
        (("نورديا القديمة", "نورديا"), [[0], [1]]),
    ],
)
def test_a_part_of_a_place_is_not_the_place(names: Sequence[str], expected: list[list[int]]) -> None:
    assert clusters(analysis_of(*((name, LOC) for name in names))) == expected


@pytest.mark.parametrize(
    ("names", "kind", "n_entities"),
    [
        (("نواكشوط", "نواكشوط الغربية"), LOC, 2),
        (("الضفة", "الضفة الغربية"), LOC, 1),
        (("سالمراد الجوهري نادر", "سالمراد"), PER, 1),
        (("سلما دير نورديان", "سلمادير"), PER, 1),
        (("قوات الدرع السريع", "الدرع السريع"), ORG, 1),
    ],
)
def test_what_stands_before_or_after_a_name(names: Sequence[str], kind: EntityType, n_entities: int) -> None:
    assert len(clusters(analysis_of(*((name, kind) for name in names)))) == n_entities


def test_a_bare_given_name_is_not_the_son_of_that_name() -> None:
    names = (("سلطان بن عامر", PER), ("فهد بن سلطان", PER), ("سلطان", PER))
    assert clusters(analysis_of(*names)) == [[0, 2], [1]]


def test_every_mention_belongs_to_one_entity_and_has_its_reason() -> None:
    analysis = analysis_of(("سالم الجوهري", PER), ("الجوهري", PER), ("تركيا", LOC), ("شركة نورديا", ORG))
    links = [link for entity in resolve_entities(analysis) for link in entity.links]
    assert sorted(link.mention for link in links) == [0, 1, 2, 3]
    assert all(link.reason for link in links)


def test_the_name_is_the_fullest_form_and_the_id_is_stable() -> None:
    analysis = analysis_of(("الجوهري", PER), ("سالم الجوهري", PER))
    (entity,) = resolve_entities(analysis)
    assert entity.name == "سالم الجوهري"
    assert resolve_entities(analysis) == (entity,)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ميتشل", "ميتشيل", True),
        ("بوتن", "بوتين", True),
        ("علي", "علا", False),
        ("سالم", "سليم", False),
        ("جميل", "جمال", False),
    ],
)
def test_spellings_of_one_word(one: str, other: str, same: bool) -> None:
    assert similar_words(one, other) is same


def test_a_city_that_its_marks_tell_from_a_country_is_not_the_country() -> None:
    city, country = resolve_entities(analysis_of(("عمّان", LOC), ("سلطنة عمان", LOC)))
    assert (city.country, city.wikidata_id) == (None, "Q3805")
    assert (country.country, country.wikidata_id) == ("OM", "Q842")


def test_a_city_written_with_and_without_its_marks_is_one_place() -> None:
    assert clusters(analysis_of(("عمان", LOC), ("عمّان", LOC))) == [[0, 1]]


@pytest.mark.parametrize(
    "names", [("الاتحاد الأوروبي لكرة القدم", "الاتحاد الأوروبي"), ("الشركة السعودية", "السعودية")]
)
def test_a_name_that_a_longer_one_holds_is_not_that_body(names: tuple[str, str]) -> None:
    assert clusters(analysis_of(*((name, ORG) for name in names))) == [[0], [1]]


@pytest.mark.parametrize(
    ("organ", "body"),
    [
        ("مجلس الاتحاد السرواني للجسور", "الاتحاد السرواني للجسور"),
        ("قوات الحكومة السروانية", "الحكومة السروانية"),
        ("كتلة حزب المدار", "حزب المدار"),
        ("لجنة وزارة المدار للجسور", "وزارة المدار"),
        ("إذاعة الجيش السرواني", "الجيش السرواني"),
    ],
)
def test_an_organ_is_not_its_body(organ: str, body: str) -> None:
    assert clusters(analysis_of((organ, ORG), (body, ORG))) == [[0], [1]]


def test_a_body_called_by_two_nouns_of_its_kind_is_no_organ() -> None:
    for full, short in (("حزب حركة المدار", "حركة المدار"), ("وزارة الإدارة السروانية", "الإدارة السروانية")):
        assert clusters(analysis_of((full, ORG), (short, ORG))) == [[0, 1]]


def test_what_stands_in_brackets_after_an_organ_is_the_body_that_it_belongs_to() -> None:
    organ, body = "مجلس الاتحاد السرواني", "الاتحاد السرواني"
    assert clusters(analysis_of((organ, ORG), ("سفا", ORG), (body, ORG), gap=" (")) == [[0], [1, 2]]
    assert clusters(analysis_of((organ, ORG), ("سفا", ORG), gap=" (")) == [[0, 1]]


def test_the_first_of_a_list_in_brackets_is_no_alias() -> None:
    text = "لجنة الرعاية (بنك الوادي، بنك الجسر) (بنك النهر)"
    names = ("لجنة الرعاية", "بنك الوادي", "بنك الجسر", "بنك النهر")
    starts = [text.index(name) for name in names]
    mentions = tuple(Mention(Span(at, at + len(name)), ORG, 0) for at, name in zip(starts, names, strict=True))
    sentence = Sentence(Span(0, len(text)), tokenize(text), 0)
    assert clusters(Analysis(Document("d", text), sentences=(sentence,), mentions=mentions)) == [[0], [1], [2], [3]]


@pytest.mark.parametrize(
    ("full", "known"), [("محمد مرسي", True), ("محمد مرسي مالك", False), ("محمد مرسي بن سالم", True)]
)
def test_what_is_known_of_a_short_name_is_not_said_of_a_longer_one_that_ends_otherwise(full: str, known: bool) -> None:
    entity = resolve_entities(analysis_of((full, PER), ("محمد مرسي", PER)))[0]
    assert bool(entity.wikidata_id) is known


def test_an_entity_named_in_a_hashtag_is_called_without_its_marks() -> None:
    (entity,) = resolve_entities(analysis_of(("سالم #الجوهري", PER), ("الجوهري", PER)))
    assert entity.name == "سالم الجوهري"
    (entity,) = resolve_entities(analysis_of(("سالم_الجوهري", PER)))
    assert entity.name == "سالم الجوهري"


@pytest.mark.parametrize(
    ("marked", "country"),
    [
        ("عاد إلى العاصمة الأردنية [LOC عمان] أمس.", None),
        ("وصل إلى العاصمة [LOC عمان] أمس.", None),
        ("وصل الوفد الأردني إلى [LOC عمان] أمس.", None),
        ("وصل من [LOC الأردن] إلى [LOC عمان] أمس.", "JO"),
        ("وصل إلى [LOC عمان] أمس.", "OM"),
        ("وصل الوفد الأردني إلى السلطنة، وتقع [LOC عمان] على البحر.", "OM"),
        ("وصل الوفد الأردني إلى [LOC مسقط] في [LOC عمان].", "OM"),
        ("زار الملك الأردني [LOC سلطنة عمان] أمس.", "OM"),
        ("زار الملك الأردني [LOC عمان] والتقى الوزير العماني.", "OM"),
    ],
)
def test_amman_and_oman_are_told_apart_by_what_the_text_tells_of(marked: str, country: str | None) -> None:
    entities = marked_analysis(marked).entities
    assert next((entity.country for entity in entities if entity.country), None) == country


def test_a_noun_of_an_organ_alone_is_a_name_of_its_own() -> None:
    found = marked_analysis("قالت [ORG قوات] ذلك. وقالت [ORG مجلس] و[ORG اتحاد المدار] هذا.").entities
    assert [entity.name for entity in found] == ["قوات", "مجلس", "اتحاد المدار"]


@pytest.mark.parametrize("called", [row["word"] for row in read_rows("reference_words") if row["group"] == "called"])
def test_what_someone_is_also_called_is_of_the_same_person(called: str) -> None:
    said = f"{called}ـ" if called.endswith(" ب") else f"{called} "
    found = clusters(marked_analysis(f"اعتقل [PER رامي الصافي]، {said}[PER أبو حذيفة]. وكان [PER أبو حذيفة] مطلوبا."))
    assert found == [[0, 1, 2]]


@pytest.mark.parametrize("words", ["المعروف", "المعروف بقربه من", "واسمه", "الذي يلقب خصمه"])
def test_other_words_between_two_names_tell_no_other_name(words: str) -> None:
    assert clusters(marked_analysis(f"تكلم [PER رامي الصافي] {words} [PER أبو حذيفة].")) == [[0], [1]]
