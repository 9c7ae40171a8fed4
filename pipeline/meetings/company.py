"""Who is named beside a place: the parties of the event or others, and how near that brings it among its rivals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.meetings.attributes import Told
from pipeline.meetings.features import word_shape
from pipeline.meetings.standings import governed_by, standing_of
from pipeline.meetings.view import Link, View
from pipeline.schema import EntityType

Company = tuple[int, int]
"""How many parties a sentence names, and how many other persons; each two at most."""


def company_in(view: View, told: Told, sentences: Mapping[int, int]) -> dict[int, Company]:
    """The company of each sentence that the document has."""
    found = {}
    for sentence in sentences:
        if 0 <= sentence < len(view.links):
            persons = {link.entity_id for link in view.links[sentence] if link.type is EntityType.PER}
            found[sentence] = min(2, len(persons & told.parties)), min(2, len(persons - told.parties))
    return found


def describe_company(
    view: View, told: Told, namings: Sequence[Link], near: Mapping[int, int], company: Mapping[int, Company]
) -> set[str]:
    """Features of a place by its names ``near`` the event: who else is in the sentence, and whose name stands nearest.

    The word before the preposition counts as well: the situation in a place is spoken of elsewhere.
    """
    out = set()
    for link in namings:
        far, (parties, others) = near[link.sentence], company[link.sentence]
        governor = governed_by(view, link)
        out |= {f"company={parties}+{others}+{governor}", f"company={parties}+{others}+{governor}+{far}"}
        persons = [other for other in view.links[link.sentence] if other.type is EntityType.PER]
        if persons:
            nearest = min((abs(one.first - link.first), one.entity_id in told.parties) for one in persons)
            out.add(f"nearest={nearest[1]}+{governor}+{far}")
        head = word_shape(view.words[link.sentence], link.start - 1 - (not link.clitic.strip("و")))
        out |= {f"head={standing_of(view, link).governor}+{head}"}
        if far == 0:
            out.add(f"head={standing_of(view, link).governor}+{head}+same")
    return out


def closeness(view: View, namings: Sequence[Link], company: Mapping[int, Company]) -> int:
    """How close the names of a place bring it to the event, from 0 on.

    A place where something is or someone goes is the closer the more parties its sentence names, and if no one else.
    """
    found = [0]
    for link in namings:
        parties, others = company[link.sentence]
        governor = governed_by(view, link)
        if governor in ("in", "on") or standing_of(view, link).travel:
            found.append(1 + 2 * parties + (parties > 0 and others == 0))
        elif governor:
            found.append(1)
    return max(found)


def describe_rank(closest: Mapping[str, int], entity_id: str, kind: str) -> set[str]:
    """How close a place of that kind is, and whether a rival is closer."""
    own = closest[entity_id]
    rival = max((value for other, value in closest.items() if other != entity_id), default=-1)
    rank = "top" if own > rival else "tie" if own == rival else "low"
    return {f"close={own}+{rival}", f"close={own}+{kind}", f"rank={rank}+{own}"}
