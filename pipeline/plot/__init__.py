"""Figures of a run as PNG and SVG, Arabic joined and from right to left: time, who with whom, one's own ties."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from pipeline.api import load_tables
from pipeline.errors import ConfigError
from pipeline.export.files import whole_path
from pipeline.plot.drawing import WORDS, shaped
from pipeline.plot.ego import find_entity, plot_ego
from pipeline.plot.heat import plot_heat
from pipeline.plot.time import plot_time

__all__ = ["PLOTS", "figure_bytes", "find_entity", "plot_ego", "plot_heat", "plot_time", "shaped", "write_plots"]
FORMATS = ("png", "svg", "pdf")


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

    The same tables give the same bytes. Raises InputError where there are no tables, ConfigError for a kind, a format
    or a language that there is not.
    """
    for what, asked, known in (
        ("kind", kinds, tuple(PLOTS)),
        ("format", formats, FORMATS),
        ("language", [options.get("language", "ar")], tuple(WORDS)),
    ):
        if unknown := [value for value in asked if value not in known]:
            raise ConfigError(f"no {what} {unknown[0]!r} of figures; choose one of {', '.join(known)}")
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
