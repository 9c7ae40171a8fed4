"""Sets of those who are all pairwise joined, part by part, and what becomes of a tangle of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import islice

Edge = tuple[str, str]
_FEW_GROUPS = 200  # of those who are connected: more, and more than two for each, cannot be told apart


def groups_by_part(edges: Iterable[Edge]) -> Iterator[list[frozenset[str]]]:
    """Maximal sets of vertices that are pairwise joined, those of each connected part together.

    Of a tangle, who hangs by one edge apart, all others are one: a tangle is a part with more such sets than
    ``_FEW_GROUPS`` and than two for each vertex. The vertices of an edge stand in order.

    >>> [sorted(map(sorted, part)) for part in groups_by_part([("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")])]
    [[['a', 'b', 'c'], ['c', 'd']]]
    """
    near: dict[str, set[str]] = {}
    for one, other in edges:
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    for part in _connected(near):
        most = max(_FEW_GROUPS, 2 * len(part))
        groups = list(islice(_cliques_of(part, near), most + 1))
        yield groups if len(groups) <= most else list(_unravelled(part, near))


def _unravelled(part: frozenset[str], near: Mapping[str, Set[str]]) -> Iterator[frozenset[str]]:
    """Of a tangle each vertex that hangs by one edge with the other end of it, and all others as one group."""
    left = {vertex: set(near[vertex]) for vertex in part}
    while hanging := sorted(vertex for vertex in left if len(left[vertex]) == 1):
        for vertex in hanging:
            (other,) = left.pop(vertex)
            left[other].discard(vertex)
            yield frozenset({vertex, other})
    yield frozenset(left)


def _connected(near: Mapping[str, Set[str]]) -> Iterator[frozenset[str]]:
    """The sets of vertices that are joined by a path, in the order of their first vertices."""
    seen: set[str] = set()
    for vertex in near:
        if vertex not in seen:
            part, edge = {vertex}, {vertex}
            while edge:
                edge = {other for one in edge for other in near[one]} - part
                part |= edge
            seen |= part
            yield frozenset(part)


def _cliques_of(part: frozenset[str], near: Mapping[str, Set[str]]) -> Iterator[frozenset[str]]:
    """The maximal cliques among vertices (Bron and Kerbosch 1973, with pivots)."""
    stack: list[tuple[frozenset[str], set[str], set[str]]] = [(frozenset(), set(part), set())]
    while stack:
        chosen, open_, closed = stack.pop()
        if not open_:
            if not closed:
                yield chosen
            continue
        pivot = max(open_ | closed, key=lambda vertex: (len(near[vertex] & open_), vertex))
        for vertex in sorted(open_ - near[pivot]):
            stack.append((chosen | {vertex}, open_ & near[vertex], closed & near[vertex]))
            open_ = open_ - {vertex}
            closed = closed | {vertex}
