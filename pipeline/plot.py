"""Figures of a run's tables as PNG and SVG, Arabic joined and from right to left: time, who with whom, one's own ties.

matplotlib 3.11 shapes text itself (libraqm); text that was reshaped before comes out reversed there. Older releases
draw letters apart from left to right and need arabic-reshaper and python-bidi first; `shaped` knows which is which.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pipeline.api import load_tables
from pipeline.errors import ConfigError, InputError
from pipeline.export.files import whole_path
from pipeline.normalize import fold

if TYPE_CHECKING:
    import pandas as pd

Tables = Mapping[str, "pd.DataFrame"]
Language = Literal["ar", "en"]

COLOURS = {
    "PER": "#2b6cb0", "ORG": "#c05621", "LOC": "#3a8a55",
    "held": "#b0305c", "planned": "#e0a14a", "cancelled": "#7a5c8e", "denied": "#8b919b",
    "meeting": "#b0305c", "position": "#8d7a2c", "relation": "#6b55b5", "co_mention": "#b9b2a5",
}  # fmt: skip
_WORDS: dict[Language, dict[str, str]] = {
    "ar": {
        "time": "اللقاءات عبر الزمن", "heat": "من التقى مَن", "ego": "صلات {0}", "count": "عدد اللقاءات",
        "held": "انعقد", "planned": "مقرر", "cancelled": "أُلغي", "denied": "نُفي", "none": "لا لقاء معروف التاريخ",
        "no_pairs": "لا لقاء بين اسمين", "meeting": "لقاء", "position": "منصب", "relation": "علاقة",
        "co_mention": "ذكر معًا", "undated": "و{0} بلا تاريخ",
    },
    "en": {
        "time": "Meetings over time", "heat": "Who met whom", "ego": "Ties of {0}", "count": "Meetings",
        "held": "held", "planned": "planned", "cancelled": "cancelled", "denied": "denied",
        "none": "No meeting has a date", "no_pairs": "No two names met", "meeting": "meeting", "position": "position",
        "relation": "relation", "co_mention": "named together", "undated": "and {0} undated",
    },
}  # fmt: skip
_STATUSES = ("held", "planned", "cancelled", "denied")
_KINDS = ("meeting", "position", "relation", "co_mention")


def shaped(text: str) -> str:
    """``text`` as this matplotlib wants it: unchanged from 3.11 on, reshaped and reordered before.

    Raises ConfigError where an older matplotlib lacks the two packages that do so.
    """
    if _matplotlib_version() >= (3, 11):
        return text
    try:
        reshape, order = import_module("arabic_reshaper").reshape, import_module("bidi.algorithm").get_display
    except ImportError as error:
        raise ConfigError(
            "this matplotlib does not join Arabic letters; call: pip install 'matplotlib>=3.11', "
            "or pip install arabic-reshaper python-bidi"
        ) from error
    return str(order(reshape(text)))


def _matplotlib_version() -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in version("matplotlib").split(".")[:2])
    except PackageNotFoundError as error:
        raise ConfigError("figures need matplotlib; call: pip install 'matplotlib>=3.11'") from error


def _new_figure(width: float, height: float) -> tuple[Any, Any]:
    """An empty figure and its axes, drawn without a screen."""
    _matplotlib_version()
    figure = import_module("matplotlib.figure").Figure(figsize=(width, height), dpi=150, layout="constrained")
    axes = figure.subplots()
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_color("#d9d2c5")
    axes.tick_params(colors="#666e77", labelcolor="#1d2329", length=0)
    return figure, axes


def _title(axes: Any, text: str) -> None:
    axes.set_title(shaped(text), fontsize=15, fontweight="bold", color="#1d2329", pad=14)


def _say(axes: Any, text: str) -> None:
    """An empty figure that says why it is empty."""
    axes.text(0.5, 0.5, shaped(text), ha="center", va="center", fontsize=14, color="#666e77", transform=axes.transAxes)
    axes.set_xticks([])
    axes.set_yticks([])


def plot_time(tables: Tables, *, language: Language = "ar") -> Any:
    """A figure of meetings by month (by year over more than six years), stacked by status; undated ones are counted."""
    words = _WORDS[language]
    figure, axes = _new_figure(10, 4.6)
    meetings = tables["meetings"]
    dates = meetings["date_from"].fillna("")
    dated = meetings[dates.str.len() >= 7]
    n_undated = len(meetings) - len(dated)
    _title(axes, words["time"] + (f" ({words['undated'].format(n_undated)})" if n_undated and len(dated) else ""))
    if dated.empty:
        _say(axes, words["none"])
        return figure
    bars, labels = _periods(sorted(set(dated["date_from"].str.slice(0, 7))))
    low = [0] * len(labels)
    for status in _STATUSES:
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


def plot_heat(tables: Tables, *, most: int = 20, language: Language = "ar") -> Any:
    """A figure of the ``most`` names with the most meetings held, each against each, with the number of meetings."""
    words = _WORDS[language]
    edges = tables["edges"]
    held = edges[(edges["kind"] == "meeting") & (edges["label"] == "held")]
    counts: dict[tuple[str, str], int] = {}
    totals: dict[str, int] = {}
    for head, tail, weight in held[["head_entity_id", "tail_entity_id", "weight"]].itertuples(index=False):
        for a, b in ((head, tail), (tail, head)):
            counts[a, b] = counts.get((a, b), 0) + int(weight)
            totals[a] = totals.get(a, 0) + int(weight)
    chosen = sorted(totals, key=lambda entity: (-totals[entity], entity))[:most]
    size = 3.2 + 0.36 * len(chosen)
    figure, axes = _new_figure(max(6.0, size + 1.2), max(4.0, size))
    _title(axes, words["heat"])
    if not chosen:
        _say(axes, words["no_pairs"])
        return figure
    grid = [[counts.get((a, b), 0) for b in chosen] for a in chosen]
    highest = max(map(max, grid))
    axes.imshow([[value or math.nan for value in row] for row in grid], cmap=_warm(), vmin=0, vmax=max(highest, 1))
    for y, row in enumerate(grid):
        for x, value in enumerate(row):
            if value:
                colour = "white" if value > 0.6 * highest else "#1d2329"
                axes.text(x, y, str(value), ha="center", va="center", fontsize=8, color=colour)
    names = _names(tables, chosen)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=9)
    axes.set_yticks(range(len(names)), names, fontsize=9)
    if language == "ar":
        axes.invert_xaxis()
        axes.yaxis.tick_right()
    return figure


def _warm() -> Any:
    colours = import_module("matplotlib.colors")
    return colours.LinearSegmentedColormap.from_list("meetings", ["#fdf1e3", "#f2b98f", "#d9637b", "#8d1f4b"])


def _names(tables: Tables, entities: Sequence[str], longest: int = 28) -> list[str]:
    names = dict(zip(tables["entities"]["entity_id"], tables["entities"]["name"].fillna(""), strict=True))
    found = [str(names.get(entity, entity)) for entity in entities]
    return [shaped(name if len(name) <= longest else name[: longest - 1] + "…") for name in found]


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
    words = _WORDS[language]
    edges = tables["edges"]
    ego = find_entity(tables, name) if name else _best_connected(tables)
    figure, axes = _new_figure(8.4, 8.4)
    axes.set_axis_off()
    if ego is None:
        _say(axes, words["no_pairs"])
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
    _title(axes, words["ego"].format(_plain_name(tables, ego)))
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
        for slot, kind in enumerate(kind for kind in reversed(_KINDS) if kind in kinds):
            off = 0.018 * slot
            dx, dy = -math.sin(angle) * off, math.cos(angle) * off
            width = 0.8 + min(5.0, 0.9 * math.log1p(kinds[kind]))
            label = shaped(words[kind]) if kind not in shown else None
            axes.plot(
                [dx, x + dx], [dy, y + dy], color=COLOURS[kind], linewidth=width, alpha=0.75, zorder=1, label=label
            )
            shown.add(kind)
        _node(axes, x, y, 11, types.get(other, "PER"))
        (name,) = _names(tables, [other], 22)
        axes.text(x, y - 0.09, name, ha="center", va="top", fontsize=9, color="#1d2329", zorder=4, bbox=_PAPER)
    _node(axes, 0, 0, 22, types.get(ego, "PER"))
    (name,) = _names(tables, [ego], 30)
    axes.text(0, -0.13, name, ha="center", va="top", fontsize=12, fontweight="bold", zorder=5, bbox=_PAPER)
    axes.set_xlim(-2, 2)
    axes.set_ylim(-2, 2)
    axes.set_aspect("equal")
    axes.legend(frameon=False, ncols=4, fontsize=9, loc="lower center")


_PAPER = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.8}
_MARKERS = {"PER": "o", "ORG": "s", "LOC": "D"}


def _node(axes: Any, x: float, y: float, size: float, kind: str) -> None:
    axes.plot(x, y, _MARKERS.get(kind, "o"), ms=size, mfc=COLOURS.get(kind, "#666e77"), mec="white", mew=1.5, zorder=3)


@dataclass(frozen=True, slots=True)
class _Kind:
    draw: Callable[..., Any]
    options: tuple[str, ...]


PLOTS = {
    "time": _Kind(plot_time, ("language",)),
    "heat": _Kind(plot_heat, ("most", "language")),
    "ego": _Kind(plot_ego, ("name", "most", "language")),
}


def write_plots(
    tables_dir: str | Path,
    output: str | Path | None = None,
    *,
    kinds: Sequence[str] = tuple(PLOTS),
    formats: Sequence[str] = ("png", "svg"),
    **options: Any,
) -> list[Path]:
    """The files written: each of ``kinds`` in each of ``formats``, under ``output`` or ``figures`` beside the tables.

    The same tables give the same bytes. Raises InputError where there are no tables.
    """
    tables = load_tables(tables_dir)
    folder = Path(output) if output is not None else Path(tables_dir) / "figures"
    made = []
    for kind in kinds:
        wanted = {key: value for key, value in options.items() if key in PLOTS[kind].options and value is not None}
        figure = PLOTS[kind].draw(tables, **wanted)
        for form in formats:
            path = folder / f"{kind}.{form}"
            with whole_path(path) as beside:
                beside.write_bytes(figure_bytes(figure, form))
            made.append(path)
    return made


def figure_bytes(figure: Any, form: str) -> bytes:
    """The figure as bytes of ``form`` (png, svg or pdf), without dates in them; letters in SVG are outlines."""
    from io import BytesIO

    out = BytesIO()
    metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(form, {})
    settings = {"svg.hashsalt": "liqa", "svg.fonttype": "path", "font.family": ["DejaVu Sans"]}
    with import_module("matplotlib").rc_context(settings):
        figure.savefig(out, format=form, metadata=metadata)
    return out.getvalue()
