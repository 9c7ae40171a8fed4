"""What comes before fitting a network, on a CPU at a tiny size: pieces, streams of labels, pretraining, checkpoints."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.errors import ConfigError, ModelError
from pipeline.taggers.transformer import load_transformer
from pipeline.taggers.wordpieces import END, LENGTH, UNKNOWN, cut_forms, cut_word, windows
from pipeline.training import distil_gpu, finetune_gpu
from pipeline.training.carried import corpus_streams
from pipeline.training.examples import LABEL_IDS, LABELS
from pipeline.training.pieces import bounded, encode_text, read_parts, write_parts
from pipeline.training.pretrain_gpu import Run, hidden_places, plan, pretrain
from pipeline.training.sources import HEADS, held_out
from pipeline.training.streams import IGNORED, read_streams, write_streams
from pipeline.training.swap import Names
from pipeline.training.transformer import Encoder, Sizes, load_parts, pretrained
from pipeline.training.transformer import load_tagger as load_fitted
from tests.tiny_pieces import KNOWN, PIECES, SENTENCES, WORDS, labels_of, stream_of

pytestmark = pytest.mark.filterwarnings("ignore")  # torch and transformers warn of their own futures

TINY = Sizes(len(PIECES), width=16, layers=2, heads=2)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


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
