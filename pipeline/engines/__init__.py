"""Where the map half runs: in this process, in worker processes, on a Dask cluster; the same bytes come out.

An engine has one verb, ``map(work, units)``: the work's value for each unit, in any order. A unit is a sequence; one
that ends its worker is halved and tried again, and what ends a worker all alone comes back as :class:`Lost`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Lost:
    """The one element that no worker survived, or that no memory was enough for, and how the last try ended."""

    element: Any
    reason: str


class Engine(Protocol):
    """Something that carries out work."""

    def map(self, work: Callable[[Sequence[Any]], Value], units: Iterable[Sequence[Any]]) -> Iterator[Value | Lost]:
        """The work's value for each unit, as they come; few units are taken ahead of the work."""
        ...


class InProcess:
    """All work in this process; for small inputs and for one worker."""

    def map(self, work: Callable[[Sequence[Any]], Value], units: Iterable[Sequence[Any]]) -> Iterator[Value | Lost]:
        """As :meth:`Engine.map`, in order."""
        for unit in units:
            yield from halved(work, unit)


def halved(work: Callable[[Sequence[Any]], Value], unit: Sequence[Any]) -> Iterator[Value | Lost]:
    """The work's value for the unit, in this process; where memory does not suffice, for its halves, and so on."""
    try:
        made = work(unit)
    except MemoryError:
        if len(unit) == 1:
            yield Lost(unit[0], "out of memory; cut the document, or run again with --workers 2 where there is more")
            return
    else:
        yield made
        return
    yield from halved(work, unit[: len(unit) // 2])
    yield from halved(work, unit[len(unit) // 2 :])
