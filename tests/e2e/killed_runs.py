"""Runs that are killed: a process of its own, so that each run is a cheap fork with the model already loaded.

Called as ``python killed_runs.py INPUTS FOLDER N_FOLDERS``. A first run, left alone, counts the calls that it makes.
Prints a line for each run that was to be killed, and at last how many were.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import duckdb  # noqa: F401 -- imported before the forks, so that each is cheap
import pyarrow.parquet  # noqa: F401 -- as above

from pipeline import outputs, reduce  # noqa: F401 -- as above
from pipeline.config import Config, with_settings
from pipeline.run import map_unit, run
from pipeline.schema import Document

CONFIG = with_settings(with_settings(Config(), "run", workers=1, shard_documents=2), "output", report=False)


def counted_run(inputs: str, output: Path, kill_after: int | None) -> int:
    """Calls made by Python code in a run; with ``kill_after`` it dies of SIGKILL at that call."""
    n_calls = 0

    def at_call(*_: Any) -> None:
        nonlocal n_calls
        n_calls += 1
        if n_calls == kill_after:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(at_call)
    try:
        run([inputs], output, CONFIG)
    finally:
        sys.setprofile(None)
    return n_calls


def forked(inputs: str, output: Path, kill_after: int | None, tell: Path | None = None) -> int:
    """The run in a child process; its wait status."""
    child = os.fork()
    if child == 0:
        n_calls = counted_run(inputs, output, kill_after)
        if tell is not None:
            tell.write_text(str(n_calls), encoding="utf-8")
        os._exit(0)
    return os.waitpid(child, 0)[1]


def main(inputs: str, folder: Path, n_folders: int) -> int:
    """Number of runs killed: two in each folder, at moments spread over the whole run, and then a run left alone."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(inputs).iterdir())]
    map_unit("default", [Document(str(number), text) for number, text in enumerate(texts)])  # loads what a run needs
    forked(inputs, folder / "whole", None, folder / "n_calls")
    n_calls = int((folder / "n_calls").read_text(encoding="utf-8"))
    n_killed = 0
    for number in range(n_folders):
        output = folder / f"killed{number}"
        first = n_calls * (2 * number + 1) // (2 * n_folders)
        second = n_calls * (number + 1) // (3 * n_folders)  # what was done is not done again, so this run is shorter
        for moment in (first, second):
            ended = forked(inputs, output, moment)
            killed = os.WIFSIGNALED(ended) and os.WTERMSIG(ended) == signal.SIGKILL
            sys.stdout.write(f"folder {number}, call {moment} of {n_calls}: {'killed' if killed else 'ended before'}\n")
            n_killed += killed
        forked(inputs, output, None)
    return n_killed


if __name__ == "__main__":
    sys.stdout.write(f"{main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))}\n")
