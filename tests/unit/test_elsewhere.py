"""What the other sentences and the topic of its own tell of a word, on invented sentences and vectors made by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import ModelError
from pipeline.taggers.crf import CrfTagger
from pipeline.taggers.crf_features import FeatureMaker
from pipeline.taggers.elsewhere import (
    NEAR,
    TOPICS_FILE,
    Joined,
    SecondReading,
    TopicFeatures,
    Topics,
    elsewhere,
    read_topics,
    write_topics,
)
from pipeline.taggers.features import Gazetteer
from pipeline.taggers.vectors import Vectors, quantize
from pipeline.training.corpora import LabelledSentence
from pipeline.training.crf_fit import Settings
from pipeline.training.crf_twice import fit_twice

COLUMNS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")
FILLER = [f"ل{i}" for i in range(150)]  # the most frequent words tell no topic
WORDS = ["مباراة", "ملعب", "وزير", "برلمان"]
VECTORS = {"مباراة": (1, 0), "ملعب": (1, 0), "وزير": (0, 1), "برلمان": (0, 1)}


def rows(*labels: str, chance: float = 0.94) -> np.ndarray:
    found = np.full((len(labels), len(COLUMNS)), (1 - chance) / (len(COLUMNS) - 1), np.float32)
    found[np.arange(len(labels)), [COLUMNS.index(label) for label in labels]] = chance
    return found


@pytest.fixture
def topics() -> Topics:
    matrix = np.array([[1.0, 1.0]] * len(FILLER) + [VECTORS[word] for word in WORDS], np.float32)
    vectors = Vectors([*FILLER, *WORDS], *quantize(matrix), *quantize(np.ones((8, 2), np.float32)))
    centres = np.array([[1.0, -1.0], [-1.0, 1.0]], np.float32)
    return Topics(vectors, np.full(2, 0.5, np.float32), [centres, centres[::-1]])


def test_a_word_is_told_what_it_is_in_other_sentences_but_not_in_its_own() -> None:
    sentences = [["زار", "درنوس"], ["عاد", "إلى", "بدرنوس"]]
    first, second = elsewhere(sentences, [rows("O", "B-ORG"), rows("O", "O", "B-LOC")])
    assert first[0][0] == "d?"
    assert {"dL=6", "dBLB"} <= set(first[1])  # from the second sentence, whose proclitic does not count
    assert not any(name.startswith("dO=") for name in first[1])
    assert {"dO=6", "dBOB"} <= set(second[2])
    assert "+1dL=6" in first[0]


def test_a_pair_is_told_whether_the_name_goes_on_elsewhere() -> None:
    sentences = [["شركة", "درنوس", "أمس"], ["شركة", "درنوس"], ["درنوس", "أمس"]]
    said = [rows("O", "O", "O"), rows("B-ORG", "I-ORG"), rows("B-ORG", "O")]
    first, second, _ = elsewhere(sentences, said)
    assert "+dkO=6" in first[0]
    assert "-dkO=6" in first[1]
    assert "+dkE=6" in first[1]
    assert not any("dk" in name for names in second for name in names)  # the first sentence thought of no name


def test_only_sentences_about_are_read() -> None:
    far = [["زار", "درنوس"], *[["عاد"]] * NEAR, ["درنوس"]]
    said = [rows("O", "B-LOC"), *[rows("O")] * NEAR, rows("B-ORG")]
    assert "d?" in elsewhere(far, said)[0][1]
    assert "dO=6" in elsewhere(far[:1] + far[2:], said[:1] + said[2:])[0][1]


def test_sentences_without_words_have_rows_without_words() -> None:
    assert elsewhere([], []) == []
    assert elsewhere([[], []], [rows(), rows()]) == [[], []]
    assert elsewhere([[], ["زار"]], [rows(), rows("O")]) == [[], [["d?"]]]


def test_the_topic_of_a_sentence_is_that_of_its_telling_words(topics: Topics) -> None:
    match, council = topics.of([["مباراة", "ملعب", FILLER[0], "ل"], ["وزير", "برلمان", FILLER[0]]])
    assert match == ("t0.0", "t1.1")
    assert council == ("t0.1", "t1.0")


def test_topics_come_back_from_their_file(topics: Topics, tmp_path: Path) -> None:
    write_topics(topics._mean, topics._centres, tmp_path / TOPICS_FILE)
    again = read_topics(tmp_path / TOPICS_FILE, topics._vectors)
    sentences = [["مباراة"], ["وزير"], ["برلمان", "ملعب"]]
    assert again.of(sentences) == topics.of(sentences)
    (tmp_path / TOPICS_FILE).write_bytes(b"no arrays")
    with pytest.raises(ModelError, match=r"topics\.npz: cannot be read .*git checkout"):
        read_topics(tmp_path / TOPICS_FILE, topics._vectors)


def test_the_second_reading_finds_again_what_the_first_leaves_open(topics: Topics) -> None:
    """A name after ``السيد`` is a person, and so is the same word where nothing else tells it."""
    names = [f"سرون{letter}" for letter in "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"]
    sentences: list[LabelledSentence] = []
    for at, name in enumerate(names):
        told, label = ("السيد", "B-PER") if at % 2 else ("سوق", "B-LOC")
        sentences += [
            LabelledSentence((told, name), ("O", label), "a"),
            LabelledSentence(("قال", name), ("O", label), "a"),
        ]
    features = FeatureMaker({}, Gazetteer([]))
    first, second = fit_twice(
        [(sentence, 1.0) for sentence in sentences], features, TopicFeatures(features, topics), Settings(passes=8), 2
    )
    topic = TopicFeatures(features, topics)
    reader = Joined(topic, SecondReading(CrfTagger("first", features, first, topic)))
    tagger = CrfTagger("second", features, second, reader)
    unseen = [["السيد", "درنوس"], ["قال", "درنوس"], *[["عاد"]] * NEAR, ["سوق", "بيدون"], ["قال", "بيدون"]]
    found = [prediction.labels for prediction in tagger.predict(unseen)]
    assert found[1] == ("O", "B-PER")
    assert found[-1] == ("O", "B-LOC")
    assert tagger.predict([]) == []
