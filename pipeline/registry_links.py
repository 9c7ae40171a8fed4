"""Which names of a corpus are joined to one entity: blocks, pairs, and the union that forbids what must stay apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from pipeline.gazetteer import person_countries
from pipeline.registry_rules import Rules
from pipeline.registry_score import THRESHOLD, Node, may_be_one, score_pair
from pipeline.schema import EntityType
from pipeline.word_match import skeleton

Together = Callable[[Mapping[str, str], Sequence[tuple[str, str]]], set[tuple[str, str]]]
"""Given the group of each profile and pairs of groups: the pairs of which some document holds both."""
Pair = tuple[float, str, int, int]
"""Score, reason, and the two nodes' numbers, the smaller first."""
MAX_BLOCK = 300
"""Nodes of one block that are compared with each other, those of most documents first."""
CLEAR_LEAD = 0.1
"""By which one bearer of a shortened name must be likelier than another."""
LEAST_SHARE = 0.9
"""Share of the documents of all bearers of a family name that one must have for the bare name to be theirs."""


def blocks(nodes: Sequence[Node]) -> Iterator[list[int]]:
    """Numbers of the nodes that are worth comparing: those that share an item, or the bones of two words."""
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, node in enumerate(nodes):
        content = node.content
        if node.wikidata_id:
            blocks[node.type, "item", node.wikidata_id].append(number)
        if node.country or not content:
            continue
        bones = [skeleton(word) or word for word in content]
        keys: set[tuple[str, ...]] = {(bones[0], bones[-1])}
        if len(bones) > 1:
            keys.add((bones[0], bones[1]))
        if node.type != EntityType.PER:
            keys = {(bones[0], " ".join(bones)), ("", " ".join(bones))}
            if len(bones) > 1:  # what is left of one word is nothing, which all such names would share
                keys.add(("", " ".join(bones[1:])))
        for key in keys:
            blocks[node.type, *key].append(number)
    for key in sorted(blocks):
        members = sorted(blocks[key], key=lambda number: (-nodes[number].n_documents, nodes[number].key))
        yield sorted(members[:MAX_BLOCK])


def find_pairs(nodes: Sequence[Node], said: Rules) -> Iterator[Pair]:
    """The pairs of nodes that are likely enough one entity, or that the user's file joins; in no set order."""
    seen: set[tuple[int, int]] = set()
    for block in blocks(nodes):
        for one, other in combinations(block, 2):
            if (one, other) in seen:
                continue
            seen.add((one, other))
            score, reason = score_pair(nodes[one], nodes[other])
            if score >= THRESHOLD:
                yield score, reason, one, other
    by_name: dict[str, list[int]] = defaultdict(list)
    for number, node in enumerate(nodes):
        by_name[node.folded].append(number)
    for kind, first, second in sorted(said.merge):
        for one in by_name.get(first, ()):
            for other in by_name.get(second, ()):
                if nodes[one].type == nodes[other].type and kind in ("", nodes[one].type) and one != other:
                    yield 1.0, "registry file", min(one, other), max(one, other)


