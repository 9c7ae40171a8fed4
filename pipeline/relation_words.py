"""What the words around names tell of relations: cues of the guidelines' relations, and classes of roles and places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from pipeline.folded import fold_word
from pipeline.gazetteer import find_nisba, read_groups, read_rows

CLITICS = "وفبلك"
MARKS = frozenset('،,؛;:.()[]«»"“”-–—/!؟')
COMMAS = frozenset("،,")
_PRONOUNS = ("ه", "ها", "هما", "هم")
_OWNED = frozenset({"player", "member", "staff"})
QUOTES = frozenset("\"«»“”'")


@cache
def _cues() -> Mapping[str, str]:
    """Folded first word of a relation cue to its relation in the annotation guidelines, or the source's own name."""
    found: dict[str, str] = {}
    for row in read_rows("relation_cues"):
        word = fold_word(row["cue_ar"]).split()[0]
        if len(word) > 1 and word.isalpha():
            found.setdefault(word, row["ace_relation"])
    return found


@lru_cache(maxsize=20_000)
def relation_cue(word: str) -> str:
    """The relation that a folded word is a cue of, whatever its clitics, article or pronoun; empty for other words.

    >>> relation_cue("وزوجته"), relation_cue("القيادي")
    ('PER-SOC.Family', 'ORG-AFF.Membership')
    """
    return next((cue for form in _forms(word) if (cue := _cues().get(form, ""))), "")


@cache
def _classes() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for row in read_rows("relation_words"):
        found.setdefault(fold_word(row["word"]), row["group"])
    for row in read_rows("place_words"):
        found.setdefault(fold_word(row["word"]), "place" if row["group"] == "head" else "building")
    return found


@lru_cache(maxsize=20_000)
def word_class(word: str) -> str:
    """The class of a folded word in ``relation_words.tsv``, with a plus where it has a pronoun; empty for other words.

    >>> word_class("ولاعبيه"), word_class("بمدينه")
    ('player+', 'place')
    """
    if word.startswith("["):
        return word
    form = role_form(word)
    if form:
        return _classes()[form] + ("" if word.endswith(form) else "+")
    if any(word in read_groups("title_words", group, fold_word) for group in ("honorific", "honorific_only")):
        return "honorific"
    if find_nisba(word) is not None:
        return "nisba"
    return "number" if word.isdigit() else "comma" if word in COMMAS else "mark" if word in MARKS else ""


def owned_class(word: str) -> str:
    """The class of a folded word with a pronoun, empty without one; لاعبة and لاعبه, folded, are one: his player.

    >>> owned_class("زوجته"), owned_class("لاعبه"), owned_class("اللاعبه")
    ('family+', 'player+', '')
    """
    kind = word_class(word)
    if kind in _OWNED and word.endswith("ه") and not word.lstrip(CLITICS).startswith("ال"):
        return f"{kind}+"
    return kind if kind.endswith("+") else ""


@lru_cache(maxsize=20_000)
def role_form(word: str) -> str:
    """The form of a folded word that has a class, without clitic, article and pronoun; empty where none has."""
    return next((form for form in _forms(word) if form in _classes()), "")


def _forms(word: str) -> Iterator[str]:
    """The word as it stands, then without a clitic, article and pronoun."""
    for stem in (word, word[1:] if len(word) > 3 and word[0] in CLITICS else word):
        for base in (stem, stem.removeprefix("ال")):
            yield base
            for pronoun in _PRONOUNS:
                if base.endswith(pronoun):
                    bare = base.removesuffix(pronoun)
                    yield bare
                    yield bare.removesuffix("ت") + "ه"
