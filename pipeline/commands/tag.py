"""``liqa tag``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipeline.tagging import Tagger

_SENTENCES_AT_ONCE = 256


@click.command()
@click.argument("file", type=click.Path(), metavar="IN.conll")
@click.option("--output", required=True, type=click.Path(), help="File to write; - prints.")
@click.option("--tagger", default="default", show_default=True, help="Tagger, as 'liqa models' lists them.")
def command(file: str, output: str, tagger: str) -> None:
    """Label words: one a line (the first tab-separated column), a blank line between sentences.

    Writes word, tab, BIO tag: the same lines in the same order.

    Example: liqa tag words.conll --output tagged.conll
    """
    from pipeline.export.files import whole_file
    from pipeline.run import open_tagger

    words = _words(Path(file))
    tags = _tags(words, open_tagger(tagger))
    lines = (f"{word}\t{next(tags)}\n" if word else "\n" for word in words)
    if output == "-":
        click.echo("".join(lines), nl=False)
        return
    with whole_file(output) as stream:
        stream.writelines(lines)


def _words(path: Path) -> list[str]:
    from pipeline.errors import InputError

    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error}); name a UTF-8 file with one word a line") from error
    return [line.split("\t", 1)[0].strip() for line in text.removesuffix("\n").split("\n")]


def _tags(words: list[str], tagger: Tagger) -> Iterator[str]:
    """One tag for each word that is not empty, sentences tagged some hundreds at a time."""
    sentences: list[list[str]] = [[]]
    for word in words:
        if word:
            sentences[-1].append(word)
        elif sentences[-1]:
            sentences.append([])
    for start in range(0, len(sentences), _SENTENCES_AT_ONCE):
        yield from _tag_sentences(sentences[start : start + _SENTENCES_AT_ONCE], tagger)


def _tag_sentences(sentences: list[list[str]], tagger: Tagger) -> Iterator[str]:
    from pipeline.normalize import normalize
    from pipeline.tagging import decode_bio

    norms = [[norm for word in sentence if (norm := normalize(word))] for sentence in sentences]
    for sentence, prediction in zip(sentences, tagger.predict(norms), strict=True):
        labels = iter(prediction.labels)
        whole = [next(labels) if normalize(word) else "O" for word in sentence]
        tags = ["O"] * len(whole)
        for first, last, kind in decode_bio(whole):
            tags[first:last] = [f"B-{kind}"] + [f"I-{kind}"] * (last - first - 1)
        yield from tags
