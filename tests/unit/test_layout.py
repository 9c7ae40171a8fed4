import pytest

from pipeline.layout import find_segments
from pipeline.schema import Analysis, Document

STORY = "وصل الوزير سامي حداد إلى مدينة النور يوم الأحد، والتقى نظيره كريم الراوي في القصر الكبير."
MORE = "وقال حداد إن اللقاء كان وديا، وإن الطرفين اتفقا على مواصلة الحوار في الأسابيع المقبلة."


def parts(text: str, kind: str) -> list[str]:
    return [s.span.of(text).strip() for s in find_segments(Analysis(Document("d", text))) if s.kind == kind]


@pytest.mark.parametrize(
    "cue",
    [
        "المصدر: وكالة النور",
        "كلمات دلالية: سامي حداد مدينة النور",
        "رابط الخبر بصحيفة النور: حداد يصل",
        "اقرأ أيضًا: حداد يستقبل سفراء",
        "إقرأ أيضاً .حداد يستقبل سفراء",
        "للمزيد: حداد يستقبل سفراء",
        "آخر تحديث: السبت, 5 سبتمبر/ أيلول, 2009, 20:53 GMT",
        "الأربعاء 22 أكتوبر 2025 - 16:52",
        "1300 (GMT+04:00) - 05/03/09",
        "Next Previous",
        "https://example.org/a?b=1",
        "someone@example.org",
        "شارك برأيك",
        "رويترز",
    ],
)
def test_a_line_of_furniture_is_boilerplate(cue: str) -> None:
    text = f"{STORY}\n{cue}\n{MORE}"
    assert parts(text, "boilerplate") == [cue]
    assert parts(text, "article") == [STORY, MORE]


@pytest.mark.parametrize("gap", ["\n", "\r\n\r\n", "     ", "\u00a0\u00a0\u00a0\t"])
def test_headlines_under_related_links_are_boilerplate(gap: str) -> None:
    links = ["روابط ذات علاقة", "حداد يستقبل سفراء في القصر", "هل يعود الراوي إلى النور؟"]
    text = gap.join([STORY, *links, MORE])
    assert parts(text, "boilerplate") == [gap.join(links)]
    assert parts(text, "article") == [STORY, MORE]


def test_headlines_in_a_row_between_paragraphs_are_links() -> None:
    links = ["حداد يستقبل سفراء في القصر", "الراوي يعود إلى مدينة النور غدا"]
    text = "\n".join([STORY, *links, MORE])
    assert parts(text, "article") == [STORY, MORE]


def test_a_subhead_and_a_list_stay_article() -> None:
    announced = STORY[:-1] + "، وحضر اللقاء:"
    text = "\n".join(
        [STORY, "لقاء في القصر الكبير اليوم", MORE, announced, "وزير المالية كريم الراوي", "وزير النقل سامي حداد", MORE]
    )
    assert parts(text, "boilerplate") == []


@pytest.mark.parametrize("line", ["أبوظبي - سكاي نيوز عربية", "مدينة النور (رويترز)", "عدن ـ وكالات"])
def test_datelines_stay_article(line: str) -> None:
    assert parts(f"حداد في النور\n{line}\n{STORY}", "boilerplate") == []


def test_site_name_is_cut_off_the_title() -> None:
    text = f"حداد يستقبل الراوي في القصر ــ أخبار الجزائر\n{STORY}"
    assert parts(text, "boilerplate") == ["ــ أخبار الجزائر"]


def test_sections_between_the_site_and_the_title_are_cut_off() -> None:
    masthead, title = "BBC Arabic - الشرق الأوسط -", "حداد يستقبل الراوي في القصر"
    assert parts(f"{masthead} {title}\n{STORY}", "boilerplate") == [masthead]
    assert parts(f"BBC Arabic - {title} - لقاء ثان\n{STORY}", "boilerplate") == ["BBC Arabic -"]


def test_a_second_story_follows_the_end_of_the_first() -> None:
    head = "حداد يفتتح معرضا للكتاب"
    related = "مقالات مشابهة\n\n  • خبر أول عن النور\n  • خبر ثان"
    text = f"{STORY}\n{MORE}\n\nالمصدر: النور\n\nإقرأ أيضاً:\n\n{head}\n\n{STORY}\n\n{MORE}\n\n{related}"
    assert parts(text, "article") == [f"{STORY}\n{MORE}"]
    assert parts(text, "secondary") == [f"{head}\n\n{STORY}\n\n{MORE}"]
    assert [part.split()[0] for part in parts(text, "boilerplate")] == ["المصدر:", "مقالات"]


def test_read_also_inside_an_article_starts_no_second_story() -> None:
    text = f"{STORY}\nإقرأ أيضاً:\nحداد يفتتح معرضا للكتاب\n{MORE}\n{STORY}"
    assert parts(text, "secondary") == []
    assert parts(text, "article") == [STORY, f"{MORE}\n{STORY}"]


def test_a_menu_before_the_article_is_boilerplate() -> None:
    menu = [f"قسم {word}" for word in ["أول", "ثان", "ثالث", "رابع", "خامس", "سادس", "سابع", "ثامن", "تاسع"]]
    text = "\n".join([*menu, "", "حداد يستقبل الراوي في القصر الكبير اليوم", STORY])
    assert parts(text, "boilerplate") == ["\n".join(menu)]


PEOPLE = ["السفير سامي حداد", "خالد الراوي", "د. سالم الوردي", "كنعان البرهومي", "سعيد مندبور", "ناصر الحمداني"]
PEOPLE += ["راشد العامري", "نادر الصافي", "محمود الجوهري", "أبو سامر الحلاق"]
FRUITS = ["مانجو", "تفاح", "كمثرى", "موز", "سفرجل", "عنب", "خوخ", "مشمش", "تين", "رمان"]


@pytest.mark.parametrize(
    "lines",
    [
        ["الحضور:", *PEOPLE],
        ["وفد الغرفة إلى المعرض", *PEOPLE],
        ["وفد الغرفة إلى المعرض", *PEOPLE, STORY],
        ["محضر الجلسة", "الجهات المشاركة:", *FRUITS, STORY],
        FRUITS,
    ],
)
def test_a_list_that_is_what_the_page_tells_is_no_menu(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert parts(text, "article") == [text]


@pytest.mark.parametrize("text", ["", " \n", "سامي", STORY])
def test_plain_text_is_one_article(text: str) -> None:
    segments = find_segments(Analysis(Document("d", text)))
    assert [(s.span.start, s.span.end, s.kind) for s in segments] == [(0, len(text), "article")]
