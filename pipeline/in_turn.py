"""One document at a time in a process: what taggers remember of words is not made for threads, which gain nothing.

A fork waits for the document at hand, so that no child inherits half of its work.
"""

from __future__ import annotations

import concurrent.futures.thread  # noqa: F401  # its hook of forks has to come before ours, see below
import os
from threading import RLock

IN_TURN = RLock()

# Hooks run in the reverse order of their registration: this lock is taken before that of the thread pools, for which
# the document at hand may be waiting.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=IN_TURN.acquire, after_in_parent=IN_TURN.release, after_in_child=IN_TURN.release)