def without_doubtful(nodes: Sequence[Node], pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs, best first, without those that join a short name where two people are as likely to bear it."""
    best: dict[int, tuple[float, int]] = {}
    doubtful: set[int] = set()
    for score, reason, *pair in pairs:
        if not reason.startswith("shortened name") or nodes[pair[0]].type != EntityType.PER:
            continue
        short, full = sorted(pair, key=lambda number: len(nodes[number].content))
        highest, bearer = best.setdefault(short, (score, full))
        if score > highest - CLEAR_LEAD and not may_be_one(nodes[bearer], nodes[full]):
            doubtful.add(short)
    return [
        pair
        for pair in pairs
        if not (
            pair[1].startswith("shortened name")
            and min(pair[2:], key=lambda number: len(nodes[number].content)) in doubtful
        )
    ]


def find_met(nodes: Sequence[Node], clusters: Sequence[Sequence[int]], together: Together) -> set[tuple[int, int]]:
    """The pairs of nodes of one tried cluster that stand in one document."""
    group_of = {profile: str(number) for number, node in enumerate(nodes) for profile in node.profile_ids}
    asked = [
        (str(one), str(other)) for cluster in clusters for one, other in combinations(sorted(cluster)[:MAX_BLOCK], 2)
    ]
    if not asked:
        return set()
    wanted = {number for pair in asked for number in pair}
    kept = {profile: group for profile, group in group_of.items() if group in wanted}
    return {(int(one), int(other)) for one, other in together(kept, asked)}


class Linker:
    """Union of nodes, the surest pairs first, never across what must stay apart."""

    def __init__(self, nodes: Sequence[Node], said: Rules) -> None:
        self.nodes, self.said = nodes, said
        self.met: set[tuple[int, int]] = set()
        self.root = list(range(len(nodes)))
        self.members = {number: [number] for number in range(len(nodes))}
        self.links: list[Pair] = []

    def find(self, number: int) -> int:
        """The number that stands for the node's cluster."""
        while self.root[number] != number:
            self.root[number] = self.root[self.root[number]]
            number = self.root[number]
        return number

    def link(self, pair: Pair) -> None:
        """Join the clusters of a pair, unless something forbids it."""
        _, reason, one, other = pair
        first, second = sorted((self.find(one), self.find(other)))
        if first == second or self._forbidden(first, second, by_user=reason == "registry file"):
            return
        self.root[second] = first
        self.members[first] += self.members.pop(second)
        self.links.append(pair)

    def _forbidden(self, first: int, second: int, *, by_user: bool) -> bool:
        ours, theirs = self.members[first], self.members[second]
        for one in ours:
            for other in theirs:
                a, b = self.nodes[one], self.nodes[other]
                if self.said.forbids(a.type, a.folded, b.folded):
                    return True
                if not by_user and ((min(one, other), max(one, other)) in self.met or not may_be_one(a, b)):
                    return True
        if by_user:
            return False
        items = {self.nodes[number].wikidata_id for number in (*ours, *theirs)} - {""}
        offices = [{iso for n in side for iso in self.nodes[n].office_countries} for side in (ours, theirs)]
        return len(items) > 1 or (not items and bool(offices[0] and offices[1]) and not offices[0] & offices[1])

    def clusters(self) -> list[list[int]]:
        """The clusters of two or more nodes, in order."""
        return [sorted(members) for _, members in sorted(self.members.items()) if len(members) > 1]


def attach_short_names(nodes: Sequence[Node], clusters: Sequence[Sequence[int]]) -> Iterator[Pair]:
    """Bare family names with the person of the corpus whose they are, where one alone is in question and fits."""
    cluster_of = {number: cluster[0] for cluster in clusters for number in cluster}
    bearers: dict[str, list[int]] = defaultdict(list)
    for number, node in enumerate(nodes):
        if node.type == EntityType.PER and len(node.content) > 1:
            bearers[node.content[-1]].append(number)
    for number, node in enumerate(nodes):
        if node.type != EntityType.PER or len(node.content) != 1 or node.content[0] not in bearers:
            continue
        documents: Counter[int] = Counter()
        for bearer in bearers[node.content[0]]:
            documents[cluster_of.get(bearer, bearer)] += nodes[bearer].n_documents
        best, count = max(documents.items(), key=lambda found: (found[1], -found[0]))
        reason = _short_reason(node, [nodes[b] for b in bearers[node.content[0]] if cluster_of.get(b, b) == best])
        if reason and count >= LEAST_SHARE * sum(documents.values()):
            yield 0.7, reason, min(number, best), max(number, best)


def _short_reason(node: Node, bearer: Sequence[Node]) -> str:
    """What speaks for a bare family name being the bearer's, besides the name; empty where nothing does."""
    offices = {office for full in bearer for office in full.offices if office[1]} & node.offices
    near = {name for full in bearer for name in full.neighbours} & node.neighbours.keys()
    countries = {iso for full in bearer for iso in full.office_countries}
    if node.office_countries and countries and not node.office_countries & countries:
        return ""
    if offices:
        root, iso = min(offices)
        return f"family name of the only bearer; both {root} of {iso}"
    if len(near) >= 2:
        return f"family name of the only bearer; {len(near)} names met beside both"
    known = person_countries().get(node.folded)
    if known and known in countries:
        return f"well-known family name of an office holder of {known}"
    return ""
