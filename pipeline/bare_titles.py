"""Titles that a tagger took for persons: قال جنرال, اتصل بولي العهد, البابا | فرنسيس.

A title alone is no name, but where a longer name of the document ends with the word (الأمين beside هادي الأمين), or
persons are called so (سلطان, أمين). Words that are no part of a person's name are in ``lexicons/name_edges.tsv``.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from pipeline.consistency import Name, bare_spellings
from pipeline.gazetteer import fold_name, given_names, read_groups, title_heads
from pipeline.normalize import fold
from pipeline.proclitics import known_words
from pipeline.schema import EntityType, Token
from pipeline.taggers.features import word_key

_PREFIXES = frozenset({"", "و", "ب", "ل"})


def without_titles(names: Sequence[Name], sentences: Sequence[Sequence[Token]], later: Container[str]) -> list[Name]:
    """The names without persons that are titles alone, and without a title before the name that opens it.

    ``later`` are the words of the document's persons after their first, as :func:`word_key` spells them.
    """
    found = []
    for name in names:
        tokens = sentences[name.sentence][name.start : name.end]
        if name.type != EntityType.PER:
            found.append(name)
        elif _is_outside(tokens[0]):
            if len(tokens) > 1:
                found.append(replace(name, start=name.start + 1))
        elif len(tokens) > 1 or not _is_title(tokens[0], later):
            found.append(name)
    return found


def _is_outside(token: Token) -> bool:
    """Whether the word, with or without what is glued to it, is no part of a name: البابا, للبابا."""
    return any(fold(form) in read_groups("name_edges", "outside") for form in bare_spellings(token.norm))


def _is_title(token: Token, later: Container[str]) -> bool:
    """Whether the word is a title, nobody of the document is called so, and nobody else is known to be."""
    head, key = title_heads().get(fold(token.norm)), word_key(token.norm)
    if head is None or head.prefix not in _PREFIXES or key in later or key in known_words("PER"):
        return False
    return all(fold_name(form) not in given_names() for form in bare_spellings(token.norm))
