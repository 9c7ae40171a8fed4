"""Which predicted mention, entity, meeting, office and relation is which gold one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from pipeline.evaluation.gold import GoldDocument, GoldMeeting, is_proclitic

_MATCHING_PARTIES = 0.5  # Jaccard index of the parties from which two events are the same


@dataclass(frozen=True, slots=True)
class Alignment:
    """Which predicted mention is which gold one (indexes), and which gold entity each predicted entity is."""

    predicted_by_gold: Mapping[int, int]
    entity_by_predicted: Mapping[str, str]

    def name(self, entity_id: str) -> str:
        """The gold entity that a predicted one is, or an id that no gold entity has."""
        return self.entity_by_predicted.get(entity_id, "?" + entity_id)


def align(gold: GoldDocument, guess: GoldDocument) -> Alignment:
    """How the mentions and entities of two annotations of one text correspond.

    Of predicted entities that share as many mentions with a gold one, the one with the smaller id is taken for it.
    """
    pairs = _match_mentions(gold, guess)
    shared = Counter((guess.mentions[j].entity_id, gold.mentions[i].entity_id) for i, j in pairs.items())
    entity_by_predicted: dict[str, str] = {}
    taken: set[str] = set()
    for (theirs, ours), _ in sorted(shared.items(), key=lambda pair: (-pair[1], pair[0])):
        if theirs not in entity_by_predicted and ours not in taken:
            entity_by_predicted[theirs] = ours
            taken.add(ours)
    return Alignment(pairs, entity_by_predicted)


def _match_mentions(gold: GoldDocument, guess: GoldDocument) -> dict[int, int]:
    """Gold index to predicted index, by span alone, each used once."""
    by_end = defaultdict(list)
    for index, mention in enumerate(guess.mentions):
        by_end[mention.span.end].append(index)
    pairs: dict[int, int] = {}
    for index, mention in enumerate(gold.mentions):
        for candidate in by_end[mention.span.end]:
            first, second = sorted((mention.span.start, guess.mentions[candidate].span.start))
            if is_proclitic(gold.text[first:second]):
                pairs[index] = candidate
                by_end[mention.span.end].remove(candidate)
                break
    return pairs


def meeting_edges(
    document: GoldDocument, alignment: Alignment | None = None, *, strict: bool = False
) -> set[tuple[object, ...]]:
    """Who is told to meet whom: (doc_id, entity, entity), with the status as well where ``strict``."""
    edges: set[tuple[object, ...]] = set()
    for meeting in document.meetings:
        parties = sorted(_names(meeting.parties, alignment))
        status = (str(meeting.status),) if strict else ()
        edges |= {(document.doc_id, *pair, *status) for pair in combinations(parties, 2)}
    return edges


def _names(entity_ids: Iterable[str], alignment: Alignment | None) -> list[str]:
    return [alignment.name(entity_id) if alignment else entity_id for entity_id in entity_ids]


def match_events(gold: GoldDocument, guess: GoldDocument, alignment: Alignment) -> dict[int, int]:
    """Gold meeting to predicted meeting (indexes), the best agreeing first, each used once."""
    candidates = []
    for i, ours in enumerate(gold.meetings):
        for j, theirs in enumerate(guess.meetings):
            parties = set(_names(theirs.parties, alignment))
            overlap = len(parties & ours.parties) / len(parties | ours.parties)
            if overlap >= _MATCHING_PARTIES:
                agreement = overlap + 0.01 * (theirs.status == ours.status) + 0.01 * (theirs.kind == ours.kind)
                candidates.append((-agreement, i, j))
    return pair_best(candidates)


def pair_best(candidates: Iterable[tuple[float, int, int]]) -> dict[int, int]:
    """Pairs of one number and another, from (cost, one, other): the cheapest first, each number used once."""
    matched: dict[int, int] = {}
    for _, one, other in sorted(candidates):
        if one not in matched and other not in matched.values():
            matched[one] = other
    return matched


def agreeing_attributes(ours: GoldMeeting, theirs: GoldMeeting, alignment: Alignment) -> dict[str, bool]:
    """Which of kind, status, place and date a predicted meeting has as gold has them."""
    place = alignment.name(theirs.place_entity_id) if theirs.place_entity_id else None
    return {
        "kind": ours.kind == theirs.kind,
        "status": ours.status == theirs.status,
        "place": place == ours.place_entity_id,
        "date": ours.date == theirs.date,
    }


def offices_of(
    document: GoldDocument, alignment: Alignment | None = None, gold: GoldDocument | None = None
) -> dict[tuple[object, ...], str]:
    """Title by (doc_id, person, of-what), of-what a country's code where it is a country."""
    countries = {entity.entity_id: entity.country for entity in document.entities}
    gold_countries = {entity.entity_id: entity.country for entity in gold.entities} if gold else {}
    offices: dict[tuple[object, ...], str] = {}
    for position in document.positions:
        of = position.of_country
        if of is None and position.of_entity_id is not None:
            of = countries.get(position.of_entity_id) or _names([position.of_entity_id], alignment)[0]
            of = gold_countries.get(of) or of
        offices[document.doc_id, _names([position.entity_id], alignment)[0], of or "-"] = position.title
    return offices


def relations_of(document: GoldDocument, alignment: Alignment | None = None) -> set[tuple[object, ...]]:
    """The relations as (doc_id, relation, head, tail)."""
    return {
        (document.doc_id, str(relation.kind), *_names((relation.head_entity_id, relation.tail_entity_id), alignment))
        for relation in document.relations
    }
