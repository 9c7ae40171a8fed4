"""Names end where the guidelines end them: invented texts, and laws that hold for any names."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.consistency import Name
from pipeline.edges import mend_edges, without_marks
from pipeline.lexicon import read_rows
from pipeline.schema import Analysis, Document
from pipeline.segment import split_sentences, tokenize


def mended(text: str, *names: tuple[str, str]) -> list[tuple[str, str]]:
    """What becomes of the names, each given by its words as they stand in the text, and its type."""
    tokens = tokenize(text)
    given_names, at = [], 0
    for words, kind in names:
        start = text.index(words, at)
        at = start + len(words)
        inside = [i for i, token in enumerate(tokens) if start <= token.span.start < at]
        given_names.append(Name(0, inside[0], inside[-1] + 1, kind, 0.9))
    found = mend_edges(given_names, [tokens])
    return [(text[tokens[n.start].span.start : tokens[n.end - 1].span.end], n.type) for n in found]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("قالت وكالة الأنباء المدارية الرسمية إن", "وكالة الأنباء المدارية الرسمية", ["وكالة الأنباء المدارية"]),
        (
            "وكالة الأنباء المدارية الرسمية مدا قالت",
            "وكالة الأنباء المدارية الرسمية مدا",
            ["وكالة الأنباء المدارية", "مدا"],
        ),
        ("قال حزب المدار اليميني المتطرف", "حزب المدار اليميني المتطرف", ["حزب المدار"]),
        ("قال الحزب اليميني ذلك", "الحزب اليميني", ["الحزب اليميني"]),
        ("شركة أوزيلا الفرنسية ربحت", "شركة أوزيلا الفرنسية", ["شركة أوزيلا"]),
        ("شركة الخطوط الفرنسية ربحت", "شركة الخطوط الفرنسية", ["شركة الخطوط الفرنسية"]),
        ("شركة أوزيلا السعودية ربحت", "شركة أوزيلا السعودية", ["شركة أوزيلا السعودية"]),
        ("وزارة خارجية فرنسا قالت", "وزارة خارجية فرنسا", ["وزارة خارجية فرنسا"]),
        ("قالت لصحيفة المدار أمس", "لصحيفة المدار", ["المدار"]),
        ("بنت أوزيلا Ozila برجا", "أوزيلا Ozila", ["أوزيلا", "Ozila"]),
        ("بنت شركة Ozila برجا", "شركة Ozila", ["شركة Ozila"]),
        ("قناة سي. إن. إن قالت", "سي. إن", ["سي. إن. إن"]),
        ("قال سامي. إن الوزير", "سامي", ["سامي"]),
        ("قالت شركة ألستوم الفرنسية", "شركة ألستوم الفرنسية", ["شركة ألستوم"]),
        ("أعلنت حركة M23 الحرب", "حركة M23", ["حركة M23"]),
        ("وصلت شركة طيران Ozila أمس", "شركة طيران Ozila", ["شركة طيران Ozila"]),
        ("رابطة معلمي التعليم الرسمي قالت", "رابطة معلمي التعليم الرسمي", ["رابطة معلمي التعليم الرسمي"]),
        ('قال التلفزيون السوري "الرسمي" ذلك', 'التلفزيون السوري "الرسمي', ["التلفزيون السوري"]),
        ("عضو المجلس الأعلى حاكم نورديا", "المجلس الأعلى حاكم نورديا", ["المجلس الأعلى"]),
        ("عضو المجلس الأعلى حاكم الشارقة", "المجلس الأعلى حاكم الشارقة", ["المجلس الأعلى", "الشارقة"]),
        ("قال مجلس حكام المصرف", "مجلس حكام المصرف", ["مجلس حكام المصرف"]),
        ("شاهد قناة () أمس", "قناة ()", ["قناة ()"]),
    ],
)
def test_a_body_ends_where_its_name_does(text: str, name: str, expected: list[str]) -> None:
    assert [words for words, _ in mended(text, (name, "ORG"))] == expected


@pytest.mark.parametrize("letters", ["يو .بي .آي", "أ .ف .ب", "إي . آي . يو", "د. س. أ", "سي. إن. إن"])
def test_letters_with_blanks_and_dots_between_them_are_one_name_in_one_sentence(letters: str) -> None:
    text = f"نقلت قناة ({letters}) عنه"
    assert len(split_sentences(Analysis(Document("d", text)))) == 1
    names = [(letter, "ORG") for letter in letters.replace(".", " ").split()]
    assert mended(text, *names) == [(letters, "ORG")]


def test_a_full_stop_after_a_blank_ends_a_sentence_where_no_letters_are_spelled() -> None:
    for text in ("زار سروان . ثم عاد", "القسم ب . ثم عاد", "القسم ب . و عاد"):
        assert len(split_sentences(Analysis(Document("d", text)))) == 2


def test_a_body_that_bears_a_name_is_one() -> None:
    text = "زار جامعة الملك سالم ثم مستشفى د. سامر حداد"
    names = [("جامعة الملك", "ORG"), ("سالم", "PER"), ("مستشفى د.", "LOC"), ("سامر حداد", "PER")]
    assert mended(text, *names) == [("جامعة الملك سالم", "ORG"), ("مستشفى د. سامر حداد", "LOC")]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("قال باحث من «جامعة «سرغان»» ذلك", [("جامعة", "ORG"), ("سرغان", "ORG")], ["جامعة «سرغان»"]),
        ('قصف مطار "سرغان" أمس', [("مطار", "LOC"), ("سرغان", "LOC")], ['مطار "سرغان"']),
        ('كلية الطب بجامعة "سرغان" أمس', [("كلية الطب بجامعة", "ORG"), ("سرغان", "PER")], ['كلية الطب بجامعة "سرغان"']),
        ("درس في جامعة «سرغان الحرة» أمس", [("جامعة", "ORG"), ("سرغان", "LOC")], ["جامعة «سرغان الحرة»"]),
        ("قالت قناة «سرغان» أمس", [("قناة", "ORG"), ("سرغان", "ORG")], ["قناة", "سرغان"]),
        ("وصل الجامعة «سرغان» أمس", [("الجامعة", "ORG"), ("سرغان", "PER")], ["الجامعة", "سرغان"]),
        ("أعلنت شركة المدار «سرغان» أمس", [("شركة المدار", "ORG"), ("سرغان", "ORG")], ["شركة المدار", "سرغان"]),
        ("قالت شركة «سرغان أمس", [("شركة", "ORG"), ("سرغان", "ORG")], ["شركة", "سرغان"]),
    ],
)
def test_the_quoted_name_of_a_body_or_place_is_one_with_the_noun_before_it(
    text: str, names: list[tuple[str, str]], expected: list[str]
) -> None:
    assert [words for words, _ in mended(text, *names)] == expected


def test_the_title_of_the_person_after_a_body_is_no_part_of_it() -> None:
    text = "رئيس الجمعية الوطنية السيد سامر حداد"
    names = [("الجمعية الوطنية السيد", "ORG"), ("سامر حداد", "PER")]
    assert mended(text, *names) == [("الجمعية الوطنية", "ORG"), ("سامر حداد", "PER")]


def test_two_who_met_are_not_one_for_the_hyphen_between_them() -> None:
    text = "قمة ترامب-بوتين ومباراة الأهلي-الزمالك وفوز سامي حداد-نجار مع رينو-نيسان"
    names = [("ترامب", "PER"), ("بوتين", "PER"), ("الأهلي", "ORG"), ("الزمالك", "ORG")]
    tied = [("سامي حداد", "PER"), ("نجار", "PER"), ("رينو", "ORG"), ("نيسان", "ORG")]
    assert mended(text, *names, *tied) == [*names, ("سامي حداد-نجار", "PER"), ("رينو-نيسان", "ORG")]


def test_a_title_after_a_definite_noun_bears_nothing() -> None:
    text = "قال رئيس الجامعة الدكتور سامر حداد"
    names = [("الجامعة الدكتور", "ORG"), ("سامر حداد", "PER")]
    assert mended(text, *names) == names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال سامر حداد الابن ذلك", "سامر حداد الابن"),
        ("قال سامر حداد الأب لطفلين", "سامر حداد"),
        ("قال سامر حداد الابن الأكبر ذلك", "سامر حداد"),
    ],
)
def test_what_tells_a_son_from_his_father_belongs_to_the_name(text: str, expected: str) -> None:
    assert mended(text, ("سامر حداد", "PER")) == [(expected, "PER")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("اجتمعوا بفوزي حداد أمس", "بفوزي حداد"),
        ("اجتمع الوفد وبفوزي حداد أمس", "وبفوزي حداد"),
        ("عملوا لصالح حداد أمس", "حداد"),
        ("اجتمعوا بعدة حداد أمس", "حداد"),
    ],
)
def test_a_first_name_glued_to_a_letter_belongs_to_the_person(text: str, expected: str) -> None:
    assert mended(text, ("حداد", "PER")) == [(expected, "PER")]


def test_an_article_alone_is_no_name() -> None:
    assert mended("رئيس الـFRMF أمس", ("الـ", "ORG"), ("FRMF", "ORG")) == [("FRMF", "ORG")]


def test_a_person_beside_a_body_stays_apart() -> None:
    text = "قال رئيس المجلس سالم"
    names = [("المجلس", "ORG"), ("سالم", "PER")]
    assert mended(text, *names) == names


@pytest.mark.parametrize(
    ("text", "first", "last", "expected"),
    [
        ("شركة «المدار» ربحت", 0, 3, "شركة «المدار»"),
        ('شركة "المدار" ربحت', 0, 3, 'شركة "المدار"'),
        ("«المدار» ربحت", 0, 2, "المدار"),
        ("(المدار) ربحت", 0, 3, "المدار"),
        ("قصر (المدار) فخم", 0, 4, "قصر (المدار)"),
        ("شركة المدار» ربحت", 0, 3, "شركة المدار"),
    ],
)
def test_marks_stay_with_what_they_open_or_close(text: str, first: int, last: int, expected: str) -> None:
    tokens = tokenize(text)
    start, end = without_marks(tokens, first, last)
    assert text[tokens[start].span.start : tokens[end - 1].span.end] == expected


@pytest.mark.parametrize(
    "row", [r for r in read_rows("name_edges") if r["group"] in ("letter", "letter_or_word", "domain")]
)
def test_letters_that_are_spelled_out_end_no_sentence(row: dict[str, str]) -> None:
    assert len(split_sentences(Analysis(Document("d", row["example"])))) == 1


_FEW = [
    "قناة",
    "وكالة",
    "المدار",
    "الرسمية",
    "اليميني",
    "سي",
    "جامعة",
    "الملك",
    "السيد",
    "شركة",
    "الفرنسية",
    "Ozila",
    "(",
    ")",
    '"',
    "-",
    ".",
]
_WORDS = sorted(
    {row["word"] for row in read_rows("name_edges")} | {"المدار", "سالم", ".", "-", '"', "«", "»", "(", ")", "Ozila"}
)


@given(
    st.lists(st.sampled_from(_FEW) | st.sampled_from(_WORDS), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.integers(1, 4), st.sampled_from(["PER", "LOC", "ORG"])), max_size=4),
)
def test_mended_names_keep_their_order_and_share_no_word(words: list[str], spans: list[tuple[int, int, str]]) -> None:
    tokens = tokenize(" ".join(words))
    names: list[Name] = []
    for start, length, kind in sorted(spans):
        start, end = without_marks(tokens, min(start, len(tokens)), min(start + length, len(tokens)))
        if start < end and (not names or names[-1].end <= start):
            names.append(Name(0, start, end, kind, 0.9))
    found = mend_edges(names, [tokens])
    assert all(0 <= name.start < name.end <= len(tokens) for name in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert {name.type for name in found} <= {name.type for name in names}
