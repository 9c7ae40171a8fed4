"""Liqa reads Arabic news and tells who met whom.

>>> import pipeline
>>> pipeline.extract("")["meetings"]
[]

``extract(text)`` reads one text, ``run(inputs, output)`` an archive, ``load_tables(output)`` and ``load_graph(output)``
take up what a run wrote. Importing this package costs nothing; each function imports what it needs.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["extract", "load_graph", "load_tables", "run"]

if TYPE_CHECKING:
    from pipeline.api import extract, load_graph, load_tables
    from pipeline.run import run

if "IPython" in sys.modules:  # a notebook shows documents from right to left; elsewhere nothing is loaded
    from pipeline.display import show_in_notebooks

    show_in_notebooks()


def __getattr__(name: str) -> Any:
    """The public functions, imported when they are first asked for."""
    if name not in __all__:
        raise AttributeError(f"module 'pipeline' has no attribute {name!r}; it offers {', '.join(__all__)}")
    from importlib import import_module

    return getattr(import_module("pipeline.run" if name == "run" else "pipeline.api"), name)
