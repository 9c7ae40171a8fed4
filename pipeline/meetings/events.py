"""From pairs who met to events: one event for all the words that tell of it, and for all who took part."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from operator import itemgetter

from pipeline.gazetteer import read_spellings
from pipeline.meetings.candidates import Candidate
from pipeline.meetings.cliques import Edge, groups_by_part
from pipeline.meetings.features import BODY
from pipeline.meetings.pairs import PairTelling, Row
from pipeline.meetings.triggers import lemmas_of
from pipeline.meetings.view import View
from pipeline.scorer import sigmoid

_OVERLAP = 0.7  # share of the smaller group that two groups of one event have in common
_CROWD, _CROWD_OVERLAP = 6, 0.4  # so large groups, as of those who received a guest, need have less in common
_LIST_SHARE = 0.15  # how much a telling by an attendance word counts in choosing the words that tell best
_APART_SHARE = 0.25  # how much one counts there that stands in another sentence than one of the two
_NEAR = 0.05  # of the weight: of words that tell about as well as the best one, those that stand first tell best
_SURE_SIDE = 0.7  # score with which a body or country must have met both of two persons
_THRONG, _SURELY = 4, 0.6  # events of one word, and the confidence that one of so many must have
_THIRD = 0.2  # how much surer two must have met a third than each other to have met him one by one


@dataclass(frozen=True, slots=True)
class Joined:
    """A telling of a pair and how likely the two met; where the reader was asked, its log odds and the scorer's own."""

    telling: PairTelling
    score: float
    opinion: float | None = None
    own: float | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """The ids of the two."""
        return self.telling.left, self.telling.right

    @property
    def telling_score(self) -> float:
        """How surely the trigger itself tells of the two: the reader knows better who met, not by which word."""
        return self.score if self.own is None else self.own


@dataclass(slots=True)
class Event:
    """Triggers that tell of one event, the surest first; its parties, each where it is best told.

    ``support`` is what its confidence is computed from (see :func:`support_of` and :func:`support_in`); ``trail`` the
    features of the surest pair, and ``opinion`` the reader's log odds of it, where it was asked.
    """

    triggers: list[int]
    parties: dict[str, Candidate]
    support: dict[str, float]
    trail: tuple[str, ...]
    opinion: float | None = None


def find_events(
    rows: Sequence[Row],
    joined: Sequence[Joined],
    settings: Mapping[str, float],
    persons: Set[str],
    view: View | None = None,
) -> list[Event]:
    """The events of a document, in the order of their surest words.

    Pairs that reach ``threshold`` are edges; a group whose members all pairwise met is an event where one of its pairs
    reaches ``core``. A weak pair beside two sure ones is none (:func:`drop_thirds`). Groups that share two members, and
    most of the smaller one, are one event: lists are long, and a missed pair shall not split them. Who met several
    people one by one stays in several events; a tangle of more groups than can be told apart is one. How sure an event
    is hangs on what the ``view`` of the document shows as well (:func:`support_in`); one whose confidence is below
    ``floor`` is none, and neither is one that another tells with persons for its countries (:func:`drop_sides`).
    """
    threshold, core = settings.get("threshold", 0.4), settings.get("core", 0.5)
    best: dict[Edge, float] = {}
    for one in joined:
        edge = (one.telling.left, one.telling.right)
        if one.score >= threshold:
            best[edge] = max(best.get(edge, 0.0), one.score)
    groups = dict.fromkeys(only_named(group, best, persons) for group in find_groups(drop_thirds(best), core))
    by_edge: dict[Edge, list[tuple[int, Joined]]] = {}
    for at, one in enumerate(joined):
        by_edge.setdefault((one.telling.left, one.telling.right), []).append((at, one))
    events = [_event(group, rows, _within(group, by_edge), threshold) for group in groups]
    if view is not None:
        for event in events:
            event.support |= support_in(view, event)
    sure = [event for event in events if confidence_of(event, settings) >= settings.get("floor", 0.0)]
    sure = drop_throngs(sure, settings)
    if view is not None:
        sure = drop_sides(sure, persons, view.countries)
    return sorted(sure, key=lambda event: (min(event.triggers), sorted(event.parties)))


