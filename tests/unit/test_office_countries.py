"""Of which country an office is: told by a word beside it, or by where the text reports from.

All persons and bodies are invented; countries are real.
"""

from __future__ import annotations

import pytest

from pipeline.office_choice import view_document
from tests.marked import analysis_of
from tests.unit.test_positions import positions_in


def test_a_peer_is_of_another_country() -> None:
    found = positions_in("سيلتقي وزير الخارجية الكويتي نظيره [PER سالم الجوهري].")
    assert "KW" not in {of for _, _, of in found}


@pytest.mark.parametrize(
    ("marked", "title"),
    [
        ("التقى وزير الدولة للشؤون المالية [PER سالم الجوهري] أمس.", "وزير دولة للشؤون مالية"),
        ("قال وزير الاقتصاد والمالية [PER سالم الجوهري] أمس.", "وزير اقتصاد ومالية"),
        ("قال وزير الشؤون المالية [PER سالم الجوهري] أمس.", "وزير شؤون مالية"),
    ],
)
def test_finance_is_no_nationality(marked: str, title: str) -> None:
    (candidate,), _ = view_document(analysis_of(marked))
    assert candidate.title == title
    assert candidate.explicit == ()


def test_the_finance_of_a_minister_leaves_room_for_a_nationality() -> None:
    assert ("لينا صافي", "وزيرة خارجية", "ML") in positions_in("قالت وزيرة الخارجية المالية [PER لينا صافي] أمس.")


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (
            "[LOC القاهرة] - التقى وزير السياحة [PER سالم الجوهري] السفيرة الأمريكية [PER لينا صافي].",
            ("سالم الجوهري", "وزير سياحة", "EG"),
        ),
        (
            "[LOC بغداد] في 3 مايو - بحث وزير النقل [PER سالم الجوهري] مع القنصل التركي [PER كمال أصلان] الربط.",
            ("سالم الجوهري", "وزير نقل", "IQ"),
        ),
        (
            "التقى وزير الداخلية [PER سالم الجوهري] القائم بالأعمال السعودي [PER نادر الصافي].",
            ("سالم الجوهري", "وزير داخلية", None),
        ),
    ],
)
def test_an_office_without_a_country_is_not_of_the_visitors(marked: str, expected: tuple[str, str, str | None]) -> None:
    assert expected in positions_in(marked)


@pytest.mark.parametrize(
    ("marked", "iso"),
    [
        ("التقى وزير الصناعة [PER سالم الجوهري] وفد [ORG شركة نورديا] الصينية.", "CN"),
        ("استقبل وزير الصناعة [PER سالم الجوهري] الرئيس الصيني [PER نادر الصافي].", "CN"),
    ],
)
def test_the_country_of_a_company_or_of_a_later_title_is_not_nearby(marked: str, iso: str) -> None:
    candidates, _ = view_document(analysis_of(marked))
    assert iso not in dict(candidates[0].nearby)


@pytest.mark.parametrize(
    ("marked", "dateline"),
    [
        ("لقاء في العاصمة.\n[LOC القاهرة] (كونا) -- التقى الوزير [PER سالم الجوهري].", "EG"),
        ("[LOC القاهرة] تدعو الوزير [PER سالم الجوهري] إلى لقاء.", None),
        ("وصل إلى [LOC القاهرة]، الوزير [PER سالم الجوهري].", None),
    ],
)
def test_the_dateline_is_a_place_that_a_sentence_opens_with(marked: str, dateline: str | None) -> None:
    _, view = view_document(analysis_of(marked))
    assert view.dateline == dateline


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (
            "[LOC الكويت] (كونا) - استقبل سمو أمير البلاد الشيخ [PER سالم الجوهري] السفير الهندي [PER راج كومر].",
            ("سالم الجوهري", "أمير", "KW"),
        ),
        (
            "[LOC المنامة] في 5 أكتوبر - استقبل سمو ولي عهد البلاد [PER سالم الجوهري] السفير الهندي [PER راج كومر].",
            ("سالم الجوهري", "ولي عهد", "BH"),
        ),
        (
            "[LOC تونس] - استقبل رئيس البلاد [PER سالم الجوهري] السفير الهندي [PER راج كومر].",
            ("سالم الجوهري", "رئيس", "TN"),
        ),
    ],
)
def test_this_country_is_the_one_that_the_text_reports_from(marked: str, expected: tuple[str, str, str]) -> None:
    assert expected in positions_in(marked)


def test_this_country_is_unknown_where_the_text_tells_more_of_another() -> None:
    marked = "[LOC باريس] - أعلن رئيس البلاد [PER سالم الجوهري] في [LOC كينيا] الحداد، وتوقفت المدارس في [LOC كينيا]."
    (candidate,), _ = view_document(analysis_of(marked))
    assert candidate.explicit == ()


def test_the_jordanian_capital_makes_nobody_omani() -> None:
    found = positions_in("عاد رئيس الوزراء [PER سالم الجوهري] إلى العاصمة الأردنية [LOC عمان] أمس.")
    assert "OM" not in {of for _, _, of in found}
