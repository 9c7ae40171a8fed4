"""The ``liqa`` command: what its words are; what they do lies in ``pipeline/commands``."""

from __future__ import annotations

import signal
import sys
from importlib import import_module
from typing import Any

import click

from pipeline import __version__
from pipeline.errors import ModelError, OutputError, PipelineError

EXIT_REJECTED, EXIT_USAGE, EXIT_MODEL, EXIT_OUTPUT, EXIT_INTERRUPTED = 1, 2, 3, 4, 130
_COMMANDS = {
    "run": "Read texts, write tables and a graph of who met whom.",
    "extract": "Read one text, print what it says as JSON.",
    "tag": "Label the words of a file, one word a line.",
    "report": "Write one HTML page of the tables: graph, meetings, evidence.",
    "plot": "Draw meetings over time, who met whom, and the ties of one name.",
    "evaluate": "Compare tables with gold annotations.",
    "export": "Write tables and graph in another format.",
    "init": "Write a file with every setting, commented.",
    "doctor": "Check this installation.",
    "completion": "Print the script that completes commands in a shell.",
    "models": "List the taggers, their files and whether they verify.",
}


class _Commands(click.Group):
    """Commands by name, each loaded only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Names of the commands, the main one first."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- as above
        """The command of that name."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"pipeline.commands.{cmd_name}").command
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="liqa")
def command() -> None:
    """Read Arabic news and tell who met whom.

    Example: liqa run articles/ --output tables/
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit.

    0 done, 1 documents rejected with --strict, 2 wrong usage or settings, 3 a model is missing or damaged,
    4 the output cannot be written, 130 stopped by Ctrl-C or SIGTERM.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(_status(arguments))


def _status(arguments: list[str] | None) -> int:
    try:
        made: Any = command.main(arguments, prog_name="liqa", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("stopped; what is done is kept: the same command goes on from there", err=True)
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ModelError as error:
        click.echo(f"Error: {error}", err=True)
        return EXIT_MODEL
    except OutputError as error:
        click.echo(f"Error: {error}", err=True)
        return EXIT_OUTPUT
    except PipelineError as error:
        click.echo(f"Error: {error}", err=True)
        return EXIT_USAGE
    return made if isinstance(made, int) else 0