def drop_throngs(events: Sequence[Event], settings: Mapping[str, float]) -> list[Event]:
    """The events, but of many that one word tells best, none of them surely, only the surest.

    Whom a writer met in his life (الذين التقيت بهم ومنهم X وY وZ) comes out as a throng of doubtful events.
    """
    by_word: dict[int, list[tuple[float, Event]]] = {}
    for event in events:
        by_word.setdefault(event.triggers[0], []).append((confidence_of(event, settings), event))
    kept: list[Event] = []
    for told in by_word.values():
        best = max(told, key=lambda one: one[0])
        doubtful = len(told) >= _THRONG and best[0] < _SURELY
        kept += [best[1]] if doubtful else [event for _, event in told]
    return kept


def drop_thirds(edges: Mapping[Edge, float]) -> dict[Edge, float]:
    """The edges without the weak ones whose two members both met a third far more surely: they met him one by one."""
    near: dict[str, dict[str, float]] = {}
    for (one, other), score in edges.items():
        near.setdefault(one, {})[other] = score
        near.setdefault(other, {})[one] = score
    return {
        (one, other): score
        for (one, other), score in edges.items()
        if all(min(near[one][third], near[other][third]) <= score + _THIRD for third in near[one].keys() & near[other])
    }


def drop_sides(events: Sequence[Event], persons: Set[str], countries: Mapping[str, str]) -> list[Event]:
    """The events without those that another one tells with persons for their bodies and countries.

    Such an event shares its persons with the other, in which persons of its countries took part: a visit to a country
    is told by whom the visitor met there. Of 16 of those in train, held out, 4 are events of their own.
    """
    told = [
        (event.parties.keys(), {countries.get(party) for party in event.parties.keys() & persons} - {None})
        for event in events
        if len(event.parties.keys() & persons) >= 2
    ]
    kept = []
    for event in events:
        sides = event.parties.keys() - persons
        named = event.parties.keys() & persons
        covered = bool(sides) and any(
            named <= others and all(side in others or countries.get(side) in spoken_for for side in sides)
            for others, spoken_for in told
            if others != event.parties.keys()
        )
        if not covered:
            kept.append(event)
    return kept


def find_groups(edges: Mapping[Edge, float], core: float) -> list[frozenset[str]]:
    """The groups that met: maximal sets of pairwise edges with a pair of ``core`` at least, overlapping ones united.

    Those who are joined by more such sets than can be told apart are one group: see :mod:`pipeline.meetings.cliques`.
    """
    found = []
    for groups in groups_by_part(edges):
        sure = [group for group in groups if max(_scores(group, edges)) >= core]
        found += _united(sorted(sure, key=lambda group: (-len(group), sorted(group))))
    return found


def _united(groups: list[frozenset[str]]) -> list[frozenset[str]]:
    """The groups, of which those of one event are one, by their order."""
    left = dict(enumerate(groups))
    owners: dict[str, set[int]] = {}  # the numbers of the groups that a member is in
    for number, group in left.items():
        for member in group:
            owners.setdefault(member, set()).add(number)
    for start in range(len(groups)):
        at = start
        while at in left and (twin := _first_twin(at, left, owners)) is not None:
            at, merged = min(at, twin), max(at, twin)
            for member in left[merged]:
                owners[member].remove(merged)
                owners[member].add(at)
            left[at] |= left.pop(merged)
    return list(left.values())


def _first_twin(at: int, groups: Mapping[int, frozenset[str]], owners: Mapping[str, Set[int]]) -> int | None:
    """The first other group of the same event; such groups share a member beside the one that most groups have."""
    rare = sorted(groups[at], key=lambda member: len(owners[member]))[:-1]
    near = set().union(*(owners[member] for member in rare)) - {at}
    return next((number for number in sorted(near) if _one_event(groups[at], groups[number])), None)


def only_named(group: frozenset[str], edges: Mapping[Edge, float], persons: Set[str]) -> frozenset[str]:
    """The group without bodies and countries where persons stand for the sides.

    Of the annotated meetings of three persons or more, 4 in 100 have a body or country as well; of those of two
    persons the same: there it stays where it surely met both. Persons who only met the same bodies stay with them.
    """
    named = group & persons
    if len(named) < 2 or not any(_scores(named, edges)):
        return group
    if len(named) >= 3:
        return named
    sure = {
        other
        for other in group - named
        if min((edges.get((min(other, one), max(other, one)), 0.0) for one in named), default=0.0) >= _SURE_SIDE
    }
    return named | sure


