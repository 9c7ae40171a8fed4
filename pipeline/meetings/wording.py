"""What the meeting words of the lexicon and the clause around a trigger are asked for in several places."""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import cache
from itertools import takewhile

from pipeline.folded import fold_word
from pipeline.gazetteer import read_groups
from pipeline.meetings.phrases import is_mark


@cache
def words_of(group: str) -> frozenset[str]:
    """The folded words of a group of ``lexicons/meeting_words.tsv``."""
    return read_groups("meeting_words", group, fold_word)


def is_in(word: str, words: Set[str]) -> bool:
    """Whether a folded word is among the words, with or without و before it."""
    return word in words or word.removeprefix("و") in words


def since_mark(words: Sequence[str]) -> list[str]:
    """The last of the words, back to a mark."""
    return list(takewhile(lambda word: not is_mark(word), reversed(words)))[::-1]
