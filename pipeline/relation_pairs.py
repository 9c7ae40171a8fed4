"""Pairs of names that may be related.

A list of names (X وY وZ) counts as one name: what stands before or after it is said of every member, so that the last
of ten countries is as near to the body that they form as the first. A place is also paired with a country of the
document that an adjective beside it names: مدينة فاس المغربية.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain

from pipeline.folded import fold_word
from pipeline.gazetteer import find_nisba, read_groups
from pipeline.relation_features import Name, NameList, Pair, describe, describe_adjective
from pipeline.relation_words import COMMAS, QUOTES, word_class
from pipeline.schema import Analysis, Entity, EntityType, Mention, Span
from pipeline.units import folded_words, token_starts

REACH = 14  # words between two names or lists that may still be related
FAR = 30  # words between two names that a list of members or a word of kin joins
BETWEEN = 4  # names or lists that may stand between
_ASIDE = 10  # words of an aside in brackets that does not part a list
_UNRELATED = {EntityType.PER, EntityType.LOC}  # no relation of the ontology holds between them
_LISTING = {"comprise", "namely", "member"}  # words after which members are listed: المؤلفة من، وهي، أعضاؤها
_HEADS = {"place", "situated"}  # words before an adjective and the name of a place: العاصمة، المدينة
_ORDER = {EntityType.PER: 0, EntityType.LOC: 1, EntityType.ORG: 2}


def find_pairs(analysis: Analysis) -> Iterator[Pair]:
    """Pairs of names near each other in a sentence, and of places with their adjectives, sentence by sentence."""
    owner = {link.mention: entity for entity in analysis.entities for link in entity.links}
    by_sentence: dict[int, list[tuple[Mention, Entity]]] = {}
    for index, mention in enumerate(analysis.mentions):
        if index in owner:
            by_sentence.setdefault(mention.sentence, []).append((mention, owner[index]))
    for index, named in sorted(by_sentence.items()):
        if index < len(analysis.sentences) and (len(named) > 1 or _is_within_country(named[0][1])):
            words, names = _read_sentence(analysis, index, sorted(named, key=lambda one: one[0].span))
            yield from _pairs_of(index, words, names)
            yield from _pairs_by_adjective(analysis, index, words, names)


def _read_sentence(
    analysis: Analysis, index: int, named: Sequence[tuple[Mention, Entity]]
) -> tuple[Sequence[str], list[Name]]:
    text = analysis.document.text
    starts = token_starts(analysis)[index]
    names = []
    for mention, entity in named:
        first = max(0, bisect_right(starts, mention.span.start) - 1)
        last = max(first, bisect_right(starts, mention.span.end - 1) - 1)
        names.append(Name(mention, entity, first, last, fold_word(text[starts[first] : mention.span.start])))
    return folded_words(analysis)[index], names


def _pairs_of(index: int, words: Sequence[str], names: Sequence[Name]) -> Iterator[Pair]:
    lists = find_lists(words, names)
    for left, right in _near(words, names, lists):
        one, other = names[left].entity, names[right].entity
        if one.entity_id != other.entity_id and {one.type, other.type} != _UNRELATED:
            span = Span(names[left].mention.span.start, names[right].mention.span.end)
            head, tail = sorted((one, other), key=lambda entity: _ORDER[entity.type])
            features = tuple(describe(words, names, lists, left, right))
            sides = (names[left].first, names[left].last), (names[right].first, names[right].last)
            yield Pair(head.entity_id, tail.entity_id, index, span, features, sides)


def _pairs_by_adjective(analysis: Analysis, index: int, words: Sequence[str], names: Sequence[Name]) -> Iterator[Pair]:
    tokens = analysis.sentences[index].tokens
    countries = {entity.country: entity for entity in reversed(analysis.entities) if entity.country}
    for name in names:
        for at in _adjectives(words, name) if _is_within_country(name.entity) else ():
            nisba = find_nisba(words[at])
            country = countries.get(nisba.iso) if nisba and nisba.iso else None
            if country:
                near, far = sorted((name.mention.span, tokens[at].span))
                features = tuple(describe_adjective(words, name, at, country))
                first, second = sorted(((name.first, name.last), (at, at)))
                span = Span(near.start, far.end)
                yield Pair(name.entity.entity_id, country.entity_id, index, span, features, (first, second))


def _is_within_country(entity: Entity) -> bool:
    return entity.type is EntityType.LOC and not entity.country


def _adjectives(words: Sequence[str], name: Name) -> Iterator[int]:
    """Where an adjective of a place may stand: right after it, or before it with a head: العاصمة المغربية الرباط."""
    after = next((at for at in range(name.last + 1, len(words)) if words[at] not in QUOTES), len(words))
    if after < len(words) and words[after].startswith("ال"):
        yield after
    before = next((at for at in range(name.first - 1, 0, -1) if words[at] not in QUOTES), 0)
    if before and not name.clitic and word_class(words[before - 1]) in _HEADS:
        yield before


def _near(words: Sequence[str], names: Sequence[Name], lists: Sequence[NameList]) -> Iterator[tuple[int, int]]:
    """The numbers of the names that are near enough to be related, the left one first."""
    for left in range(len(names)):
        one = lists[left]
        within = range(left + 1, min(one.last, left + BETWEEN) + 1)
        for right in chain(within, range(one.last + 1, len(names))):
            other = lists[right]
            if one is other:
                yield left, right
                continue
            between = len({lists[at].first for at in range(one.last + 1, other.first)})
            gap = words[names[one.last].last + 1 : names[other.first].first]
            if between > BETWEEN or len(gap) > FAR:
                break
            if len(gap) > REACH and not _reaches(gap, names[left], names[right], other.last - other.first + 1):
                continue
            if names[left].entity.type is names[right].entity.type is EntityType.ORG and between > 1:
                continue
            if one.last - left > BETWEEN and right - other.first > BETWEEN:
                continue  # deep inside two long lists: as far apart as two of one list
            yield left, right


def _reaches(gap: Sequence[str], left: Name, right: Name, size: int) -> bool:
    """True where names far apart may be related: a body and those it is said to comprise, or someone and his kin."""
    if left.entity.type is EntityType.ORG:
        return size > 2 and any(word_class(word) in _LISTING for word in gap)
    return left.entity.type is right.entity.type is EntityType.PER and word_class(gap[-1]) == "family+"


def find_lists(words: Sequence[str], names: Sequence[Name]) -> list[NameList]:
    """The list that each name stands in; one of its own for a name that stands alone.

    Two or three names that only commas part are none: دبي، الإمارات is a place and its country.
    """
    found: list[NameList] = []
    start = 0
    joined = False
    for at in range(1, len(names) + 1):
        link = _link(words, names[at - 1], names[at]) if at < len(names) else ""
        if link:
            joined = joined or link == "and"
            continue
        if joined or at - start > 3:
            found += [NameList(start, at - 1)] * (at - start)
        else:
            found += [NameList(number, number) for number in range(start, at)]
        start, joined = at, False
    return found


def _link(words: Sequence[str], one: Name, other: Name) -> str:
    """How two neighbouring names are joined to a list: ``and``, ``comma``, or empty where they are not."""
    if one.entity.type is not other.entity.type or other.clitic not in ("", "و"):
        return ""
    rest = [word for word in _without_asides(words[one.last + 1 : other.first]) if word not in QUOTES]
    joining = read_groups("name_edges", "joining", fold_word)
    if all(word in COMMAS or word in joining for word in rest):
        if other.clitic or not joining.isdisjoint(rest):
            return "and"
        return "comma" if rest else ""
    rest = rest[1:] if rest[0] in COMMAS else rest
    is_head = len(rest) == 1 and rest[0].startswith("و") and word_class(rest[0]) in ("place", "member", "player")
    return "and" if is_head and not other.clitic else ""


def _without_asides(gap: Sequence[str]) -> list[str]:
    found: list[str] = []
    at = 0
    while at < len(gap):
        if gap[at] == "(" and ")" in gap[at : at + _ASIDE]:
            at += gap[at : at + _ASIDE].index(")") + 1
            continue
        found.append(gap[at])
        at += 1
    return found
