"""The mean of several taggers' probabilities, and several taggers' answers joined, with members made by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import AlignmentError, ConfigError
from pipeline.taggers.ensemble import EnsembleTagger, load_ensemble
from pipeline.taggers.joint import LABELS, JointTagger, load_joint, open_stretches
from pipeline.taggers.lattice import Lattice
from pipeline.tagging import Prediction

OUT, PER, IN_PER, LOC = 0, 1, 2, 3


class Sure:
    """Gives each word of each sentence one label with the stated probability, the rest to ``O``, else to ``B-LOC``."""

    def __init__(self, labels: Sequence[int], chance: float, known: Sequence[str] = LABELS) -> None:
        self.labels, self.chance, self.known = labels, chance, tuple(known)

    def probabilities(self, sentences: Sequence[Sequence[str]], labels: Sequence[str]) -> list[npt.NDArray[np.float32]]:
        assert tuple(labels) == self.known
        made = []
        for words in sentences:
            rows = np.zeros((len(words), len(labels)), np.float32)
            for row, label in zip(rows, self.labels, strict=False):
                row[label] = self.chance
                row[LOC if label == OUT else OUT] += 1 - self.chance
            made.append(rows)
        return made


def test_the_surer_member_decides_and_the_confidence_is_the_mean() -> None:
    tagger = JointTagger("two", (Sure([PER, IN_PER], 0.9), Sure([OUT, OUT], 0.6)))
    (prediction,) = tagger.predict([["سالم", "الراوي"]])
    assert prediction.labels == ("B-PER", "I-PER")
    assert prediction.confidences == pytest.approx((0.45, 0.45))


def test_a_heavier_member_outweighs_a_surer_one() -> None:
    members = (Sure([PER], 0.9), Sure([OUT], 0.7))
    assert JointTagger("first", members, weights=(3, 1)).predict([["سالم"]])[0].labels == ("B-PER",)
    (second,) = JointTagger("second", members, weights=(1, 3)).predict([["سالم"]])
    assert second.labels == ("O",)
    assert second.confidences == pytest.approx((0.25 * 0.1 + 0.75 * 0.7,))


def test_no_sequence_that_bio_forbids_comes_out() -> None:
    tagger = JointTagger("one", (Sure([OUT, IN_PER], 0.8),))
    (prediction,) = tagger.predict([["قال", "الراوي"]])
    assert prediction.labels in {("O", "O"), ("B-PER", "I-PER")}


def test_sentences_keep_their_order_whatever_their_lengths() -> None:
    tagger = JointTagger("one", (Sure([PER, OUT, LOC], 0.9),))
    lengths = [3, 0, 1, 2, 3]
    predictions = tagger.predict([["كلمة"] * n for n in lengths])
    assert [p.labels for p in predictions] == [("B-PER", "O", "B-LOC")[:n] for n in lengths]


def test_members_may_have_labels_of_their_own() -> None:
    known = (*LABELS, "B-MISC", "I-MISC")
    tagger = JointTagger("four", (Sure([7, 8, OUT], 0.9, known),), known)
    (prediction,) = tagger.predict([["كأس", "الوداد", "أمس"]])
    assert prediction.labels == ("B-MISC", "I-MISC", "O")


class Asked(Sure):
    """Notes what it was asked about."""

    def __init__(self, labels: Sequence[int], chance: float) -> None:
        super().__init__(labels, chance)
        self.asked: list[tuple[str, ...]] = []

    def probabilities(self, sentences: Sequence[Sequence[str]], labels: Sequence[str]) -> list[npt.NDArray[np.float32]]:
        self.asked += map(tuple, sentences)
        return super().probabilities(sentences, labels)


def test_the_costly_member_is_asked_about_what_the_cheap_one_doubts() -> None:
    costly, sure, unsure = Asked([PER], 0.9), Sure([OUT], 0.9), Sure([OUT], 0.8)
    assert JointTagger("sure", (sure, costly), doubts=[0.15]).predict([["سالم"]])[0].labels == ("O",)
    assert costly.asked == []
    (prediction,) = JointTagger("unsure", (unsure, costly), weights=(1, 3), doubts=[0.15]).predict([["سالم"]])
    assert prediction.labels == ("B-PER",)
    assert prediction.confidences == pytest.approx((0.75 * 0.9,))
    assert costly.asked == [("سالم",)]


@pytest.mark.parametrize(("second", "asked"), [(OUT, []), (PER, [("سالم",)])])
def test_a_third_member_is_asked_where_two_disagree(second: int, asked: list[tuple[str, ...]]) -> None:
    third = Asked([PER], 0.9)
    members = (Sure([OUT], 0.8), Sure([second], 0.9), third)
    (rows,) = JointTagger("three", members, weights=(2, 1, 1), doubts=[0.15, 0.4]).probabilities([["سالم"]])
    assert third.asked == asked
    everything = JointTagger("all", members if asked else members[:2], weights=(2, 1, 1) if asked else (2, 1))
    assert rows == pytest.approx(everything.probabilities([["سالم"]])[0])


def test_a_clause_is_read_whole_and_its_neighbour_is_not() -> None:
    far = ["كلمة"] * 20
    words = ["قال", "سالم", "،", *far, "،", "ثم", "عاد", "."]
    chances = np.full((len(words), 2), 0.5, np.float32)
    chances[:, 0], chances[:, 1] = 0.999, 0.001
    chances[-3] = 0.6, 0.4
    assert open_stretches(chances, words, 0.15) == [(3, len(words))]
    assert open_stretches(chances, words, 0.5) == []
    assert open_stretches(chances, words, 0.0) == [(0, len(words))]


@given(st.lists(st.tuples(st.sampled_from(["قال", "سالم", "،", ".", "3"]), st.floats(0.3, 1.0)), max_size=60))
def test_stretches_hold_every_doubt_and_end_at_marks(sentence: list[tuple[str, float]]) -> None:
    words = [word for word, _ in sentence]
    chances = np.array([(chance, (1 - chance) / 2, (1 - chance) / 2) for _, chance in sentence], np.float32)
    stretches = open_stretches(chances.reshape(-1, 3), words, 0.15)
    inside = {at for start, end in stretches for at in range(start, end)}
    assert sum(end - start for start, end in stretches) == len(inside)
    assert stretches == sorted(stretches)
    assert {at for at, row in enumerate(chances) if 1 - row.max() > 0.15} <= inside
    for start, end in stretches:
        assert (1 - chances[start:end].max(1)).max() > 0.15
        assert start == 0 or words[start - 1] in {"،", "."}
        assert end == len(words) or words[end - 1] in {"،", "."}


class Fixed:
    def __init__(self, name: str, *labels: str, confidence: float = 0.9) -> None:
        self.name, self.labels, self.confidence = name, labels, confidence

    def predict(self, sentences: Sequence[Sequence[str]]) -> list[Prediction]:
        return [Prediction(self.labels, (self.confidence,) * len(self.labels)) for _ in sentences]


A = Fixed("a", "B-PER", "I-PER", "O")
B = Fixed("b", "O", "B-LOC", "B-LOC", confidence=0.6)
C = Fixed("c", "O", "O", "B-LOC", confidence=0.5)
WORDS = [["سالم", "الراوي", "دمشق"]]


def test_merging_keeps_every_name_and_the_surer_of_two_that_overlap() -> None:
    (prediction,) = EnsembleTagger([A, B], "merge").predict(WORDS)
    assert prediction.labels == ("B-PER", "I-PER", "B-LOC")
    assert prediction.confidences == (0.9, 0.9, 0.6)


def test_a_vote_keeps_what_more_than_half_found() -> None:
    (prediction,) = EnsembleTagger([A, B, C], "vote").predict(WORDS)
    assert prediction.labels == ("O", "O", "B-LOC")
    assert prediction.confidences[2] == pytest.approx((0.6 + 0.5) / 3)


def test_a_member_that_loses_a_word_is_named() -> None:
    with pytest.raises(AlignmentError, match="'short'"):
        EnsembleTagger([A, Fixed("short", "O")], "merge").predict(WORDS)


@pytest.mark.parametrize("name", ["", "both:gazetteer,gazetteer", "merge:gazetteer"])
def test_an_ensemble_that_cannot_be_says_how_to_name_one(name: str) -> None:
    with pytest.raises(ConfigError, match="ensemble"):
        load_ensemble(name)


def test_the_default_takes_no_argument() -> None:
    with pytest.raises(ConfigError, match="nothing after a colon"):
        load_joint("x")


class Chained(Sure):
    """Scores labels by the logarithm of their probability, and a person's name on the word after another's highly."""

    def __init__(self, labels: Sequence[int], chance: float, liked: float) -> None:
        super().__init__(labels, chance)
        self.liked = liked

    def lattice(self, sentences: Sequence[Sequence[str]], labels: Sequence[str]) -> Lattice:
        chances = self.probabilities(sentences, labels)
        follow = np.zeros((len(labels), len(labels)), np.float32)
        follow[PER, IN_PER] = self.liked
        return Lattice([np.log(rows + 1e-6) for rows in chances], follow, chances)


def test_what_follows_what_counts_beside_the_words_and_not_in_the_confidence() -> None:
    words, other = ["سالم", "الراوي"], Sure([PER, OUT], 0.7)
    for liked, expected in ((0.0, ("B-PER", "O")), (40.0, ("B-PER", "I-PER"))):
        (prediction,) = JointTagger("chain", (Chained([PER, OUT], 0.7, liked), other)).predict([words])
        assert prediction.labels == expected
        assert prediction.confidences[0] == pytest.approx(0.7)


def test_a_chain_that_says_nothing_decides_as_the_others_do() -> None:
    first, other = Chained([OUT, OUT], 0.5, 0.0), Sure([PER, IN_PER], 0.9)
    (prediction,) = JointTagger("chain", (first, other), weights=(1, 9)).predict([["سالم", "الراوي"]])
    assert prediction.labels == ("B-PER", "I-PER")
