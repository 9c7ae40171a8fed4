import pytest

from pipeline.schema import Analysis, Document, Segment, SegmentKind, Span
from pipeline.segment import MAX_SENTENCE_TOKENS, sentence_spans, split_sentences, tokenize


def words(text: str) -> list[str]:
    return [token.span.of(text) for token in tokenize(text)]


def sentences(text: str) -> list[str]:
    return [sentence.span.of(text) for sentence in split_sentences(Analysis(Document("d", text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وصل سامي،وقال", ["وصل", "سامي", "،", "وقال"]),
        ("«حدّاد»", ["«", "حدّاد", "»"]),
        ("بلغ ٣٫٥% في 12:30", ["بلغ", "٣٫٥", "%", "في", "12:30"]),
        ("سنة2015", ["سنة", "2015"]),
        ("الـBBC و F-16", ["الـ", "BBC", "و", "F-16"]),
        ("راما ـ واس", ["راما", "ـ", "واس"]),
        ("\u200fسا\u200cمي\u200f قال", ["سا\u200cمي", "قال"]),
        ("انظر https://example.org/a?b=1.", ["انظر", "https://example.org/a?b=1", "."]),
        ("قال... ثم", ["قال", "...", "ثم"]),
        ("\u064b \u200e", []),
        ("ﷺ", ["ﷺ"]),
        ("وللأمم", ["وللأمم"]),
        ("وزير الخارجيةسامر", ["وزير", "الخارجية", "سامر"]),  # a lost blank
        ("الشركةـ الضربةن", ["الشركةـ", "الضربةن"]),
    ],
)
def test_tokenize_splits_words_numbers_and_marks(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_tokens_of_a_stretch_are_counted_in_the_whole_text() -> None:
    assert [token.span for token in tokenize("قال سامي حداد", 4, 8)] == [Span(4, 8)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وصل سامي. ثم غادر! هل عاد؟ نعم", ["وصل سامي.", "ثم غادر!", "هل عاد؟", "نعم"]),
        ("قال د. سامي حداد كلمة.", ["قال د. سامي حداد كلمة."]),
        ("كتب أ. م. حداد ذلك. ثم سكت", ["كتب أ. م. حداد ذلك.", "ثم سكت"]),
        ("عام 2015م. ثم عام 1436 هـ. انتهى", ["عام 2015م.", "ثم عام 1436 هـ.", "انتهى"]),
        ("بلغ 3.5 مليون", ["بلغ 3.5 مليون"]),
        ("قال... ثم سكت", ["قال... ثم سكت"]),
        ("قال: «وصلنا.» ثم سكت", ["قال: «وصلنا.»", "ثم سكت"]),
        ("وصل سامي.وغادر كريم", ["وصل سامي.", "وغادر كريم"]),
        ("عنوان\r\nمتن «لا يغلق\r\nسطر", ["عنوان", "متن «لا يغلق", "سطر"]),
        ("انتهى\u06d4 بدأ", ["انتهى\u06d4", "بدأ"]),
        ("خبر             خبر آخر", ["خبر", "خبر آخر"]),
        ("1.نبدأ بالعمل 2.ننتهي منه", ["1.نبدأ بالعمل 2.ننتهي منه"]),
        ("كان ذلك عام 2019.وقال", ["كان ذلك عام 2019.", "وقال"]),
        ("John F. Doe وصل", ["John F. Doe وصل"]),
        ("قالت (بي. بي. سي) ذلك. ثم سكتت", ["قالت (بي. بي. سي) ذلك.", "ثم سكتت"]),
        ("وكالة يو.بي.آي. إن الخبر صحيح", ["وكالة يو.بي.آي.", "إن الخبر صحيح"]),
        ("قناة سي. إن. إن قالت ذلك", ["قناة سي. إن. إن قالت ذلك"]),
        ("وكالة يو.بي.آي قالت ذلك", ["وكالة يو.بي.آي قالت ذلك"]),
        ("شاهد قناة سي. إن السماء صافية", ["شاهد قناة سي.", "إن السماء صافية"]),
        ("شاهد سي. أو. سي، ثم نام", ["شاهد سي. أو. سي، ثم نام"]),
        ("قال لموقع المدار. نت أمس. ثم سكت", ["قال لموقع المدار. نت أمس.", "ثم سكت"]),
        ("وصل إلى أسوان. كوم أمبو مدينة", ["وصل إلى أسوان.", "كوم أمبو مدينة"]),
        ("هذا ما جرى له في. سكت سامي", ["هذا ما جرى له في.", "سكت سامي"]),
        ("قال ذلك . (مدا)** عمان:قال آخر", ["قال ذلك .", "(مدا)", "** عمان:قال آخر"]),
        ("** عمان: قال ذلك\n** المدينة: سكت", ["** عمان: قال ذلك", "** المدينة: سكت"]),
        ("بلغ 2 ** 3 في **", ["بلغ 2 ** 3 في **"]),
        (" \n\u200f\n ", []),
    ],
)
def test_sentences_end_at_marks_and_lines_only(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_sentences_name_their_segment_and_leave_boilerplate_out() -> None:
    text = "خبر أول. المصدر: وكالة. خبر ثان."
    kinds = [SegmentKind.ARTICLE, SegmentKind.BOILERPLATE, SegmentKind.SECONDARY]
    spans = [Span(0, 8), Span(8, 23), Span(23, len(text))]
    segments = tuple(Segment(span, kind) for span, kind in zip(spans, kinds, strict=True))
    found = split_sentences(Analysis(Document("d", text), segments))
    assert [(s.segment, s.span.of(text)) for s in found] == [(0, "خبر أول."), (2, "خبر ثان.")]


def test_an_endless_sentence_is_cut_at_a_comma() -> None:
    text = "سامي حداد، " * 1000
    found = split_sentences(Analysis(Document("d", text)))
    assert max(len(s.tokens) for s in found) <= MAX_SENTENCE_TOKENS
    assert sum(len(s.tokens) for s in found) == 3000
    assert all(s.span.of(text).endswith("،") for s in found)


def test_the_letter_of_a_doctor_ends_no_sentence() -> None:
    text = "التقى الوزير د . سالم العلي ضيفه د .هاني البدوي . وقال ذلك في 1436 هـ . ثم عاد."
    found = [text[span.start : span.end].strip() for span in sentence_spans(text, 0, len(text))]
    assert found == ["التقى الوزير د . سالم العلي ضيفه د .هاني البدوي .", "وقال ذلك في 1436 هـ .", "ثم عاد."]
