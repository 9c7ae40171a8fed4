"""``liqa report``."""

from __future__ import annotations

import click


@click.command()
@click.argument("tables", default="data/processed", metavar="[DIR]")
@click.option("--output", type=click.Path(), help="The file to write; report.html beside the tables if not given.")
@click.option("--entities", type=click.IntRange(1), default=5_000, show_default=True, help="Names to show at most.")
@click.option("--edges", type=click.IntRange(1), default=15_000, show_default=True, help="Ties to show at most.")
@click.option("--meetings", type=click.IntRange(1), default=5_000, show_default=True, help="Meetings to show at most.")
def command(tables: str, output: str | None, entities: int, edges: int, meetings: int) -> int:
    """Write one HTML page that shows who met whom and the sentences that say so.

    DIR is the output folder of a run; with none, data/processed. The page opens with no network in any browser; of a
    corpus that is larger than the limits it shows the strongest part and says so.

    Example: liqa report tables/ --output report.html
    """
    from pipeline.report import Limits, write_report

    path = write_report(tables, output, limits=Limits(entities=entities, edges=edges, meetings=meetings))
    click.echo(f"report  {path} ({path.stat().st_size / 1e6:.1f} MB); open it in a browser")
    return 0
