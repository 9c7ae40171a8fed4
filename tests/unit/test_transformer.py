"""The way with a GPU, run whole on a CPU at a tiny size: fitting, teaching, export, and the graph."""

from __future__ import annotations

import gzip
import itertools
import lzma
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ModelError
from pipeline.models import load_tagger, models_folder, verify_model, write_card
from pipeline.taggers.transformer import _FULL, PieceVectors, TransformerTagger, load_transformer, open_transformer
from pipeline.taggers.wordpieces import LENGTH
from pipeline.training import distil_gpu, finetune_gpu, pretrain_gpu
from pipeline.training.byte_cost import in_float, models_with
from pipeline.training.corpora import LabelledSentence
from pipeline.training.examples import LABEL_IDS, LABELS
from pipeline.training.pieces import encode_text, read_parts, write_parts
from pipeline.training.sources import HEADS
from pipeline.training.streams import IGNORED, write_streams
from pipeline.training.transformer import PieceTagger
from pipeline.training.transformer import load_tagger as load_fitted
from pipeline.training.transformer_export import build_graph, calibration_of, write_onnx, write_pieces
from tests.tiny_pieces import PIECES, SENTENCES, WORDS, labels_of, stream_of

pytestmark = pytest.mark.filterwarnings("ignore")  # torch and transformers warn of their own futures


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of a machine with a GPU, run on the CPU over a folder that was carried there."""
    folder = tmp_path_factory.mktemp("gpu")
    ids = np.tile(encode_text(np.array([5, 4, 6, -1, 4, 1, -1, 6, 2, -1], np.int32), WORDS, PIECES), 100)
    (folder / "pieces.txt").write_text("\n".join(PIECES), "utf-8")
    write_parts(ids, folder)
    streams = [stream_of("gold", SENTENCES * 200), stream_of("gold-dev", SENTENCES)]
    write_streams(streams, folder / "labelled.npz", heads=HEADS)
    shape = ["--device", "cpu", "--batch", "2", "--width", "16", "--layers", "2", "--heads", "2"]
    fit = ["--device", "cpu", "--batch", "512", "--seeds", "1", "2", "--epochs", "50", "--rate", "5e-3"]
    fit += ["--sources", "gold", "--measure", "gold-dev"]
    with pytest.MonkeyPatch.context() as patch:
        where = ["--text", str(folder), "--output", str(folder / "pretrained")]
        patch.setattr("sys.argv", ["pretrain_gpu", *where, *shape, "--seconds", "1"])
        pretrain_gpu.main()
        where = ["--carried", str(folder), "--pretrained", str(folder / "pretrained"), "--output", str(folder / "out")]
        patch.setattr("sys.argv", ["finetune_gpu", *where, *fit, "--seconds", "60"])
        finetune_gpu.main()
        teachers = [str(folder / "out" / f"tagger-{seed}") for seed in (1, 2)]
        where = ["--carried", str(folder), "--teachers", *teachers, "--output", str(folder / "out"), "--layers", "0"]
        lesson = [
            "--device",
            "cpu",
            "--batch",
            "512",
            "--seconds",
            "4",
            "--rate",
            "3e-3",
            "--keep",
            "--sources",
            "gold",
        ]
        patch.setattr("sys.argv", ["distil_gpu", *where, *lesson, "--measure", "gold-dev"])
        ticks = itertools.count()
        patch.setattr(distil_gpu, "time", SimpleNamespace(monotonic=lambda: next(ticks) / 100))  # a step takes 10 ms
        distil_gpu.main()
    return folder


def told_of(tagger: PieceTagger, sentences: Sequence[tuple[str, ...]], head: int) -> list[np.ndarray]:
    """The probabilities of a fitted tagger for the words of each sentence, read alone."""
    found = []
    for sentence in sentences:
        stream = stream_of("gold", [sentence])
        with torch.no_grad():
            scores = tagger.eval()(torch.from_numpy(stream.ids.astype(np.int64))[None])[0, :, head]
        found.append(scores.softmax(-1).numpy()[stream.labels != IGNORED])
    return found


def test_the_student_has_learned_what_its_teachers_think(fitted: Path) -> None:
    student = load_fitted(fitted / "out" / "student")
    assert (student.n_heads, student.encoder.sizes.layers) == (1, 1)
    for sentence, rows in zip(SENTENCES, told_of(student, SENTENCES, 0), strict=True):
        assert [LABELS[i] for i in rows.argmax(1)] == labels_of(sentence)
    first = load_fitted(fitted / "out" / "tagger-1")
    assert torch.equal(student.encoder.pieces.weight, first.encoder.pieces.weight)


def test_the_labels_of_raw_text_are_kept_with_how_likely_they_are(fitted: Path) -> None:
    packed = np.frombuffer(lzma.decompress((fitted / "out" / "labels-000.xz").read_bytes()), np.uint8)
    ids = read_parts(fitted)
    assert len(packed) == len(ids)
    label = LABEL_IDS["B-PER"]
    words = np.array([PIECES[i] == "سمهر" for i in ids.tolist()])
    assert (packed[words] & 15 == label).mean() > 0.9
    assert (packed[words] >> 4).mean() > 8


def test_an_opinion_covers_a_text_in_order_whatever_its_length(fitted: Path) -> None:
    tagger = load_fitted(fitted / "out" / "tagger-1")
    ids = read_parts(fitted)
    for length in (1, 191, 192, 193, 700):
        told = torch.cat([*finetune_gpu.opinions(tagger, ids[:length], "cpu", HEADS.index("gold"))])
        assert told.shape == (length, len(LABELS))
        assert torch.allclose(told.sum(1), torch.ones(length), atol=1e-3)


def test_a_seed_that_was_fitted_is_not_fitted_again(fitted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> PieceTagger:
        raise AssertionError("it was fitted again")

    monkeypatch.setattr(finetune_gpu, "fit_tagger", refuse)
    where = ["--carried", str(fitted), "--pretrained", str(fitted / "pretrained"), "--output", str(fitted / "out")]
    monkeypatch.setattr(
        "sys.argv", ["finetune_gpu", *where, "--device", "cpu", "--sources", "gold", "--measure", "--seeds", "1", "2"]
    )
    finetune_gpu.main()


@pytest.fixture(scope="module")
def exported(fitted: Path) -> TransformerTagger:
    tagger, folder = load_fitted(fitted / "out" / "tagger-1"), fitted / "onnx"
    write_pieces(tagger, PIECES, folder)
    write_onnx(tagger, folder, folder, trained_on=["gold/train"])
    rows = [LabelledSentence(s, tuple(labels_of(s)), "a") for s in SENTENCES]
    curve = calibration_of(load_transformer(str(folder)), rows)
    write_onnx(tagger, folder, folder, trained_on=["gold/train"], calibration=curve)
    return load_transformer(str(folder))


def test_the_graph_in_bytes_says_what_the_fitted_tagger_says(fitted: Path, exported: TransformerTagger) -> None:
    every = [*SENTENCES, (), ("سمهر", "قلم") * 200]
    assert [len(p.labels) for p in exported.predict(every)] == [len(s) for s in every]
    assert [list(p.labels) for p in exported.predict(SENTENCES)] == [labels_of(s) for s in SENTENCES]
    own = told_of(load_fitted(fitted / "out" / "tagger-1"), SENTENCES, HEADS.index("gold"))
    for sentence, rows in zip(SENTENCES, own, strict=True):
        (graph,) = exported.probabilities([sentence], LABELS[:7])
        assert np.abs(rows[:, :7] / rows[:, :7].sum(1, keepdims=True) - graph).max() < 0.05


def test_bytes_taken_as_numbers_say_what_the_graph_said_before_they_were_bytes(
    fitted: Path, exported: TransformerTagger
) -> None:
    before = build_graph(load_fitted(fitted / "out" / "tagger-1"), 0, 7).SerializeToString()
    packed = gzip.decompress((fitted / "onnx" / "graph.onnx.gz").read_bytes())
    plain = in_float(packed)
    assert {node.op_type for node in onnx.load_from_string(packed).graph.node} >= {"MatMulInteger"}
    assert not {"MatMulInteger", "DynamicQuantizeLinear"} & {n.op_type for n in onnx.load_from_string(plain).graph.node}
    vectors = np.random.default_rng(0).normal(size=(1, 40, 16)).astype(np.float32)
    told = [onnxruntime.InferenceSession(graph).run(None, {"vectors": vectors})[0] for graph in (before, plain)]
    assert np.abs(np.exp(told[0]) - np.exp(told[1])).max() < 0.05


def test_a_graph_is_exchanged_only_while_it_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIQA_MODELS", raising=False)
    shipped = models_folder()
    with models_with(b"another graph"):
        verify_model(models_folder() / "default")
        assert (models_folder() / "default" / "graph.onnx").read_bytes() == b"another graph"
        assert not (models_folder() / "default" / "graph.onnx.gz").exists()
        assert (models_folder() / "crf" / "card.json").read_bytes() == (shipped / "crf" / "card.json").read_bytes()
    assert models_folder() == shipped


def test_windows_hold_every_word_of_a_call_in_order_and_fit_the_network(exported: TransformerTagger) -> None:
    rng = np.random.default_rng(0)
    sentences = [["سمهر", "نهري", "قلم"][: rng.integers(0, 4)] * int(rng.integers(1, 120)) for _ in range(60)]
    rows = exported._windows(sentences)
    places = [(i, start + at) for row in rows for i, start, words in row for at in range(len(words))]
    assert places == [(i, at) for i, sentence in enumerate(sentences) for at in range(len(sentence))]
    sizes = [1 + sum(1 + sum(map(len, words)) for _, _, words in row) for row in rows]
    assert max(sizes) <= LENGTH
    assert len(rows) < len(sentences)  # several sentences share a window


@pytest.mark.parametrize(("sentences", "expected"), [(10, 1), (25, 2), (60, 4), (110, 6)])
def test_two_threads_get_windows_of_about_one_size(exported: TransformerTagger, sentences: int, expected: int) -> None:
    rows = exported._windows([["سمهر"] * 7] * sentences)
    sizes = [sum(1 + sum(map(len, words)) for _, _, words in row) for row in rows]
    longest = max(1 + sum(map(len, words)) for row in rows for _, _, words in row)
    assert len(rows) == expected
    assert max(sizes) - min(sizes) <= 2 * longest


@given(st.lists(st.integers(1, 70), min_size=1, max_size=60))
def test_windows_of_uneven_sentences_are_at_most_twice_as_many_as_needed(
    exported: TransformerTagger, lengths: list[int]
) -> None:
    rows = exported._windows([["سمهر"] * length for length in lengths])
    sizes = [sum(1 + sum(map(len, words)) for _, _, words in row) for row in rows]
    assert max(sizes) < LENGTH
    assert len(rows) <= 2 * -(-sum(sizes) // (_FULL - 1)) + 1


def test_the_number_of_threads_changes_no_digit(
    fitted: Path, exported: TransformerTagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences = [s * n for n in (1, 30, 3, 60) for s in SENTENCES]
    found = []
    for threads in ("1", "2"):
        monkeypatch.setenv("LIQA_THREADS", threads)
        found.append(open_transformer(fitted / "onnx", "any", fitted / "onnx").predict(sentences))
    assert found[0] == found[1]


def test_what_lies_in_another_window_changes_no_digit(exported: TransformerTagger) -> None:
    full = [SENTENCES[0] * 60]
    alone, after = exported.probabilities(full, LABELS[:7]), exported.probabilities([*full, *full], LABELS[:7])
    assert len(exported._windows(full)) == 1
    assert (alone[0] == after[0]).all()
    assert (alone[0] == after[1]).all()


def test_a_graph_is_written_packed_and_read_packed_or_not(
    fitted: Path, exported: TransformerTagger, tmp_path: Path
) -> None:
    packed = fitted / "onnx" / "graph.onnx.gz"
    assert [path.name for path in packed.parent.glob("*.onnx*")] == [packed.name]
    assert packed.read_bytes()[4:8] == bytes(4)  # no time, so that the same graph has the same bytes
    folder = shutil.copytree(fitted / "onnx", tmp_path / "plain")
    (folder / packed.name).unlink()
    (folder / "graph.onnx").write_bytes(gzip.decompress(packed.read_bytes()))
    write_card(folder, kind="transformer", trained_on=[], notes="")
    assert load_transformer(str(folder)).predict(SENTENCES) == exported.predict(SENTENCES)


def test_a_network_with_pieces_of_another_make_is_an_error(
    fitted: Path, exported: TransformerTagger, tmp_path: Path
) -> None:
    write_pieces(load_fitted(fitted / "out" / "tagger-1"), PIECES, tmp_path)
    rows = np.load(tmp_path / "piece_rows.npy")
    np.save(tmp_path / "piece_rows.npy", rows[::-1].copy())
    write_card(tmp_path, kind="pieces", trained_on=[], notes="")
    with pytest.raises(ModelError, match="made with other pieces"):
        open_transformer(fitted / "onnx", "any", tmp_path)


def test_pieces_that_do_not_fit_their_vectors_are_an_error(
    fitted: Path, exported: TransformerTagger, tmp_path: Path
) -> None:
    write_pieces(load_fitted(fitted / "out" / "tagger-1"), PIECES[:-1], tmp_path)
    with pytest.raises(ModelError, match=rf"{len(PIECES) - 1} pieces but {len(PIECES)} vectors"):
        PieceVectors.load(tmp_path)
    with pytest.raises(ModelError, match=r"pieces cannot be read"):
        PieceVectors.load(tmp_path / "none")


def test_the_graph_needs_no_torch(fitted: Path, exported: TransformerTagger) -> None:
    code = (
        "import sys; from pipeline.models import load_tagger; load_tagger(sys.argv[1]); print('torch' in sys.modules)"
    )
    name = f"transformer:{fitted / 'onnx'}"
    answer = subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
    assert load_tagger(name).predict(SENTENCES) == exported.predict(SENTENCES)


def test_the_commands_for_the_gpu_need_torch_and_numpy_alone() -> None:
    code = "import sys; import pipeline.training.pretrain_gpu, pipeline.training.distil_gpu; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"camel_tools", "onnx", "onnxruntime", "pandas", "duckdb"} & set(answer.stdout.split())
