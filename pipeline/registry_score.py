"""How likely two names of a corpus are one person, place or organisation: a score from 0 to 1, and why.

Weights are log-odds set by hand and checked on ``tests/gold/registry_pairs.tsv``: the name says what is possible, and
offices, countries, neighbours and Wikidata items say whether it is so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import exp

from pipeline.body_match import compare_bodies
from pipeline.gazetteer import find_nisba, fold_name, given_names, known_ids, places, read_spellings, words_of
from pipeline.name_match import (
    PARTICLES,
    compare_persons,
    compare_places,
)
from pipeline.schema import EntityType
from pipeline.word_match import one_edit_apart, similar_words, skeleton

THRESHOLD = 0.5
_PERSON_NAME = {"same name": 1.6, "spelling variant": 0.9, "shortened name": 0.2, "end of the full name": -1.2}
_LONG_NAME, _RARE_NAME, _COMMON_NAME = 1.5, 0.6, -1.8
_SAME_OFFICE, _SAME_TITLE, _SAME_COUNTRY, _OTHER_COUNTRY = 3.0, 0.6, 1.0, -4.0
_NEIGHBOUR, _MANY_NEIGHBOURS, _NO_NEIGHBOURS = 0.8, 1.8, -0.6
_SAME_ITEM = 8.0
_NO_VOWELS = dict.fromkeys(map(ord, "اوي"))


@dataclass(slots=True)
class Node:
    """The profiles of one name that nothing tells apart: same type, name, Wikidata item and office countries."""

    key: tuple[str, str, str, str]
    type: str
    name: str
    folded: str
    words: tuple[str, ...]
    country: str
    wikidata_id: str
    profile_ids: list[str] = field(default_factory=list)
    offices: set[tuple[str, str]] = field(default_factory=set)
    neighbours: Counter[str] = field(default_factory=Counter)
    n_documents: int = 0
    n_mentions: int = 0
    first_date: str = ""
    last_date: str = ""

    @property
    def content(self) -> tuple[str, ...]:
        """The words without patronymic particles."""
        return tuple(word for word in self.words if word not in PARTICLES)

    @property
    def name_is_known(self) -> bool:
        """True where a gazetteer lists the very name for the item; another name has it from its own document."""
        return (
            bool(self.wikidata_id)
            and known_ids(EntityType(self.type).value).get(fold_name(self.name)) == self.wikidata_id
        )

    @property
    def office_countries(self) -> frozenset[str]:
        """The countries in which the person holds an office of state; nobody holds such offices in two."""
        state = read_spellings("title_words", "state_office")
        return frozenset(iso for root, iso in self.offices if iso and root in state)


def score_pair(one: Node, other: Node) -> tuple[float, str]:
    """The probability that two nodes of one type are one entity, and what it rests on; 0 where they cannot be."""
    if one.wikidata_id and other.wikidata_id and one.wikidata_id != other.wikidata_id:
        return 0.0, ""
    if one.wikidata_id and one.wikidata_id == other.wikidata_id and may_be_one(one, other):
        return _probability(_SAME_ITEM), f"same Wikidata item {one.wikidata_id}"
    if one.country and other.country:
        return (0.99, f"country {one.country}") if one.country == other.country else (0.0, "")
    if bool(one.country) != bool(other.country):
        return 0.0, ""
    if one.type == EntityType.PER:
        return _score_persons(one, other)
    if one.type == EntityType.LOC:
        return _score_places(one, other)
    return _score_bodies(one, other)


def may_be_one(one: Node, other: Node) -> bool:
    """False for two full names of persons that cannot be one's, whatever a third, shorter name has to do with both."""
    if one.type != EntityType.PER or (one.name_is_known and other.name_is_known):
        return True
    shorter, longer = sorted((one, other), key=lambda node: (len(node.content), node.key))
    if len(shorter.content) < 2:
        return True
    _, how = compare_persons(shorter.words, longer.words)
    if how in _PERSON_NAME and not _is_other_lineage(shorter, longer, how):
        return True
    bones = [list(map(skeleton, node.content)) for node in (shorter, longer)]
    return bones[0] == bones[1]


def _probability(log_odds: float) -> float:
    return round(1.0 / (1.0 + exp(-log_odds)), 4)


def _score_persons(one: Node, other: Node) -> tuple[float, str]:
    shorter, longer = sorted((one, other), key=lambda node: (len(node.content), node.key))
    if len(shorter.content) < 2:
        return 0.0, ""
    _, how = compare_persons(shorter.words, longer.words)
    if how not in _PERSON_NAME or _is_other_lineage(shorter, longer, how):
        return 0.0, ""
    evidence = [(_PERSON_NAME[how], how), *_rarity(shorter, longer, how), *_circumstances(one, other)]
    total = sum(weight for weight, _ in evidence)
    return _probability(total), "; ".join(reason for weight, reason in evidence if weight > 0)


