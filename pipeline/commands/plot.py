"""``liqa plot``."""

from __future__ import annotations

import click


@click.command()
@click.argument("tables", default="data/processed", metavar="[DIR]")
@click.option("--output", type=click.Path(), help="Folder for the figures; figures beside the tables if not given.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(["time", "heat", "ego"]), help="Figure; all if not given."
)
@click.option("--name", help="Whose ties 'ego' shows: name in any spelling, alias or id.")
@click.option("--most", type=click.IntRange(2, 60), help="Names in 'heat' and 'ego' at most.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["png", "svg", "pdf"]),
    help="File format; png and svg if not given.",
)
@click.option("--language", type=click.Choice(["ar", "en"]), default="ar", show_default=True, help="Of the labels.")
def command(
    tables: str,
    output: str | None,
    kinds: tuple[str, ...],
    name: str | None,
    most: int | None,
    formats: tuple[str, ...],
    language: str,
) -> int:
    """Draw meetings over time, who met whom, and the ties of one name, as PNG and SVG.

    DIR is the output folder of a run; with none, data/processed.

    Example: liqa plot tables/ --kind ego --name "سلمى البرقاني" --format svg
    """
    from pipeline.plot import PLOTS, write_plots

    made = write_plots(
        tables, output, kinds=kinds or tuple(PLOTS), formats=formats or ("png", "svg"),
        name=name, most=most, language=language,
    )  # fmt: skip
    for path in made:
        click.echo(f"figure  {path}")
    return 0
