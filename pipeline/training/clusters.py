"""Word clusters for the CRF: ``python -m pipeline.training.clusters --vectors E.npy --words vocab.txt --output DIR``.

Row *n* of the vectors belongs to line *n* of the words, the most frequent first. Spherical k-means at several sizes,
learned on the most frequent words; a word's path joins its cluster numbers from coarse to fine.
"""

from __future__ import annotations

import argparse
import lzma
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.taggers.crf import CLUSTERS_FILE
from pipeline.training.cards import write_card

Vectors = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

SIZES = (64, 256, 1024)
N_WORDS = 150_000
N_LEARNED_ON = 60_000
_ITERATIONS = 10
_BLOCK = 8192


def nearest(vectors: Vectors, centres: Vectors) -> Numbers:
    """The number of the nearest centre by cosine for each row; all rows and centres of length one."""
    blocks = [(vectors[i : i + _BLOCK] @ centres.T).argmax(1) for i in range(0, len(vectors), _BLOCK)]
    return np.concatenate(blocks)


def find_centres(vectors: Vectors, size: int, seed: int = 0) -> Vectors:
    """The centres of ``size`` clusters of the rows: spherical k-means."""
    centres = vectors[np.random.default_rng(seed).choice(len(vectors), size, replace=False)]
    for _ in range(_ITERATIONS):
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest(vectors, centres), vectors)
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(norms > 0, sums / np.maximum(norms, 1e-8), centres)
    return centres


def find_clusters(vectors: Vectors, size: int, n_learned_on: int = N_LEARNED_ON, seed: int = 0) -> Numbers:
    """A cluster number for each row: centres of the first rows, and the nearest of them for all."""
    return nearest(vectors, find_centres(vectors[:n_learned_on], size, seed))


def write_clusters(words: Sequence[str], vectors: Vectors, output: Path, sizes: Sequence[int] = SIZES) -> None:
    """Write ``word TAB path`` lines, xz-packed."""
    centred = vectors - vectors[:20_000].mean(0)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True) + 1e-8
    columns = [find_clusters(centred, size) for size in sizes]
    with lzma.open(output, "wt", encoding="utf-8", preset=9) as lines:
        for word, path in zip(words, zip(*columns, strict=True), strict=True):
            if word.strip() and "\t" not in word:
                lines.write(f"{word}\t{'.'.join(map(str, path))}\n")


def main() -> None:
    """Cluster the vectors named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=Path, required=True)
    parser.add_argument("--words", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    words = options.words.read_text("utf-8").split("\n")[:N_WORDS]
    vectors = np.load(options.vectors, mmap_mode="r")[: len(words)].astype(np.float32)
    options.output.mkdir(parents=True, exist_ok=True)
    write_clusters(words, vectors, options.output / CLUSTERS_FILE)
    sizes = ", ".join(map(str, SIZES))
    notes = f"{len(words)} words in {sizes} clusters by k-means on their vectors"
    write_card(options.output, kind="clusters", trained_on=["corpora/raw"], notes=notes)


if __name__ == "__main__":
    main()
