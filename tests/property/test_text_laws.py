"""Laws of normalising and segmenting, on any text at all."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.layout import find_segments
from pipeline.lexicon import read_rows
from pipeline.normalize import fold, normalize
from pipeline.schema import Analysis, Document
from pipeline.segment import MAX_SENTENCE_TOKENS, sentence_spans, split_sentences, tokenize

ODD = '\u0640\u064b\u0651\u0654\u0670\u200f\u202e\u200c\ufeff\u00ad\u0300ﷺﻻﹰ´ٱی١٢۳٫٪.؟!…«»"()[] \n\r\t،؛:-_@آأؤئءاةى'
TEXT = st.one_of(
    st.text(max_size=80),
    st.text(alphabet=ODD + "بمحسديوقر12.Ab", max_size=80),
)


@given(TEXT)
def test_normalize_and_fold_settle_at_once(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)
    assert fold(normalize(text)) == fold(text)
    assert fold(fold(text)) == fold(text)


@given(TEXT)
def test_normalize_adds_no_white_space(text: str) -> None:
    for word in text.split():
        assert not any(char.isspace() for char in normalize(word))


@given(TEXT)
def test_tokens_lie_where_they_say_in_order(text: str) -> None:
    end = 0
    for token in tokenize(text):
        assert end <= token.span.start < token.span.end <= len(text)
        assert token.norm
        assert token.norm == normalize(token.span.of(text))
        end = token.span.end


@given(TEXT)
def test_no_letter_or_digit_falls_between_tokens(text: str) -> None:
    covered = {i for token in tokenize(text) for i in range(token.span.start, token.span.end)}
    assert not [char for i, char in enumerate(text) if i not in covered and char.isalnum() and normalize(char)]


@given(TEXT)
def test_sentence_spans_cover_the_text(text: str) -> None:
    assert "".join(span.of(text) for span in sentence_spans(text, 0, len(text))) == text


@given(TEXT)
def test_sentences_hold_their_tokens_and_never_overlap(text: str) -> None:
    end = 0
    for sentence in split_sentences(Analysis(Document("d", text))):
        assert end <= sentence.span.start
        assert 0 < len(sentence.tokens) <= MAX_SENTENCE_TOKENS
        assert sentence.span.start == sentence.tokens[0].span.start
        assert sentence.span.end == sentence.tokens[-1].span.end
        end = sentence.span.end


CUES = [row["cue"] for row in read_rows("layout_cues")]
PAGE = st.lists(st.one_of(st.sampled_from(CUES), TEXT), max_size=12).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "    ", ". "]).map(lambda gap: gap.join(lines))
)


@given(PAGE)
def test_segments_cover_the_page_and_neighbours_differ(text: str) -> None:
    segments = find_segments(Analysis(Document("d", text)))
    assert "".join(segment.span.of(text) for segment in segments) == text
    end = 0
    for segment in segments:
        assert segment.span.start == end
        end = segment.span.end
    assert all(one.kind is not other.kind for one, other in pairwise(segments))


@given(PAGE)
def test_sentences_stay_in_their_segment_and_out_of_boilerplate(text: str) -> None:
    analysis = Analysis(Document("d", text))
    analysis = replace(analysis, segments=find_segments(analysis))
    for sentence in split_sentences(analysis):
        assert analysis.segments[sentence.segment].span.covers(sentence.span)
        assert analysis.segments[sentence.segment].kind != "boilerplate"


@given(
    st.text(
        "\u0621\u0622\u0623\u0624\u0625\u0626\u0627\u0628\u0629\u062f\u0639\u0644\u0647\u0648\u0649\u064a ", max_size=12
    )
)
def test_letters_fold_alone_as_they_do_beside_a_mark(text: str) -> None:
    assert fold(text) == fold(f"{text}!")
