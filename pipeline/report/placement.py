"""Where the nodes of a graph lie in the plane: a force layout on a mesh, quick enough for thousands of nodes.

Linear attraction along ties and repulsion falling with distance, as in ForceAtlas2 (Jacomy et al. 2014). Repulsion is
summed on a mesh by Fourier transform, as in particle-mesh gravity (Hockney and Eastwood 1988), so that a step costs
the same for ten nodes or ten thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

_SCREEN = np.array((1.25, 0.8))  # screens are wider than high
_ROOM = 52.0  # units between a node and its neighbour
_GOLDEN_ANGLE = np.pi * (3 - 5**0.5)
_TURNS = 32  # places looked at in one go


def place(
    n_nodes: int,
    edges: Sequence[tuple[int, int, float]],
    hints: Sequence[tuple[int, int]] = (),
    *,
    steps: int = 200,
) -> list[tuple[int, int]]:
    """Whole coordinates for the nodes ``0 .. n_nodes - 1``, tied nodes near each other, none on top of another.

    ``edges`` are pairs of nodes with a weight. The same graph gives the same coordinates. A node
    takes about 50 units of room; nodes without a tie lie in rings around the rest, on the side of the nodes that
    ``hints`` pair them with.
    """
    if n_nodes == 0:
        return []
    heads = np.array([edge[0] for edge in edges], dtype=np.int64)
    tails = np.array([edge[1] for edge in edges], dtype=np.int64)
    pull = np.log1p(np.array([edge[2] for edge in edges], dtype=np.float64))
    degree = np.bincount(heads, minlength=n_nodes) + np.bincount(tails, minlength=n_nodes)
    points = np.zeros((n_nodes, 2))
    number = np.zeros(n_nodes, dtype=np.int64)
    drawn: list[tuple[NDArray[np.int64], Points]] = []
    for nodes, ties in _components(n_nodes, heads, tails):
        number[nodes] = np.arange(nodes.size)
        drawn.append((nodes, _settle(nodes.size, number[heads[ties]], number[tails[ties]], pull[ties], steps)))
    for (nodes, shape), middle in zip(drawn, _pack([shape for _, shape in drawn]), strict=True):
        points[nodes] = shape + middle
    lonely = np.flatnonzero(degree == 0)
    _ring(points, lonely[np.argsort(_sides(points, hints)[lonely], kind="stable")])
    return [(int(x), int(y)) for x, y in np.rint(points)]


def _components(
    n_nodes: int, heads: NDArray[np.int64], tails: NDArray[np.int64]
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """The nodes and the ties of each connected part, the largest first; nodes without a tie are in none."""
    root = list(range(n_nodes))

    def find(node: int) -> int:
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for head, tail in zip(heads.tolist(), tails.tolist(), strict=True):
        a, b = find(head), find(tail)
        root[max(a, b)] = min(a, b)
    parts: dict[int, tuple[set[int], list[int]]] = {}
    for tie, (head, tail) in enumerate(zip(heads.tolist(), tails.tolist(), strict=True)):
        nodes, ties = parts.setdefault(find(head), (set(), []))
        nodes.update((head, tail))
        ties.append(tie)
    ordered = sorted(parts.items(), key=lambda part: (-len(part[1][0]), part[0]))
    return [(np.array(sorted(nodes)), np.array(ties)) for _, (nodes, ties) in ordered]


def _pack(shapes: Sequence[Points]) -> list[Points]:
    """The middle of each shape so that none overlap: outwards along a spiral, each at the first free place."""
    middles: list[Points] = []
    radii = np.array([float(np.linalg.norm(shape / _SCREEN, axis=1).max()) + 0.8 * _ROOM for shape in shapes])
    placed = np.zeros((len(shapes), 2))
    turn = 0.0
    for n, radius in enumerate(radii):
        if n:
            turn, placed[n] = _first_free(turn, placed[:n], radii[:n] + radius)
            turn = max(0.0, turn * 0.9) if radius < radii[n - 1] else turn
        middles.append(placed[n] * _SCREEN)
    return middles


def _first_free(turn: float, placed: Points, apart: Points) -> tuple[float, Points]:
    """The first turn of the spiral from ``turn`` on that is far enough from all that is placed, and where it lies."""
    while True:
        turns = turn + np.arange(_TURNS)
        angle = turns * _GOLDEN_ANGLE
        spots = _ROOM * 0.5 * np.sqrt(turns)[:, None] * np.column_stack((np.cos(angle), np.sin(angle)))
        gaps = ((spots[:, None, :] - placed[None, :, :]) ** 2).sum(axis=2)
        free = np.flatnonzero((gaps >= apart**2).all(axis=1))
        if free.size:
            return float(turns[free[0]]), spots[free[0]]
        turn += _TURNS


def _settle(n: int, heads: NDArray[np.int64], tails: NDArray[np.int64], pull: Points, steps: int) -> Points:
    """Coordinates of ``n`` tied nodes after ``steps`` steps of shrinking length."""
    if n == 2:
        return np.array(((-0.8 * _ROOM, 0.0), (0.8 * _ROOM, 0.0)))
    steps = steps if n > 20 else steps // 2
    degree = np.bincount(heads, minlength=n) + np.bincount(tails, minlength=n)
    mass: Points = 1.0 + degree.astype(np.float64)
    rank = np.empty(n)
    rank[np.argsort(-degree, kind="stable")] = np.arange(n)
    radius = 60 * np.sqrt(rank + 0.5)
    points = np.column_stack((radius * np.cos(rank * _GOLDEN_ANGLE), radius * np.sin(rank * _GOLDEN_ANGLE)))
    longest = 40 * np.sqrt(n)
    for step in range(steps):
        force = 2_500 * mass[:, None] * _repulsion(points, mass)
        along = points[tails] - points[heads]
        apart = np.linalg.norm(along, axis=1) / 60
        along *= (pull * 4 * np.log1p(apart) / (apart + 1e-9))[:, None]
        for axis in (0, 1):
            force[:, axis] += np.bincount(heads, along[:, axis], minlength=n)
            force[:, axis] -= np.bincount(tails, along[:, axis], minlength=n)
        force -= 0.6 * mass[:, None] * points / np.sqrt(n)
        length = np.linalg.norm(force, axis=1) / mass + 1e-9
        stride = np.minimum(length, longest * (1 - step / steps) ** 1.5 + 1)
        points += force / mass[:, None] * (stride / length)[:, None] * 0.5
    points -= np.median(points, axis=0)
    radius = np.linalg.norm(points, axis=1) + 1e-9
    points *= (np.minimum(radius, _drawn_in(radius)) / radius)[:, None]
    points *= _ROOM * np.sqrt(n) / max(float(np.median(radius)), 1e-9)
    return _spread(points * _SCREEN)


def _drawn_in(radius: Points) -> Points:
    """Radii with those beyond the 98th percentile drawn in, so that a far pair does not shrink all else on a screen."""
    rim = float(np.quantile(radius, 0.98))
    return np.asarray(rim * (1 + 0.2 * np.log(np.maximum(radius / rim, 1.0))))


def _repulsion(points: Points, mass: Points) -> Points:
    """The push on each node from all others, as mass over distance, by way of a mesh where they are many."""
    if len(points) <= 120:
        gap = points[:, None, :] - points[None, :, :]
        squared = (gap**2).sum(axis=2) + 1.0
        near: Points = (gap / squared[:, :, None] * mass[None, :, None]).sum(axis=1)
        return near
    mesh = 64 if len(points) < 600 else 128
    low = points.min(axis=0)
    cell = max(float((points.max(axis=0) - low).max()) / (mesh - 3), 1e-6)
    at = (points - low) / cell + 1
    corner = np.floor(at).astype(np.int64)
    inside = at - corner
    shares = []
    for dx, dy in ((0, 0), (0, 1), (1, 0), (1, 1)):
        share = np.abs(1 - dx - inside[:, 0]) * np.abs(1 - dy - inside[:, 1])
        shares.append(((corner[:, 0] + dx) * 2 * mesh + corner[:, 1] + dy, share))
    density = np.zeros((2 * mesh) ** 2)
    for index, share in shares:
        density += np.bincount(index, share * mass, minlength=density.size)
    spectrum = np.fft.rfft2(density.reshape(2 * mesh, 2 * mesh))
    push = np.zeros_like(points)
    for axis, kernel in enumerate(_kernels(mesh)):
        field = np.fft.irfft2(spectrum * kernel, s=(2 * mesh, 2 * mesh)).ravel() / cell
        for index, share in shares:
            push[:, axis] += share * field[index]
    return push


@lru_cache(maxsize=2)
def _kernels(mesh: int) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """The transforms of x / r^2 and y / r^2 on the mesh, softened within a cell."""
    offset = np.fft.fftfreq(2 * mesh, 1 / (2 * mesh))
    x, y = np.meshgrid(offset, offset, indexing="ij")
    squared = x**2 + y**2 + 0.25
    return np.fft.rfft2(x / squared), np.fft.rfft2(y / squared)


def _spread(points: Points, *, room: float = _ROOM, rounds: int = 40) -> Points:
    """``points`` moved apart until hardly two lie closer than ``room``."""
    for _ in range(rounds):
        order = np.lexsort((points[:, 1], points[:, 0]))
        moved = np.zeros_like(points)
        clashes = 0
        for lag in range(1, min(160, len(order))):
            near, far = order[:-lag], order[lag:]
            gap = points[far] - points[near]
            if gap[:, 0].min() >= room:
                break
            distance = np.linalg.norm(gap, axis=1)
            close = distance < room
            if not close.any():
                continue
            clashes += int(close.sum())
            unit = gap[close] / np.maximum(distance[close], 1e-3)[:, None]
            unit[distance[close] < 1e-3] = (1.0, 0.0)
            shift = unit * ((room - distance[close]) / 2)[:, None]
            np.add.at(moved, near[close], -shift)
            np.add.at(moved, far[close], shift)
        if not clashes:
            break
        points = points + 0.7 * moved
    return points


def _sides(points: Points, hints: Sequence[tuple[int, int]]) -> Points:
    """The direction, in radians, in which the partners of each node lie on average."""
    pulled = np.zeros_like(points)
    for a, b in hints:
        pulled[a] += points[b]
        pulled[b] += points[a]
    sides: Points = np.mod(np.arctan2(pulled[:, 1], pulled[:, 0]), 2 * np.pi)
    return sides


def _ring(points: Points, lonely: NDArray[np.int64]) -> None:
    """Lays the nodes ``lonely`` on rings around all others, in place."""
    reach = float(np.linalg.norm(points, axis=1).max()) + 160
    done = 0
    while done < lonely.size:
        room = max(int(2 * np.pi * reach / 70), 1)
        part = lonely[done : done + room]
        angle = 2 * np.pi * np.arange(part.size) / room
        points[part] = np.column_stack((reach * np.cos(angle), reach * np.sin(angle)))
        done += room
        reach += 70
