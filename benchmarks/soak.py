"""What a run costs as the corpus grows: speed, peak memory of each process, seconds of each phase and stage, bytes.

``python -m benchmarks.soak CORPUS [--documents 2000 8000 32000] [--workers 2]``: CORPUS is a folder of ``.txt.xz``
files whose documents stand in ``<doc id= date= title=>`` blocks. For each size a run reads that many documents, drawn
in turn from all the files; ``--all`` instead runs over the whole folder once, and ``--resume`` goes on with such a run
that was ended. Nothing is kept, unless ``--keep``. Where the system has ``/proc``, each process is looked at every
five seconds, so that one run tells its memory at a sixteenth, a quarter and all of its documents.
"""

from __future__ import annotations

import argparse
import json
import lzma
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_LOOK_SECONDS = 5.0


def main() -> None:
    """Run each size and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, nargs="+", default=[2000, 8000, 32000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--all", action="store_true", help="the whole folder, once")
    parser.add_argument("--resume", action="store_true", help="with --all and --keep: go on")
    parser.add_argument("--keep", type=Path, help="folder for the outputs")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="liqa-soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if options.all:
            show(measure(options.corpus, folder / "all", options.workers, fresh=not options.resume))
        for n_documents in [] if options.all else options.documents:
            source = folder / f"{n_documents}.txt"
            write_subset(options.corpus, n_documents, source)
            show(measure(source, folder / str(n_documents), options.workers))
    finally:
        if not options.keep:
            shutil.rmtree(folder)


def write_subset(corpus: Path, n_documents: int, place: Path) -> None:
    """The first documents of each file in turn, until there are enough."""
    paths = sorted(corpus.glob("*.txt.xz"))
    if not paths:
        raise SystemExit(f"{corpus}: no .txt.xz file; name the folder of the raw corpus")
    with place.open("w", encoding="utf-8", newline="") as out:
        out.writelines(islice(in_turn(map(blocks, paths)), n_documents))


def in_turn(sources: Iterable[Iterator[str]]) -> Iterator[str]:
    """What the sources give, one of each in turn, until all are at their end."""
    for row in zip_longest(*sources):
        yield from (text for text in row if text is not None)


def blocks(path: Path) -> Iterator[str]:
    """Each ``<doc>`` block of the file, as it stands."""
    lines: list[str] = []
    with lzma.open(path, "rt", encoding="utf-8", newline="") as stream:
        for line in stream:
            lines.append(line)
            if line.startswith("</doc>"):
                yield "".join(lines)
                lines.clear()


def measure(source: Path, output: Path, workers: int, *, fresh: bool = True) -> dict[str, Any]:
    """One run in a process of its own; its manifest, with bytes, wall-clock seconds and memory on the way added."""
    command = [sys.executable, str(ROOT / "run_pipeline.py"), "run", str(source), "--output", str(output)]
    command += ["--workers", str(workers), *(["--fresh"] if fresh else [])]
    began = time.perf_counter()
    watch = Watch(output)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            watch.look(process.pid, time.perf_counter() - began)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_LOOK_SECONDS)
    wall = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(process.returncode)
    manifest: dict[str, Any] = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    shards = sum(path.stat().st_size for path in (output / ".work").rglob("*") if path.is_file())
    whole = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
    more = {"wall": wall, "bytes": {"work": shards, "all": whole}, "words": n_words(output), "looks": watch.looks}
    return {**manifest, **more}


class Watch:
    """Memory of a run and its workers as it goes on, kept in ``soak.jsonl`` beside its tables too."""

    def __init__(self, output: Path) -> None:
        self.looks: list[dict[str, float]] = []
        self._output = output
        self._largest = 0

    def look(self, process: int, seconds: float) -> None:
        """Note documents committed, and peak and present memory in MiB of the run and of its largest worker."""
        run, workers = memory_of(process), [memory_of(child) for child in children_of(process)]
        journal = self._output / ".work" / "journal.sqlite"
        if not run or not journal.exists():
            return
        row: dict[str, float] = {"seconds": round(seconds, 1), "documents": n_committed(journal)}
        row |= {"run_peak": run[0], "run_now": run[1], "workers": len(workers)}
        self._largest = max(self._largest, *(memory[0] for memory in workers if memory), 0)
        row |= {"worker_peak": self._largest, "worker_now": max((memory[1] for memory in workers if memory), default=0)}
        self.looks.append(row)
        with (self._output / "soak.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row) + "\n")


def memory_of(process: int) -> tuple[int, int] | None:
    """Peak and present memory of a process in MiB, None where it is gone or the system does not tell."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    found = {line.split(":")[0]: int(line.split()[1]) >> 10 for line in lines if line.startswith(("VmHWM", "VmRSS"))}
    return (found["VmHWM"], found["VmRSS"]) if len(found) == 2 else None


def children_of(process: int) -> list[int]:
    """The processes that it started."""
    found: list[int] = []
    for place in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += map(int, place.read_text(encoding="utf-8").split())
        except OSError:
            continue
    return found


def n_committed(journal: Path) -> int:
    """Documents that the journal holds."""
    base = sqlite3.connect(f"file:{journal}?mode=ro", uri=True, timeout=30.0)
    try:
        return int(base.execute("SELECT count(*) FROM documents").fetchone()[0])
    except sqlite3.OperationalError:  # not made yet, or being written
        return 0
    finally:
        base.close()


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
    for part in (16, 4, 1):
        row = next((row for row in made["looks"] if row["documents"] * part >= n_in), None)
        if row is not None:
            told = f"{row['worker_peak']:,} MiB the largest worker, {row['run_peak']:,} MiB the run itself"
            print(f"at {row['documents']:,} documents, {row['seconds']:,.0f} s: {told}")
    work, whole = made["bytes"]["work"], made["bytes"]["all"]
    print(f"bytes         {work / n_in:,.0f} a document in shards and journal, {whole / n_in:,.0f} in all")
    print(f"entities      {made['counts']['entities']:,}; merges {made['counts']['merges']:,}\n")


if __name__ == "__main__":
    main()
