"""The most memory that a worker can come to: documents whose words nobody has seen fill every cache to its bound.

``python -m benchmarks.ceiling [--words 240000]``: prints memory after each ten thousand new words; it ends flat.
"""

from __future__ import annotations

import argparse
import os
import random

_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_SENTENCES, _DOCUMENTS = 40, 25


def main() -> None:
    """Analyse documents of invented words until there were enough of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, default=240_000)
    options = parser.parse_args()
    os.environ["LIQA_THREADS"] = "1"  # as a worker
    from benchmarks.soak import memory_of
    from pipeline.run import map_unit
    from pipeline.schema import Document

    rng = random.Random(1)  # noqa: S311 -- the same words every time
    n_words = 0
    while n_words < options.words:
        texts = [" ".join(_sentence(rng) for _ in range(_SENTENCES)) for _ in range(_DOCUMENTS)]
        map_unit("default", [Document(f"{n_words}-{number}", text) for number, text in enumerate(texts)])
        n_words += _DOCUMENTS * _SENTENCES * 10
        peak, now = memory_of(os.getpid()) or (0, 0)
        print(f"{n_words:,} new words: {now:,} MiB now, {peak:,} MiB at most", flush=True)


def _sentence(rng: random.Random) -> str:
    """A meeting of ten words that are new."""
    a, b, c, d, e, place, *rest = ("".join(rng.choices(_LETTERS, k=rng.randint(4, 9))) for _ in range(10))
    met = f"التقى وزير {a} {b} {c} نظيره {d} {e} في مدينة {place} يوم الأحد، وقال {rest[0]} إن"
    return f"{met} {' '.join(rest[1:])}."


if __name__ == "__main__":
    main()
