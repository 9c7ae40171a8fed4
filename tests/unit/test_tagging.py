"""Decoding, proclitics and the alignment of a tagger's answers, against hand-made taggers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import AlignmentError
from pipeline.proclitics import count_proclitics
from pipeline.schema import Analysis, Document, Mention, Sentence, Span, Token
from pipeline.segment import split_sentences
from pipeline.tagging import Prediction, decode_bio, find_mentions

LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")


class WordTagger:
    """Labels each word by a table, with confidence 0.9; words that it does not know are O."""

    name = "table"

    def __init__(self, labels: Mapping[str, str]) -> None:
        self.labels = labels
        self.calls = 0

    def predict(self, sentences: Sequence[Sequence[str]]) -> list[Prediction]:
        self.calls += 1
        return [Prediction(tuple(self.labels.get(w, "O") for w in s), (0.9,) * len(s)) for s in sentences]


class ShortTagger:
    name = "short"

    def predict(self, sentences: Sequence[Sequence[str]]) -> list[Prediction]:
        return [Prediction(("O",) * (len(s) - 1), (1.0,) * (len(s) - 1)) for s in sentences]


def analysed(text: str, doc_id: str = "d") -> Analysis:
    document = Document(doc_id, text)
    return Analysis(document, sentences=split_sentences(Analysis(document)))


def names(text: str, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(m.span.of(text), m.type.value) for m in find_mentions([analysed(text)], WordTagger(labels))[0]]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["I-PER", "I-PER"], [(0, 2, "PER")]),
        (["B-PER", "I-LOC"], [(0, 1, "PER"), (1, 2, "LOC")]),
        (["B-PER", "B-PER"], [(0, 1, "PER"), (1, 2, "PER")]),
        (["O", "I-LOC", "O", "B-PER"], [(1, 2, "LOC"), (3, 4, "PER")]),
        ([], []),
    ],
)
def test_decoding_follows_conlleval(labels: list[str], expected: list[tuple[int, int, str]]) -> None:
    assert list(decode_bio(labels)) == expected


@given(st.lists(st.sampled_from(LABELS)))
def test_every_labelled_word_lies_in_exactly_one_name(labels: list[str]) -> None:
    covered = [i for start, end, _ in decode_bio(labels) for i in range(start, end)]
    assert covered == [i for i, label in enumerate(labels) if label != "O"]


def test_a_mention_is_the_name_without_its_proclitic() -> None:
    text = "التقى سالمٌ بالقاهرة وبَغداد وفدا للأمم المتحدة"
    labels = {"بالقاهرة": "B-LOC", "وبغداد": "B-LOC", "للأمم": "B-ORG", "المتحدة": "I-ORG"}
    assert names(text, labels) == [("القاهرة", "LOC"), ("بَغداد", "LOC"), ("لأمم المتحدة", "ORG")]


def test_a_later_word_of_a_name_keeps_its_letters_where_it_stands_alone() -> None:
    labels = {"أندرياس": "B-PER", "كالوييروس": "I-PER"}
    assert names("قال أندرياس كالوييروس شيئا", labels) == [("أندرياس كالوييروس", "PER")]
    alone = labels | {"كالوييروس": "B-PER"}
    assert names("أعلن كالوييروس شيئا", alone) == [("الوييروس", "PER")]  # alone it may as well be ك with the article

    class BothTagger(WordTagger):
        def predict(self, sentences: Sequence[Sequence[str]]) -> list[Prediction]:
            full, short = (WordTagger(labels), WordTagger(alone))
            return [(full if "أندرياس" in s else short).predict([s])[0] for s in sentences]

    text = "قال أندرياس كالوييروس شيئا.\nوأعلن كالوييروس شيئا."
    (found,) = find_mentions([analysed(text)], BothTagger({}))
    assert [m.span.of(text) for m in found] == ["أندرياس كالوييروس", "كالوييروس"]


def test_marks_at_the_ends_of_a_name_stay_outside() -> None:
    text = "قال «سالم الراوي» ثم"
    labels = {"«": "B-PER", "سالم": "I-PER", "الراوي": "I-PER", "»": "I-PER"}
    assert names(text, labels) == [("سالم الراوي", "PER")]


def test_the_words_of_a_hashtag_are_read_as_words_and_the_name_lies_in_the_text_as_it_stands() -> None:
    labels = {"سالم": "B-PER", "الراوي": "I-PER"}
    assert names("مع #سالم_الراوي في سروان", labels) == [("سالم_الراوي", "PER")]
    assert names("مع سالم _ الراوي", labels) == [("سالم", "PER"), ("الراوي", "PER")]


def test_names_of_one_type_that_a_hyphen_ties_are_one() -> None:
    labels = {"سلمى": "B-PER", "راوي": "B-PER", "سروان": "B-LOC", "درنوس": "B-LOC"}
    assert names("قالت سلمى راوي-حداد", labels | {"راوي": "I-PER", "حداد": "B-PER"}) == [("سلمى راوي-حداد", "PER")]
    assert names("قالت سلمى - راوي", labels) == [("سلمى", "PER"), ("راوي", "PER")]
    assert names("طريق سروان-درنوس", labels) == [("سروان", "LOC"), ("درنوس", "LOC")]
    assert names("قالت سلمى-سروان", labels) == [("سلمى", "PER"), ("سروان", "LOC")]


def test_a_label_that_is_no_type_of_ours_is_no_mention() -> None:
    assert names("شرب القهوة", {"القهوة": "B-MISC"}) == []


def test_documents_are_tagged_in_one_call_and_kept_apart() -> None:
    tagger = WordTagger({"دمشق": "B-LOC"})
    first, second = find_mentions([analysed("في دمشق.", "a"), analysed("عن دمشق ودمشق", "b")], tagger)
    assert tagger.calls == 1
    assert [m.span for m in first] == [Span(3, 7)]
    assert [m.span for m in second] == [Span(3, 7), Span(9, 13)]


def test_a_word_of_invisible_marks_is_not_sent_to_the_tagger() -> None:
    text = "\u200f دمشق"
    tokens = (Token(Span(0, 1), ""), Token(Span(2, 6), "دمشق"))
    analysis = Analysis(Document("d", text), sentences=(Sentence(Span(0, 6), tokens, 0),))
    assert find_mentions([analysis], WordTagger({"دمشق": "B-LOC"})) == [(Mention(Span(2, 6), "LOC", 0, 0.9),)]  # type: ignore[arg-type]


def test_a_tagger_that_loses_a_word_is_an_error_that_names_the_document_and_both_lengths() -> None:
    with pytest.raises(AlignmentError, match=r"d7: .*2 labels.* 3 words"):
        find_mentions([analysed("زار سالم دمشق", "d7")], ShortTagger())


@pytest.mark.parametrize(
    ("word", "seen", "n"),
    [
        ("وليد", (), 0),
        ("بوتين", (), 0),
        ("والقاهرة", (), 1),
        ("وبالقاهرة", (), 2),
        ("للأمم", (), 1),
        ("لسرغوان", ("سرغوان",), 1),
        ("بسرغوان", (), 0),
        ("لليبيا", (), 1),
        ("لليفربول", (), 1),
        ("بان", (), 0),
        ("لوبين", (), 0),
        ("ويلكرسون", (), 0),
        ("ويلدريم", (), 1),
        ("وينبع", (), 1),
        ("ويوسف", (), 1),
        ("ووفاق", (), 1),
    ],
)
def test_proclitics_are_told_from_the_first_letters_of_names(word: str, seen: tuple[str, ...], n: int) -> None:
    assert count_proclitics(word, seen) == n


def test_the_next_word_of_a_name_tells_a_club_from_a_country() -> None:
    assert count_proclitics("ببشر", kind="PER") == 1
    assert count_proclitics("بروسيا") == 1
    assert count_proclitics("بروسيا", (), "دورتموند") == 0
    assert count_proclitics("وبروسيا", (), "دورتموند") == 1


@pytest.mark.parametrize(
    ("word", "following", "kind", "n"),
    [
        ("بوارسو", "", "LOC", 1),
        ("لنيروبي", "", "LOC", 1),
        ("بغداد", "", "LOC", 0),
        ("بوليفيا", "", "LOC", 0),
        ("لحمد", "العلي", "PER", 1),
        ("بفيصل", "", "PER", 1),
        ("بلال", "", "PER", 0),
        ("كريم", "", "PER", 0),
    ],
)
def test_a_name_loses_a_letter_where_one_is_known_without_it_alone(
    word: str, following: str, kind: str, n: int
) -> None:
    assert count_proclitics(word, (), following, kind=kind) == n
    assert count_proclitics(word, (), following) == 0


@pytest.mark.parametrize(
    ("word", "kind", "n"),
    [
        ("فام", "PER", 0),  # Pham; of all words with these letters, most are 'and' with another
        ("بولا", "PER", 0),
        ("فلا", "PER", 0),
        ("لجان", "PER", 1),  # to Jean
        ("لوناس", "PER", 0),
        ("لجان", "ORG", 0),
        ("ولجان", "ORG", 1),
        ("لبلدية", "ORG", 1),
        ("وحدة", "ORG", 0),
        ("وفام", "PER", 1),
        ("وبترامب", "PER", 2),
        ("لمحمد", "PER", 1),
        ("ببشر", "PER", 1),
    ],
)
def test_a_letter_of_a_name_is_no_proclitic_for_the_counts_of_other_words(word: str, kind: str, n: int) -> None:
    assert count_proclitics(word, kind=kind) == n


def test_and_never_follows_another_letter_glued_to_a_name() -> None:
    assert count_proclitics("لوسرغان", {"سرغان"}) == 0
    assert count_proclitics("ولسرغان", {"سرغان", "لسرغان"}) == 2
    assert count_proclitics("ووسرغان", {"سرغان"}) == 1


def test_a_letter_is_told_by_the_bare_name_among_the_later_words_of_a_person() -> None:
    labels = {"أندري": "B-PER", "سرغانوف": "I-PER", "لسرغانوف": "B-PER"}
    text = "قال أندري سرغانوف شيئا ثم قيل لسرغانوف"
    assert names(text, labels) == [("أندري سرغانوف", "PER"), ("سرغانوف", "PER")]
    assert names("قيل لسرغانوف", labels) == [("لسرغانوف", "PER")]


def test_a_word_that_ends_a_persons_name_keeps_its_letters_behind_and() -> None:
    labels = {"سامر": "B-PER", "بروما": "I-PER", "وبروما": "B-LOC"}
    assert names("قال سامر بروما شيئا وبروما شيئا", labels)[1] == ("بروما", "LOC")
    assert names("قال شيئا وبروما شيئا", labels) == [("روما", "LOC")]


def test_two_persons_joined_by_and_are_two_where_both_are_named_in_full() -> None:
    labels = {"لينا": "B-PER", "سرغان": "I-PER", "سامر": "B-PER", "برهوم": "I-PER", "وبرهوم": "I-PER"}
    text = "قالت لينا سرغان لابن سامر برهوم شيئا"
    both = [("لينا سرغان", "PER"), ("سامر برهوم", "PER")]
    assert names(f"{text} ثم سرغان وبرهوم", labels) == [*both, ("سرغان", "PER"), ("برهوم", "PER")]
    assert names("ثم سرغان وبرهوم", labels) == [("سرغان وبرهوم", "PER")]
    assert ("سرغان وبرهوم", "PER") in names("قالت لينا سرغان شيئا ثم سرغان وبرهوم", labels)


def test_a_name_that_begins_with_lam_is_told_by_its_spelling_from_the_one_without() -> None:
    assert count_proclitics("ولامين", kind="PER") == 1
    assert names("قال لامين شيئا", {"لامين": "B-PER"}) == [("لامين", "PER")]
    assert names("قال لأمين شيئا", {"لأمين": "B-PER"}) == [("أمين", "PER")]
