"""``liqa evaluate``."""

from __future__ import annotations

import click


@click.command()
@click.argument("gold", type=click.Path(exists=True), metavar="GOLD_DIR")
@click.argument("tables", type=click.Path(exists=True), metavar="TABLES_DIR")
def command(gold: str, tables: str) -> None:
    """Compare the tables of a run with gold annotations.

    Example: liqa evaluate gold/dev tables/
    """
    from pipeline.evaluate import evaluate_folders, format_scores

    click.echo(format_scores(evaluate_folders(gold, tables)))
