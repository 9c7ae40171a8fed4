"""The ties of one entity, and how it is found by any of its names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pipeline.errors import InputError
from pipeline.normalize import fold
from pipeline.plot.drawing import COLOURS, WORDS, Language, Tables, names, new_figure, say_why, shaped, title

KINDS = ("meeting", "position", "relation", "co_mention")


def find_entity(tables: Tables, wanted: str) -> str:
    """The id of the entity that ``wanted`` is the id, name or alias of, in any spelling; the most mentioned of several.

    Raises InputError where there is none.
    """
    entities = tables["entities"].sort_values(["n_mentions", "entity_id"], ascending=[False, True])
    if wanted in set(entities["entity_id"]):
        return wanted
    folded = fold(wanted)
    partial = None
    for row in entities[["entity_id", "name", "aliases"]].fillna("").itertuples(index=False):
        forms = [fold(form) for form in (str(row.name), *str(row.aliases).split("|")) if form]
        if folded in forms:
            return str(row.entity_id)
        if partial is None and any(folded in form for form in forms):
            partial = str(row.entity_id)
    if partial is None or not folded:
        raise InputError(f"no entity is called {wanted!r}; look for the name in entities.csv")
    return partial


def plot_ego(tables: Tables, name: str | None = None, *, most: int = 24, language: Language = "ar") -> Any:
    """A figure of one entity and its ``most`` strongest neighbours, nearest the strongest; its id, name or alias.

    Without a name, that of the person with the most meetings. Raises InputError where nobody is called so.
    """
    words = WORDS[language]
    edges = tables["edges"]
    ego = find_entity(tables, name) if name else _best_connected(tables)
    figure, axes = new_figure(8.4, 8.4)
    axes.set_axis_off()
    if ego is None:
        say_why(axes, words["no_pairs"])
        return figure
    mine = edges[(edges["head_entity_id"] == ego) | (edges["tail_entity_id"] == ego)]
    ties: dict[str, dict[str, int]] = {}
    for head, tail, kind, weight in mine[["head_entity_id", "tail_entity_id", "kind", "weight"]].itertuples(
        index=False
    ):
        of_kind = ties.setdefault(tail if head == ego else head, {})
        of_kind[kind] = of_kind.get(kind, 0) + int(weight)
    strength = {other: 10 * kinds.get("meeting", 0) + sum(kinds.values()) for other, kinds in ties.items()}
    chosen = sorted(strength, key=lambda other: (-strength[other], other))[:most]
    title(axes, words["ego"].format(_plain_name(tables, ego)))
    _draw_ties(axes, tables, ego, {other: ties[other] for other in chosen}, words)
    return figure


def _plain_name(tables: Tables, entity: str) -> str:
    rows = tables["entities"][tables["entities"]["entity_id"] == entity]["name"]
    return str(rows.iloc[0]) if len(rows) else entity


def _best_connected(tables: Tables) -> str | None:
    people = set(tables["entities"][tables["entities"]["type"] == "PER"]["entity_id"])
    met: dict[str, int] = {}
    meetings = tables["edges"][tables["edges"]["kind"] == "meeting"]
    for head, tail, weight in meetings[["head_entity_id", "tail_entity_id", "weight"]].itertuples(index=False):
        for entity in (head, tail):
            met[entity] = met.get(entity, 0) + int(weight)
    return min(met, key=lambda entity: (entity not in people, -met[entity], entity)) if met else None


def _draw_ties(
    axes: Any, tables: Tables, ego: str, ties: Mapping[str, Mapping[str, int]], words: Mapping[str, str]
) -> None:
    """The neighbours on two rings around the one in the middle, a line for each kind of tie."""
    types = dict(zip(tables["entities"]["entity_id"], tables["entities"]["type"], strict=True))
    outer = max(0, len(ties) - 10)
    shown = set()
    for n, (other, kinds) in enumerate(ties.items()):
        ring, place, room = (1.0, n, min(10, len(ties))) if n < 10 else (1.62, n - 10, outer)
        angle = math.pi / 2 - 2 * math.pi * (place + (0.5 if n >= 10 else 0)) / room
        x, y = ring * math.cos(angle), ring * math.sin(angle)
        for slot, kind in enumerate(kind for kind in reversed(KINDS) if kind in kinds):
            off = 0.018 * slot
            dx, dy = -math.sin(angle) * off, math.cos(angle) * off
            width = 0.8 + min(5.0, 0.9 * math.log1p(kinds[kind]))
            label = shaped(words[kind]) if kind not in shown else None
            axes.plot(
                [dx, x + dx], [dy, y + dy], color=COLOURS[kind], linewidth=width, alpha=0.75, zorder=1, label=label
            )
            shown.add(kind)
        _node(axes, x, y, 11, types.get(other, "PER"))
        (name,) = names(tables, [other], 22)
        axes.text(x, y - 0.09, name, ha="center", va="top", fontsize=9, color="#1d2329", zorder=4, bbox=_PAPER)
    _node(axes, 0, 0, 22, types.get(ego, "PER"))
    (name,) = names(tables, [ego], 30)
    axes.text(0, -0.13, name, ha="center", va="top", fontsize=12, fontweight="bold", zorder=5, bbox=_PAPER)
    axes.set_xlim(-2, 2)
    axes.set_ylim(-2, 2)
    axes.set_aspect("equal")
    axes.legend(frameon=False, ncols=4, fontsize=9, loc="lower center")


_PAPER = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.8}
_MARKERS = {"PER": "o", "ORG": "s", "LOC": "D"}


def _node(axes: Any, x: float, y: float, size: float, kind: str) -> None:
    axes.plot(x, y, _MARKERS.get(kind, "o"), ms=size, mfc=COLOURS.get(kind, "#666e77"), mec="white", mew=1.5, zorder=3)
