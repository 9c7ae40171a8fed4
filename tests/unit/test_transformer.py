"""The way with a GPU, each step on a CPU at a tiny size: pieces, pretraining, fitting, teaching, export."""

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
import pytest
import torch

from pipeline.errors import ConfigError, ModelError
from pipeline.models import load_tagger, write_card
from pipeline.taggers.transformer import PieceVectors, TransformerTagger, load_transformer, open_transformer
from pipeline.taggers.wordpieces import END, LENGTH, UNKNOWN, cut_forms, cut_word, windows
from pipeline.training import distil_gpu, finetune_gpu, pretrain_gpu
from pipeline.training.carried import corpus_streams
from pipeline.training.corpora import LabelledSentence
from pipeline.training.examples import LABEL_IDS, LABELS
from pipeline.training.pieces import bounded, build_pieces, encode_text, read_parts, write_parts
from pipeline.training.pretrain_gpu import Run, hidden_places, plan, pretrain
from pipeline.training.sources import HEADS, held_out
from pipeline.training.streams import IGNORED, Stream, make_stream, read_streams, write_streams
from pipeline.training.swap import Names
from pipeline.training.transformer import Encoder, PieceTagger, Sizes, load_parts, pretrained
from pipeline.training.transformer import load_tagger as load_fitted
from pipeline.training.transformer_export import calibration_of, write_onnx, write_pieces

pytestmark = pytest.mark.filterwarnings("ignore")  # torch and transformers warn of their own futures

WORDS = ["نهر", "نهري", "وداد", "ودادي", "سمهر", "زار", "درنوس"]
PIECES = build_pieces(WORDS, [70, 60, 50, 40, 30, 20, 10], 44)
KNOWN = {piece: i for i, piece in enumerate(PIECES)}
SENTENCES = [("زار", "سمهر", "درنوس"), ("سمهر", "نهري"), ("درنوس", "وداد"), ("زار", "سمهر", "ودادي", "نهر")]
TYPES = {"سمهر": "B-PER", "درنوس": "B-LOC"}
TINY = Sizes(len(PIECES), width=16, layers=2, heads=2)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def labels_of(sentence: tuple[str, ...]) -> list[str]:
    return [TYPES.get(word, "O") for word in sentence]


def test_pieces_put_together_are_the_word() -> None:
    for word in [*WORDS, "سمهري", "نداد"]:
        ids = cut_word(word, KNOWN)
        assert "".join(PIECES[i].removeprefix("+") for i in ids) == word
    assert cut_word("قلم", KNOWN) == [UNKNOWN]
    assert len(PIECES) <= 44


def test_encoded_text_survives_its_files_and_keeps_to_its_megabytes(tmp_path: Path) -> None:
    ids = encode_text(np.array([-2, 0, 1, -1, 4, -1], np.int32), WORDS, PIECES)
    assert (ids == END).sum() == 2
    write_parts(ids, tmp_path)
    assert np.array_equal(read_parts(tmp_path), ids)
    many = np.random.default_rng(0).integers(0, 16_000, 400_000).astype(np.uint16)
    kept = bounded(many, 0.2)
    assert 0.15e6 < sum(path.stat().st_size for path in write_parts(kept, tmp_path)) <= 0.2e6
    assert np.array_equal(bounded(ids, 1), ids)


def test_windows_hold_every_word_once_and_fit_between_two_ends() -> None:
    pieces = cut_forms(["نهري" * 40, "سمهر", *["وداد"] * 300], KNOWN)
    ranges = list(windows(pieces))
    assert [at for start, end in ranges for at in range(start, end)] == list(range(len(pieces)))
    assert all(sum(map(len, pieces[start:end])) <= LENGTH - 2 for start, end in ranges)
    assert list(windows([])) == []


def stream_of(name: str, sentences: Sequence[tuple[str, ...]]) -> Stream:
    rows = [(s, [LABEL_IDS[label] for label in labels_of(s)]) for s in sentences]
    return make_stream(name, HEADS.index("gold"), rows, KNOWN)


