"""``liqa extract``."""

from __future__ import annotations

import json
from typing import BinaryIO

import click


@click.command()
@click.argument("file", type=click.File("rb"), default="-", metavar="[FILE|-]")
@click.option("--tagger", default="default", show_default=True, help="Tagger, as 'liqa models' lists them.")
def command(file: BinaryIO, tagger: str) -> None:
    """Read one text, print entities, positions and meetings with evidence and offsets as JSON.

    Example: liqa extract article.txt
    """
    import pipeline
    from pipeline.errors import InputError

    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{file.name}: not UTF-8 ({error.reason}); convert it, or use 'liqa run', which detects"
        ) from error
    click.echo(json.dumps(pipeline.extract(text, tagger=tagger), ensure_ascii=False, indent=2))
