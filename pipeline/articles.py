"""What للأمم, للبنان and للجنة name: a preposition and an article before a name, or a name that begins with lam.

In all three the span of the name starts at the second lam, which is half of the article, or the name's own letter.
"""

from __future__ import annotations

from collections.abc import Container
from functools import cache

from pipeline.gazetteer import fold_name, given_names, is_place, known_ids, read_groups

_ADJECTIVE = ("يه", "عليا")  # how adjectives of a noun such as لجنة end, folded: اللجنة الأولمبية, but لجنة الشؤون


def with_article(surface: str, seen: Container[str]) -> str:
    """The name whose span is ``surface`` after another lam; ``seen`` holds the words of the document's other names.

    Told by these, else by lists of names and nouns that begin with lam; else the lam is the article's. ``seen`` is
    spelled as :func:`pipeline.gazetteer.fold_name` does.

    >>> with_article("لأمم المتحدة", ()), with_article("لبنان", ())
    ('الأمم المتحدة', 'لبنان')
    >>> with_article("لجنة الأولمبية", ()), with_article("لجنة الشؤون الخارجية", ())
    ('اللجنة الأولمبية', 'لجنة الشؤون الخارجية')
    """
    article, double = f"ا{surface}", f"ال{surface}"
    for name in (article, double, surface):
        if _first(name) in seen:
            return name
    words = fold_name(surface).split()
    if words and words[0] in read_groups("reference_words", "lam_noun", fold_name):
        described = len(words) > 1 and words[1].startswith("ال") and words[1].endswith(_ADJECTIVE)
        return double if described else surface
    return next(filter(_is_known, (article, surface, double)), article)


def _first(name: str) -> str:
    return fold_name(name).partition(" ")[0]


def _is_known(name: str) -> bool:
    """Whether a list holds the name, or its first word as a place or as a word of persons' names."""
    whole, first = fold_name(name), _first(name)
    placed = is_place(whole) or is_place(first)
    return placed or first in _person_words() or whole in known_ids("ORG")


@cache
def _person_words() -> frozenset[str]:
    return frozenset(word for name in known_ids("PER") for word in name.split()) | given_names().keys()
