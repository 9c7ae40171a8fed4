"""The CRF against all label sequences counted out, on weights drawn for the features of invented sentences."""

from __future__ import annotations

import itertools
import lzma
import shutil
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import ModelError
from pipeline.models import verify_model, write_card
from pipeline.taggers.crf import CLUSTERS_FILE, CLUSTERS_FOLDER, MODEL_FILE, CrfTagger, load_crf
from pipeline.taggers.crf_features import FeatureMaker, read_clusters
from pipeline.taggers.evidence import EVIDENCE_FILE, Evidence, read_evidence, write_evidence
from pipeline.taggers.features import Gazetteer
from pipeline.taggers.lattice import marginals
from pipeline.training import clusters
from pipeline.training.corpora import LabelledSentence
from pipeline.training.crf import Reading, train
from pipeline.training.crf_code import Featured, encode, weights_of, write_weights
from pipeline.training.crf_fit import Coded, Settings, fit, gradients

CLUSTERS = {"سروان": "1.5", "درنوس": "1.6", "زار": "2.7", "عاد": "2.7"}
KNOWN = Gazetteer([("سالم", "GIVEN"), ("الراوي", "PER")])
EVIDENCE = Evidence(
    {"درنوس": "05134", "سروان": "04030", "زار": "00004"}, {"شركة|درنوس": "004-b", "سالم|الراوي": "5002a"}
)
SENTENCES = [
    LabelledSentence(("زار", "سالم", "الراوي", "سروان"), ("O", "B-PER", "I-PER", "B-LOC"), "a"),
    LabelledSentence(("عاد", "الراوي", "إلى", "درنوس"), ("O", "B-PER", "O", "B-LOC"), "a"),
    LabelledSentence(("شركة", "درنوس", "الكبرى"), ("B-ORG", "I-ORG", "I-ORG"), "a"),
]
UNSEEN = [["زار", "الراوي", "درنوس"], ["وسروان"], [], ["عاد", "سالم", "إلى", "شركة", "درنوس"], ["شركة", "درنوس"]]


@pytest.fixture(scope="module")
def features() -> FeatureMaker:
    return FeatureMaker(CLUSTERS, KNOWN, EVIDENCE)


def featured(features: FeatureMaker) -> list[Featured]:
    return [(features.sentence(sentence.words), sentence.labels, 1.0) for sentence in SENTENCES]


@pytest.fixture(scope="module")
def tagger(features: FeatureMaker, tmp_path_factory: pytest.TempPathFactory) -> CrfTagger:
    names, labels, _ = encode(featured(features), 1)
    rng = np.random.default_rng(5)
    state = rng.normal(size=(len(names), len(labels))).astype(np.float32)
    follow = rng.normal(size=(len(labels), len(labels))).astype(np.float32)
    file = tmp_path_factory.mktemp("crf") / MODEL_FILE
    write_weights(weights_of(names, labels, state, follow), file)
    with np.load(file) as weights:
        return CrfTagger("crf", features, dict(weights))


def counted_out(tagger: CrfTagger, features: FeatureMaker, words: list[str]) -> tuple[list[str], np.ndarray]:
    """The best sequence and the probability of each label, from the features by name and every sequence there is."""
    n = len(tagger.labels)
    rows = [[tagger._row[name] for name in row if name in tagger._row] for row in features.sentence(words)]
    scores = np.stack([tagger._state[row].sum(0) for row in rows])
    paths = list(itertools.product(range(n), repeat=len(words)))
    weights = np.array(
        [sum(scores[i, y] for i, y in enumerate(path)) + sum(tagger._follow[a, b] for a, b in itertools.pairwise(path))
         for path in paths]
    )  # fmt: skip
    chances = np.zeros((len(words), n))
    for path, weight in zip(paths, np.exp(weights - weights.max()), strict=True):
        chances[np.arange(len(words)), path] += weight
    best = paths[int(weights.argmax())]
    return [tagger.labels[i] for i in best], chances / chances.sum(1, keepdims=True)


def test_labels_and_probabilities_are_those_of_all_sequences_counted_out(
    tagger: CrfTagger, features: FeatureMaker
) -> None:
    sentences = [list(sentence.words) for sentence in SENTENCES] + UNSEEN
    predictions, chances = tagger.predict(sentences), tagger.probabilities(sentences, tagger.labels)
    for words, prediction, rows in zip(sentences, predictions, chances, strict=True):
        if not words:
            assert prediction.labels == ()
            continue
        best, expected = counted_out(tagger, features, words)
        assert list(prediction.labels) == best
        assert np.allclose(rows, expected, atol=2e-4)


def test_a_sentence_is_tagged_alike_alone_and_among_others(tagger: CrfTagger) -> None:
    together = tagger.probabilities(UNSEEN, tagger.labels)
    for words, rows in zip(UNSEEN, together, strict=True):
        assert np.allclose(rows, tagger.probabilities([words], tagger.labels)[0], atol=1e-6)


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


def loss(scores: np.ndarray, follow: np.ndarray, batch: list[Coded]) -> float:
    """The weighted negative logarithm of the probability of the right labels, every sequence counted out."""
    total, first = 0.0, 0
    for sentence in batch:
        own = scores[first : first + len(sentence.labels)]
        first += len(own)
        weights = {
            path: sum(own[i, y] for i, y in enumerate(path)) + sum(follow[a, b] for a, b in itertools.pairwise(path))
            for path in itertools.product(range(own.shape[1]), repeat=len(own))
        }
        right = weights[tuple(int(label) for label in sentence.labels)]
        total += sentence.weight * (np.log(sum(np.exp(list(weights.values())))) - right)
    return float(total)