def _one_event(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    size = min(len(one), len(other))
    return shared >= 2 and shared >= (_OVERLAP if size < _CROWD else _CROWD_OVERLAP) * size


def _scores(group: frozenset[str], edges: Mapping[Edge, float]) -> Iterator[float]:
    return (edges[edge] for edge in combinations(sorted(group), 2) if edge in edges)


def _within(group: frozenset[str], by_edge: Mapping[Edge, Sequence[tuple[int, Joined]]]) -> list[Joined]:
    """The tellings of the group's pairs, in the order in which they were found."""
    edges = combinations(sorted(group), 2)
    return [one for _, one in sorted((told for edge in edges for told in by_edge.get(edge, ())), key=itemgetter(0))]


def _event(group: frozenset[str], rows: Sequence[Row], told: Sequence[Joined], threshold: float) -> Event:
    inside = [one for one in told if one.score >= threshold]
    inside.sort(key=lambda one: (-one.score, one.telling.trigger))
    weight: dict[int, float] = {}
    stands = {number: _stands_of(rows[number]) for number in {one.telling.trigger for one in inside}}
    plain = [one for one in inside if one.telling_score >= threshold]
    for one in plain or inside:  # the trigger that joins most of the group tells best; an attendance list tells least
        word = one.telling.features[0].removeprefix(BODY)
        listed = word == "bridge" or word.removeprefix("t=") in lemmas_of("beside")
        share = one.telling_score * (_LIST_SHARE if listed else 1.0)
        at = {stands[one.telling.trigger].get(party) for party in one.pair} - {None}
        share *= 1.0 if len(at) == 1 else _APART_SHARE
        for number in {one.telling.trigger, one.telling.trigger if one.telling.main is None else one.telling.main}:
            weight[number] = weight.get(number, 0.0) + share
    most = max(weight.values())
    triggers = sorted(weight, key=lambda number: (int((most - weight[number]) / _NEAR), number))
    parties: dict[str, tuple[float, Candidate]] = {}
    for number in triggers:
        for candidate, score in rows[number]:
            if candidate.entity_id in group:
                known = parties.get(candidate.entity_id)
                if known is None or known[0] < score:
                    parties[candidate.entity_id] = (score, candidate)
    chosen = {entity_id: parties[entity_id][1] for entity_id in sorted(group) if entity_id in parties}
    return Event(triggers, chosen, support_of(told), inside[0].telling.features, inside[0].opinion)


def _stands_of(row: Row) -> dict[str, int]:
    """The sentence in which each candidate of a trigger is told of nearest."""
    return {candidate.entity_id: candidate.link.sentence for candidate, _ in row}


def support_of(tellings: Sequence[Joined]) -> dict[str, float]:
    """What speaks for an event by the tellings of its pairs: how sure the surest is, as score and as log odds.

    Then the least sure pair and the mean, each pair by its surest telling, and how much is told in all (a logarithm).
    """
    best: dict[Edge, float] = {}
    for one in tellings:
        edge = (one.telling.left, one.telling.right)
        best[edge] = max(best.get(edge, 0.0), one.score)
    surest = max(best.values())
    bounded = min(0.99, max(0.01, surest))
    return {
        "surest": surest,
        "odds": math.log(bounded / (1.0 - bounded)),
        "lowest": min(best.values()),
        "mean": sum(best.values()) / len(best),
        "told": math.log1p(sum(one.score for one in tellings)),
    }


def support_in(view: View, event: Event) -> dict[str, float]:
    """What the document adds: squads, casts and guests stand side by side without having met.

    Whether it is a page of sport or culture, the share of the parties that hold an office or are bodies or countries,
    and whether a word by which meetings are mostly told (``told`` of the scene words) tells of this one.
    """
    lemmas = {view.triggers[number].form.lemma for number in event.triggers}
    return {
        "scene": float(view.scene != ""),
        "officials": len(view.officials & event.parties.keys()) / max(1, len(event.parties)),
        "met": float(not lemmas.isdisjoint(read_spellings("scene_words", "told"))),
    }


def confidence_of(event: Event, settings: Mapping[str, float]) -> float:
    """The share of events of such support that are right on held-out documents, by a fitted logistic curve."""
    if "offset" not in settings:
        return event.support["surest"]
    return sigmoid(settings["offset"] + sum(settings.get(name, 0.0) * value for name, value in event.support.items()))
