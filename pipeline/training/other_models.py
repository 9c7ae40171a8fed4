"""Another folder of models than the shipped one, for as long as something is measured with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def models_from(folder: Path) -> Iterator[None]:
    """While it lasts, ``LIQA_MODELS`` names the folder; then it is what it was before."""
    before = os.environ.get("LIQA_MODELS")
    os.environ["LIQA_MODELS"] = str(folder)
    try:
        yield
    finally:
        del os.environ["LIQA_MODELS"]
        if before is not None:
            os.environ["LIQA_MODELS"] = before
