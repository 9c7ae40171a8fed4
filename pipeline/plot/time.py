"""Meetings over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pipeline.plot.drawing import COLOURS, WORDS, Language, Tables, new_figure, say_why, shaped, title

STATUSES = ("held", "planned", "cancelled", "denied")


def plot_time(tables: Tables, *, language: Language = "ar") -> Any:
    """A figure of meetings by month (by year over more than six years), stacked by status; undated ones are counted."""
    words = WORDS[language]
    figure, axes = new_figure(10, 4.6)
    meetings = tables["meetings"]
    dates = meetings["date_from"].fillna("")
    dated = meetings[dates.str.len() >= 7]
    n_undated = len(meetings) - len(dated)
    title(axes, words["time"] + (f" ({words['undated'].format(n_undated)})" if n_undated and len(dated) else ""))
    if dated.empty:
        say_why(axes, words["none"])
        return figure
    bars, labels = _periods(sorted(set(dated["date_from"].str.slice(0, 7))))
    low = [0] * len(labels)
    for status in STATUSES:
        months = dated[dated["status"] == status]["date_from"].str.slice(0, 7)
        heights = [0] * len(labels)
        for month in months:
            heights[bars[month]] += 1
        if any(heights):
            axes.bar(range(len(labels)), heights, 0.82, low, color=COLOURS[status], label=shaped(words[status]))
        low = [a + b for a, b in zip(low, heights, strict=True)]
    axes.set_ylim(0, 1.18 * max(low))
    step = max(1, math.ceil(len(labels) / 14))
    axes.set_xticks(range(0, len(labels), step), labels[::step], fontsize=9)
    axes.set_ylabel(shaped(words["count"]), color="#666e77")
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.grid(axis="y", color="#eee8dc")
    axes.set_axisbelow(True)
    if language == "ar":
        axes.invert_xaxis()
        axes.yaxis.tick_right()
        axes.yaxis.set_label_position("right")
    axes.legend(frameon=False, ncols=4, fontsize=9, loc="upper left" if language == "ar" else "upper right")
    return figure


def _periods(months: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """The bar of each month and the bars' labels, without gaps from the first month to the last."""
    first, last = ([int(part) for part in month.split("-")] for month in (months[0], months[-1]))
    every = [
        f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1])
    ]  # fmt: skip
    if len(every) <= 72:
        return {month: n for n, month in enumerate(every)}, every
    years = [f"{year:04d}" for year in range(first[0], last[0] + 1)]
    return {month: int(month[:4]) - first[0] for month in every}, years
