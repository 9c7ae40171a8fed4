"""Word and subword vectors: ``python -m pipeline.training.skipgram --text DIR --output DIR [--listed N]``.

Reads the files of :mod:`pipeline.training.rawtext`. Writes ``full.npy`` (the vector of every form, for pretraining)
beside them, and to ``--output`` the shipped ``words.txt`` and arrays (:class:`pipeline.taggers.vectors.Vectors`).
Fifteen minutes on two cores for five passes over 50 million words. Needs a C compiler (``cc``). Runs of several
threads differ.
"""

from __future__ import annotations

import argparse
import ctypes
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.errors import ConfigError
from pipeline.taggers.inputs import subword_buckets
from pipeline.taggers.vectors import Vectors, quantize

SIZE = 128  # as in skipgram.c
N_BUCKETS = 1 << 16
MIN_COUNT = 5
FREQUENT = 1e-4  # words more frequent than this are sampled down, as in word2vec

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows make up each form: ``rows[first[i]:first[i + 1]]``; rows of listed words first, then the buckets."""

    first: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    n_listed: int


def rows_of(words: list[str], n_listed: int) -> Rows:
    """The rows of each word: its own where it is listed, and those of its n-grams."""
    first = np.zeros(len(words) + 1, np.int64)
    rows: list[int] = []
    for i, word in enumerate(words):
        if i < n_listed:
            rows.append(i)
        rows.extend(n_listed + bucket for bucket in subword_buckets(word, N_BUCKETS))
        first[i + 1] = len(rows)
    return Rows(first, np.array(rows, np.int32), n_listed)


def _library(folder: Path) -> ctypes.CDLL:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise ConfigError("skip-gram training needs a C compiler and there is none; install gcc or clang")
    target = folder / "skipgram.so"
    source = Path(__file__).with_name("skipgram.c")
    # not -ffast-math: a library linked with it makes its whole process take subnormal numbers for zero
    loose = ["-fno-math-errno", "-fno-trapping-math", "-fno-signed-zeros", "-fassociative-math"]
    flags = ["-O3", "-march=native", *loose, "-fPIC", "-shared"]
    subprocess.run([compiler, *flags, "-o", str(target), str(source), "-lm", "-lpthread"], check=True)
    return ctypes.CDLL(str(target))


def train(
    text: npt.NDArray[np.int32],
    counts: npt.NDArray[np.int64],
    rows: Rows,
    *,
    epochs: int,
    threads: int,
    rate: float = 0.05,
) -> Floats:
    """The trained input rows (listed words, then buckets)."""
    rng = np.random.default_rng(0)
    inputs = ((rng.random((rows.n_listed + N_BUCKETS, SIZE), np.float32) - 0.5) / SIZE).astype(np.float32)
    outputs = np.zeros((rows.n_listed, SIZE), np.float32)
    share = FREQUENT / np.maximum(counts / counts.sum(), 1e-12)
    keep = np.minimum(1.0, np.sqrt(share) + share).astype(np.float32)
    weight = counts[: rows.n_listed].astype(np.float64) ** 0.75
    noise = rng.choice(rows.n_listed, size=10_000_000, p=weight / weight.sum()).astype(np.int32)
    arrays = [np.ascontiguousarray(a) for a in (text, keep, rows.first, rows.rows, inputs, outputs, noise)]
    at = [a.ctypes.data_as(ctypes.c_void_p) for a in arrays]
    with tempfile.TemporaryDirectory() as folder:
        _library(Path(folder)).train(
            at[0], ctypes.c_int64(len(text)), at[1], at[2], at[3], at[4], at[5], ctypes.c_int32(rows.n_listed), at[6],
            ctypes.c_int64(len(noise)), ctypes.c_int(epochs), ctypes.c_float(rate), ctypes.c_int(threads),
        )  # fmt: skip
    trained: Floats = arrays[4]
    return trained


def compose(inputs: Floats, rows: Rows) -> Floats:
    """The vector of every form: the mean of its rows, scaled to a mean square of one."""
    n = len(rows.first) - 1
    full = np.zeros((n, SIZE), np.float32)
    for start in range(0, n, 50_000):
        end = min(n, start + 50_000)
        picked = inputs[rows.rows[rows.first[start] : rows.first[end]]]
        sums = np.add.reduceat(picked, rows.first[start:end] - rows.first[start], axis=0)
        full[start:end] = sums / np.diff(rows.first[start : end + 1])[:, None]
    scale = np.sqrt(SIZE) / np.maximum(np.linalg.norm(full, axis=1, keepdims=True), 1e-6)
    scaled: Floats = (full * scale).astype(np.float32)
    return scaled


def main() -> None:
    """Train on the encoded text and write the full and the shipped vectors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--listed", type=int, default=30_000, help="words that keep a vector of their own when shipped")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    words = (options.text / "vocabulary.txt").read_text("utf-8").split("\n")
    counts = np.load(options.text / "counts.npy")
    rows = rows_of(words, int((counts >= MIN_COUNT).sum()))
    text = np.load(options.text / "corpus.npy")
    inputs = train(text, counts, rows, epochs=options.epochs, threads=options.threads)
    full = compose(inputs, rows)
    options.output.mkdir(parents=True, exist_ok=True)
    np.save(options.text / "full.npy", full)  # beside the text, for a model's card names every file of its folder
    n_listed = min(options.listed, rows.n_listed)
    shipped = Vectors(words[:n_listed], *quantize(full[:n_listed]), *quantize(inputs[rows.n_listed :]))
    shipped.save(options.output)
    print(f"{len(words)} forms, {n_listed} listed, {options.output}")


if __name__ == "__main__":
    main()