def test_streams_survive_their_file_and_hold_a_label_for_every_word(tmp_path: Path) -> None:
    written = [stream_of("gold", SENTENCES), stream_of("gold-dev", SENTENCES[:1])]
    assert write_streams(written, tmp_path / "x.npz", heads=HEADS) == sum(len(s.ids) for s in written)
    read, heads = read_streams(tmp_path / "x.npz")
    assert heads == list(HEADS)
    for before in written:
        after = read[before.name]
        assert (after.head, after.ids.tolist(), after.labels.tolist()) == (
            before.head,
            before.ids.tolist(),
            before.labels.tolist(),
        )
    words = [label for label in written[0].labels.tolist() if label != IGNORED]
    assert words == [LABEL_IDS[label] for s in SENTENCES for label in labels_of(s)]
    assert (written[0].ids == END).sum() == len(SENTENCES) + 1
    begins = distil_gpu.words_begin(torch.from_numpy(written[0].ids.astype(np.int32)), PIECES)
    assert np.array_equal(begins.numpy(), written[0].labels != IGNORED)


def test_a_corpus_travels_with_copies_of_other_names_and_without_what_is_held_out(tmp_path: Path) -> None:
    (tmp_path / "anercorp").mkdir()
    rows = "سمهر\tB-PERS\nزار\tO\nدرنوس\tB-LOC\n\n" * 40 * 60
    (tmp_path / "anercorp" / "train.conll").write_text(rows, "utf-8")
    (tmp_path / "anercorp" / "dev.conll").write_text("سمهر\tB-PERS\n\n", "utf-8")
    names = Names(["وداد نهري"], ["نهر"])
    found = list(corpus_streams("anercorp+dev:2", KNOWN, names, corpora=tmp_path, gold=tmp_path))
    by_name = {stream.name: stream for stream in found}
    assert sorted(by_name) == ["anercorp", "anercorp-dev", "anercorp-held", "anercorp~1", "anercorp~2"]
    n_held = 40 * sum(held_out(f"anercorp-train-{block}") for block in range(60))
    assert n_held > 0
    n_sentences = {name: int((stream.ids == END).sum()) - 1 for name, stream in by_name.items()}
    assert n_sentences == {
        "anercorp": 2400 - n_held,
        "anercorp~1": 2400 - n_held,
        "anercorp~2": 2400 - n_held,
        "anercorp-held": n_held,
        "anercorp-dev": 1,
    }
    assert by_name["anercorp~1"].ids.tolist() != by_name["anercorp"].ids.tolist()


def test_drawn_rows_lie_in_the_text_and_half_begin_at_an_end() -> None:
    torch.manual_seed(0)
    ends = torch.arange(0, 3000, 20)
    rows = finetune_gpu.Rows([1000, 2000], [0.0, 1.0], ends)
    assert rows.drawn == 2000
    drawn = [rows.draw(2048, "cpu") for _ in range(60)]
    assert all(int(at.min()) >= 1000 and int(at.max()) < 3000 for at in drawn)
    assert {at.shape[1] for at in drawn} == set(finetune_gpu._LENGTHS)
    starts = torch.cat([at[:, 0] for at in drawn])
    assert 0.4 < float((starts % 20 == 0).float().mean()) < 0.7


def test_names_are_counted_whole() -> None:
    stream = stream_of("gold", SENTENCES)
    chances = np.zeros((len(stream.ids), len(LABELS)), np.float32)
    chances[np.arange(len(stream.ids)), np.maximum(stream.labels, 0)] = 1
    assert finetune_gpu.f1_of(chances, stream) == "all 100.00, LOC 100.00, PER 100.00"
    first = int(np.flatnonzero(stream.labels == LABEL_IDS["B-PER"])[0])
    chances[first] = np.eye(len(LABELS))[LABEL_IDS["B-ORG"]]
    assert finetune_gpu.f1_of(chances, stream) == "all 80.00, LOC 100.00, PER 80.00"


