"""How many proclitic letters (و ف ب ل ك) stand before a name, glued to its first word.

The evidence, strongest first: the lexicon of words whose counts in raw news decide against the rule; the bare name
stands elsewhere in the document; the rule; and of a place, that the gazetteer knows it without the letter alone.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Container
from functools import cache
from importlib import resources

from pipeline.lexicon import read_rows
from pipeline.taggers.features import PROCLITICS, word_key

_MAX_LETTERS = 3
_ARTICLE = "ال"
# How names in Wi- and We- begin, and names in ي hardly do: ويليام, ويستمنستر, ويمبلي, but ويلدريم, وينبع are two words.
_FOREIGN = re.compile("وي(?:ل[يسكفبازرش]|لما|لمو|ست|سل|سكو|مب|ند|نس|نت|كي|كل|كه|كو|تني|غا)")


@cache
def _decided() -> dict[str, bool]:
    """Words that begin with a proclitic letter, and whether it is one, where the rule alone would be wrong."""
    path = resources.files("pipeline") / "lexicons" / "proclitic_words.tsv"
    with path.open(encoding="utf-8") as lines:
        return {row["word"]: row["proclitic"] == "1" for row in csv.DictReader(lines, delimiter="\t")}


def strip_one(key: str) -> str:
    """The word without its first letter; ``لل`` gives back the article that it swallowed.

    >>> strip_one("للامم"), strip_one("بغداد")
    ('الامم', 'غداد')
    """
    return _ARTICLE + key[2:] if key.startswith("لل") else key[1:]


@cache
def _places() -> frozenset[str]:
    """The names of the best-known places, as :func:`word_key` spells them."""
    rows = (row for table in ("places_core", "country_names") for row in read_rows(table))
    return frozenset(word_key(row["name_ar"]) for row in rows)


def count_proclitics(word: str, seen: Container[str] = (), following: str = "", *, place: bool = False) -> int:
    """How many letters of ``word`` (normalised) stand before its name; ``seen``: first words of the document's names.

    ``following`` is the next word of the name: بروسيا is in Russia, but in بروسيا دورتموند a club. ``place`` tells that
    the whole name is one of a place: بوارسو is in Warsaw.

    >>> count_proclitics("وبوتين", {"بوتين"}), count_proclitics("بوتين"), count_proclitics("للأمم")
    (1, 0, 1)
    """
    key, after = word_key(word), word_key(following)
    n_letters = 0
    while n_letters < _MAX_LETTERS and len(key) > 2 and key[0] in PROCLITICS:
        bare = strip_one(key)
        decided = _decided().get(f"{key} {after}", _decided().get(key))
        if not (decided if decided is not None else bare in seen or _rule(key) or (place and _in_place(key, after))):
            break
        n_letters += 1
        if key.startswith("لل") or bare.startswith(_ARTICLE):
            break
        key = bare
    return n_letters


def _in_place(key: str, after: str) -> bool:
    """Whether the gazetteer knows a place by the word without its first letter, and none by the word itself."""
    whole, bare = (f"{word} {after}".strip() for word in (key, strip_one(key)))
    known = _places()
    return bare in known and whole not in known and key not in known


def _rule(key: str) -> bool:
    if key[0] == "و":
        return not _FOREIGN.match(key)
    return key.startswith("لل") or key.startswith(_ARTICLE, 1)
