"""What a run costs as the corpus grows: speed, peak memory of each process, seconds of each phase and stage, bytes.

``python -m benchmarks.soak CORPUS [--documents 2000 8000 32000] [--workers 2]``: CORPUS is a folder of ``.txt.xz``
files whose documents stand in ``<doc id= date= title=>`` blocks. For each size a run reads that many documents, drawn
in turn from all the files; ``--all`` instead runs over the whole folder once. Nothing is kept, unless ``--keep``.
"""

from __future__ import annotations

import argparse
import json
import lzma
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run each size and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, nargs="+", default=[2000, 8000, 32000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--all", action="store_true", help="the whole folder, once")
    parser.add_argument("--keep", type=Path, help="folder for the outputs")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="liqa-soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if options.all:
            show(measure(options.corpus, folder / "all", options.workers))
        for n_documents in [] if options.all else options.documents:
            source = folder / f"{n_documents}.txt"
            write_subset(options.corpus, n_documents, source)
            show(measure(source, folder / str(n_documents), options.workers))
    finally:
        if not options.keep:
            shutil.rmtree(folder)


def write_subset(corpus: Path, n_documents: int, place: Path) -> None:
    """The first documents of each file in turn, until there are enough."""
    with place.open("w", encoding="utf-8", newline="") as out:
        readers = [blocks(path) for path in sorted(corpus.glob("*.txt.xz"))]
        if not readers:
            raise SystemExit(f"{corpus}: no .txt.xz file; name the folder of the raw corpus")
        written = 0
        while readers and written < n_documents:
            for reader in list(readers):
                block = next(reader, None)
                if block is None:
                    readers.remove(reader)
                elif written < n_documents:
                    out.write(block)
                    written += 1


def blocks(path: Path) -> Iterator[str]:
    """Each ``<doc>`` block of the file, as it stands."""
    lines: list[str] = []
    with lzma.open(path, "rt", encoding="utf-8", newline="") as stream:
        for line in stream:
            lines.append(line)
            if line.startswith("</doc>"):
                yield "".join(lines)
                lines.clear()


def measure(source: Path, output: Path, workers: int) -> dict[str, Any]:
    """One run in a process of its own; its manifest, with bytes and wall-clock seconds added."""
    command = [sys.executable, str(ROOT / "run_pipeline.py"), "run", str(source), "--output", str(output), "--fresh"]
    began = time.perf_counter()
    subprocess.run([*command, "--workers", str(workers)], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    manifest: dict[str, Any] = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    shards = sum(path.stat().st_size for path in (output / ".work").rglob("*") if path.is_file())
    whole = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
    words = n_words(output)
    return {**manifest, "wall": time.perf_counter() - began, "bytes": {"work": shards, "all": whole}, "words": words}


def n_words(output: Path) -> int:
    """Words of all the documents that the run read."""
    import duckdb

    row = duckdb.execute(f"SELECT sum(n_words) FROM read_parquet('{output / 'documents.parquet'}')").fetchone()  # noqa: S608
    return int(row[0]) if row and row[0] else 0


def show(made: dict[str, Any]) -> None:
    """The figures of one run, in lines."""
    n_in, words, wall = made["documents"]["in"], made["words"], made["wall"]
    seconds, stages, peak = made["seconds"], made["cpu_seconds"], made["peak_memory_mb"]
    cpu = sum(stages.values()) - stages.get("load", 0.0)
    mapped = seconds["map"]
    print(f"documents     {n_in:,} in, {made['documents']['out']:,} out, {made['documents']['rejected']:,} rejected")
    print(f"whole run     {wall:,.1f} s, {n_in / wall:,.1f} documents/s, {words / wall:,.0f} words/s")
    print(f"map           {mapped:,.1f} s, {words / mapped:,.0f} words/s; {words / cpu:,.0f} words a CPU second")
    print("phases, s     " + ", ".join(f"{name} {value:,.1f}" for name, value in seconds.items()))
    shares = sorted(stages.items(), key=lambda row: -row[1])
    print("stages, CPU   " + ", ".join(f"{name} {value / cpu:.1%}" for name, value in shares if name != "load"))
    print(f"peak memory   {peak['map']:,} MiB the largest worker, {peak['reduce']:,} MiB the run itself")
    work, whole = made["bytes"]["work"], made["bytes"]["all"]
    print(f"bytes         {work / n_in:,.0f} a document in shards and journal, {whole / n_in:,.0f} in all")
    print(f"entities      {made['counts']['entities']:,}; merges {made['counts']['merges']:,}\n")


if __name__ == "__main__":
    main()
