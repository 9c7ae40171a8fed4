"""How a place is named in its sentence: under which preposition, in whose title, beside which other, by whose journey.

Every event of a document asks for the same places, so what is found is kept in the view.
"""

from __future__ import annotations

from functools import lru_cache

from pipeline.folded import fold_word
from pipeline.gazetteer import read_groups
from pipeline.meetings.cues import cue_of
from pipeline.meetings.triggers import lemmas_of, read_form
from pipeline.meetings.view import Link, Standing, View
from pipeline.schema import EntityType

_GOVERNORS = frozenset({"in", "to", "from", "on", "of", "at", "between", "with", "about", "during", "after"})


def standing_of(view: View, link: Link) -> Standing:
    """How a place is named, found once a document."""
    found = view.standings.get(link)
    if found is None:
        told = governor_of(view, link), in_title(view, link), _orders(view, link), _travel_to(view, link)
        found = view.standings[link] = Standing(*told)
    return found


def governed_by(view: View, link: Link) -> str:
    """The cue before a name that tells where, where to or whence; empty where there is none, and in titles."""
    standing = standing_of(view, link)
    return standing.governor if not standing.titled and standing.governor in ("in", "to", "from", "on") else ""


@lru_cache(maxsize=30_000)
def _head_clitic(word: str) -> str | None:
    """The proclitics of a word such as city, capital, port (بمدينة -> ب); None for other words."""
    heads = read_groups("place_words", "head", fold_word)
    for length in (0, 1, 2):
        clitic, rest = word[:length], word[length:]
        if any(letter not in "وفبل" for letter in clitic):
            break
        if (
            rest in heads
            or rest.removeprefix("ال") in heads
            or (clitic[-1:] == "ل" and rest.removeprefix("ل") in heads)
        ):
            return clitic
    return None


def governor_of(view: View, link: Link) -> str:
    """The cue of the preposition that a place stands under, over its heads: في العاصمة العمانية X -> ``in``."""
    if link.clitic.strip("و"):
        return {"ب": "in", "ل": "to"}.get(link.clitic[-1], "")
    row = view.words[link.sentence]
    named = {at for other in view.places[link.sentence] for at in range(other.first, other.last + 1)}
    edge, since_head = link.start - 1, 0
    at = edge
    while at >= 0 and since_head < 4 and at not in named:
        word = row[at]
        clitic = _head_clitic(word)
        if clitic is not None:
            edge, since_head = at - 1, 0
            if clitic.strip("و"):
                return "in" if clitic[-1] == "ب" else "to"
        elif cue_of(word) in _GOVERNORS:
            return cue_of(word) if at == edge else ""
        elif word in '"«“(':
            edge = at - 1 if at == edge else edge
        elif not (word.startswith("ال") and word.endswith(("ي", "ه"))):
            break
        at -= 1
        since_head += 1
    return ""


def in_title(view: View, link: Link) -> bool:
    """Whether a place or body is part of a person's title: المبعوث إلى X, سفير X."""
    row = view.links[link.sentence]
    return link.first in view.titled[link.sentence] or any(
        other.type is EntityType.PER and other.start <= link.first < other.first for other in row
    )


def _orders(view: View, link: Link) -> tuple[str, ...]:
    """Whether another place follows or precedes within four words: of two, the first is the more precise."""
    found = []
    for other in view.places[link.sentence]:
        if other.entity_id != link.entity_id:
            if 0 <= other.first - link.last - 1 <= 4:
                found.append("first")
            elif 0 <= link.first - other.last - 1 <= 4:
                found.append("second")
    return tuple(found) or ("alone",)


def _travel_to(view: View, link: Link) -> str:
    """The travel word within four words before a place (وصل إلى X), else empty."""
    row = view.words[link.sentence]
    before = (read_form(row[at]) for at in range(link.first - 1, max(-1, link.first - 5), -1))
    return next((form.lemma for form in before if form is not None and form.lemma in lemmas_of("travel")), "")
