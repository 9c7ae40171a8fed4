from pathlib import Path

import numpy as np

from pipeline.training.pieces import END, UNKNOWN, build_pieces, cut_word, encode_text, read_parts, write_parts
from pipeline.training.pretrain_gpu import Sizes, load_parts, pretrain

WORDS = ["نهر", "نهري", "وداد", "ودادي", "سمهر"]


def test_pieces_put_together_are_the_word() -> None:
    pieces = build_pieces(WORDS, [50, 40, 30, 20, 10], 30)
    known = {piece: i for i, piece in enumerate(pieces)}
    for word in [*WORDS, "سمهري", "نداد"]:
        ids = cut_word(word, known)
        assert "".join(pieces[i].removeprefix("+") for i in ids) == word
    assert cut_word("قلم", known) == [UNKNOWN]


def test_encoded_text_survives_its_files(tmp_path: Path) -> None:
    pieces = build_pieces(WORDS, [50, 40, 30, 20, 10], 30)
    ids = encode_text(np.array([-2, 0, 1, -1, 4, -1], np.int32), WORDS, pieces)
    assert (ids == END).sum() == 2
    write_parts(ids, tmp_path)
    assert np.array_equal(read_parts(tmp_path), ids)


def test_a_run_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    ids = np.random.default_rng(0).integers(4, 20, 2000).astype(np.uint16)
    sizes = Sizes(20, width=8, layers=1, heads=2)
    first = pretrain(ids, sizes, tmp_path, seconds=0.3, batch=2, device="cpu", rate=1e-3)
    stored = load_parts(tmp_path)
    assert stored is not None
    assert stored["step"] == first
    assert pretrain(ids, sizes, tmp_path, seconds=0.2, batch=2, device="cpu", rate=1e-3) > first
