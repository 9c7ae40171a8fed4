"""How many proclitic letters (و ف ب ل ك) stand before a name, glued to its first word.

The evidence, strongest first: the lexicon of words whose counts in raw news decide against the rule; the bare name
stands elsewhere in the document; the rule; and that places or persons are known by the word without the letter alone.
Those counts are of all words: فلا is 'and not', but also a name. A person's name loses a letter by them only where the
bare word is one of persons' names, a body's never where the word is what bodies are called. One of و ف may stand before
one of ب ل ك, and nothing else before another letter.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import cache

from pipeline.gazetteer import read_groups
from pipeline.lexicon import read_rows
from pipeline.taggers.features import PROCLITICS, word_key

_NEXT = {"": PROCLITICS, "و": "بلك", "ف": "بلك"}  # the letters that may be cut after those that are
_LEAST = 3  # letters of a person's name that is told by its spelling
_ARTICLE = "ال"
_HAMZAS = frozenset("أإآ")
# How names in Wi- and We- begin, and names in ي hardly do: ويليام, ويستمنستر, ويمبلي, but ويلدريم, وينبع are two words.
_FOREIGN = re.compile("وي(?:ل[يسكفبازرش]|لما|لمو|ست|سل|سكو|مب|ند|نس|نت|كي|كل|كه|كو|تني|غا)")


@cache
def _persons() -> frozenset[str]:
    """Words that begin with a proclitic letter before a word that is mostly a person's name in raw news."""
    return frozenset(row["word"] for row in read_rows("person_proclitics"))


@cache
def _decided() -> dict[str, bool]:
    """Words that begin with a proclitic letter, and whether it is one, where the rule alone would be wrong."""
    return {row["word"]: row["proclitic"] == "1" for row in read_rows("proclitic_words")}


def strip_one(key: str) -> str:
    """The word without its first letter; ``لل`` gives back the article that it swallowed.

    >>> strip_one("للامم"), strip_one("بغداد")
    ('الامم', 'غداد')
    """
    return _ARTICLE + key[2:] if key.startswith("لل") else key[1:]


@cache
def known_words(kind: str) -> frozenset[str]:
    """Names of the best-known places, or words of persons' names, as :func:`word_key` spells them."""
    tables = ("places_core", "country_names") if kind == "LOC" else ("given_names_core", "persons_public")
    names = (row["name_ar"] for table in tables for row in read_rows(table))
    if kind == "LOC":
        return frozenset(map(word_key, names))
    return frozenset(word_key(word) for name in names for word in name.split() if len(word) >= _LEAST)


def count_proclitics(
    word: str, seen: Container[str] = (), following: str = "", *, kind: str = "", whole: Container[str] = ()
) -> int:
    """How many letters of ``word`` (normalised) stand before its name; ``seen``: first words of the document's names.

    ``whole`` holds words of its names that carry no letter: none of theirs is cut (وبرين beside سيرجي برين).
    ``following`` is the next word of the name: بروسيا is in Russia, but in بروسيا دورتموند a club. ``kind`` is LOC
    or PER where that much is known of the name: بوارسو is in Warsaw, and لزيلينسكي of Zelensky.

    >>> count_proclitics("وبوتين", {"بوتين"}), count_proclitics("بوتين"), count_proclitics("للأمم")
    (1, 0, 1)
    """
    key, after = word_key(word), word_key(following)
    letters = ""
    while len(key) > 2 and key[0] in _NEXT.get(letters, "") and key not in whole:
        bare = strip_one(key)
        hamza = word[len(letters) + 1 : len(letters) + 2] in _HAMZAS
        decided = _verdict(key, after, kind)
        if not (decided if decided is not None else bare in seen or _rule(key) or _bare_known(key, after, kind, hamza)):
            break
        letters += key[0]
        if key.startswith("لل") or bare.startswith(_ARTICLE):
            break
        key = bare
    return len(letters)


def opens_person(word: str) -> bool:
    """Whether a word (normalised) is a proclitic letter before a word that is mostly a person's name.

    >>> opens_person("وبفوزي"), opens_person("فوزي"), opens_person("لصالح")
    (True, False, False)
    """
    key = word_key(word)
    forms = {key, key.removeprefix("و")} & _persons() - read_groups("name_edges", "no_given", word_key)
    return any(len(form) > _LEAST + 1 for form in forms)  # short ones are words as well: لابن, بعمر


def _verdict(key: str, after: str, kind: str) -> bool | None:
    """What the lists say of the word's first letter, where they say anything of a name of that kind."""
    if kind == "ORG" and key in read_groups("name_edges", "body", word_key):
        return False
    decided = _decided().get(f"{key} {after}", _decided().get(key))
    if kind == "PER" and decided and key[0] != "و" and key not in _persons():
        return None
    return decided


def _bare_known(key: str, after: str, kind: str, hamza: bool) -> bool:
    """Whether a place or a person is known by the word without its first letter, and none by the word itself.

    A ``hamza`` after the letter tells لأمين, to Amin, from the name لامين. No person's name begins with بب.
    """
    bare = strip_one(key)
    if kind == "LOC":
        known = known_words(kind)
        return f"{bare} {after}".strip() in known and f"{key} {after}".strip() not in known and key not in known
    if kind != "PER" or key[0] not in "بل":
        return False
    return key.startswith("بب") or (bare in known_words(kind) and (hamza or key not in known_words(kind)))


def _rule(key: str) -> bool:
    if key[0] == "و":
        return not _FOREIGN.match(key)
    return key.startswith("لل") or key.startswith(_ARTICLE, 1)
