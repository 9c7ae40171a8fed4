"""``liqa models``."""

from __future__ import annotations

import click


@click.command()
def command() -> int:
    """List the taggers, the files each needs, and whether they verify; exit code 3 where one does not.

    Example: liqa models
    """
    from pipeline.models import list_models

    rows = list_models()
    for row in rows:
        click.echo(f"{row.name:12}{'ready' if row.problem is None else 'NOT READY':11}{row.summary}")
        for path in row.files:
            click.echo(f"{'':12}{path}")
        if row.problem:
            click.echo(f"{'':12}{row.problem}")
    return 3 if any(row.problem for row in rows) else 0
