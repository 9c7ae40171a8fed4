"""Words that may tell of a meeting: verbs, verbal nouns and nouns in any inflection that the form list allows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.errors import ConfigError
from pipeline.folded import fold_word
from pipeline.gazetteer import read_groups, read_rows

_PRONOUNS = ("هما", "هم", "هن", "ها", "ه", "نا", "ي", "كم", "ك", "ني")
_PREFIXES = re.compile(r"^([وف]?)([سبلك]?)(ال|ل)?")


@dataclass(frozen=True, slots=True)
class Form:
    """One reading of a word: the lemma, whether verb or noun, and what its letters show.

    ``tense`` is past, present or future for verbs; ``pronoun`` is a suffixed pronoun; ``clitic`` the letters before the
    stem (و ف ب ل ك), ``definite`` whether the article stands on a noun.
    """

    lemma: str
    pos: str
    kind: str
    tense: str = ""
    pronoun: str = ""
    clitic: str = ""
    definite: bool = False
    number: str = ""


@cache
def lemmas_of(group: str) -> frozenset[str]:
    """The lemmas of one of the ``groups`` of the form list, such as ``travel``; docs/extend.md names them all."""
    found = frozenset(row["lemma"] for row in read_rows("meeting_forms") if group in row["groups"].split())
    if not found:
        raise ConfigError(f"lexicons/meeting_forms.tsv: no words of group {group!r}; mend the file")
    return found


@cache
def _nouns() -> dict[str, tuple[str, str, str]]:
    """Stem with or without a pronoun -> lemma, kind, pronoun."""
    found: dict[str, tuple[str, str, str]] = {}
    for row in read_rows("meeting_forms"):
        if row["pos"] != "noun":
            continue
        for form in row["forms"].split():
            stem = fold_word(form)
            found.setdefault(stem, (row["lemma"], row["kind"], ""))
            for pronoun in _PRONOUNS:
                for base in _suffixable(stem):
                    found.setdefault(base + pronoun, (row["lemma"], row["kind"], pronoun))
    return found


def _suffixable(stem: str) -> tuple[str, ...]:
    """The forms that a noun takes before a pronoun: زياره -> زيارت, لقاء -> لقاء لقاو لقاي."""
    if stem.endswith("ه"):
        return (stem[:-1] + "ت",)
    if stem.endswith("اء"):
        return (stem, stem[:-1] + "و", stem[:-1] + "ي")
    return (stem,)


@cache
def _verbs() -> tuple[dict[str, tuple[str, str, str]], dict[str, tuple[str, str, str]]]:
    """Past and present stems, with or without an object pronoun -> lemma, kind, pronoun."""
    past: dict[str, tuple[str, str, str]] = {}
    present: dict[str, tuple[str, str, str]] = {}
    for row in read_rows("meeting_forms"):
        if row["pos"] != "verb":
            continue
        for forms, table in ((row["forms"], past), (row["present"], present)):
            for form in forms.split():
                stem = fold_word(form)
                table.setdefault(stem, (row["lemma"], row["kind"], ""))
                base = stem[:-1] + "ا" if stem.endswith("ي") and len(stem) > 3 else stem
                for pronoun in ("هما", "هم", "ها", "ه", "نا", "ني"):
                    table.setdefault(base + pronoun, (row["lemma"], row["kind"], pronoun))
                    if base != stem:
                        table.setdefault(stem + pronoun, (row["lemma"], row["kind"], pronoun))
    return past, present


def _number(stem: str, lemma: str) -> str:
    """Dual or plural by the ending of a verb form; empty for the singular."""
    rest = stem.removeprefix(fold_word(lemma)[:-1])
    if rest.endswith(("ون", "وا")):
        return "plural"
    if rest.endswith(("ان", "ا", "تا")) and len(rest) > 1:
        return "dual"
    return ""


@lru_cache(maxsize=30_000)
def read_form(word: str) -> Form | None:
    """The reading of a folded word, a noun before a verb; None where the word is no trigger.

    >>> form = read_form("وسيلتقي")
    >>> form.lemma, form.tense
    ('التقى', 'future')
    >>> form = read_form("لقايه")
    >>> form.lemma, form.pronoun
    ('لقاء', 'ه')
    """
    if word in read_groups("meeting_words", "no_trigger", fold_word):  # وزارته is not 'and she visited him'
        return None
    nouns = _nouns()
    past, present = _verbs()
    for conjunction in ("", "و", "ف"):
        if not word.startswith(conjunction):
            continue
        rest = word[len(conjunction) :]
        if rest in past:
            lemma, kind, pronoun = past[rest]
            return Form(lemma, "verb", kind, "past", pronoun, conjunction, number=_number(rest, lemma))
        future = rest.startswith("س") and len(rest) > 3
        bare = rest[1:] if future else rest
        if bare[:1] in (("ي", "ت", "ن", "ا") if future else ("ي", "ت", "ن")) and bare[1:] in present:
            lemma, kind, pronoun = present[bare[1:]]
            tense = "future" if future else "present"
            return Form(lemma, "verb", kind, tense, pronoun, conjunction, number=_number(bare[1:], lemma))
        for clitic in ("", "ب", "ل", "ك"):
            if not rest.startswith(clitic):
                continue
            stem = rest[len(clitic) :]
            definite = stem.startswith("ال") and stem not in nouns
            stem = stem[2:] if definite else stem
            if clitic == "ل" and not definite and stem.startswith("ل") and stem[1:] in nouns and stem not in nouns:
                definite, stem = True, stem[1:]
            if stem in nouns:
                lemma, kind, pronoun = nouns[stem]
                return Form(lemma, "noun", kind, "", pronoun, conjunction + clitic, definite)
    return None
