"""A real scheduler and two worker processes on loopback; one is killed in the middle, and no byte differs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pipeline.config import Config, with_settings
from pipeline.engines.dask import _next, _room
from pipeline.errors import ConfigError
from pipeline.run import map_unit, run

pytest.importorskip("distributed")

ROOT = Path(__file__).resolve().parents[2]
TEXT = "استقبل سالم الوردي اليوم ناصر الحمداني في عمان، وذلك للمرة {} هذا العام."
SMALL = with_settings(with_settings(Config(), "run", workers=1, shard_documents=2), "output", report=False)


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(24):
        (folder / f"{number}.txt").write_text(TEXT.format(number), encoding="utf-8")
    return folder


@pytest.fixture
def cluster(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Address of the scheduler, and the workers; the parameter is how many threads each has, by default one."""
    place = tmp_path / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    common = ["--scheduler-file", str(place), "--no-dashboard"]

    def start(stack: ExitStack, module: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{module}", *common, *options]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, cwd=tmp_path)
        stack.callback(process.wait)
        stack.callback(process.kill)
        return process

    with ExitStack() as stack:
        start(stack, "dask_scheduler", "--host", "127.0.0.1", "--port", "0")
        while not place.exists():
            time.sleep(0.1)
        options = ("--no-nanny", "--nthreads", str(getattr(request, "param", 1)), "--host", "127.0.0.1")
        workers = [start(stack, "dask_worker", *options) for _ in range(2)]
        yield json.loads(place.read_text(encoding="utf-8"))["address"], workers


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_gives_the_bytes_of_a_local_run(
    tmp_path: Path, inputs: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = cluster

    def lose_one(*_: int) -> None:
        if workers[0].poll() is None:
            workers[0].send_signal(signal.SIGKILL)
            workers[0].wait()

    made = run(
        [inputs],
        tmp_path / "far",
        with_settings(SMALL, "run", engine="dask", scheduler=address),
        report=lose_one,
    )
    assert workers[0].poll() == -signal.SIGKILL
    assert (made.counts["documents"], made.counts["rejected"]) == (24, 0)
    run([inputs], tmp_path / "near", SMALL)
    assert tables(tmp_path / "far") == tables(tmp_path / "near")


@pytest.mark.slow
@pytest.mark.parametrize("cluster", [3], indirect=True)
def test_workers_with_several_threads_give_the_same_bytes_and_are_told_of(
    tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]], caplog: pytest.LogCaptureFixture
) -> None:
    articles = [ROOT / "data" / "raw"]
    run(articles, tmp_path / "far", with_settings(SMALL, "run", engine="dask", scheduler=cluster[0]))
    run(articles, tmp_path / "near", SMALL)
    assert tables(tmp_path / "far") == tables(tmp_path / "near")
    assert "3 threads, of which one works" in caplog.text


def test_a_worker_with_other_models_or_rules_ends_the_run() -> None:
    with pytest.raises(ConfigError, match="same version and the same models on every worker"):
        map_unit("default", [], settings="those of another version")


def test_a_scheduler_that_is_lost_is_told_as_that() -> None:
    class Alone:
        def nthreads(self) -> dict[str, int]:
            raise TimeoutError("Timed out trying to connect")

    with pytest.raises(ConfigError, match="the scheduler was lost"):
        _room(Alone())


@pytest.mark.parametrize(("n_workers", "told"), [(0, 1), (2, 0)])
def test_a_cluster_without_workers_is_told_of_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, n_workers: int, told: int
) -> None:
    class Cluster:
        def nthreads(self) -> dict[str, int]:
            return {f"tcp://{number}": 1 for number in range(n_workers)}

    class Finished:
        looks = 0

        def has_ready(self) -> bool:
            self.looks += 1
            return self.looks > 8

        def __next__(self) -> str:
            return "a future"

    monkeypatch.setattr("pipeline.engines.dask._PAUSE", 0.01)
    monkeypatch.setattr("pipeline.engines.dask._PATIENCE", 0.02)
    assert _next(Cluster(), Finished()) == "a future"
    assert [record.getMessage().split(";")[0] for record in caplog.records] == ["the cluster has no workers"] * told


def test_the_address_of_the_scheduler_is_asked_for(tmp_path: Path, inputs: Path) -> None:
    with pytest.raises(ConfigError, match="--scheduler"):
        run([inputs], tmp_path / "out", with_settings(SMALL, "run", engine="dask"))


def tables(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.iterdir()) if path.is_file() and path.name != "manifest.json")
    return {path.name: path.read_bytes() for path in files}
