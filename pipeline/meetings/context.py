"""A second look at each candidate, in the light of the first scores of all the others."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.meetings.candidates import Candidate
from pipeline.meetings.chains import find_chains
from pipeline.meetings.features import bucket
from pipeline.meetings.view import Link, View
from pipeline.schema import EntityType

BANDS = (0, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90)


def band(score: float) -> str:
    """A score as a band of hundredths."""
    return bucket(int(score * 100), BANDS)


def describe_context(view: View, rows: Sequence[Sequence[tuple[Candidate, float]]]) -> list[list[list[str]]]:
    """By trigger and candidate: the features of the second look.

    They tell the candidate's own first score, those of its list, the best and the number of the others, what the same
    entity scores at other triggers, and whether a person stands for the same country.
    """
    best: dict[str, float] = {}
    for row in rows:
        for candidate, score in row:
            best[candidate.entity_id] = max(best.get(candidate.entity_id, 0.0), score)
    chains: dict[int, dict[int, tuple[Link, int]]] = {}
    found = []
    for number, row in enumerate(rows):
        trigger = view.triggers[number]
        if trigger.sentence not in chains:
            chains[trigger.sentence] = find_chains(view, trigger.sentence)
        mates = _mates(row, chains[trigger.sentence])
        found.append([_describe(view, row, at, mates, best) for at in range(len(row))])
    return found


def _mates(row: Sequence[tuple[Candidate, float]], chain: dict[int, tuple[Link, int]]) -> dict[str, str]:
    """Entity -> the entity that opens its list, for the lists of the trigger's sentence."""
    found = {}
    for candidate, _ in row:
        head = chain.get(candidate.link.first)
        if head is not None and candidate.where in ("before", "after"):
            found[candidate.entity_id] = head[0].entity_id
            found.setdefault(head[0].entity_id, head[0].entity_id)
    return found


def _describe(
    view: View,
    row: Sequence[tuple[Candidate, float]],
    at: int,
    mates: dict[str, str],
    best: dict[str, float],
) -> list[str]:
    candidate, score = row[at]
    trigger = view.triggers[candidate.trigger]
    entity_id, kind, where = candidate.entity_id, candidate.link.type.value, candidate.where
    others = sorted(((s, c) for i, (c, s) in enumerate(row) if i != at), key=lambda one: -one[0])
    own, top = band(score), band(others[0][0]) if others else "none"
    second = band(others[1][0]) if len(others) > 1 else "none"
    n_sure = sum(1 for s, _ in others if s >= 0.4)
    place = sum(1 for s, _ in others if s > score)
    out = [f"s={own}", f"s={own}+{kind}", f"s={own}+{where}", f"s={own}+t={trigger.form.lemma}", f"s={own}+top={top}"]
    out += [f"top={top}+{kind}", f"top={top}+second={second}", f"place={bucket(place, (0, 1, 2, 3, 5, 8))}+{kind}"]
    out += [f"place={bucket(place, (0, 1, 2, 3, 5))}+s={own}", f"sure={bucket(n_sure, (0, 1, 2, 3, 5, 8))}+s={own}"]
    out += [f"sure={bucket(n_sure, (0, 1, 2, 3, 5, 8))}+{kind}+{where}"]
    if others:
        out += [f"topwhere={others[0][1].where}+{where}", f"topwhere={others[0][1].where}+{where}+top={top}+s={own}"]
        out += [f"toptype={others[0][1].link.type.value}+{kind}+s={own}"]
    mate_scores = [s for s, c in others if entity_id in mates and mates.get(c.entity_id) == mates[entity_id]]
    if mate_scores:
        out += [f"mates={band(max(mate_scores))}", f"mates={band(max(mate_scores))}+s={own}"]
        out += [f"meanmates={band(sum(mate_scores) / len(mate_scores))}+s={own}"]
    elsewhere = band(best[entity_id]) if best[entity_id] > score else "here"
    out += [f"elsewhere={elsewhere}+{kind}", f"elsewhere={elsewhere}+s={own}"]
    if kind != EntityType.PER.value:
        country = view.countries.get(entity_id)
        persons = [s for s, c in others if c.link.type is EntityType.PER and view.countries.get(c.entity_id) == country]
        side = band(max(persons)) if country and persons else "none"
        person = band(max((s for s, c in others if c.link.type is EntityType.PER), default=0.0))
        n_persons = sum(1 for s, c in others if c.link.type is EntityType.PER and s >= 0.3)
        out += [f"side={side}+s={own}", f"side={side}", f"person={person}+{kind}+s={own}"]
        out += [f"persons={bucket(n_persons, (0, 1, 2, 3))}+{kind}+s={own}"]
    return out
