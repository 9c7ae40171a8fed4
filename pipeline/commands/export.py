"""``liqa export``."""

from __future__ import annotations

import click


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False), metavar="DIR")
@click.option("--to", "formats", multiple=True, metavar="FORMAT", help="A format; may be given several times.")
@click.option("--output", type=click.Path(), metavar="PATH", help="File or folder to write, with one format only.")
@click.option("--list", "listing", is_flag=True, help="List the formats, what opens them and their limits.")
def command(folder: str, formats: tuple[str, ...], output: str | None, listing: bool) -> None:
    """Write the tables and graph of a run in another format.

    Example: liqa export data/processed --to sqlite --to excel
    """
    from pipeline.export.formats import FORMATS, export

    if listing:
        for one in FORMATS.values():
            click.echo(f"{one.name:<10} {one.file:<14} for {one.opens_in}; limit: {one.limit}")
        return
    if not formats:
        raise click.UsageError(f"--to is missing; one or more of {', '.join(FORMATS)}")
    if output is not None and len(formats) > 1:
        raise click.UsageError("--output names one place; give one --to with it, or leave --output away")
    for name in formats:
        click.echo(f"{name}: {export(folder, name, output)}")