def test_the_gradient_is_that_of_the_loss() -> None:
    rng = np.random.default_rng(8)
    nothing = np.zeros(0, np.int32)
    batch = [
        Coded(nothing, nothing, np.array([0, 2, 1], np.int32), 2.0),
        Coded(nothing, nothing, np.array([1], np.int32)),
    ]
    scores, follow = rng.normal(size=(4, 3)).astype(np.float32), rng.normal(size=(3, 3)).astype(np.float32)
    own, moves = gradients(scores, follow, batch)
    step = 1e-3
    for array, found in ((scores, own), (follow, moves)):
        for at in np.ndindex(array.shape):
            before = array[at]
            array[at] = before + step
            more = loss(scores.astype(np.float64), follow.astype(np.float64), batch)
            array[at] = before - step
            less = loss(scores.astype(np.float64), follow.astype(np.float64), batch)
            array[at] = before
            assert found[at] == pytest.approx((more - less) / (2 * step), abs=5e-3)


def test_what_was_learned_is_tagged_so_again(features: FeatureMaker, tmp_path: Path) -> None:
    names, labels, coded = encode(featured(features), 1)
    state, follow = fit(coded, len(names), len(labels), Settings(passes=10, rate=0.5, dropped=0.1))
    write_weights(weights_of(names, labels, state, follow), tmp_path / MODEL_FILE)
    with np.load(tmp_path / MODEL_FILE) as weights:
        tagger = CrfTagger("crf", features, dict(weights))
    predictions = tagger.predict([sentence.words for sentence in SENTENCES])
    assert [prediction.labels for prediction in predictions] == [sentence.labels for sentence in SENTENCES]


def test_rare_features_are_left_out_of_every_sentence(features: FeatureMaker) -> None:
    names, _, coded = encode(featured(features), 2)
    rows = [row for sentence in SENTENCES for row in features.sentence(sentence.words)]
    sights = [sum(row.count(name) for row in rows) for name in names]
    assert min(sights) >= 2
    assert [count for one in coded for count in one.counts] == [sum(name in set(names) for name in row) for row in rows]


def test_evidence_comes_back_from_its_file(tmp_path: Path) -> None:
    write_evidence({"درنوس": "05134"}, {"شركة|درنوس": "004-b"}, tmp_path / EVIDENCE_FILE)
    evidence = read_evidence(tmp_path / EVIDENCE_FILE)
    assert evidence.pairs == {"شركة|درنوس": "004-b"}
    assert "rL=5" in evidence.of_word(("درنوس",))
    assert evidence.of_word(("بدرنوس", "درنوس")) == ("r=?", "rsP=0", "rsL=5", "rsO=1")
    assert read_evidence(tmp_path / "none").of_word(("درنوس",)) == ()


def test_evidence_that_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / EVIDENCE_FILE).write_bytes(b"no evidence")
    with pytest.raises(ModelError, match=r"evidence\.tsv\.xz: cannot be read .*git checkout"):
        read_evidence(tmp_path / EVIDENCE_FILE)


def test_a_model_whose_arrays_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / MODEL_FILE).write_bytes(b"no arrays")
    write_card(tmp_path, kind="crf", trained_on=[], notes="")
    with pytest.raises(ModelError, match=r"weights\.npz: cannot be read .*git checkout"):
        load_crf(str(tmp_path))


def write_shared(models: Path) -> Path:
    """Word clusters as models that are shipped together share them; the file."""
    shared = models / CLUSTERS_FOLDER
    shared.mkdir()
    with lzma.open(shared / CLUSTERS_FILE, "wt", encoding="utf-8") as lines:
        lines.writelines(f"{word}\t{path}\n" for word, path in CLUSTERS.items())
    write_card(shared, kind="clusters", trained_on=[], notes="")
    return shared / CLUSTERS_FILE


def trained(folder: Path, file: Path) -> CrfTagger:
    train(((sentence, 1.0) for sentence in SENTENCES), file, folder, Settings(passes=3), Reading(least_sights=1))
    write_card(folder, kind="crf", trained_on=[], notes="")
    return load_crf(str(folder))


def test_shipped_models_share_their_clusters_and_others_keep_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIQA_MODELS", str(tmp_path))
    file = write_shared(tmp_path)
    inside, elsewhere = tmp_path / "crf", tmp_path / "build" / "crf"
    inside.mkdir()
    shutil.copyfile(file, inside / CLUSTERS_FILE)
    found = [trained(folder, file).predict(UNSEEN) for folder in (inside, elsewhere)]
    assert found[0] == found[1]
    assert [(folder / CLUSTERS_FILE).exists() for folder in (inside, elsewhere)] == [False, True]
    file.write_bytes(b"other clusters")
    with pytest.raises(ModelError, match=r"clusters\.tsv\.xz is damaged"):
        load_crf(str(inside))
    assert load_crf(str(elsewhere)).predict(UNSEEN) == found[1]


def test_clusters_are_written_with_a_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words, vectors = [f"كلمة{i}" for i in range(1100)], np.random.default_rng(4).normal(size=(1100, 4))
    (tmp_path / "vocabulary.txt").write_text("\n".join(words), "utf-8")
    np.save(tmp_path / "full.npy", vectors.astype(np.float32))
    given = ["--vectors", str(tmp_path / "full.npy"), "--words", str(tmp_path / "vocabulary.txt")]
    monkeypatch.setattr("sys.argv", ["clusters", *given, "--output", str(tmp_path / "made")])
    clusters.main()
    assert list(verify_model(tmp_path / "made").files) == [CLUSTERS_FILE]
    paths = read_clusters(tmp_path / "made" / CLUSTERS_FILE)
    assert list(paths) == words
    assert {len(path.split(".")) for path in paths.values()} == {len(clusters.SIZES)}
