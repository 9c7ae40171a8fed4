"""How a run ends when it cannot go on: in good order, saying what to do, and the next call goes on from there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.odd_taggers import DEADLY

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TEXT = "استقبل سالم الوردي اليوم ناصر الحمداني في عمان، وذلك للمرة {} هذا العام."
LIMITED = (
    "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0})); "
    "runpy.run_path(sys.argv.pop(1), run_name='__main__')"
)
HEARING = (  # a job in the background of a script inherits deafness to Ctrl-C
    "import runpy, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "runpy.run_path(sys.argv.pop(1), run_name='__main__')"
)
CONFIG = """
[run]
workers = 1
shard_documents = 4
[output]
report = false
[tagger]
name = "python:odd_taggers:Silent"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for number in range(12):
        (tmp_path / "in" / f"{number}.txt").write_text(TEXT.format(number), encoding="utf-8")
    (tmp_path / "settings.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def command(folder: Path, output: str, *start: str) -> tuple[list[str], dict[str, str]]:
    program = [*start, str(ROOT / "run_pipeline.py"), "run", str(folder / "in")]
    options = ["--output", str(folder / output), "--config", str(folder / "settings.toml")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(HERE)))}
    return [sys.executable, *program, *options], environment


def finish(folder: Path, output: str) -> dict[str, bytes]:
    """The tables after a run that is left alone."""
    arguments, environment = command(folder, output)
    subprocess.run(arguments, env=environment, check=True, capture_output=True)
    files = (path for path in sorted((folder / output).iterdir()) if path.is_file() and path.name != "manifest.json")
    return {path.name: path.read_bytes() for path in files}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs file size limits")
@pytest.mark.parametrize("limit", [500, 9000])
def test_a_full_disk_ends_the_run_with_4_and_costs_no_document(folder: Path, limit: int) -> None:
    arguments, environment = command(folder, "full", "-c", LIMITED.format(limit))
    ended = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 4, ended.stderr
    assert "make room" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert finish(folder, "full") == finish(folder, "whole")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_the_run_in_good_order_and_says_how_to_go_on(folder: Path, sign: signal.Signals) -> None:
    arguments, environment = command(folder, "stopped", "-c", HEARING)
    environment["SLOW"] = "1"  # the tagger waits for the signal
    running = subprocess.Popen(arguments, env=environment, stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    for line in running.stderr:
        if "tagging" in line:
            break
    running.send_signal(sign)
    try:
        told = running.communicate(timeout=60)[1]
    except subprocess.TimeoutExpired:
        running.kill()
        raise
    assert running.returncode == 130, told
    assert "the same command goes on from there" in told
    assert finish(folder, "stopped") == finish(folder, "whole")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_a_document_that_kills_the_run_is_a_row_of_the_next_one(folder: Path) -> None:
    text = f"قال ناصر الحمداني إن هذا {DEADLY} في القاهرة اليوم."
    (folder / "in" / "bad.txt").write_text(text, encoding="utf-8")
    (folder / "settings.toml").write_text(CONFIG.replace("workers = 1", "workers = 0"), encoding="utf-8")
    arguments, environment = command(folder, "out")
    assert subprocess.run(arguments, env=environment, capture_output=True, check=False).returncode == -signal.SIGKILL
    tables = finish(folder, "out")
    assert b"bad," in tables["rejected.csv"]
    assert finish(folder, "out") == tables, "it was tried again, but not in the process of the run"
