"""A Dask cluster that is already running: its workers do the map half, this process commits what they send back.

The workers need the package and its models installed, no shared disk: documents go out and Parquet bytes come back.
The tagger is loaded once in each worker process. A worker that is lost costs its unfinished units, which Dask gives
to others; a unit that loses worker after worker is halved until the one document at fault stands alone.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from pipeline.engines import Lost
from pipeline.errors import ConfigError, PipelineError

Value = TypeVar("Value")
_AHEAD = 2  # units sent out for each thread of the cluster
_CONNECT_SECONDS = 30
_PAUSE = 0.05  # seconds between two looks for an answer
_PATIENCE = 10.0  # seconds without one after which is looked for workers
_LOG = logging.getLogger("pipeline")


class Cluster:
    """The cluster of one scheduler, at an address such as ``tcp://host:8786``."""

    def __init__(self, scheduler: str) -> None:
        if not scheduler:
            raise ConfigError("the dask engine needs the address of its scheduler; add --scheduler tcp://HOST:8786")
        self._scheduler = scheduler

    def map(self, work: Callable[[Sequence[Any]], Value], units: Iterable[Sequence[Any]]) -> Iterator[Value | Lost]:
        """As :meth:`pipeline.engines.Engine.map`."""
        client = self._connect()
        try:
            yield from _exchange(client, work, iter(units))
        finally:
            client.close()

    def _connect(self) -> Any:
        try:
            from distributed import Client
        except ImportError as error:
            raise ConfigError("the dask engine needs Dask; run: pip install 'liqa[dask]'") from error
        try:
            return Client(self._scheduler, timeout=_CONNECT_SECONDS, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise ConfigError(f"scheduler {self._scheduler}: {error}; start it, or correct --scheduler") from error


def _exchange(client: Any, work: Any, units: Iterator[Sequence[Any]]) -> Iterator[Any]:
    """Send units while there is room, hand back values as they come."""
    from distributed import as_completed

    waiting: deque[Sequence[Any]] = deque()
    unit_by_future: dict[Any, Sequence[Any]] = {}
    finished = as_completed(loop=client.loop)
    answered = False
    while True:
        while len(unit_by_future) < _room(client):
            unit = waiting.popleft() if waiting else next(units, None)
            if unit is None:
                break
            future = client.submit(work, unit, pure=False)
            unit_by_future[future] = unit
            finished.add(future)
        if not unit_by_future:
            return
        future = _next(client, finished)
        if not answered:  # now there are workers
            _warn_of_threads(client)
            answered = True
        unit = unit_by_future.pop(future)
        error = future.exception()
        if error is None:
            yield future.result()
        elif type(error).__name__ not in ("KilledWorker", "MemoryError"):
            raise _told(error) from error
        elif len(unit) > 1:
            waiting.extend((unit[: len(unit) // 2], unit[len(unit) // 2 :]))
        else:
            yield Lost(unit[0], f"every worker that took it was lost ({type(error).__name__}); cut the document")
        future.release()


def _warn_of_threads(client: Any) -> None:
    """Say so where a worker has several threads: its documents are analysed one after another all the same."""
    threads = max(_workers(client).values(), default=1)
    if threads > 1:
        _LOG.warning(
            "workers of the cluster have up to %d threads, of which one works; start more workers with --nthreads 1",
            threads,
        )


def _next(client: Any, finished: Any) -> Any:
    """The next future that is done; while there is no worker to do any, that is said once."""
    looked, told = time.monotonic(), False
    while not finished.has_ready():
        time.sleep(_PAUSE)
        if not told and time.monotonic() - looked >= _PATIENCE:
            told = not _workers(client)
            looked = time.monotonic()
            if told:
                _LOG.warning(
                    "the cluster has no workers; waiting for one to join (Ctrl-C stops, and keeps what is done)"
                )
    return next(finished)


def _workers(client: Any) -> dict[str, int]:
    """The threads of each worker that is there now."""
    try:
        found: dict[str, int] = client.nthreads()
    except OSError as error:
        raise _lost_scheduler(str(error)) from error
    return found


def _room(client: Any) -> int:
    """Units that may be out at once; as workers come and go, so does this."""
    return max(1, _AHEAD * sum(_workers(client).values()))


def _told(error: BaseException) -> Exception:
    """What to raise for a unit that failed: our own errors as they are, a lost scheduler, or a bug in the work."""
    if isinstance(error, PipelineError):
        return error
    if type(error).__name__.endswith("CancelledError"):  # of Dask, which closes what a lost scheduler had
        return _lost_scheduler("it closed the connection")
    return RuntimeError(f"a worker failed: {error!r}")


def _lost_scheduler(reason: str) -> ConfigError:
    return ConfigError(
        f"the scheduler was lost ({reason}); start it and its workers, then the same command goes on from there"
    )
