"""Who met whom, as a grid."""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any

from pipeline.plot.drawing import WORDS, Language, Tables, names, new_figure, say_why, title


def plot_heat(tables: Tables, *, most: int = 20, language: Language = "ar") -> Any:
    """A figure of the ``most`` names with the most meetings held, each against each, with the number of meetings.

    A name that met none of the others shown is left out.
    """
    words = WORDS[language]
    edges = tables["edges"]
    held = edges[(edges["kind"] == "meeting") & (edges["label"] == "held")]
    counts: dict[tuple[str, str], int] = {}
    totals: dict[str, int] = {}
    for head, tail, weight in held[["head_entity_id", "tail_entity_id", "weight"]].itertuples(index=False):
        for a, b in ((head, tail), (tail, head)):
            counts[a, b] = counts.get((a, b), 0) + int(weight)
            totals[a] = totals.get(a, 0) + int(weight)
    chosen = sorted(totals, key=lambda entity: (-totals[entity], entity))[:most]
    chosen = [a for a in chosen if any((a, b) in counts for b in chosen)]
    size = 3.2 + 0.36 * len(chosen)
    figure, axes = new_figure(max(6.0, size + 1.2), max(4.0, size))
    title(axes, words["heat"])
    if not chosen:
        say_why(axes, words["no_pairs"])
        return figure
    grid = [[counts.get((a, b), 0) for b in chosen] for a in chosen]
    highest = max(map(max, grid))
    axes.imshow([[value or math.nan for value in row] for row in grid], cmap=_warm(), vmin=0, vmax=max(highest, 1))
    for y, row in enumerate(grid):
        for x, value in enumerate(row):
            if value:
                colour = "white" if value > 0.6 * highest else "#1d2329"
                axes.text(x, y, str(value), ha="center", va="center", fontsize=8, color=colour)
    called = names(tables, chosen)
    axes.set_xticks(range(len(called)), called, rotation=90, fontsize=9)
    axes.set_yticks(range(len(called)), called, fontsize=9)
    if language == "ar":
        axes.invert_xaxis()
        axes.yaxis.tick_right()
    return figure


def _warm() -> Any:
    colours = import_module("matplotlib.colors")
    return colours.LinearSegmentedColormap.from_list("meetings", ["#fdf1e3", "#f2b98f", "#d9637b", "#8d1f4b"])
