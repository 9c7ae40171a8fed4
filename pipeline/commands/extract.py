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
    from pipeline.reading import Limits, check_text, decode

    limits = Limits()
    raw = file.read(limits.max_bytes)
    try:
        text, _ = decode(raw)
        check_text(text)
    except InputError as error:
        raise InputError(f"{file.name}: {error}") from error
    if len(text) > limits.max_chars:
        raise InputError(f"{file.name}: {limits.over_long}")
    click.echo(json.dumps(pipeline.extract(text, tagger=tagger), ensure_ascii=False, indent=2))
