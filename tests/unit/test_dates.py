"""Dates: what the words say, by a calendar and not by the code under test."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import find_datelines, find_dates, find_publication_date
from pipeline.dates.patterns import find_shapes, shapes
from pipeline.dates.words import ordinals
from pipeline.folded import fold_text
from pipeline.schema import Analysis, Document, EntityType, Mention, Segment, SegmentKind, Sentence, Span

TUESDAY = date(2024, 3, 12)


def analyse(text: str, published: date | None = TUESDAY, names: tuple[str, ...] = ()) -> Analysis:
    whole = Span(0, len(text))
    mentions = tuple(Mention(Span(text.index(name), text.index(name) + len(name)), EntityType.PER, 0) for name in names)
    return Analysis(
        Document("d", text, published=published),
        segments=(Segment(whole, SegmentKind.ARTICLE),),
        sentences=(Sentence(whole, (), 0),),
        mentions=mentions,
    )


def dates_of(text: str, published: date | None = TUESDAY, names: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    found = find_dates(analyse(text, published, names))
    return [(d.span.of(text), d.when.first.isoformat(), d.when.last.isoformat()) for d in found if d.when]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("زار سالم المدينة في 7 آذار/مارس 2019", "2019-03-07", "2019-03-07"),
        ("زار سالم المدينة في 7 مارس (آذار) 2019", "2019-03-07", "2019-03-07"),
        ("زار سالم المدينة في ٧ أوت ٢٠١٩", "2019-08-07", "2019-08-07"),
        ("زار سالم المدينة يوم 3 غشت 2019", "2019-08-03", "2019-08-03"),
        ("زار سالم المدينة يوم 9 دجنبر 2019", "2019-12-09", "2019-12-09"),
        ("زار سالم المدينة في كانون الثاني 2020", "2020-01-01", "2020-01-31"),
        ("زار سالم المدينة في منتصف نونبر 2020", "2020-11-01", "2020-11-30"),
        ("زار سالم المدينة عام 1987", "1987-01-01", "1987-12-31"),
        ("يومي 21 و22 ديسمبر 2018", "2018-12-21", "2018-12-22"),
        ("من 28 يناير إلى 3 فبراير 2018", "2018-01-28", "2018-02-03"),
        ("في 2018/05/14 صباحا", "2018-05-14", "2018-05-14"),
        ("في 14/5/2018 صباحا", "2018-05-14", "2018-05-14"),
        ("في الحادي والعشرين من حزيران 2018", "2018-06-21", "2018-06-21"),
        ("في 1 رمضان 1445 هـ", "2024-03-11", "2024-03-11"),
    ],
)
def test_a_stated_date_needs_no_publication_date(text: str, first: str, last: str) -> None:
    assert [(a, b) for _, a, b in dates_of(text, None)] == [(first, last)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("التقى سالم ضيفه اليوم", "2024-03-12", "2024-03-12"),
        ("التقى سالم ضيفه أمس الاثنين", "2024-03-11", "2024-03-11"),
        ("التقى سالم ضيفه أمس الأحد", "2024-03-10", "2024-03-10"),
        ("التقى سالم ضيفه أمس الثلاثاء", "2024-03-12", "2024-03-12"),
        ("التقى سالم ضيفه أمس الأربعاء", "2024-03-11", "2024-03-11"),
        ("التقى سالم ضيفه أول أمس", "2024-03-10", "2024-03-10"),
        ("التقى سالم ضيفه الأحد", "2024-03-10", "2024-03-10"),
        ("التقى سالم ضيفه الثلاثاء الماضي", "2024-03-05", "2024-03-05"),
        ("سيلتقي سالم ضيفه الأحد", "2024-03-17", "2024-03-17"),
        ("يصل سالم يوم الثلاثاء المقبل", "2024-03-19", "2024-03-19"),
        ("من المقرر أن يصل سالم غدا", "2024-03-13", "2024-03-13"),
        ("التقى سالم ضيفه الأسبوع الماضي", "2024-03-04", "2024-03-10"),
        ("التقى سالم ضيفه الشهر الماضي", "2024-02-01", "2024-02-29"),
        ("التقى سالم ضيفه قبل يومين", "2024-03-10", "2024-03-10"),
        ("يزور سالم المدينة في أبريل القادم", "2024-04-01", "2024-04-30"),
        ("زار سالم المدينة في نوفمبر الماضي", "2023-11-01", "2023-11-30"),
        ("يصل في 20 من الشهر الجاري", "2024-03-20", "2024-03-20"),
        ("يصل في 28 ديسمبر الماضي", "2023-12-28", "2023-12-28"),
    ],
)
def test_relative_words_are_resolved_against_the_publication_date(text: str, first: str, last: str) -> None:
    assert [(a, b) for _, a, b in dates_of(text)] == [(first, last)]
    assert dates_of(text, None) == []


@pytest.mark.parametrize(
    "text", ["وصل سالم بعد يومين من القمة", "غادر قبل 3 أيام من القمة", "وذلك بعد شهر على لقائهما"]
)
def test_what_is_counted_from_something_else_is_not_counted_from_today(text: str) -> None:
    assert dates_of(text) == []


@pytest.mark.parametrize(
    ("text", "day"), [("يصل بعد يومين من الآن", "2024-03-14"), ("تحدث منذ يومين على الهاتف", "2024-03-10")]
)
def test_what_is_counted_from_now_is_counted_from_today(text: str, day: str) -> None:
    assert [first for _, first, _ in dates_of(text)] == [day]


def test_an_unknown_publication_date_leaves_the_words_unresolved() -> None:
    found = find_dates(analyse("التقى سالم ضيفه أمس", None))
    assert [d.when for d in found] == [None]


@pytest.mark.parametrize(
    "text", ["في اليوم التالي", "صحيفة المصري اليوم", "قال رجب إنه عائد", "تيريزا ماي غادرت", "سجل 12 هدفا"]
)
def test_names_and_other_days_are_no_dates(text: str) -> None:
    assert find_dates(analyse(text)) == ()


def test_a_name_that_looks_like_a_future_verb_does_not_turn_the_weekday() -> None:
    assert dates_of("التقى سالم الوزير ستيفان الأحد", names=("ستيفان",))[0][1] == "2024-03-10"


def test_spans_lie_on_the_raw_text_with_its_marks() -> None:
    text = "التقى سالمٌ ضيفه يومَ الأحـد"
    assert dates_of(text)[0][0] == "يومَ الأحـد"
    folded = fold_text(text)
    assert [folded.span(i, i + 1).of(text)[0] for i in range(len(folded.text))] == [c for c in text if c not in "ٌَـ"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("آخر تحديث: الاحد, 1 نوفمبر/ تشرين الثاني, 2009, 14:15 GMT\nنص", date(2009, 11, 1)),
        ("1800 (GMT+04:00) - 04/10/09    عنوان الخبر", date(2009, 10, 4)),
        (" date 2025-12-21 وقالت الوكالة", date(2025, 12, 21)),
        ("تاريخ النشر: 4th, September 2023 GMT\nنص", date(2023, 9, 4)),
        ("عنوان\nأخبار\nالأربعاء ٢٢ أكتوبر ٢٠٢٥ - ٢٠:٤٢\nنص", date(2025, 10, 22)),
        (
            "دارين، بلاد النور الكبرى (XYZ)-- الأربعاء، 25 شباط/فبراير 2009، آخر تحديث 12:00 (GMT+0400)\nنص",
            date(2009, 2, 25),
        ),
        ("مسقط – 9 أغسطس 2025\nعقد سالم اجتماعا", date(2025, 8, 9)),
    ],
)
def test_headers_tell_the_publication_date(text: str, day: date) -> None:
    assert find_publication_date(text) == (day, "header")


@pytest.mark.parametrize(
    "text",
    [
        "ولد سالم في 5 مايو 1970 في مدينة بعيدة عن البحر",
        "لا تاريخ هنا",
        "ولد سالم في 3 مايو 1960 (أبوه نجار) وعاش هناك طويلا",
        "صدر الحكم بتاريخ 15 أكتوبر 2020 أمرا بالإيداع",
    ],
)
def test_the_date_of_something_else_is_not_taken(text: str) -> None:
    assert find_publication_date(text) is None


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("دارين 14 آذار/مارس 2024 (و.ق.د) - بحث الوزير سليم العوفي مشروعا جديدا.", date(2024, 3, 14)),
        ("الوزير يستقبل وفدا\n\nدارين في 9 شباط (فبراير) 2022 - استقبل الوزير سليم العوفي وفدا.", date(2022, 2, 9)),
        ("دارين في 9 مارس 2022 / ودا / بحث الوزير سليم العوفي مع ضيفه مشروعا جديدا.", date(2022, 3, 9)),
        ("دارين في 30 أغسطس 2016 /و د ا/ التقى الوزير سليم العوفي ضيفه اليوم.", date(2016, 8, 30)),
        ("دارين في 9 مارس 2022 (وام) استقبل الوزير سليم العوفي وفدا من خمسة.", date(2022, 3, 9)),
        ("أعلن الوزير سليم العوفي (الثلاثاء 3 آذار/ مارس 2015) أنه لن يسافر غدا.", date(2015, 3, 3)),
    ],
)
def test_a_dateline_with_an_agency_or_a_preposition_dates_the_page(text: str, published: date) -> None:
    assert find_publication_date(text) == (published, "dateline")


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("المدينة المنورة 3 محرم 1445هـ\nاستقبل سالم العوفي اليوم وفدا.", date(2023, 7, 21)),
        ("المدينة المنورة 3 محرم 1445هـ / استقبل سالم العوفي اليوم وفدا.", date(2023, 7, 21)),
        ("أبها ٩ صفر ١٤٤٦ هـ واس\nاستقبل سالم العوفي وفدا.", date(2024, 8, 13)),
        ("الرياض - الأحد 21 جمادى الآخرة 1443هـ\nالتقى سالم العوفي وفدا.", date(2022, 1, 24)),
        ("سالم العوفي يستقبل وفدا\nجدة في 5 شوال 1442هـ - استقبل سالم العوفي وفدا.", date(2021, 5, 17)),
        ("دارين 5 شوال 1442هـ (و.ق.د) - استقبل سالم العوفي وفدا.", date(2021, 5, 17)),
        ("دارين 5 شوال 1442 هـ الموافق 17 مايو واس\nاستقبل سالم العوفي وفدا.", date(2021, 5, 17)),
        ("جدة، 11/8/1444هـ\nاستقبل سالم العوفي وفدا.", date(2023, 3, 3)),
    ],
)
def test_a_hijri_dateline_dates_the_page(text: str, published: date) -> None:
    assert find_publication_date(text) == (published, "dateline")


def test_a_hijri_dateline_gives_way_to_any_other_date_of_the_page() -> None:
    text = "الرياض 5 شوال 1442هـ\nاستقبل سالم العوفي اليوم الثلاثاء 18 مايو 2021 وفدا."
    assert find_publication_date(text) == (date(2021, 5, 18), "dateline")


@pytest.mark.parametrize(
    "text",
    [
        "ولد سالم العوفي 3 محرم 1391هـ",
        "ولد سالم العوفي في أبها في 3 محرم 1391هـ",
        "المولد: أبها 3 محرم 1391هـ",
        "تاريخ الميلاد\n3 محرم 1391هـ",
        "سالم العوفي (3 محرم 1391هـ - 5 صفر 1440هـ)",
        "توفي سالم العوفي 5 صفر 1440هـ (رحمه الله)",
        "صدر المرسوم 3 محرم 1391هـ - بتعيين سالم العوفي",
        "استقبل سالم العوفي أمس وفدا في أبها 3 محرم 1445هـ\n",
        "طهران 1402/5/3\nاستقبل سالم العوفي وفدا.",
        "طهران 3/5/1402 هـ ش\nاستقبل سالم العوفي وفدا.",
    ],
)
def test_another_hijri_date_does_not_date_the_page(text: str) -> None:
    assert find_publication_date(text) is None


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("دارِين 14 آذار/مارس 2024 (و.ق.د) - بحث سالم العوفي.", ["دارِين 14 آذار/مارس 2024"]),
        ("خبر\nدارين في 9 شباط (فبراير) 2022 - استقبل سالم وفدا.", ["دارين في 9 شباط (فبراير) 2022"]),
        ("الرياض - الأحد 21 جمادى الآخرة 1443هـ\nالتقى سالم وفدا.", ["الرياض - الأحد 21 جمادى الآخرة 1443هـ"]),
        ("استقبل سالم العوفي اليوم الأحد 5 مايو 2019 وفدا.", []),
        ("دارين - وصل سالم العوفي يوم الأحد 5 مايو 2019 إلى البلاد.", []),
    ],
)
def test_a_dateline_reaches_to_its_date(text: str, lines: list[str]) -> None:
    assert [span.of(text) for span in find_datelines(text)] == lines


_DATE_WORDS = [
    *(
        "15",
        "2",
        "21/12/2025",
        "1437",
        "2015",
        "في",
        "شهر",
        "من",
        "الي",
        "يوم",
        "عام",
        "الشهر",
        "الماضي",
        "المقبل",
        "قبل",
    ),
    *(
        "وغدا",
        "امس",
        "الاول",
        "بعد",
        "غد",
        "الليله",
        "هذا",
        "الاسبوع",
        "-",
        "/",
        "(",
        ")",
        "كانون",
        "الثاني",
        "وفبراير",
    ),
    *(
        "ل15يناير",
        "رمضان",
        "رمضانيه",
        "صفرا",
        "لشهر",
        "ربيع",
        "الاثنين",
        "وبالسبت",
        "مايو_2",
        "ثلاثه",
        "ايام",
        "سنه",
        "كتاب",
    ),
]


_FAR_APART = ["كتاب " * 40, "كتاب" * 37 + "واب" + "كتاب" * 9]


@given(st.sampled_from([" ", "\n"]), st.lists(st.sampled_from(_DATE_WORDS + _FAR_APART), max_size=24))
def test_what_is_found_around_words_is_what_the_whole_text_holds(between: str, words: list[str]) -> None:
    text = between.join(words)
    everywhere = [(shape.kind, match.span()) for shape in shapes() for match in shape.pattern.finditer(text)]
    assert [(kind, match.span()) for kind, match in find_shapes(text)] == everywhere


def test_every_day_of_a_month_has_its_ordinal() -> None:
    assert sorted(ordinals().values()) == list(range(1, 32))
    for word, day in ordinals().items():
        assert dates_of(f"في {word} من آذار 2018")[0][1] == f"2018-03-{day:02}"
