"""The ``liqa`` command."""

from __future__ import annotations

import click

from pipeline import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="liqa")
def main() -> None:
    """Read Arabic news and tell who met whom."""
