"""The run-time tagger against the training network and against exhaustive search."""

import itertools
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigError, ModelError
from pipeline.models import write_card
from pipeline.taggers.default import load_recurrent, write_names
from pipeline.taggers.inputs import Gazetteer
from pipeline.taggers.neural import (
    BATCH_WORDS,
    LONGEST,
    NeuralTagger,
    best_paths,
    confidences_of,
    cut_batches,
    load_neural,
    transition_costs,
)
from pipeline.taggers.vectors import Vectors, quantize
from pipeline.training.examples import LABELS, Table, collate
from pipeline.training.export import write_folder
from pipeline.training.network import VECTOR_SIZE, Network, Shape
from pipeline.training.neural import tensors

SHAPE = Shape(towers=8, inner=8, encoder=8, knowledge=4, affix=4)
SENTENCES = [["زار", "سمهر", "الودادين", "."], ["نهر"], [], ["قال", "وسمهر", "12", "ـ", "نهر", "الوداد", "a"]]
HEAD = 1


@pytest.fixture(scope="module")
def words() -> tuple[Vectors, Gazetteer]:
    rng = np.random.default_rng(0)
    parts = (quantize(rng.standard_normal((n, VECTOR_SIZE)).astype(np.float32)) for n in (2, 64))
    rows, buckets = parts
    return Vectors(["نهر", "زار"], *rows, *buckets), Gazetteer({"place": ["نهر الوداد"]}, {"given": ["سمهر"]})


@pytest.fixture(scope="module")
def network() -> Network:
    torch.manual_seed(0)
    made = Network(SHAPE, len(LABELS), 2)
    made.eval()
    return made


@pytest.fixture(scope="module")
def folder(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "tiny"
    write_folder([network, network], path, LABELS, HEAD)
    return path


@pytest.fixture(scope="module")
def tagger(folder: Path, words: tuple[Vectors, Gazetteer]) -> NeuralTagger:
    return load_neural(folder, "tiny", *words)


def test_the_graph_computes_what_the_network_computes(
    tagger: NeuralTagger, network: Network, words: tuple[Vectors, Gazetteer]
) -> None:
    table = Table(*words)
    sentences = [sentence for sentence in SENTENCES if sentence]
    examples = [table.example(sentence, None) for sentence in sentences]
    with torch.no_grad():
        wanted = network(*tensors(collate(examples, *table.arrays())))[:, :, HEAD].softmax(-1).numpy()
    for i, sentence in enumerate(sentences):
        prediction = tagger.predict([sentence])[0]
        columns = [LABELS.index(label) for label in prediction.labels]
        expected = [float(wanted[at, i, column]) for at, column in enumerate(columns)]
        outside = [at for at, label in enumerate(prediction.labels) if label == "O"]
        assert len(prediction.labels) == len(sentence)
        for at in outside:  # bytes for weights cost a little precision
            assert prediction.confidences[at] == pytest.approx(expected[at], abs=0.05)


@given(st.lists(st.integers(1, LONGEST), max_size=200).map(sorted))
def test_batches_take_every_piece_once_and_keep_to_their_size(lengths: list[int]) -> None:
    ends = cut_batches(lengths)
    assert ends == sorted(set(ends))
    assert ends[-1:] == ([len(lengths)] if lengths else [])
    for start, end in pairwise([0, *ends]):
        assert (end - start) * lengths[end - 1] <= BATCH_WORDS


def test_probabilities_hardly_depend_on_the_batch(tagger: NeuralTagger) -> None:
    together = tagger.probabilities(SENTENCES, LABELS)
    for sentence, rows in zip(SENTENCES, together, strict=True):  # not equal: bytes are scaled to what is in a batch
        assert tagger.probabilities([sentence], LABELS)[0] == pytest.approx(rows, abs=0.05)


def test_every_sentence_gets_its_labels_in_its_place(tagger: NeuralTagger) -> None:
    assert [len(p.labels) for p in tagger.predict(SENTENCES)] == [len(s) for s in SENTENCES]
    assert tagger.predict([]) == []


def test_a_sentence_longer_than_a_piece_keeps_its_length(tagger: NeuralTagger) -> None:
    assert len(tagger.predict([["نهر"] * 700])[0].labels) == 700


def test_the_best_path_is_the_best_of_all_paths() -> None:
    labels = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
    start, follow = transition_costs(labels)
    rng = np.random.default_rng(0)
    scores = rng.standard_normal((4, 6, 5)).astype(np.float32)
    lengths = np.array([4, 3, 4, 1, 2, 4], np.int32)
    for i, path in enumerate(best_paths(scores, lengths, start, follow)):
        every = itertools.product(range(5), repeat=int(lengths[i]))
        best = max(every, key=lambda way: _worth(way, scores[:, i], start, follow))
        assert tuple(path) == best


def _worth(way: tuple[int, ...], scores: np.ndarray, start: np.ndarray, follow: np.ndarray) -> float:
    steps = sum(float(follow[a, b]) for a, b in itertools.pairwise(way))
    return float(start[way[0]]) + steps + sum(float(scores[at, label]) for at, label in enumerate(way))


def test_every_word_of_a_name_carries_the_names_probability(tagger: NeuralTagger) -> None:
    scores = np.log(np.full((3, 9), 0.01, np.float32))
    scores[0, 1], scores[1, 2], scores[2, 0] = np.log([0.9, 0.8, 0.92])
    whole = 0.9 * 0.8 * (1 - 0.01)
    assert confidences_of([1, 2, 0], scores, tagger.labels, tagger._calibration) == pytest.approx(
        [whole, whole, 0.92], rel=1e-4
    )


def test_a_missing_graph_is_named(tmp_path: Path, words: tuple[Vectors, Gazetteer]) -> None:
    (tmp_path / "settings.json").write_text('{"labels": ["O"], "graphs": ["none.onnx"]}', "utf-8")
    with pytest.raises(ModelError, match="restore the folder"):
        load_neural(tmp_path, "broken", *words)


def test_recurrent_networks_of_a_folder_tag_with_the_words_beside_it(
    folder: Path, words: tuple[Vectors, Gazetteer], tagger: NeuralTagger
) -> None:
    with pytest.raises(ConfigError, match="write recurrent:FOLDER"):
        load_recurrent("")
    with pytest.raises(ModelError, match="missing"):
        load_recurrent(str(folder.parent / "none"))
    beside = folder.parent / "words"
    words[0].save(beside)
    write_names({"place": {"نهر الوداد"}}, {"given": {"سمهر"}}, beside / "names.tsv")
    for place in (beside, folder):
        write_card(place, kind="words", trained_on=[], notes="")
    assert load_recurrent(str(folder)).predict(SENTENCES) == tagger.predict(SENTENCES)
