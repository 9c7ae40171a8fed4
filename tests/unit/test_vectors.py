from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import ModelError
from pipeline.taggers.vectors import Vectors, quantize

RNG = np.random.default_rng(0)


def tiny() -> Vectors:
    rows = RNG.standard_normal((3, 8)).astype(np.float32)
    buckets = RNG.standard_normal((32, 8)).astype(np.float32)
    return Vectors(["نهر", "سمهر", "."], *quantize(rows), *quantize(buckets))


def test_quantised_rows_are_within_half_a_step() -> None:
    matrix = RNG.standard_normal((20, 16)).astype(np.float32)
    rows, scales = quantize(matrix)
    error = np.abs(rows * scales.astype(np.float32)[:, None] - matrix)
    assert (error <= scales.astype(np.float32)[:, None] * 0.51).all()


def test_every_vector_has_unit_mean_square() -> None:
    vectors = tiny()
    for word in ("نهر", "كلمة لا تعرف", "x"):
        assert np.mean(vectors.of(word) ** 2) == pytest.approx(1, abs=1e-3)


def test_unlisted_words_that_share_their_letters_are_near() -> None:
    vectors = tiny()
    near = vectors.of("قلمدراب") @ vectors.of("قلمدرابي")
    assert near > vectors.of("قلمدراب") @ vectors.of("xyz")


def test_saved_vectors_come_back(tmp_path: Path) -> None:
    vectors = tiny()
    vectors.save(tmp_path)
    again = Vectors.load(tmp_path)
    for word in ("نهر", "قلم"):
        assert np.array_equal(again.of(word), vectors.of(word))


def test_a_folder_whose_files_do_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        Vectors.load(tmp_path)
    tiny().save(tmp_path)
    (tmp_path / "words.txt").write_text("نهر", "utf-8")
    with pytest.raises(ModelError, match="1 words but 3 vectors"):
        Vectors.load(tmp_path)
