"""Two names that a tagger took for one are told apart, and one of several parts stays whole; invented texts."""

from __future__ import annotations

import pytest

from pipeline.consistency import Name
from pipeline.joined_names import part_names
from pipeline.lexicon import read_rows
from pipeline.segment import tokenize


def parts(text: str, kind: str, *others: str) -> list[str]:
    """The names that become of the whole text as one name, in a document whose other sentences are persons' names."""
    sentences = [tokenize(sentence) for sentence in (text, *others)]
    names = [Name(0, 0, len(sentences[0]), kind, 0.9)]
    names += [Name(index, 0, len(tokens), "PER", 0.9) for index, tokens in enumerate(sentences[1:], 1)]
    found = part_names(names, sentences)
    assert [name for name in found if name.sentence] == names[1:]
    own = [(sentences[0][n.start].span.start, sentences[0][n.end - 1].span.end) for n in found if not n.sentence]
    return [text[start:end] for start, end in own]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("مركز المدار للإغاثة والهيئة العامة للمياه", ["مركز المدار للإغاثة", "والهيئة العامة للمياه"]),
        ("البنك الوطني ومصرف المدار وشركة أوزيلا", ["البنك الوطني", "ومصرف المدار", "وشركة أوزيلا"]),
        ("رابطة المدار للاجئين واليونسكو", ["رابطة المدار للاجئين", "واليونسكو"]),
        ("مجلس الأعيان الاتحاد السرواني للنقل", ["مجلس الأعيان", "الاتحاد السرواني للنقل"]),
        ("وزارتي المالية والصحة", ["وزارتي المالية", "والصحة"]),
        ("لوزارات العدل والداخلية والدفاع", ["لوزارات العدل", "والداخلية", "والدفاع"]),
        ("وزارتي التربية والتعليم والصحة", ["وزارتي التربية والتعليم", "والصحة"]),
        ("وزارة الشؤون البلدية والقروية", ["وزارة الشؤون البلدية والقروية"]),
        ("وزارة التربية والتعليم", ["وزارة التربية والتعليم"]),
        ("حزب الاتحاد الوطني", ["حزب الاتحاد الوطني"]),
        ("مجلس إدارة الهيئة العامة للمياه", ["مجلس إدارة الهيئة العامة للمياه"]),
        ("اتحاد المزارعين والمجلس", ["اتحاد المزارعين والمجلس"]),
        ("هيئة الصحافة ووكالة", ["هيئة الصحافة ووكالة"]),
        ("الهيئة الوطنية", ["الهيئة الوطنية"]),
    ],
)
def test_a_noun_of_bodies_begins_another_body(text: str, expected: list[str]) -> None:
    assert parts(text, "ORG") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("الرياض بالسعودية", ["الرياض", "بالسعودية"]),
        ("بيروت ببغداد", ["بيروت", "ببغداد"]),
        ("ولبيروت ببغداد", ["ولبيروت", "ببغداد"]),
        ("مستشفى المدار ببغداد", ["مستشفى المدار ببغداد"]),
        ("القاهرة بروسان", ["القاهرة بروسان"]),
    ],
)
def test_a_known_place_in_another_is_a_name_of_its_own(text: str, expected: list[str]) -> None:
    assert parts(text, "LOC") == expected


def test_two_family_names_are_told_apart_where_both_are_told_in_full() -> None:
    assert parts("صافي وحداد", "PER", "لينا صافي", "سامر حداد") == ["صافي", "وحداد"]
    assert parts("صافي وحداد", "PER", "لينا صافي") == ["صافي وحداد"]
    assert parts("صافي لحداد", "PER", "لينا صافي", "سامر حداد") == ["صافي", "لحداد"]
    assert parts("صافي لحداد", "PER", "سامر حداد") == ["صافي لحداد"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("سامر حداد بكريم صافي", ["سامر حداد", "بكريم صافي"]),
        ("سامر حداد بسامي", ["سامر حداد", "بسامي"]),
        ("سامر برمضان", ["سامر برمضان"]),
        ("سامر بدر حداد", ["سامر بدر حداد"]),
        ("سامر بلقاسم صافي", ["سامر بلقاسم صافي"]),
    ],
)
def test_whom_someone_met_is_a_name_of_its_own(text: str, expected: list[str]) -> None:
    assert parts(text, "PER") == expected


@pytest.mark.parametrize("row", [r for r in read_rows("name_edges") if r["group"] == "body_noun"])
def test_every_noun_of_bodies_begins_one_in_its_example(row: dict[str, str]) -> None:
    name = row["example"].removeprefix("التقى مدير ").removesuffix(" سالما")
    assert parts(name, "ORG") == ["البنك الوطني", f"و{row['word']} المدار"]
