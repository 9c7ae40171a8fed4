"""``liqa tag``."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click

_SENTENCES_AT_ONCE = 256


@click.command()
@click.argument("file", type=click.Path(), metavar="IN.conll")
@click.option("--output", required=True, type=click.Path(), help="File to write.")
@click.option("--tagger", default="default", show_default=True, help="Tagger, as 'liqa models' lists them.")
def command(file: str, output: str, tagger: str) -> None:
    """Label words: one a line (the first tab-separated column), a blank line between sentences.

    Writes word, tab, BIO tag: the same lines in the same order.

    Example: liqa tag words.conll --output tagged.conll
    """
    from pipeline.run import open_tagger
    from pipeline.write import write_whole

    lines = _lines(Path(file))
    tags = _tags(lines, open_tagger(tagger))
    tagged = (f"{line}\t{next(tags)}" if line else "" for line in lines)
    write_whole(Path(output), "".join(f"{line}\n" for line in tagged).encode("utf-8", "surrogatepass"))


def _lines(path: Path) -> list[str]:
    from pipeline.errors import InputError

    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error}); name a UTF-8 file with one word a line") from error
    return [line.split("\t", 1)[0].strip() for line in text.removesuffix("\n").split("\n")]


def _tags(lines: list[str], tagger: object) -> Iterator[str]:
    tag_words = import_module("pipeline.tagging").tag_words
    sentences: list[list[str]] = [[]]
    for line in lines:
        if line:
            sentences[-1].append(line)
        elif sentences[-1]:
            sentences.append([])
    for start in range(0, len(sentences), _SENTENCES_AT_ONCE):
        for labels in tag_words(sentences[start : start + _SENTENCES_AT_ONCE], tagger):
            yield from labels
