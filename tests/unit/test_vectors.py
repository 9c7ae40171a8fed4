from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.errors import ModelError
from pipeline.taggers.vectors import Vectors, as_bytes, from_bytes, quantize

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


@given(arrays(np.float32, (3, 4), elements=st.floats(-8, 8, width=32)), st.integers(1, 5))
def test_matrices_come_back_from_their_file_within_half_a_step_and_other_arrays_in_16_bits(
    tmp_path_factory: pytest.TempPathFactory, matrix: npt.NDArray[np.float32], size: int
) -> None:
    line = np.linspace(-1, 1, size, dtype=np.float32)
    path = tmp_path_factory.mktemp("bytes") / "weights.npz"
    np.savez_compressed(path, **as_bytes({"matrix": matrix, "line": line}))
    with np.load(path) as stored:
        assert {stored[name].itemsize for name in stored.files} == {1, 2}
    found = from_bytes(path)
    assert found.keys() == {"matrix", "line"}
    step = np.abs(matrix).max(axis=1, keepdims=True) / 127
    assert (np.abs(found["matrix"] - matrix) <= 0.51 * step + 1e-5).all()
    assert np.allclose(found["line"], line, atol=1e-3)
