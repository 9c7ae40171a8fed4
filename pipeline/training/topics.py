"""Topics of sentences: ``python -m pipeline.training.topics --raw DIR --output DIR``.

Clusters the mean word vectors of sentences of raw text, coarsely and finely, for :mod:`pipeline.taggers.elsewhere`. A
minute of one core.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from pipeline.taggers.elsewhere import TOPICS_FILE, Topics, write_topics
from pipeline.taggers.vectors import Vectors
from pipeline.training.clusters import find_centres
from pipeline.training.evidence import draw

SIZES = (12, 48)
_LEAST_WORDS = 12
_EVERY = 3  # sentences of a document, of which one is taken


def main() -> None:
    """Draw, cluster and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--words", type=Path, default=Path("models/words"))
    parser.add_argument("--sentences", type=int, default=15_000)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    vectors = Vectors.load(options.words, subwords=False)
    topics = Topics(vectors, np.zeros(vectors.size, np.float32), ())
    rows: list[np.ndarray] = []
    for document in draw(options.raw, options.seed):
        rows += [topics.vector(words) for words in document[::_EVERY] if len(words) >= _LEAST_WORDS]
        if len(rows) >= options.sentences:
            break
    found = np.stack(rows)
    mean = found.mean(0)
    units = found - mean
    units /= np.linalg.norm(units, axis=1, keepdims=True) + 1e-8
    options.output.mkdir(parents=True, exist_ok=True)
    write_topics(mean, [find_centres(units, size) for size in SIZES], options.output / TOPICS_FILE)
    print(f"{len(rows)} sentences, {options.output}")


if __name__ == "__main__":
    main()
