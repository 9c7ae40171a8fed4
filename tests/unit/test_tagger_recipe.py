"""The recipe on tiny, invented material: each step does what it says, whatever the weights are worth."""

import random
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.errors import ConfigError, PipelineError
from pipeline.evaluation.reliability import calibration_error, reliability
from pipeline.taggers.inputs import Gazetteer
from pipeline.taggers.vectors import Vectors, quantize
from pipeline.tagging import decode_bio
from pipeline.training import skipgram
from pipeline.training.calibrate import platt
from pipeline.training.corpora import LabelledSentence
from pipeline.training.examples import LABELS, Table, batches
from pipeline.training.network import VECTOR_SIZE, Network, Shape
from pipeline.training.neural import Schedule, Source, fit, opinions
from pipeline.training.pretrain import load_corpus, pretrain
from pipeline.training.rawtext import DOCUMENT_START, SENTENCE_END, encode, merge, split_line
from pipeline.training.sources import labelled_words, raw_sentences
from pipeline.training.swap import Names, swap_names


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)  # networks this small only wait for one another's threads


TINY = Shape(towers=16, inner=16, encoder=16, knowledge=4, affix=4)


def table() -> Table:
    rng = np.random.default_rng(0)
    rows, buckets = (quantize(rng.standard_normal((n, VECTOR_SIZE)).astype(np.float32)) for n in (1, 4096))
    return Table(Vectors(["نهر"], *rows, *buckets), Gazetteer({}, {}))


def test_raw_text_becomes_ids_by_falling_count() -> None:
    parts = [encode(iter([[], ["نهر", "سمهر"], ["نهر"]])), encode(iter([[], ["وداد", "سمهر", "سمهر"]]))]
    words, counts, text = merge(parts)
    assert words == ["سمهر", "نهر", "وداد"]
    assert counts.tolist() == [3, 2, 1]
    assert text.tolist() == [-2, 1, 0, -1, 1, -1, -2, 2, 0, 0, -1]
    assert (DOCUMENT_START, SENTENCE_END) == (-2, -1)


def test_a_line_is_cut_after_its_full_stops() -> None:
    assert list(split_line("وصل! ثم عاد.")) == [["وصل", "!"], ["ثم", "عاد", "."]]


def test_swapped_names_keep_their_type_place_and_proclitic() -> None:
    names = Names(["زهير الوادي", "نبراس", "هيثم البيداء"], ["بيدونيا"])
    words = ("قال", "وبوتين", "في", "موسكو", "أمس")
    sentence = LabelledSentence(words, ("O", "B-PER", "O", "B-LOC", "O"), "x")
    rng = random.Random(0)  # noqa: S311  # not for secrets
    copies = [copy for _ in range(50) if (copy := swap_names(sentence, names, rng)) is not None]
    assert copies
    for copy in copies:
        assert [kind for _, _, kind in decode_bio(copy.labels)] == ["PER", "LOC"]
        assert len(copy.words) == len(copy.labels) == 5
        assert (copy.words[0], copy.words[2], copy.words[4]) == ("قال", "في", "أمس")
        assert copy.words[1].startswith("و")
        assert copy.words[1:4:2] != words[1:4:2]


def test_a_sentence_without_names_has_no_copy() -> None:
    sentence = LabelledSentence(("قال",), ("O",), "x")
    rng = random.Random(0)  # noqa: S311  # not for secrets
    assert swap_names(sentence, Names(["زهير"], []), rng) is None


def test_platt_scaling_mends_an_overconfident_tagger() -> None:
    rng = np.random.default_rng(0)
    true = rng.random(4000)
    logit = np.log(true / (1 - true))
    raw = 1 / (1 + np.exp(-3 * logit))
    right = rng.random(4000) < true
    knots, curve = platt(raw, right)
    mended = np.interp(raw, np.array(knots), np.array(curve))
    before, after = (calibration_error(reliability(zip(told, right, strict=True))) for told in (raw, mended))
    assert after < before / 3


def test_batches_hold_every_example_once_and_keep_to_their_size() -> None:
    words = table()
    examples = [words.example(["نهر"] * n, None) for n in (1, 2, 3, 5, 8, 8)]
    cuts = list(batches(examples, 16, np.random.default_rng(0)))
    assert sorted(len(e.words) for cut in cuts for e in cut) == [1, 2, 3, 5, 8, 8]
    assert all(len(cut) * max(len(e.words) for e in cut) <= 16 for cut in cuts)


