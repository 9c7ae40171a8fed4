"""Entities across documents: which names of the corpus are one person, place or organisation.

The reduce gathers the entities of all documents into profiles, one for each distinct (type, folded name, country,
Wikidata id, set of positions), so that memory grows with the names of a corpus and not with its length.
:func:`build_registry` says which profiles are one entity, and gives each entity its id and name.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.name_match import name_words
from pipeline.registry_links import Linker, Together, attach_short_names, find_met, find_pairs, without_doubtful
from pipeline.registry_rules import Rules, read_rules
from pipeline.registry_score import Node, is_generic
from pipeline.schema import EntityType


@dataclass(frozen=True, slots=True)
class Profile:
    """What the corpus tells of the entities that share type, name, country, Wikidata id and positions.

    ``forms`` are surface forms with their counts, commonest first; ``positions`` are (title, ISO code of the
    country or "") pairs, sorted; ``neighbours`` are folded names met in the same documents, most frequent first, at
    most 20; dates are ISO 8601 days of publication, empty where unknown.
    """

    profile_id: str
    type: str
    name: str
    folded: str
    country: str
    wikidata_id: str
    forms: tuple[tuple[str, int], ...]
    positions: tuple[tuple[str, str], ...]
    neighbours: tuple[str, ...]
    n_documents: int
    n_mentions: int
    first_date: str
    last_date: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """The entity that a profile belongs to, with the name, country and Wikidata id that the entity shows.

    ``local`` marks a name that many things share (وزارة الخارجية, a bare first name) and nothing tells whose it is:
    each document's own is an entity of its own.
    """

    profile_id: str
    entity_id: str
    name: str
    country: str
    wikidata_id: str
    local: bool = False


@dataclass(frozen=True, slots=True)
class Merge:
    """Two profiles judged to be one entity: why, and how surely (0 to 1)."""

    profile_id: str
    with_profile_id: str
    entity_id: str
    name: str
    with_name: str
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class Registry:
    """One assignment for each profile, the merges that led there, and the user's rules that have no effect."""

    assignments: tuple[Assignment, ...]
    merges: tuple[Merge, ...]
    unmatched: tuple[str, ...] = ()


def build_registry(
    profiles: Iterable[Profile], *, rules: Path | None = None, together: Together | None = None
) -> Registry:
    """Entities of the corpus; the order of the profiles never matters.

    ``rules`` is the user's registry file; what it says always wins. ``together`` tells which names stand in one
    document as two entities: those are never merged, not by way of a third either. ConfigError where ``rules`` cannot
    be read. Memory grows with the distinct names; blocks bound the comparisons.
    """
    said = read_rules(rules)
    nodes = _nodes(profiles)
    pairs = sorted(find_pairs(nodes, said), key=lambda pair: (-pair[0], nodes[pair[2]].key, nodes[pair[3]].key))
    pairs = without_doubtful(nodes, pairs)
    linker = Linker(nodes, said)
    if together is not None:
        tried = Linker(nodes, said)
        for pair in pairs:
            tried.link(pair)
        linker.met = find_met(nodes, tried.clusters(), together)
    for pair in pairs:
        linker.link(pair)
    for pair in attach_short_names(nodes, linker.clusters()):
        linker.link(pair)
    return _to_registry(nodes, linker, said)


def _nodes(profiles: Iterable[Profile]) -> list[Node]:
    """The profiles gathered by name and what tells bearers apart, in the order of their keys."""
    found: dict[tuple[str, str, str, str], Node] = {}
    for profile in sorted(profiles, key=lambda profile: profile.profile_id):
        offices = {(title.split()[0].removesuffix("ة"), iso) for title, iso in profile.positions if title}
        words = name_words(profile.folded, EntityType(profile.type))
        where = profile.country or profile.wikidata_id
        node = Node(("",) * 4, profile.type, profile.name, profile.folded, words, profile.country, profile.wikidata_id)
        node.offices = offices
        held = "+".join(sorted(node.office_countries))
        key = (profile.type, profile.country or " ".join(words) or profile.folded, where, held)
        node.key = key
        if node.type == EntityType.ORG and node.wikidata_id and not node.name_is_known:
            node.wikidata_id = ""  # of a shorter name in its document: الاتحاد الأوروبي in الاتحاد الأوروبي لكرة القدم
        node = found.setdefault(key, node)
        node.profile_ids.append(profile.profile_id)
        node.offices |= offices
        node.neighbours.update(profile.neighbours)
        if (profile.n_documents, profile.name) > (node.n_documents, ""):
            node.name, node.folded = profile.name, profile.folded
        node.n_documents += profile.n_documents
        node.n_mentions += profile.n_mentions
        node.first_date = min(filter(None, (node.first_date, profile.first_date)), default="")
        node.last_date = max(node.last_date, profile.last_date)
    return [found[key] for key in sorted(found)]


def _to_registry(nodes: Sequence[Node], linker: Linker, said: Rules) -> Registry:
    assignments: list[Assignment] = []
    entity_of: dict[int, Assignment] = {}
    shown = {(kind, folded): name for kind, folded, name in said.shown}
    for _, members in sorted(linker.members.items()):
        group = [nodes[number] for number in members]
        best = max(group, key=lambda node: (len(node.content) > 1, node.n_documents, node.n_mentions, node.key))
        items = sorted({node.wikidata_id for node in group} - {""})
        digest = hashlib.blake2b("\x1f".join(best.key).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        names = [shown.get((kind, node.folded)) for node in group for kind in (node.type, "")]
        name = next((name for name in sorted(filter(None, names))), best.name)
        local = len(group) == 1 and is_generic(best)
        for number in members:
            entity_of[number] = Assignment("", f"E{digest}", name, best.country, items[0] if items else "", local)
            assignments += (
                Assignment(profile_id, f"E{digest}", name, best.country, items[0] if items else "", local)
                for profile_id in nodes[number].profile_ids
            )
    merges = [
        Merge(
            nodes[one].profile_ids[0],
            nodes[other].profile_ids[0],
            entity_of[one].entity_id,
            nodes[one].name,
            nodes[other].name,
            reason,
            score,
        )
        for score, reason, one, other in linker.links
    ]
    order = sorted(assignments, key=lambda assignment: assignment.profile_id)
    merges.sort(key=lambda merge: (merge.entity_id, merge.profile_id, merge.with_profile_id))
    clusters: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number, node in enumerate(nodes):
        clusters[node.type, node.folded].add(linker.find(number))
    return Registry(tuple(order), tuple(merges), said.without_effect(clusters))
