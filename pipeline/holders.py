"""Where the bearer of a title may stand: right after it, before it in apposition, or behind a clause."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.gazetteer import words_of
from pipeline.schema import EntityType
from pipeline.titles import TitlePhrase
from pipeline.units import Unit

MAX_GAP = 8
"""Units between a title and the name that it stands before: honorifics, marks, an aside."""
MAX_FAR = 14
"""Units within which a name is still looked for behind a clause."""
_GAP_MARKS = frozenset("،,\"'«»“”-–:()#.?")
_COMMAS, _STOPS, _ENDS = frozenset("،,-–"), frozenset(":(.?"), frozenset(".؟!")


def holder_after(units: Sequence[Unit], phrase: TitlePhrase) -> tuple[int, str] | None:
    """The person right after a phrase: unit index, and how it is reached.

    ``next``: nothing but quotes between; ``honorific``: past titles of courtesy; ``comma``: past a comma.
    """
    how = "next"
    for at in range(phrase.last + 1, min(len(units), phrase.last + 1 + MAX_GAP)):
        unit = units[at]
        if unit.mention is not None:
            return (at, how) if unit.type is EntityType.PER and not unit.prefix else None
        if unit.folded:
            if unit.folded in words_of("honorific"):
                how = "honorific" if how == "next" else how
            elif unit.folded not in words_of("aside") and unit.folded not in words_of("former"):
                return None
        elif unit.mark not in _GAP_MARKS:
            return None
        elif unit.mark in _COMMAS or unit.mark == ":":
            how = "comma"
    return None


def holder_before(units: Sequence[Unit], phrase: TitlePhrase) -> tuple[int, str] | None:
    """The person whom a phrase follows: unit index, and ``comma`` or ``next``; ``copula`` past a word like وهو."""
    copula = phrase.first > 0 and units[phrase.first - 1].folded in words_of("copula")
    first = phrase.first - 1 if copula else phrase.first
    how = "next"
    for at in range(first - 1, max(-1, first - 5), -1):
        unit = units[at]
        if unit.mention is not None:
            return (at, "copula" if copula else how) if unit.type is EntityType.PER else None
        if unit.folded or unit.mark not in _GAP_MARKS:
            return None
        if unit.mark in _COMMAS or unit.mark in _STOPS:
            how = "comma"
    return None


def holder_far(units: Sequence[Unit], phrase: TitlePhrase) -> tuple[int, str] | None:
    """The next person after a phrase that an aside or a relative clause parts from it: unit index, and the kind.

    ``far-comma`` where a comma stands right before the name, ``far-relative`` for a clause, else ``far-words``; None
    in what the bearer says of others (أن X).
    """
    end = min(len(units), phrase.last + MAX_FAR)
    for at in range(phrase.last + 1, end):
        unit = units[at]
        if unit.type is EntityType.PER:
            if unit.prefix or at - phrase.last < 2:
                return None
            if units[at - 1].mark in _COMMAS:
                return at, "far-comma"
            between = {other.folded or other.mark for other in units[phrase.last + 1 : at]}
            if between & words_of("statement"):
                return None
            relative = between & words_of("relative")
            return at, "far-relative" if relative else f"far-words{min(at - phrase.last - 1, 4)}"
        if unit.mark in _ENDS:
            return None
    return None
