"""Titles as they are written down, and what a peer (نظيره) takes over of another's."""

from __future__ import annotations

import pytest

from pipeline.office_choice import view_document
from pipeline.title_wording import in_gender
from tests.marked import analysis_of
from tests.unit.test_positions import positions_in


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (
            "التقت وزيرة الخارجية البلجيكية [PER لينا صافي] نظيرها الهولندي [PER كارلو بيرانتي].",
            ("كارلو بيرانتي", "وزير خارجية", "NL"),
        ),
        (
            "استقبل وزير الدفاع الفرنسي [PER كارلو بيرانتي] نظيرته الإسبانية [PER لينا صافي].",
            ("لينا صافي", "وزيرة دفاع", "ES"),
        ),
    ],
)
def test_the_title_of_a_peer_has_the_gender_of_the_peer(marked: str, expected: tuple[str, str, str]) -> None:
    assert expected in positions_in(marked)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (
            "حضر الرئيس الفرنسي [PER عادل مطر]. وسيلتقي وزير الدفاع الإسباني نظيره الهولندي [PER كارلو بيرانتي].",
            ("كارلو بيرانتي", "وزير دفاع", "NL"),
        ),
        (
            "قال وزير الدفاع الفرنسي [PER عادل مطر] للرئيس الفرنسي [PER سليم فارس]. "
            "ثم التقى [PER عادل مطر] في لاهاي نظيره الهولندي [PER كارلو بيرانتي].",
            ("كارلو بيرانتي", "وزير دفاع", "NL"),
        ),
        (
            "خلال لقائه نظيره الهولندي [PER كارلو بيرانتي]، قال وزير الدفاع الفرنسي [PER عادل مطر] إن الأمر جيد.",
            ("كارلو بيرانتي", "وزير دفاع", "NL"),
        ),
    ],
)
def test_a_peer_has_the_title_of_whoever_the_sentence_sets_him_beside(
    marked: str, expected: tuple[str, str, str]
) -> None:
    assert expected in positions_in(marked)


def test_an_adviser_of_a_president_is_none_where_another_of_his_titles_follows() -> None:
    marked = "قال مستشار الرئيس الفرنسي ووزير الدفاع السابق [PER عادل مطر] إن الأمر جيد."
    assert {title for _, title, _ in positions_in(marked)} == {"مستشار", "وزير دفاع"}


@pytest.mark.parametrize(
    ("marked", "title"),
    [
        ("قال الوزير في كلمة ألقاها [PER عادل مطر] أمس.", "وزير"),
        ("قال الوزير في حكومة [LOC فرنسا] [PER عادل مطر] أمس.", "وزير في حكومة"),
        ("قال الخبير في شؤون الطاقة [PER عادل مطر] أمس.", "خبير في شؤون طاقة"),
        ("شكر [PER عادل مطر] مدير الشرطة ولصاحب السمو [PER سليم فارس].", "مدير شرطة"),
        ("زار وزير خارجيتها [PER عادل مطر] المدينة.", "وزير خارجية"),
        ("زار وزير دفاعها [PER عادل مطر] المدينة.", "وزير دفاع"),
        ("قال وزير الشّؤون الخارجيّة [PER عادل مطر] أمس.", "وزير شؤون خارجية"),
        ("قال الرئيس المنتهية ولايته [PER عادل مطر] أمس.", "رئيس"),
        ("صار [PER عادل مطر] رئيسا لها أمس.", "رئيس"),
    ],
)
def test_a_title_ends_before_what_is_not_of_it(marked: str, title: str) -> None:
    candidates, _ = view_document(analysis_of(marked))
    assert candidates[0].title == title


@pytest.mark.parametrize(
    ("title", "feminine"),
    [
        ("مدير عام", "مديرة عامة"),
        ("نائب أول لرئيس", "نائبة أولى لرئيس"),
        ("رئيس وزراء", "رئيسة وزراء"),
        ("متصرف", "متصرف"),  # has no feminine among the heads of titles
    ],
)
def test_a_title_and_its_adjectives_agree(title: str, feminine: str) -> None:
    assert in_gender(title, feminine=True) == feminine
    assert in_gender(feminine, feminine=False) == title


@pytest.mark.parametrize(
    "marked",
    [
        "قالت الصحف إن الرئيس الفرنسي طلب من [PER عادل مطر] أن يكون هناك.",
        "اجتمع الرئيس الفرنسي أمس في القصر مع [PER عادل مطر].",
        "أطلع [PER عادل مطر] البرلمانيين الفرنسيين على الأمر.",
    ],
)
def test_who_is_dealt_with_does_not_bear_the_title_of_the_other(marked: str) -> None:
    assert positions_in(marked) == set()
