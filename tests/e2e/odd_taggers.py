"""Taggers that do what a real one should not; found by ``python:odd_taggers:NAME`` once this folder is on the path."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence

from pipeline.tagging import Prediction

DEADLY, GREEDY, BROKEN = "قاتل", "جشع", "معطوب"  # words that set off what the tagger does


class Silent:
    """Finds nothing, until it meets one of the words above."""

    name = "silent"

    def predict(self, sentences: Sequence[Sequence[str]]) -> list[Prediction]:
        if os.environ.get("SLOW"):
            sys.stderr.write("tagging\n")
            sys.stderr.flush()
            time.sleep(60)
        for words in sentences:
            if DEADLY in words:
                os.kill(os.getpid(), signal.SIGKILL)
            if GREEDY in words:
                raise MemoryError
            if BROKEN in words:
                raise ValueError("broken on purpose")
        return [Prediction(("O",) * len(words), (1.0,) * len(words)) for words in sentences]
