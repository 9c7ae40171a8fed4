"""Words that mean something else beside others: من أجل calls nothing off, and عقد لقاء after على is no past verb.

Each row of ``lexicons/meeting_contexts.tsv`` names words, what stands around them, and the word that they are read as.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from pipeline.folded import fold_word
from pipeline.gazetteer import read_rows
from pipeline.meetings.phrases import is_mark
from pipeline.meetings.triggers import read_form

_START = "^"  # the start of a sentence, or a mark
_NOUN = "@noun"  # a noun that tells of a meeting, without the ending of an object (اجتماعا)


@dataclass(frozen=True, slots=True)
class _Context:
    """One row: the word before it is in ``after`` (if any) and not in ``not_after``; one of ``before`` follows."""

    after: frozenset[str]
    not_after: frozenset[str]
    before: frozenset[str]
    within: int
    reads_as: str

    def holds(self, row: Sequence[str], at: int) -> bool:
        """Whether the words around one of a sentence are those of the row."""
        previous = row[at - 1] if at and not is_mark(row[at - 1]) else _START
        if (self.after and previous not in self.after) or previous in self.not_after:
            return False
        clause = takewhile(lambda word: not is_mark(word), row[at + 1 : at + 1 + self.within])
        return not self.before or any(map(self._follows, clause))

    def _follows(self, word: str) -> bool:
        if word in self.before:
            return True
        form = read_form(word) if _NOUN in self.before and not word.endswith("ا") else None
        return form is not None and form.pos == "noun"


@cache
def _contexts() -> dict[str, list[_Context]]:
    found: dict[str, list[_Context]] = {}
    for row in read_rows("meeting_contexts"):
        after, not_after, before = (
            frozenset(word if word in (_START, _NOUN) else fold_word(word) for word in row[name].split())
            for name in ("after", "not_after", "before")
        )
        context = _Context(after, not_after, before, int(row["within"] or 0), fold_word(row["reads_as"]))
        for word in row["words"].split():
            found.setdefault(fold_word(word), []).append(context)
    return found


@cache
def _known() -> frozenset[str]:
    """The words that some row is of, bare and after a conjunction."""
    return frozenset(conjunction + word for word in _contexts() for conjunction in ("", "و", "ف"))


def in_context(row: Sequence[str]) -> list[str]:
    """The folded words of a sentence, each as it is read beside its neighbours; one word for one word.

    >>> in_context(["جاء", "من", "اجل", "لقاء"])
    ['جاء', 'من', 'سبيل', 'لقاء']
    """
    read = list(row)
    if _known().isdisjoint(row):
        return read
    contexts = _contexts()
    for at, word in enumerate(row):
        conjunction = word[0] if word not in contexts and word[:1] in ("و", "ف") else ""
        for context in contexts.get(word[len(conjunction) :], ()):
            if context.holds(row, at):
                read[at] = conjunction + context.reads_as
                break
    return read
