"""``liqa models``."""

from __future__ import annotations

from importlib import import_module

import click


@click.group(invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> int:
    """List the taggers, the files each needs, and whether they verify; exit code 3 where one does not.

    Example: liqa models
    """
    if context.invoked_subcommand is not None:
        return 0
    rows = import_module("pipeline.models").list_models()
    for row in rows:
        state = "NOT READY" if row.problem else "needs more" if row.needs else "ready"
        click.echo(f"{row.name:12}{state:11}{row.summary}")
        for path in row.files:
            click.echo(f"{'':12}{path}")
        if row.needs:
            click.echo(f"{'':12}needs {row.needs}")
        if row.problem:
            click.echo(f"{'':12}{row.problem}")
    return 3 if any(row.problem for row in rows) else 0


@command.command()
@click.argument("name", metavar="camel|stanza")
def fetch(name: str) -> int:
    """Fetch a library's own Arabic model by the library's own downloader; needs a network.

    Example: liqa models fetch stanza
    """
    place = import_module("pipeline.models").fetch_model(name)
    click.echo(f"{name} is in {place}: --tagger {'stanza:fetched' if name == 'stanza' else name}")
    return 0
