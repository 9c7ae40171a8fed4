"""Names that a tagger took for one and that are several: joined by و, side by side, or a place in a place.

A noun such as الهيئة or مجلس begins the name of a body. Glued to و it begins another one (البنك المركزي | وهيئة
السياحة), as a well-known body does. So it does with its article after a definite noun, which no noun in the genitive
follows (مجلس الشعب | الاتحاد الوطني): none of the 4,375 bodies in the annotated articles holds such a word. A head in
the dual or plural (وزارتي المالية | والصحة) has as many bodies as parts. After a known place, one with ب holds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from pipeline.bodies import known_body_end
from pipeline.consistency import Name, bare_spellings
from pipeline.gazetteer import fold_name, given_names, is_place, read_groups, read_rows
from pipeline.normalize import fold
from pipeline.proclitics import count_proclitics, known_words, strip_one
from pipeline.schema import EntityType, Token
from pipeline.taggers.features import word_key

Tokens = Sequence[Token]
_ARTICLE = "ال"


def part_names(names: Sequence[Name], sentences: Sequence[Tokens]) -> list[Name]:
    """The names in their order, those of several bodies, places or persons as the names that they are."""
    lasts = _last_words(names, sentences)
    found: list[Name] = []
    for name in names:
        tokens = sentences[name.sentence][name.start : name.end]
        inside = _portfolio_words(tokens) if name.type == EntityType.ORG else frozenset()
        begins = (at for at in range(1, len(tokens)) if at not in inside and _begins(name, tokens, at, lasts))
        cuts = [0, *begins, len(tokens)]
        found += [replace(name, start=name.start + start, end=name.start + end) for start, end in pairwise(cuts)]
    return found


def _begins(name: Name, tokens: Tokens, at: int, lasts: set[str]) -> bool:
    """Whether another name begins at ``at``, an index of ``tokens``, which are those of the name."""
    if name.type == EntityType.PER:
        return _another_person(tokens, at, lasts)
    if name.type == EntityType.LOC:
        return _another_place(tokens, at)
    return _another_body(tokens, at)


def _last_words(names: Sequence[Name], sentences: Sequence[Tokens]) -> set[str]:
    """The last words of persons' names of two words and more."""
    return {
        word_key(sentences[name.sentence][name.end - 1].norm)
        for name in names
        if name.type == EntityType.PER and name.end - name.start > 1
    }


def _another_person(tokens: Tokens, at: int, lasts: set[str]) -> bool:
    """Whether two family names are joined: صافي | وحداد beside لينا صافي and سامر حداد; or ب leads to another's name.

    سامر حداد | بكريم صافي, whom he met; a word that is a name with its ب (بدر) leads to none. Two are also those of
    whom one spoke to the other (أقوال صافي | لحداد).
    """
    words = [word_key(token.norm) for token in tokens]
    if words[at].startswith("ب") and (at > 1 or at + 1 < len(words)):
        return fold_name(tokens[at].norm[1:]) in given_names() and words[at] not in known_words("PER")
    return len(words) == 2 and words[at][:1] in ("و", "ل") and words[0] in lasts and words[at][1:] in lasts


def _another_place(tokens: Tokens, at: int) -> bool:
    """Whether the word is a known place after ب, and the words before it name one: سروان | بنورديا."""
    word = tokens[at].norm
    if not word.startswith("ب") or at + 1 != len(tokens) or is_place(word) or not count_proclitics(word, kind="LOC"):
        return False
    rest = [token.norm for token in tokens[1:at]]
    before = (" ".join([form, *rest]) for form in bare_spellings(tokens[0].norm))
    return is_place(strip_one(word)) and any(map(is_place, before))


def _another_body(tokens: Tokens, at: int) -> bool:
    """Whether the word begins another body: one after و or a definite noun, or one of several under a common head."""
    word, follows = tokens[at].norm, at + 1 < len(tokens)
    if word.startswith("و"):
        rest = [word[1:], *(token.norm for token in tokens[at + 1 :])]
        return _heads(tokens[0]) or (follows and _is_noun(word[1:].removeprefix(_ARTICLE))) or _is_known(rest)
    definite = tokens[at - 1].norm.startswith(_ARTICLE) and word.startswith(_ARTICLE)
    return follows and definite and _is_noun(word.removeprefix(_ARTICLE))


def _is_known(words: list[str]) -> bool:
    """Whether all words are the name of a well-known body."""
    return len(words[0]) > 1 and known_body_end(words, 0) == len(words)


def _is_noun(word: str) -> bool:
    return fold(word) in read_groups("name_edges", "body_noun")


def _portfolio_words(tokens: Tokens) -> frozenset[int]:
    """The later words of a ministry's known field under a head of several: والتعليم in وزارتي التربية والتعليم."""
    words = [fold(token.norm) for token in tokens]
    found: set[int] = set()
    for at in range(1, len(words) if _heads(tokens[0]) else 0):
        if at in found:
            continue
        own = [words[at].removeprefix("و") if at > 1 else words[at]]
        ends = (end for end in range(len(words), at + 1, -1) if " ".join(own + words[at + 1 : end]) in _portfolios())
        found |= set(range(at + 1, next(ends, at + 1)))
    return frozenset(found)


@cache
def _portfolios() -> frozenset[str]:
    return frozenset(fold_name(row["portfolio_ar"]) for row in read_rows("ministry_portfolios"))


def _heads(token: Token) -> bool:
    """Whether the first word is a head of several bodies: وزارتي, لوزارات."""
    forms = {fold(form) for form in bare_spellings(token.norm)}
    return not forms.isdisjoint(read_groups("name_edges", "common_head"))
