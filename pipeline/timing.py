"""What stages cost: seconds by name, and the memory of this process at its highest."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any


class StageTimes:
    """Seconds spent in each stage, added up: of the clock on the wall, or with ``cpu`` of processors at work."""

    def __init__(self, *, cpu: bool = False) -> None:
        self.seconds: dict[str, float] = {}
        self._now = time.process_time if cpu else time.perf_counter

    def call(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """What the function returns; its time is added to the stage's."""
        start = self._now()
        try:
            return function(*arguments)
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + self._now() - start


def peak_memory_mb() -> int:
    """Most memory that this process has held so far, in MiB; 0 where the system does not tell (Windows)."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> (20 if sys.platform == "darwin" else 10)
