"""Who holds which office. All persons and bodies are invented; countries are real."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.office_choice import options_of, view_document
from pipeline.positions import find_positions
from tests.marked import analysis_of


def positions_in(marked: str) -> set[tuple[str, str, str | None]]:
    analysis = analysis_of(marked)
    names = {entity.entity_id: entity.name for entity in analysis.entities}
    return {
        (names[p.entity_id], p.title, p.of_country or names.get(p.of_entity_id or "")) for p in find_positions(analysis)
    }


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("قال الرئيس المصري [PER سالم الجوهري] أمس.", [("سالم الجوهري", "رئيس", "EG")]),
        ("قال وزير خارجية [LOC فرنسا] [PER كارلو بيرانتي].", [("كارلو بيرانتي", "وزير خارجية", "FR")]),
        ("قال [PER سالم الجوهري]، رئيس [ORG شركة نورديا]، أمس.", [("سالم الجوهري", "رئيس", "شركة نورديا")]),
        ("قال [PER سالم الجوهري]، وهو رئيس [ORG شركة نورديا]، أمس.", [("سالم الجوهري", "رئيس", "شركة نورديا")]),
        (
            "التقى الرئيسان الروسي [PER إيغور لاريف] والبيلاروسي [PER بافل دريسكو].",
            [("إيغور لاريف", "رئيس", "RU"), ("بافل دريسكو", "رئيس", "BY")],
        ),
        (
            "التقى وزير الدفاع الروسي [PER إيغور لاريف] نظيره التركي [PER كمال أصلان].",
            [("إيغور لاريف", "وزير دفاع", "RU"), ("كمال أصلان", "وزير دفاع", "TR")],
        ),
    ],
)
def test_titles_find_their_bearers(marked: str, expected: Sequence[tuple[str, str, str]]) -> None:
    assert positions_in(marked) == set(expected)


def test_the_evidence_is_the_title_in_the_text() -> None:
    analysis = analysis_of("قال الرئيس المصري [PER سالم الجوهري] أمس.")
    (position,) = find_positions(analysis)
    assert position.span.of(analysis.document.text) == "الرئيس"


def test_a_former_holder_is_marked() -> None:
    (position,) = find_positions(analysis_of("قال الرئيس المصري السابق [PER سالم الجوهري] أمس."))
    assert position.former


def test_a_person_without_title_has_no_position() -> None:
    assert positions_in("وصل [PER سالم الجوهري] إلى [LOC باريس].") == set()


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("قالت المتحدثة باسم [ORG شركة نورديا] [PER لينا صافي] أمس.", ("لينا صافي", "متحدثة باسم", "شركة نورديا")),
        ("التقى برئيس الوزراء الإسباني، [PER كارلو بيرانتي].", ("كارلو بيرانتي", "رئيس وزراء", "ES")),
        (
            "قال أمين عام [ORG اتحاد الجسور] ([ORG مجد]) [PER كارلو بيرانتي].",
            ("كارلو بيرانتي", "أمين عام", "اتحاد الجسور"),
        ),
        ("وصل السفير الفرنسي في [LOC بيروت] [PER كارلو بيرانتي].", ("كارلو بيرانتي", "سفير", "FR")),
    ],
)
def test_a_title_is_of_what_its_words_name(marked: str, expected: tuple[str, str, str]) -> None:
    assert expected in positions_in(marked)


def test_the_inner_title_is_borne_by_the_name_after_it() -> None:
    found = positions_in("قال [PER سالم الجوهري] مستشار الرئيس المصري [PER نادر الصافي].")
    assert ("نادر الصافي", "رئيس", "EG") in found


@pytest.mark.parametrize(
    "marked",
    [
        "قال المتحدث باسم [ORG مجلس نورديا] إن [PER سالم الجوهري] سيزور المدينة غدا.",
        "وأعلن متحدث باسم [ORG مجلس نورديا]، الخميس، أن [PER سالم الجوهري] غادر المدينة.",
    ],
)
def test_of_whom_a_bearer_speaks_does_not_bear_his_title(marked: str) -> None:
    assert positions_in(marked) == set()


def test_a_title_ends_before_who_went_before() -> None:
    found = positions_in("وعين [ORG مصرف نورديا] [PER سالم الجوهري] رئيسا تنفيذيا خلفا لـ[PER كارلو بيرانتي].")
    assert all("خلف" not in title and of != "كارلو بيرانتي" for _, title, of in found)


def test_every_position_points_to_its_words_and_has_a_probability() -> None:
    analysis = analysis_of("التقى الرئيسان الروسي [PER إيغور لاريف] والبيلاروسي [PER بافل دريسكو].")
    for position in find_positions(analysis):
        assert position.span == position.evidence.span
        assert "رئيس" in position.span.of(analysis.document.text)
        assert position.confidence is not None
        assert 0 < position.confidence <= 1


def test_what_a_person_holds_elsewhere_is_offered_in_one_order_in_every_process() -> None:
    (candidate, *_), view = view_document(analysis_of("قال الرئيس المصري [PER سالم الجوهري] أمس."))
    bodies = [f"{number:016x}" for number in range(40)]
    view.by_person[candidate.entity_id] = set(bodies)
    assert [of for of in options_of(candidate, view) if of in bodies] == bodies


def test_ministers_in_a_row_have_their_own_portfolios() -> None:
    marked = "عقد وزيرا الداخلية [PER سالم الجوهري] والمالية [PER نادر الصافي] والتربية والتعليم [PER كمال أصلان] لقاء."
    candidates, _ = view_document(analysis_of(marked))
    assert [candidate.title for candidate in candidates] == ["وزير داخلية", "وزير مالية", "وزير تربية وتعليم"]


def test_who_stands_before_a_title_is_not_who_follows_it() -> None:
    found = positions_in("قال الرئيس المصري [PER سالم الجوهري] رئيس الوزراء [PER نادر الصافي] كفؤ.")
    assert ("سالم الجوهري", "رئيس وزراء", "EG") not in found


def test_a_head_of_state_and_of_government_are_two_offices_of_one_person() -> None:
    told = "قال الرئيس المصري [PER سالم الجوهري] أمس. وكان رئيس الوزراء المصري [PER سالم الجوهري] قد فاز."
    assert {title for _, title, _ in positions_in(told)} == {"رئيس", "رئيس وزراء"}


def test_the_adjectives_of_a_title_lose_the_ending_of_a_predicate() -> None:
    candidates, _ = view_document(analysis_of("عين [PER سالم الجوهري] مديرًا عامًا تنفيذيا ل[ORG شركة نورديا]."))
    assert [candidate.title for candidate in candidates] == ["مدير عام تنفيذي"]


@pytest.mark.parametrize(
    ("marked", "titles"),
    [
        ("قالت المقررة الخاصة لل[ORG أمم المتحدة] [PER لينا صافي].", ["مقررة خاصة"]),
        ("ومن المقرر أن يصل [PER سالم الجوهري] غدا.", []),
        ("التقى قائمقام [LOC نورديا] [PER سالم الجوهري].", ["قائمقام"]),
        ("التقى الرئيسين الأسبقين [PER سالم الجوهري] و[PER نادر الصافي].", ["رئيس", "رئيس"]),
    ],
)
def test_heads_of_titles_and_words_that_only_look_like_them(marked: str, titles: list[str]) -> None:
    candidates, _ = view_document(analysis_of(marked))
    assert [candidate.title for candidate in candidates] == titles


@pytest.mark.parametrize(
    ("marked", "titles"),
    [
        ("اجتمع [ORG حزب نورديا] برئاسة السيد [PER سالم الجوهري] أمس.", ["رئيس"]),
        ("غادر [ORG حزب نورديا] الذي يتزعمه [PER سالم الجوهري] الحكومة.", ["زعيم"]),
        ("وصل وفد برئاسة [PER سالم الجوهري] أمس.", []),
    ],
)
def test_who_leads_a_body_may_be_its_head(marked: str, titles: list[str]) -> None:
    candidates, _ = view_document(analysis_of(marked))
    assert [candidate.title for candidate in candidates] == titles


@pytest.mark.parametrize(
    ("marked", "bearer", "title"),
    [
        ("استقبل وزير الخارجية [PER سالم الجوهري] السفير المصري [PER نادر الصافي].", "سالم الجوهري", "وزير خارجية"),
        ("التقى وزير الصيد [PER سالم الجوهري] المصري [PER نادر الصافي].", "سالم الجوهري", "وزير صيد"),
        ("استقبل الوزير المنتدب [PER سالم الجوهري] السفير المصري [PER نادر الصافي].", "سالم الجوهري", "وزير منتدب"),
    ],
)
def test_who_comes_next_with_a_title_of_their_own_does_not_take_the_office(
    marked: str, bearer: str, title: str
) -> None:
    candidates, view = view_document(analysis_of(marked))
    names = {entity.entity_id: entity.name for entity in view.owner.values()}
    assert [names[seen.entity_id] for seen in candidates if seen.title == title] == [bearer]


def test_a_title_of_several_goes_on_past_words_of_courtesy() -> None:
    marked = "التقى الرئيسان الروسي [PER إيغور لاريف] والقطري الشيخ [PER سالم الجوهري]."
    assert positions_in(marked) == {("إيغور لاريف", "رئيس", "RU"), ("سالم الجوهري", "رئيس", "QA")}


@pytest.mark.parametrize(
    "marked",
    [
        "وصل وفد من [ORG حزب نورديا] برئاسة [PER سالم الجوهري] أمس.",
        "استقبل الوزير وفدا رفيع المستوى من [ORG حزب نورديا] برئاسة [PER سالم الجوهري].",
        "التقى بعثة [ORG بنك نورديا] التي يرأسها [PER سالم الجوهري].",
        "شكلت لجنة من [ORG حزب نورديا] و[ORG حركة مجد] برئاسة [PER سالم الجوهري].",
    ],
)
def test_who_leads_a_delegation_of_a_body_is_not_its_head(marked: str) -> None:
    assert not {title for _, title, of in positions_in(marked) if of is not None and len(of) > 2}


def test_a_title_is_written_without_the_blank_after_and() -> None:
    candidates, _ = view_document(analysis_of("قالت وزيرة الثقافة و الفنون، [PER لينا صافي]."))
    assert [candidate.title for candidate in candidates] == ["وزيرة ثقافة وفنون"]


def test_a_title_of_one_country_is_not_borne_by_the_ruler_of_another_behind_it() -> None:
    found = positions_in(
        "أجرى [PER سالم بن راشد]، النائب الثاني لرئيس [ORG مجلس الوزراء] وزير الدفاع السعودي، والرئيس المصري"
        " [PER كمال أصلان] محادثات."
    )
    assert {title for name, title, _ in found if name == "كمال أصلان"} == {"رئيس"}
    assert ("سالم بن راشد", "وزير دفاع", "SA") in found


def test_the_president_behind_his_adviser_is_no_adviser() -> None:
    found = positions_in("قال [PER سالم الجوهري] مستشار الأمن القومي للرئيس الأمريكي [PER جون كارل] إن الأمر جاد.")
    assert found == {("سالم الجوهري", "مستشار أمن قومي", "US"), ("جون كارل", "رئيس", "US")}


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("إن الرئيسين الأمريكي والروسي، [PER إيغور لاريف] سيلتقيان غدا.", {("إيغور لاريف", "رئيس", "RU")}),
        (
            "إن الرئيسين الأمريكي والروسي، [PER جون كارل] و[PER إيغور لاريف] سيلتقيان غدا.",
            {("جون كارل", "رئيس", "US"), ("إيغور لاريف", "رئيس", "RU")},
        ),
    ],
)
def test_each_bearer_of_a_title_of_two_countries_is_of_one(marked: str, expected: set[tuple[str, str, str]]) -> None:
    assert positions_in(marked) == expected


def test_a_person_joined_by_and_is_not_what_a_title_is_of() -> None:
    found = positions_in("ضم الاجتماع [PER سالم الجوهري] مدير المهرجان و[PER كمال أصلان] أمس.")
    assert {of for _, _, of in found} == {None}


@pytest.mark.parametrize(
    ("marked", "title"),
    [
        ("وقال رئيس البرلمان الحالي، [PER سالم الجوهري]، في [LOC العراق].", "رئيس برلمان"),
        ("وقال الرئيس اليمني المعترف به دوليا [PER سالم الجوهري].", "رئيس"),
        ("قال [PER سالم الجوهري] المدير التنفيذي للشركة إن [ORG شركة نورديا] ربحت.", "مدير تنفيذي"),
        ("قال [PER سالم الجوهري] مدير عام الهيئة إن [ORG الهيئة الوطنية للماء] فتحت.", "مدير عام"),
    ],
)
def test_a_title_has_no_word_of_the_moment_and_none_that_stands_for_its_body(marked: str, title: str) -> None:
    assert {found for _, found, _ in positions_in(marked)} == {title}


def test_what_an_official_deals_with_is_not_whose_official_he_is() -> None:
    found = positions_in(
        "قال [PER سالم الجوهري]، مساعد وزير الخارجية الأمريكي لشؤون [LOC الشرق الأوسط]، أمس في [LOC باريس]."
    )
    assert found == {("سالم الجوهري", "مساعد وزير خارجية لشؤون الشرق الأوسط", "US")}


@pytest.mark.parametrize(
    ("marked", "country"),
    [
        ("وقال مدير الوساطة المالية في شركة البلاد [PER سالم الجوهري].", None),
        ("قالت وزيرة الخارجية المالية [PER سلمى الجوهري].", "ML"),
        ("قال الرئيس المالي [PER سالم الجوهري].", "ML"),
    ],
)
def test_an_adjective_of_money_names_no_country(marked: str, country: str | None) -> None:
    assert {of for _, _, of in positions_in(marked)} == {country}


def test_a_deputy_called_so_before_is_no_president_for_being_named_by_his_short_name() -> None:
    found = positions_in(
        "قال نائب الرئيس الأميركي [PER جو بايدن] ذلك في [LOC إسرائيل]. خيمت على زيارة نائب الرئيس [PER بايدن] للقدس."
        " وزار [PER بايدن]، نائب الرئيس، [LOC القدس]."
    )
    assert {title for _, title, _ in found} == {"نائب رئيس"}
