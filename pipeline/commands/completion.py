"""``liqa completion``."""

from __future__ import annotations

import click

_VARIABLE = "_LIQA_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="SHELL")
def command(shell: str) -> None:
    """Print the script that lets a shell complete the commands and options of liqa.

    SHELL is bash, zsh or fish.

    Example: liqa completion bash > ~/.local/share/bash-completion/completions/liqa
    """
    from click.shell_completion import get_completion_class

    from pipeline import cli

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}; one of bash, zsh, fish")
    click.echo(kind(cli.command, {}, "liqa", _VARIABLE).source())
