"""The whole path, raw text to tables, beside what CAMeL's and stanza's name taggers alone need for the same text.

``python -m benchmarks.end_to_end [--input FOLDER] [--words 500000]``: the folder's texts, over again under new names
until there are so many words, go through ``liqa run``; the peers tag a smaller part of them, as in
``benchmarks.tagging``, with as many threads as the run has workers. Prints words per second and the ratios.
A folder of ``.txt.xz`` files, as :mod:`benchmarks.soak` reads them, gives documents of each file in turn, none twice.
The sample articles all tell of meetings, which cost the most; a raw corpus is what an archive is like.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.soak import in_turn, measure, show
from pipeline.training.rawtext import read_documents

ROOT = Path(__file__).resolve().parent.parent
TARGETS = {"camel": 100, "stanza": 30}


def main() -> None:
    """Measure the run and the peers one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", type=Path, default=ROOT / "data" / "raw", help="folder of .txt files, or of .txt.xz")
    parser.add_argument("--words", type=int, default=500_000)
    parser.add_argument("--slow-words", type=int, default=800)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liqa-bench-") as name:
        folder = Path(name)
        write_articles(options.input, options.words, folder / "in")
        made = measure(folder / "in", folder / "out", options.workers)
        slow = peers(folder / "in", options)
    show(made)
    ours = made["words"] / made["wall"]
    for peer, speed in slow.items():
        print(f"{peer:8}{speed:8.0f} words/s, names alone; ours: {ours / speed:,.0f} times, target {TARGETS[peer]}")


def write_articles(source: Path, n_words: int, folder: Path) -> None:
    """As many of the source's texts as have so many words, a file each; all of them, where there are not so many."""
    folder.mkdir()
    written = 0
    for number, text in enumerate(_texts(source)):
        if written >= n_words:
            return
        (folder / f"{number:06}.txt").write_text(text, encoding="utf-8")
        written += len(text.split())


def _texts(source: Path) -> Iterator[str]:
    """The articles again and again, each time with a line that tells them apart; or a raw corpus's documents, once."""
    articles = [path.read_text(encoding="utf-8") for path in sorted(source.glob("*.txt"))]
    for number, article in enumerate(itertools.cycle(articles)):
        yield f"{article}\nالعدد {number}\n"
    corpora = sorted(source.glob("*.txt.xz"))
    if not corpora:
        raise SystemExit(f"{source}: no .txt or .txt.xz file; name a folder of articles with --input")
    yield from in_turn(map(read_documents, corpora))


def peers(articles: Path, options: argparse.Namespace) -> dict[str, float]:
    """Words per second of each peer on the same articles."""
    command = [sys.executable, "-m", "benchmarks.tagging", "--taggers", *TARGETS, "--threads", str(options.workers)]
    command += ["--slow-words", str(options.slow_words), "--input", str(articles)]
    told = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout
    rows = (line.split() for line in told.splitlines()[1:])
    return {row[0]: float(row[1]) for row in rows if row and row[0] in TARGETS and row[1].isdigit()}


if __name__ == "__main__":
    main()