def _is_other_lineage(shorter: Node, longer: Node, how: str) -> bool:
    """True where patronymics or inexact words show that two alike names are of different people.

    A fragment (بنت سلطان) names nobody over documents; محمد بن سلمان is no محمد السلمان; with بن in the short name the
    long one must go on from it or end alike.
    """
    a, b = shorter.words, longer.words
    if a[0] in PARTICLES or b[0] in PARTICLES:
        return True
    articles = [node.folded.split()[-1].startswith("ال") for node in (shorter, longer)]
    if how == "same name":
        return ("بن" in a) != ("بن" in b) and articles[0] != articles[1]
    if how == "shortened name":
        if "بن" in a and b[: len(a)] != a and (a[-2] == "بن" or a[-1] != b[-1]):
            return True
        if shorter.content[-1] not in longer.content and not similar_words(shorter.content[-1], longer.content[-1]):
            return True  # محمد النويصر is no محمد بن ناصر الغامدي
        inexact = [word for word in shorter.content if word not in longer.content]
        return len(inexact) > 1 or any(len(word) < 5 or word in given_names() for word in inexact)
    return False


def _rarity(shorter: Node, longer: Node, how: str) -> Iterator[tuple[float, str]]:
    """How telling the shared words are: three names tell more than two, a family name more than given names."""
    known = given_names()
    words = shorter.content
    common = all(word in known or word.startswith("عبد") or word in words_of("rank_behind") for word in words)
    if len(words) >= 3:
        yield _LONG_NAME, f"{len(words)} names"
    if common and len(words) == 2:
        yield _COMMON_NAME, "given names alone"
    elif not common:
        yield _RARE_NAME, "not given names alone"
    if how == "shortened name" and words[-1] != longer.content[-1]:
        yield -0.8, "ends otherwise"


def _circumstances(one: Node, other: Node) -> Iterator[tuple[float, str]]:
    offices = {office for office in one.offices & other.offices if office[1]}
    countries, others = one.office_countries, other.office_countries
    if offices:
        root, iso = min(offices)
        yield _SAME_OFFICE, f"both {root} of {iso}"
    elif countries & others:
        yield _SAME_COUNTRY, f"offices of {min(countries & others)}"
    elif countries and others:
        yield _OTHER_COUNTRY, "offices of different countries"
    elif {root for root, _ in one.offices} & {root for root, _ in other.offices}:
        yield _SAME_TITLE, "same title"
    shared = one.neighbours.keys() & other.neighbours.keys()
    if len(shared) >= 3:
        yield _MANY_NEIGHBOURS, f"{len(shared)} names met beside both"
    elif shared:
        yield _NEIGHBOUR, f"met beside {min(shared)}"
    elif len(one.neighbours) >= 5 and len(other.neighbours) >= 5:
        yield _NO_NEIGHBOURS, "no name met beside both"


def _score_places(one: Node, other: Node) -> tuple[float, str]:
    shorter, longer = sorted((one, other), key=lambda node: (len(node.words), node.key))
    how = compare_places(shorter.words, longer.words)
    if how == "same name":
        return 0.95, how
    if (
        how == "spelling variant"
        and _same_bones(one, other)
        and not (_both_known(one, other) or _other_vowels(one, other))
    ):
        return 0.8, how
    settlement = words_of("settlement")
    if how == "without its head noun" and longer.words[0] in settlement and longer.words[1:] == shorter.words:
        return 0.85, how
    return 0.0, ""


def _both_known(one: Node, other: Node) -> bool:
    known = places()
    return one.folded in known and other.folded in known and known[one.folded][2] != known[other.folded][2]


def _other_vowels(one: Node, other: Node) -> bool:
    """True for two names of one word with its article, which are native as a rule: المحمدية is no المحمودية."""
    names = (one.folded, other.folded)
    bones = [name.translate(_NO_VOWELS) for name in names]
    return bones[0] == bones[1] and all(name.startswith("ال") and " " not in name for name in names)


def _score_bodies(one: Node, other: Node) -> tuple[float, str]:
    shorter, longer = sorted((one, other), key=lambda node: (len(node.words), node.key))
    _, how = compare_bodies(shorter.words, longer.words)
    if how == "same name":
        return 0.95, how
    if how == "spelling variant" and len(one.words) > 1 and _same_bones(one, other):
        return 0.8, how
    bare = longer.words[0] in words_of("droppable_head") and longer.words[1:] == shorter.words
    if how == "without its head noun" and bare and shorter.folded not in places():
        return 0.75, how
    return 0.0, ""


def _same_bones(one: Node, other: Node) -> bool:
    """True where all words have the same consonants, none is short, and none is another nationality's adjective."""
    for a, b in zip(one.words, other.words, strict=True):
        if a == b:
            continue
        if find_nisba(a) is not None and find_nisba(b) is not None:
            continue  # alike, or the names would not have compared as variants
        if not (one_edit_apart(a, b) or len(a) >= 8):
            return False
        if skeleton(a) != skeleton(b) or len(skeleton(a)) < 3 or (a in given_names() and b in given_names()):
            return False
        if find_nisba(a) != find_nisba(b):
            return False
    return True


def is_generic(node: Node) -> bool:
    """True for names that many things share (وزارة الخارجية, a bare first name): each document's own, unless proven."""
    if node.country or node.wikidata_id:
        return False
    if node.type == EntityType.ORG:
        return all(word in words_of("generic_body") or word in words_of("generic_word") for word in node.words)
    if node.type == EntityType.PER:
        words = node.content
        if len(words) < 2:
            return True
        return len(words) == 2 and not node.office_countries and all(word in given_names() for word in words)
    return False
