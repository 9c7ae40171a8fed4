"""The ``liqa`` command: what its words are; what they do lies in ``pipeline/commands``."""

from __future__ import annotations

import json
import signal
import sys
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
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

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names; UsageError with the nearest one where there is none."""
        if args[0] not in _COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], _COMMANDS, 1)
            raise click.UsageError(
                f"No such command {args[0]!r}" + (f"; did you mean {near[0]!r}?" if near else ""), ctx
            )
        return super().resolve_command(ctx, args)


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
    words = sys.argv[1:] if arguments is None else arguments
    as_json = _wants_json(words)
    try:
        made: Any = command.main(arguments, prog_name="liqa", standalone_mode=False)
    except click.exceptions.Abort:
        stopped = "stopped; what is done is kept: the same command goes on from there"
        return _tell(stopped, EXIT_INTERRUPTED, as_json, event="stopped")
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        return _tell(_with_remedy(error, words), error.exit_code, as_json)
    except ModelError as error:
        return _tell(str(error), EXIT_MODEL, as_json)
    except OutputError as error:
        return _tell(str(error), EXIT_OUTPUT, as_json)
    except PipelineError as error:
        return _tell(str(error), EXIT_USAGE, as_json)
    except Exception:  # a bug: its traceback is for whoever mends it, as one line where programs read the log
        if not as_json:
            raise
        message = "this is a bug, please report it with what follows"
        return _tell(f"{message}\n{traceback.format_exc()}", EXIT_REJECTED, as_json, event="bug")
    return made if isinstance(made, int) else 0


def _wants_json(arguments: Sequence[str]) -> bool:
    """True where the log is asked for as JSON; also before click has read the words, which may be wrong."""
    joined = " ".join(arguments)
    return "--log-format json" in joined or "--log-format=json" in joined


def _with_remedy(error: click.ClickException, words: Sequence[str]) -> str:
    """Message of click's error, and the command that shows what is allowed; click does not always know which it was."""
    message = error.format_message().rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context is not None else "liqa"
    if context is None and words[0] in _COMMANDS:
        path = f"liqa {words[0]}"
    return f"{message}{'' if message.endswith('?') else ';'} '{path} --help' shows what it takes"


def _tell(message: str, status: int, as_json: bool, event: str = "error") -> int:
    """Print on standard error, as a line of text or of JSON; the exit status."""
    if as_json:
        click.echo(
            json.dumps({"event": event, "message": message, "exit_status": status}, ensure_ascii=False), err=True
        )
    else:
        click.echo(message if event == "stopped" else f"Error: {message}", err=True)
    return status
