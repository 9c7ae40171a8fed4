"""The engine that the settings ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline.config import RunConfig
from pipeline.engines import Engine, InProcess


def open_engine(settings: RunConfig, *, size: Callable[[Any], int], apart: bool = False) -> Engine:
    """Dask where a cluster is asked for, this process for one worker, else processes, as many as are set or help.

    ``size`` tells how much work a value stands for; ``apart`` that this process is to do none of it, for it may not
    survive it. ConfigError where no scheduler is named.
    """
    if settings.engine == "dask":
        from pipeline.engines.dask import Cluster

        return Cluster(settings.scheduler)
    if settings.workers == 1:
        return InProcess()
    from pipeline.engines.local import Measured, Workers, n_processors

    if settings.workers == 0 and not apart:
        return Measured(size, memory_mb=settings.memory_mb)
    return Workers(settings.workers or n_processors(), memory_mb=settings.memory_mb)
