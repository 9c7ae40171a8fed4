"""Worker processes on this machine, each on one thread, fed no faster than they work."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pipeline.engines import Lost, halved
from pipeline.engines.worker import receive, send

Value = TypeVar("Value")
_AHEAD = 2  # units taken per worker: one in work, one waiting, so that none idles while the next is read
_TRIAL = 10.0  # seconds of measured work before the number of processes is judged
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LIQA_THREADS")


class Workers:
    """``n_workers`` processes; one that dies is replaced, and its unit is tried again in halves."""

    def __init__(self, n_workers: int, *, memory_mb: int = 0) -> None:
        self._n_workers = n_workers
        self._memory_mb = memory_mb

    def map(self, work: Callable[[Sequence[Any]], Value], units: Iterable[Sequence[Any]]) -> Iterator[Value | Lost]:
        """As :meth:`pipeline.engines.Engine.map`."""
        tasks: queue.SimpleQueue[Sequence[Any] | None] = queue.SimpleQueue()
        answers: queue.SimpleQueue[tuple[Sequence[Any], str, Any]] = queue.SimpleQueue()
        crew = [_Worker(work, self._memory_mb, tasks, answers) for _ in range(self._n_workers)]
        try:
            for member in crew:
                member.start()
            yield from _exchange(iter(units), tasks, answers, self._n_workers * _AHEAD)
        finally:
            for member in crew:
                member.stop()
                tasks.put(None)


def _exchange(units: Iterator[Sequence[Any]], tasks: Any, answers: Any, most: int) -> Iterator[Any]:
    waiting: deque[Sequence[Any]] = deque()
    n_out = 0
    while True:
        while n_out < most:
            unit = waiting.popleft() if waiting else next(units, None)
            if unit is None:
                break
            tasks.put(unit)
            n_out += 1
        if not n_out:
            return
        unit, verdict, value = _next(answers)
        n_out -= 1
        if verdict == "done":
            yield value
        elif verdict == "lost" and len(unit) > 1:
            waiting.extend((unit[: len(unit) // 2], unit[len(unit) // 2 :]))
        elif verdict == "lost":
            yield Lost(unit[0], value)
        else:
            raise value


def _next(answers: Any) -> Any:
    """The next answer; it looks up every second, so that a Ctrl-C is heard on every system."""
    while True:
        try:
            return answers.get(timeout=1.0)
        except queue.Empty:
            continue


class _Worker(threading.Thread):
    """A thread of this process that hands units to one process of its own."""

    def __init__(self, work: Any, memory_mb: int, tasks: Any, answers: Any) -> None:
        super().__init__(daemon=True)
        self._hello = (memory_mb, work)
        self._tasks = tasks
        self._answers = answers
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def run(self) -> None:
        """Hand on units until None comes."""
        while (unit := self._tasks.get()) is not None and not self._stopped:
            self._answers.put((unit, *self._try(unit)))
        self.stop()

    def stop(self) -> None:
        """End the process for good; what it was doing is lost."""
        self._stopped = True
        self._discard()

    def _discard(self) -> int | None:
        """End the process; its exit code, None where there was none."""
        process, self._process = self._process, None
        if process is None:
            return None
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close(stream)
        return process.wait()

    def _begin(self) -> subprocess.Popen[bytes]:
        self._process = process = _start()
        if self._stopped:  # stop() came before there was a process to end
            self._discard()
        send(process.stdin, self._hello)  # type: ignore[arg-type]
        return process

    def _try(self, unit: Sequence[Any]) -> tuple[str, Any]:
        try:
            process = self._process or self._begin()
            send(process.stdin, unit)  # type: ignore[arg-type]
            verdict, value = receive(process.stdout)  # type: ignore[arg-type]
        except (EOFError, OSError, ValueError):  # ValueError: stop() has closed the pipe
            return "lost", self._ending()
        if verdict == "memory":
            self._discard()  # a library that found no room may be loaded by half
            return "lost", "out of memory; give workers more (run.memory_mb) or cut the document"
        if verdict == "bug":
            return "error", RuntimeError(f"a worker failed; this is a bug:\n{value}")
        return verdict, value

    def _ending(self) -> str:
        process = self._process
        code = process.wait() if process is not None and not self._stopped else None
        self._discard()
        ended = f"by signal {-code}" if code is not None and code < 0 else f"with exit code {code}"
        return f"its worker process ended {ended}, as when memory runs out; cut the document, or run fewer workers"


def _start() -> subprocess.Popen[bytes]:
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *(path for path in sys.path if path and path != root)]
    environment = {**os.environ, **dict.fromkeys(_THREADS, "1"), "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-m", "pipeline.engines.worker"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)


def _close(stream: Any) -> None:
    try:
        stream.close()
    except OSError:  # unsent bytes for a process that is gone
        return


class Measured:
    """One process or several, whichever is faster here: the first units are done in this process, the next by workers.

    A small input is done before the question arises. ``size`` tells how much work a value stands for, as its words.
    """

    def __init__(self, size: Callable[[Any], int], *, memory_mb: int = 0, n_workers: int | None = None) -> None:
        self._size = size
        self._n_workers = n_workers or n_processors()
        self._memory_mb = memory_mb
        self._chosen = 1

    @property
    def chosen(self) -> int:
        """How many processes do the work now."""
        return self._chosen

    def map(self, work: Callable[[Sequence[Any]], Value], units: Iterable[Sequence[Any]]) -> Iterator[Value | Lost]:
        """As :meth:`pipeline.engines.Engine.map`."""
        left = iter(units)
        rate = yield from self._alone(work, left, _TRIAL if self._n_workers > 1 else None)
        if rate is None:
            return
        self._chosen = self._n_workers
        open_gate = threading.Event()
        open_gate.set()
        gated = iter(lambda: next(left, None) if open_gate.is_set() else None, None)
        engine = Workers(self._n_workers, memory_mb=self._memory_mb)
        done, start, seen = 0, 0.0, 0
        for value in engine.map(work, gated):
            yield value
            seen += 1
            if seen <= self._n_workers:  # each loads its model before its first answer
                start = time.perf_counter()
                continue
            done += 0 if isinstance(value, Lost) else self._size(value)
            elapsed = time.perf_counter() - start
            if elapsed > _TRIAL and done / elapsed < rate:
                open_gate.clear()
        self._chosen = 1
        yield from self._alone(work, left, None)

    def _alone(
        self, work: Any, left: Iterator[Sequence[Any]], most: float | None
    ) -> Generator[Any, None, float | None]:
        """Work done in this process, for ``most`` seconds; size a second, None where nothing is left."""
        done, start = 0, 0.0
        for unit in left:
            values = []
            for value in halved(work, unit):
                yield value
                values.append(value)
            if not start:  # the first one loads the model
                start = time.perf_counter()
                continue
            done += sum(self._size(value) for value in values if not isinstance(value, Lost))
            elapsed = time.perf_counter() - start
            if most is not None and elapsed > most:
                return done / elapsed
        return None


def n_processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
