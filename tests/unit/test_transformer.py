"""The way with a GPU, each step on a CPU at a tiny size: pieces, pretraining, fitting, opinions, both exports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.errors import ConfigError, ModelError
from pipeline.models import load_tagger
from pipeline.taggers.camel import load_camel
from pipeline.taggers.transformer import TransformerTagger, load_transformer
from pipeline.taggers.wordpieces import END, LENGTH, UNKNOWN, cut_forms, cut_word, windows
from pipeline.training import finetune_gpu, pretrain_gpu
from pipeline.training.cuts import cut_sentence, read_cuts, read_heads, read_text, write_cuts
from pipeline.training.examples import LABEL_IDS, LABELS
from pipeline.training.pieces import bounded, build_pieces, encode_text, read_parts, write_parts
from pipeline.training.pretrain_gpu import Run, hidden_places, plan, pretrain
from pipeline.training.sources import HEADS
from pipeline.training.transformer import Encoder, PieceTagger, Sizes, load_parts, pretrained
from pipeline.training.transformer import load_tagger as load_fitted
from pipeline.training.transformer_export import calibration_of, write_bert, write_onnx

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


def test_cut_sentences_survive_their_file(tmp_path: Path) -> None:
    cuts = [
        c for s in SENTENCES for c in cut_sentence(s, [LABEL_IDS[x] for x in labels_of(s)], KNOWN, 2, 1.5, held=True)
    ]
    assert write_cuts(cuts, tmp_path / "x.npz", heads=HEADS, text=[" ".join(s) for s in SENTENCES]) == len(SENTENCES)
    assert read_cuts(tmp_path / "x.npz") == cuts
    assert read_heads(tmp_path / "x.npz") == list(HEADS)
    assert read_text(tmp_path / "x.npz") == [list(s) for s in SENTENCES]


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
    """The two commands of a machine with a GPU, run on the CPU over a folder that was carried there."""
    folder = tmp_path_factory.mktemp("gpu")
    ids = np.tile(encode_text(np.array([5, 4, 6, -1, 4, 1, -1, 6, 2, -1], np.int32), WORDS, PIECES), 100)
    (folder / "pieces.txt").write_text("\n".join(PIECES), "utf-8")
    write_parts(ids, folder)
    gold = HEADS.index("gold")
    for held in (False, True):
        cuts = [
            cut
            for s in SENTENCES * (1 if held else 8)
            for cut in cut_sentence(s, [LABEL_IDS[x] for x in labels_of(s)], KNOWN, gold, 1.0, held)
        ]
        write_cuts([*(read_cuts(folder / "labelled.npz") if held else []), *cuts], folder / "labelled.npz", heads=HEADS)
    raw = [c for s in SENTENCES for c in cut_sentence(s, (), KNOWN, 0, 1.0, held=False)]
    write_cuts(raw, folder / "raw.npz", text=[" ".join(s) for s in SENTENCES])
    shape = ["--device", "cpu", "--batch", "2", "--width", "16", "--layers", "2", "--heads", "2"]
    fit = ["--device", "cpu", "--batch", "60", "--seeds", "1", "2", "--epochs", "60", "--rate", "5e-3"]
    with pytest.MonkeyPatch.context() as patch:
        where = ["--text", str(folder), "--output", str(folder / "pretrained")]
        patch.setattr("sys.argv", ["pretrain_gpu", *where, *shape, "--seconds", "1"])
        pretrain_gpu.main()
        where = ["--carried", str(folder), "--pretrained", str(folder / "pretrained"), "--output", str(folder / "out")]
        patch.setattr("sys.argv", ["finetune_gpu", *where, *fit, "--seconds", "60"])
        finetune_gpu.main()
    return folder


def test_the_teachers_opinion_on_raw_text_is_silver_for_the_recipe(fitted: Path) -> None:
    with np.load(fitted / "out" / "silver.npz", allow_pickle=False) as stored:
        text, ends, soft = str(stored["text"]), stored["ends"].tolist(), stored["soft"]
    assert text.split("\n") == [" ".join(s) for s in SENTENCES]
    assert ends == np.cumsum([len(s) for s in SENTENCES]).tolist()
    assert [LABELS[i] for i in soft.argmax(1)] == [label for s in SENTENCES for label in labels_of(s)]


def test_a_seed_that_was_fitted_is_not_fitted_again(fitted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> PieceTagger:
        raise AssertionError("it was fitted again")

    monkeypatch.setattr(finetune_gpu, "fit_tagger", refuse)
    where = ["--carried", str(fitted), "--pretrained", str(fitted / "pretrained"), "--output", str(fitted / "out")]
    monkeypatch.setattr("sys.argv", ["finetune_gpu", *where, "--device", "cpu", "--seeds", "1", "2"])
    finetune_gpu.main()


@pytest.fixture(scope="module")
def exported(fitted: Path) -> TransformerTagger:
    write_onnx(load_fitted(fitted / "out" / "tagger-1"), PIECES, fitted / "onnx", trained_on=["gold/train"])
    curve = calibration_of(fitted / "onnx", [(s, labels_of(s)) for s in SENTENCES])
    tagger = load_fitted(fitted / "out" / "tagger-1")
    write_onnx(tagger, PIECES, fitted / "onnx", trained_on=["gold/train"], calibration=curve)
    return load_transformer(str(fitted / "onnx"))


def test_the_graph_in_bytes_says_what_the_fitted_tagger_says(fitted: Path, exported: TransformerTagger) -> None:
    every = [*SENTENCES, (), ("سمهر", "قلم") * 200]
    assert [len(p.labels) for p in exported.predict(every)] == [len(s) for s in every]
    assert [list(p.labels) for p in exported.predict(SENTENCES)] == [labels_of(s) for s in SENTENCES]
    cuts = [c for s in SENTENCES for c in cut_sentence(s, (), KNOWN, 0, 1.0, held=False)]
    own = finetune_gpu.opinions(load_fitted(fitted / "out" / "tagger-1"), cuts, "cpu", HEADS.index("gold"))
    for rows, graph in zip(own, exported.probabilities(SENTENCES, LABELS[:7]), strict=True):
        assert np.abs(rows[:, :7] / rows[:, :7].sum(1, keepdims=True) - graph).max() < 0.05


def test_a_bert_folder_says_what_the_fitted_tagger_says(fitted: Path) -> None:
    write_bert(load_fitted(fitted / "out" / "tagger-1"), PIECES, fitted / "bert")
    camel = load_camel(str(fitted / "bert"))
    assert [list(p.labels) for p in camel.predict(SENTENCES)] == [labels_of(s) for s in SENTENCES]
    library: list[list[str]] = camel._recognizer.predict([list(s) for s in SENTENCES])
    assert [[label.replace("PERS", "PER") for label in row] for row in library] == [labels_of(s) for s in SENTENCES]
    long = camel.predict([("سمهر", "نهري") * 200])[0]
    assert len(long.labels) == 400
    cuts = [c for s in SENTENCES for c in cut_sentence(s, (), KNOWN, 0, 1.0, held=False)]
    own = finetune_gpu.opinions(load_fitted(fitted / "out" / "tagger-1"), cuts, "cpu", HEADS.index("gold"))
    for rows, prediction in zip(own, camel.predict(SENTENCES), strict=True):
        best = (rows[:, :7] / rows[:, :7].sum(1, keepdims=True)).max(1)
        assert np.abs(best - np.array(prediction.confidences)).max() < 0.02


def test_the_graph_needs_no_torch(fitted: Path, exported: TransformerTagger) -> None:
    code = (
        "import sys; from pipeline.models import load_tagger; load_tagger(sys.argv[1]); print('torch' in sys.modules)"
    )
    name = f"transformer:{fitted / 'onnx'}"
    answer = subprocess.run([sys.executable, "-c", code, name], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
    assert load_tagger(name).predict(SENTENCES) == exported.predict(SENTENCES)


def test_the_commands_for_the_gpu_need_torch_and_numpy_alone() -> None:
    code = "import sys; import pipeline.training.pretrain_gpu, pipeline.training.finetune_gpu; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"camel_tools", "onnx", "onnxruntime", "pandas", "duckdb"} & set(answer.stdout.split())
