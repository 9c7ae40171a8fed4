"""Work for the engines, found by worker processes once this folder is on the path."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence

DEADLY, WRONG, GREEDY, CRAMPED = 13, 14, 15, 16


def double(unit: Sequence[int]) -> list[int]:
    """Each number twice over, and an end of the process at one of them."""
    if DEADLY in unit:
        os.kill(os.getpid(), signal.SIGKILL)
    if WRONG in unit:
        raise ValueError("wrong on purpose")
    if GREEDY in unit:
        raise MemoryError
    if CRAMPED in unit:
        raise ImportError("libodd.so: failed to map segment from shared object")
    time.sleep(0.01)
    return [2 * number for number in unit]
