"""The CRF against python-crfsuite itself, on a model learned here from invented sentences."""

from __future__ import annotations

import lzma
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import ModelError
from pipeline.models import write_card
from pipeline.taggers.crf import CLUSTERS_FILE, MODEL_FILE, CrfTagger, load_crf, marginals
from pipeline.taggers.crf_features import FeatureMaker, read_clusters
from pipeline.taggers.features import Gazetteer
from pipeline.training.corpora import LabelledSentence
from pipeline.training.crf import SETTINGS, write_weights

SENTENCES = [
    LabelledSentence(("زار", "سالم", "الراوي", "سروان"), ("O", "B-PER", "I-PER", "B-LOC"), "a"),
    LabelledSentence(("عاد", "الراوي", "إلى", "درنوس"), ("O", "B-PER", "O", "B-LOC"), "a"),
    LabelledSentence(("شركة", "درنوس", "الكبرى"), ("B-ORG", "I-ORG", "I-ORG"), "a"),
]
UNSEEN = [["زار", "الراوي", "درنوس"], ["وسروان"], [], ["عاد", "سالم", "إلى", "شركة", "سروان", "أمس"]]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import pycrfsuite

    folder = tmp_path_factory.mktemp("crf")
    with lzma.open(folder / CLUSTERS_FILE, "wt", encoding="utf-8") as lines:
        lines.write("سروان\t1.5\nدرنوس\t1.6\nزار\t2.7\nعاد\t2.7\n")
    features = FeatureMaker(read_clusters(folder / CLUSTERS_FILE), Gazetteer([("سالم", "GIVEN"), ("الراوي", "PER")]))
    trainer = pycrfsuite.Trainer(verbose=False)
    for sentence in SENTENCES * 2:
        trainer.append(pycrfsuite.ItemSequence(features.sentence(sentence.words)), sentence.labels)
    trainer.set_params({**SETTINGS, "feature.minfreq": 1})
    trainer.train(str(folder / "learned.crfsuite"))
    write_weights(folder / "learned.crfsuite", folder / MODEL_FILE)
    return folder


def test_labels_and_probabilities_are_those_of_crfsuite(model: Path) -> None:
    import pycrfsuite

    features = FeatureMaker(read_clusters(model / CLUSTERS_FILE), Gazetteer([("سالم", "GIVEN"), ("الراوي", "PER")]))
    with np.load(model / MODEL_FILE) as weights:
        ours = CrfTagger("crf", features, dict(weights))
    theirs = pycrfsuite.Tagger()
    theirs.open(str(model / "learned.crfsuite"))
    sentences = [list(s.words) for s in SENTENCES] + UNSEEN
    predictions, chances = ours.predict(sentences), ours.probabilities(sentences, ours.labels)
    for words, prediction, rows in zip(sentences, predictions, chances, strict=True):
        if not words:
            assert prediction.labels == ()
            continue
        theirs.set(pycrfsuite.ItemSequence(features.sentence(words)))
        assert list(prediction.labels) == theirs.tag()
        expected = [[theirs.marginal(label, i) for label in ours.labels] for i in range(len(words))]
        assert np.allclose(rows, expected, atol=1e-4)


def test_marginals_are_those_of_all_sequences_counted_out() -> None:
    rng = np.random.default_rng(3)
    scores, follow = rng.normal(size=(3, 1, 2)).astype(np.float32), rng.normal(size=(2, 2)).astype(np.float32)
    expected = np.zeros((3, 2))
    for path in np.ndindex(2, 2, 2):
        weight = np.exp(
            sum(scores[i, 0, y] for i, y in enumerate(path)) + follow[path[0], path[1]] + follow[path[1], path[2]]
        )
        for i, y in enumerate(path):
            expected[i, y] += weight
    expected /= expected.sum(1, keepdims=True)
    assert np.allclose(marginals(scores, np.array([3], np.int32), follow)[:, 0], expected, atol=1e-5)


def test_a_model_whose_arrays_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / MODEL_FILE).write_bytes(b"no arrays")
    write_card(tmp_path, kind="crf", trained_on=[], notes="")
    with pytest.raises(ModelError, match=r"weights\.npz: cannot be read .*git checkout"):
        load_crf(str(tmp_path))
