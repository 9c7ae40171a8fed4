"""A transformer made narrower: what is cut, and that what is left learns what the whole one does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from pipeline.errors import InputError, ModelError
from pipeline.taggers.transformer import GRAPH_FILE, open_transformer
from pipeline.taggers.wordpieces import LENGTH
from pipeline.training import prune
from pipeline.training.pieces import encode_text, write_parts
from pipeline.training.prune import Lesson, narrowed, sample_of, tagger_in, teach
from pipeline.training.sources import HEADS
from pipeline.training.streams import IGNORED, write_streams
from pipeline.training.transformer import PieceTagger, Sizes, load_tagger
from pipeline.training.transformer_export import build_graph, write_onnx, write_pieces
from tests.tiny_pieces import PIECES, SENTENCES, WORDS, stream_of

pytestmark = pytest.mark.filterwarnings("ignore")  # torch warns of its own future

SIZES = Sizes(len(PIECES), width=16, layers=2, heads=4)
IDS = encode_text(np.array([5, 4, 6, -1, 4, 1, -1, 6, 2, -1], np.int32), WORDS, PIECES)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(4)
    yield
    torch.set_num_threads(before)


def tagger(sizes: Sizes = SIZES) -> PieceTagger:
    """A tagger whose weights are large enough to matter."""
    made = PieceTagger(sizes, 7, 1)
    with torch.no_grad():
        for weights in made.parameters():
            weights.add_(torch.randn(weights.shape) * 0.3)
    made.eval()
    return made


def rows(number: int = 8) -> torch.Tensor:
    return torch.from_numpy(np.tile(IDS, number).astype(np.int64)).view(number, -1)


def test_what_adds_nothing_is_what_is_cut() -> None:
    whole = tagger()
    with torch.no_grad():
        for layer, (head, unit) in zip(whole.encoder.layers, ((1, 3), (2, 40)), strict=True):
            layer.joined.weight[:, 4 * head : 4 * head + 4] = 0
            layer.down.weight[:, unit] = 0
        less = narrowed(whole, rows(), heads=3, inner=63)
        assert less.encoder.layers[0].qkv.weight.shape == (3 * 12, 16)
        assert less.encoder.layers[0].up.weight.shape == (63, 16)
        torch.testing.assert_close(less.eval()(rows()), whole(rows()))
        assert not torch.allclose(narrowed(whole, rows(), heads=2, inner=8).eval()(rows()), whole(rows()))


def test_no_more_can_be_kept_than_there_is() -> None:
    with pytest.raises(ModelError, match="ask for 1 to 4 and 1 to 64"):
        narrowed(tagger(), rows(), heads=5, inner=8)
    with pytest.raises(ModelError, match="ask for 1 to 4 and 1 to 64"):
        narrowed(tagger(), rows(), heads=4, inner=65)
    with pytest.raises(ModelError, match="ask for 1 to 4 and 1 to 64"):
        narrowed(tagger(), rows(), heads=4, inner=0)


def test_a_narrow_tagger_is_exported_and_read_back(tmp_path: Path) -> None:
    narrow = narrowed(tagger(), rows(), heads=3, inner=24).eval()
    write_pieces(narrow, PIECES, tmp_path)
    write_onnx(narrow, tmp_path, tmp_path, trained_on=["gold/train"])
    again = tagger_in(tmp_path / GRAPH_FILE, tmp_path)
    sizes = again.encoder.sizes
    assert (sizes.layers, sizes.heads, sizes.head_size, sizes.inner) == (2, 3, 4, 24)
    session = onnxruntime.InferenceSession(build_graph(again, 0, 7).SerializeToString())
    with torch.no_grad():
        expected = again(rows(2))[:, :, 0].log_softmax(-1).numpy()
        vectors = again.encoder.pieces(rows(2)).numpy()
        far = (again(rows(2)) - narrow(rows(2))).abs().max()
    np.testing.assert_allclose(session.run(None, {"vectors": vectors})[0], expected, atol=1e-4)
    assert far < 0.5  # bytes cost a little
    told = open_transformer(tmp_path, "narrow", tmp_path).probabilities(SENTENCES, ["O", "B-PER"])
    assert [len(one) for one in told] == [len(one) for one in SENTENCES]


def test_the_narrow_one_learns_what_the_whole_one_tells() -> None:
    whole = tagger()
    narrow = narrowed(whole, rows(), heads=2, inner=16).eval()

    def apart() -> float:
        with torch.no_grad():
            known, told = (one(rows())[:, :, 0].softmax(-1) for one in (whole, narrow))
        return float((known - told).abs().mean())

    before = apart()
    raw = torch.from_numpy(np.tile(IDS, 200).astype(np.int32))
    lesson = Lesson(seconds=2, rate=5e-3, batch=256, labelled=0.0)
    teach(narrow, whole, raw, ([stream_of("gold", SENTENCES)], [1.0]), PIECES, lesson)
    assert apart() < before / 2


def test_annotated_labels_win_over_what_the_whole_one_tells() -> None:
    whole = tagger()
    narrow = narrowed(whole, rows(), heads=4, inner=64).eval()
    stream = stream_of("gold", SENTENCES * 50)
    raw = torch.from_numpy(np.tile(IDS, 40).astype(np.int32))
    lesson = Lesson(seconds=3, rate=1e-2, batch=512, labelled=0.9)
    teach(narrow, whole, raw, ([stream], [1.0]), PIECES, lesson)
    ids = torch.from_numpy(stream.ids[:40].astype(np.int64))[None]
    with torch.no_grad():
        told = [one(ids)[0, :, 0].argmax(-1).numpy() for one in (whole, narrow)]
    words = stream.labels[:40] != IGNORED
    right = [(labels[words] == stream.labels[:40][words]).mean() for labels in told]
    assert right[1] > max(0.9, right[0])


def test_a_sample_is_drawn_from_all_over_a_text() -> None:
    raw = torch.arange(LENGTH * 1000 + 7, dtype=torch.int32)
    sample = sample_of(raw)
    assert sample[0, 0] == 0
    assert sample[-1, -1] == LENGTH * 1000 - 1
    assert (sample.diff(dim=1) == 1).all()
    with pytest.raises(InputError, match="raise --limit"):
        sample_of(raw[: LENGTH - 1])


def test_vectors_of_other_pieces_are_refused(tmp_path: Path) -> None:
    whole = tagger()
    write_pieces(whole, PIECES, tmp_path)
    write_onnx(whole, tmp_path, tmp_path, trained_on=["gold/train"])
    write_pieces(tagger(), PIECES, tmp_path / "other")
    with pytest.raises(ModelError, match="made with other pieces"):
        tagger_in(tmp_path / GRAPH_FILE, tmp_path / "other")


def test_the_command_writes_what_can_be_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = tagger()
    write_pieces(whole, PIECES, tmp_path)
    write_onnx(whole, tmp_path, tmp_path, trained_on=["gold/train"])
    write_parts(np.tile(IDS, 3000), tmp_path)
    streams = [stream_of("gold", SENTENCES * 200), stream_of("gold-dev", SENTENCES)]
    write_streams(streams, tmp_path / "labelled.npz", heads=HEADS)
    told = ["--carried", str(tmp_path), "--teacher", str(tmp_path), "--pieces", str(tmp_path)]
    told += ["--output", str(tmp_path / "out"), "--heads", "2", "--inner", "32", "--seconds", "1", "--threads", "1"]
    monkeypatch.setattr("sys.argv", ["prune", *told, "--sources", "gold", "--measure", "gold-dev"])
    prune.main()
    assert load_tagger(tmp_path / "out").encoder.sizes.inner == 32
    monkeypatch.setattr(
        "sys.argv", ["prune", *told, "--start", str(tmp_path / "out"), "--sources", "gold", "--measure"]
    )
    prune.main()
    assert load_tagger(tmp_path / "out").encoder.sizes.inner == 32
    assert "student on gold-dev: all " in capsys.readouterr().out
