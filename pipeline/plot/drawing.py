"""What all figures share: sizes, colours, words, and Arabic joined and from right to left.

matplotlib 3.11 shapes text itself (libraqm); text that was reshaped before comes out reversed there. Older releases
draw letters apart from left to right and need arabic-reshaper and python-bidi first; `shaped` knows which is which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Literal

from pipeline.errors import ConfigError

if TYPE_CHECKING:
    import pandas as pd

Tables = Mapping[str, "pd.DataFrame"]
Language = Literal["ar", "en"]

COLOURS = {
    "PER": "#2b6cb0", "ORG": "#c05621", "LOC": "#3a8a55",
    "held": "#b0305c", "planned": "#e0a14a", "cancelled": "#7a5c8e", "denied": "#8b919b",
    "meeting": "#b0305c", "position": "#8d7a2c", "relation": "#6b55b5", "co_mention": "#b9b2a5",
}  # fmt: skip
WORDS: dict[Language, dict[str, str]] = {
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


def new_figure(width: float, height: float) -> tuple[Any, Any]:
    """An empty figure and its axes, drawn without a screen."""
    _matplotlib_version()
    figure = import_module("matplotlib.figure").Figure(figsize=(width, height), dpi=150, layout="constrained")
    axes = figure.subplots()
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_color("#d9d2c5")
    axes.tick_params(colors="#666e77", labelcolor="#1d2329", length=0)
    return figure, axes


def title(axes: Any, text: str) -> None:
    """Write the title of a figure."""
    axes.set_title(shaped(text), fontsize=15, fontweight="bold", color="#1d2329", pad=14)


def say_why(axes: Any, text: str) -> None:
    """An empty figure that says why it is empty."""
    axes.text(0.5, 0.5, shaped(text), ha="center", va="center", fontsize=14, color="#666e77", transform=axes.transAxes)
    axes.set_xticks([])
    axes.set_yticks([])


def names(tables: Tables, entities: Sequence[str], longest: int = 28) -> list[str]:
    """The shaped names of entities, cut with an ellipsis after ``longest`` characters."""
    known = dict(zip(tables["entities"]["entity_id"], tables["entities"]["name"].fillna(""), strict=True))
    found = [str(known.get(entity, entity)) for entity in entities]
    return [shaped(name if len(name) <= longest else name[: longest - 1] + "…") for name in found]