def test_hidden_places_are_whole_words_but_for_one() -> None:
    torch.manual_seed(0)
    goes_on = torch.tensor([False, True])
    ids = (torch.rand(8, 60) < 0.5).long()
    places = hidden_places(ids, goes_on, 18)
    assert places.shape == (8, 18)
    for row, chosen in zip(ids.tolist(), places.tolist(), strict=True):
        assert len(set(chosen)) == 18
        words = np.cumsum([1 - piece for piece in row])
        partly = [w for w in set(words[chosen]) if not set(np.flatnonzero(words == w)) <= set(chosen)]
        assert len(partly) <= 1


def test_a_run_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    ids = np.random.default_rng(0).integers(4, len(PIECES), 2000).astype(np.uint16)
    run = Run(0.1, 0.2, batch=1, device="cpu")
    first = pretrain(ids, PIECES, TINY, tmp_path, run)
    stored = load_parts(tmp_path)
    assert stored is not None
    assert (stored["step"], stored["seen"]) == (first["step"], first["step"] * LENGTH)
    second = pretrain(ids, PIECES, TINY, tmp_path, run)
    assert second["step"] > first["step"]
    assert second["passed"] >= first["passed"] + 0.1


def test_hidden_pieces_are_learned() -> None:
    ids = torch.arange(4, 20).repeat(2, 4)
    hidden = torch.arange(0, 64, 3).repeat(2, 1)
    torch.manual_seed(0)
    encoder = Encoder(TINY)
    optimizer = torch.optim.AdamW(encoder.parameters(), lr=1e-2)
    losses = []
    for _ in range(40):
        loss = encoder.loss(ids, hidden)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] - 0.5


def test_a_checkpoint_is_in_parts_and_a_shorter_one_leaves_none_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.training.transformer import save_parts

    monkeypatch.setattr("pipeline.training.transformer._PART", 10_000)
    save_parts(tmp_path, {"weights": {"x": torch.ones(20_000)}})
    assert all(path.stat().st_size <= 10_000 for path in tmp_path.iterdir())
    assert len(list(tmp_path.iterdir())) == 5
    save_parts(tmp_path, {"weights": {"x": torch.ones(10)}})
    stored = load_parts(tmp_path)
    assert stored is not None
    assert torch.equal(stored["weights"]["x"], torch.ones(10))


def test_a_plan_tells_what_a_run_would_see() -> None:
    told = plan(Sizes(16_000), Run(540, 1080), 50_000_000, 100)
    assert "million weights" in told
    assert "passes over 50000000 ids" in told


def test_without_a_checkpoint_the_next_step_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no checkpoint there; run pipeline\.training\.pretrain_gpu"):
        pretrained(tmp_path)
    with pytest.raises(ModelError, match=r"no checkpoint there; run pipeline\.training\.finetune_gpu"):
        load_fitted(tmp_path)
    with pytest.raises(ConfigError, match="write transformer:FOLDER"):
        load_transformer("")


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


def test_windows_hold_every_word_of_a_call_in_order_and_fit_the_network(exported: TransformerTagger) -> None:
    rng = np.random.default_rng(0)
    sentences = [["سمهر", "نهري", "قلم"][: rng.integers(0, 4)] * int(rng.integers(1, 120)) for _ in range(60)]
    rows = exported._windows(sentences)
    places = [(i, start + at) for row in rows for i, start, words in row for at in range(len(words))]
    assert places == [(i, at) for i, sentence in enumerate(sentences) for at in range(len(sentence))]
    sizes = [1 + sum(1 + sum(map(len, words)) for _, _, words in row) for row in rows]
    assert max(sizes) <= LENGTH
    assert len(rows) < len(sentences)  # several sentences share a window


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