def test_a_network_learns_its_sentences_and_soft_labels_alike() -> None:
    words = table()
    sentences = [("زار", "سمهر", "نهر"), ("سمهر", "هنا"), ("نهر", "وداد"), ("قال", "سمهر")]
    labels = [["B-PER" if w == "سمهر" else "B-LOC" if w == "نهر" else "O" for w in s] for s in sentences]
    hard = [words.example(s, own) for s, own in zip(sentences, labels, strict=True)]
    network = Network(TINY, len(LABELS), 1, dropout=0.0)
    schedule = Schedule(epochs=60, words=12, rate=1e-2, pretrained_rate=1, warm_up=5, average=0.5)
    fit(network, [Source(hard)], words.arrays(), schedule)
    found = opinions(network, hard, words.arrays(), 0)
    assert [[LABELS[i] for i in one.argmax(1)] for one in found] == labels
    soft = [words.example(s, None) for s in sentences]
    for example, one in zip(soft, found, strict=True):
        example.soft = one.astype(np.float16)
    student = Network(TINY, len(LABELS), 1, dropout=0.0)
    fit(student, [Source(soft)], words.arrays(), schedule)
    again = opinions(student, soft, words.arrays(), 0)
    assert [[LABELS[i] for i in one.argmax(1)] for one in again] == labels


def write_text(folder: Path) -> None:
    words = [f"كلمة{i}" for i in range(30)]
    rng = np.random.default_rng(0)
    ids = rng.integers(0, 30, 6000).astype(np.int32)
    ids[::12] = -1
    ids[::240] = -2
    (folder / "vocabulary.txt").write_text("\n".join(words), "utf-8")
    np.save(folder / "counts.npy", np.bincount(ids[ids >= 0], minlength=30))
    np.save(folder / "corpus.npy", ids)
    np.save(folder / "full.npy", rng.standard_normal((30, VECTOR_SIZE)).astype(np.float32))


@pytest.mark.skipif(shutil.which("cc") is None, reason="vectors are trained by a C program")
def test_vectors_are_learned_from_the_text_and_the_card_of_their_folder_holds_in_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, output = tmp_path / "text", tmp_path / "words"
    text.mkdir()
    write_text(text)
    (text / "full.npy").unlink()
    monkeypatch.setattr("sys.argv", ["skipgram", "--text", str(text), "--output", str(output), "--epochs", "1"])
    skipgram.main()
    assert np.load(text / "full.npy").shape == (30, VECTOR_SIZE)
    assert sorted(path.name for path in output.iterdir()) == [
        "bucket_scales.npy", "buckets.npy", "rows.npy", "scales.npy", "words.txt",
    ]  # fmt: skip
    learned = Vectors.load(output)
    assert np.linalg.norm(learned.of("كلمة3")) == pytest.approx(np.sqrt(VECTOR_SIZE), rel=1e-3)


def test_pretraining_writes_towers_that_a_tagger_takes_up(tmp_path: Path) -> None:
    write_text(tmp_path)
    corpus = load_corpus(tmp_path, tmp_path / "full.npy")
    first, more = tmp_path / "towers.pt", tmp_path / "more.pt"
    pretrain(corpus, first, seconds=0.5, workers=1, hidden=8, batch=4, resume=None)
    stored = torch.load(tmp_path / "towers.pt")
    assert stored["seen"] > 0
    network = Network(Shape(towers=8), len(LABELS), 1)
    missing = network.load_state_dict(stored["m"], strict=False)
    assert not missing.unexpected_keys
    assert not any(key.startswith(("f.", "b.", "m1.", "m2.", "sep")) for key in missing.missing_keys)
    pretrain(corpus, more, seconds=0.1, workers=1, hidden=8, batch=4, resume=first)
    assert more.exists()


def test_raw_sentences_come_from_the_text_and_keep_to_the_limit(tmp_path: Path) -> None:
    write_text(tmp_path)
    sentences = list(raw_sentences(tmp_path, 100, 0))
    assert 100 <= sum(map(len, sentences)) < 600
    assert all(4 <= len(sentence) <= 90 for sentence in sentences)
    assert sentences == list(raw_sentences(tmp_path, 100, 0))


def test_an_unknown_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unknown corpus 'other'"):
        list(labelled_words("other", tmp_path, tmp_path))


def test_a_failed_worker_ends_the_pretraining_with_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> int:
        raise SystemExit(1)

    write_text(tmp_path)
    monkeypatch.setattr("pipeline.training.pretrain.work", fail)
    corpus = load_corpus(tmp_path, tmp_path / "full.npy")
    with pytest.raises(PipelineError, match="a worker failed, so nothing was written"):
        pretrain(corpus, tmp_path / "towers.pt", seconds=0.1, workers=2, hidden=8, batch=4, resume=None)
    assert not (tmp_path / "towers.pt").exists()
