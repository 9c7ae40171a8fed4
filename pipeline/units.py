"""A sentence as units: names that are mentions, and the words and marks between them, for reading titles."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.folded import fold_word
from pipeline.kept import kept_while_same
from pipeline.normalize import fold
from pipeline.schema import Analysis, EntityType, Span


class Unit(NamedTuple):
    """A word, a mark or a whole name. ``folded`` is empty for marks and names; ``prefix`` is a name's proclitics.

    ``ending`` is a word's last letter as written: folding makes ha one with ta marbuta, and drops a hamza.
    """

    span: Span
    folded: str
    mark: str = ""
    mention: int | None = None
    type: EntityType | None = None
    prefix: str = ""
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word taken apart: proclitics, article, and what is left."""

    prefix: str
    definite: bool
    stem: str


@kept_while_same("sentences")
def folded_words(analysis: Analysis) -> tuple[tuple[str, ...], ...]:
    """The tokens of every sentence, folded letter by letter as :func:`pipeline.folded.fold_word` does."""
    return tuple(tuple([fold_word(token.norm) for token in sentence.tokens]) for sentence in analysis.sentences)


@kept_while_same("sentences")
def token_starts(analysis: Analysis) -> tuple[tuple[int, ...], ...]:
    """Where each token of every sentence starts."""
    return tuple(tuple([token.span.start for token in sentence.tokens]) for sentence in analysis.sentences)


@kept_while_same("document", "sentences", "mentions")
def read_units(analysis: Analysis) -> tuple[tuple[Unit, ...], ...]:
    """The units of every sentence, in order."""
    starts = [mention.span.start for mention in analysis.mentions]
    return tuple(units_of(analysis, index, starts) for index in range(len(analysis.sentences)))


def units_of(analysis: Analysis, sentence_index: int, mention_starts: Sequence[int]) -> tuple[Unit, ...]:
    """The units of a sentence in order; ``mention_starts`` are the starts of all mentions, ascending."""
    sentence = analysis.sentences[sentence_index]
    mentions, text = analysis.mentions, analysis.document.text
    at = bisect_left(mention_starts, sentence.span.start)
    units: list[Unit] = []
    covered = sentence.span.start
    for token in sentence.tokens:
        if token.span.start < covered:
            continue
        while at < len(mentions) and mentions[at].span.end <= token.span.start:
            at += 1
        if at < len(mentions) and mentions[at].span.start < token.span.end:
            mention = mentions[at]
            prefix = text[token.span.start : mention.span.start]
            units.append(Unit(mention.span, "", "", at, mention.type, fold(prefix)))
            covered = mention.span.end
            at += 1
            continue
        folded = _fold_word(token.norm)
        units.append(Unit(token.span, folded, "" if folded else token.norm, None, None, "", token.norm[-1:]))
    return tuple(units)


@lru_cache(maxsize=1 << 15)
def _fold_word(norm: str) -> str:
    """A word folded with its conjunction kept: ``fold`` makes one letter of two (ووزير)."""
    return "و" + fold(norm[1:]) if norm.startswith("وو") and len(norm) > 3 else fold(norm)


@lru_cache(maxsize=1 << 14)
def split_word(folded: str) -> Word:
    """A folded word's proclitics and article, guessed from its letters alone.

    >>> split_word("والتعاون").stem
    'تعاون'
    """
    rest, prefix = folded, ""
    if len(rest) > 3 and rest[0] in "وف":
        prefix, rest = rest[0], rest[1:]
    if len(rest) > 4 and rest.startswith("لل"):
        return Word(prefix + "ل", True, rest[2:])
    if len(rest) > 4 and rest[0] in "بلك" and rest[1:3] == "ال":
        return Word(prefix + rest[0], True, rest[3:])
    if len(rest) > 4 and rest.startswith("ال"):
        return Word(prefix, True, rest[2:])
    return Word(prefix, False, rest)
