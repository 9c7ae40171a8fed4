"""What several stages ask of one document is made once: the answers for the document read last are kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Generic, TypeVar

from pipeline.schema import Analysis

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """A function of an analysis that keeps its last answer, as long as the fields that it reads are the same objects.

    The fields of an analysis are never changed in place, so the same objects give the same answer.
    """

    def __init__(self, function: Callable[[Analysis], Value], fields: tuple[str, ...]) -> None:
        update_wrapper(self, function)
        self._function, self._fields = function, fields
        self._last: tuple[tuple[Any, ...], Value] | None = None

    def __call__(self, analysis: Analysis) -> Value:
        """The function's answer."""
        read = tuple([getattr(analysis, field) for field in self._fields])
        last = self._last
        if last is None or any(one is not other for one, other in zip(last[0], read, strict=True)):
            last = self._last = (read, self._function(analysis))
        return last[1]


def kept_while_same(*fields: str) -> Callable[[Callable[[Analysis], Value]], Kept[Value]]:
    """Decorator for a function that reads these fields of an analysis and no others.

    >>> @kept_while_same("document")
    ... def size(analysis: Analysis) -> int:
    ...     return len(analysis.document.text)
    """
    return lambda function: Kept(function, fields)
