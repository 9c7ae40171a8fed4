"""Mentions of one document to its entities: full and short names, variants, acronyms, countries by any name.

Names of one type are compared as folded words. Longer names are placed first; a shorter one joins the entity that
it shortens, if only one fits. Every link carries the reason that made it. Other documents are not looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice, pairwise

from pipeline.articles import with_article
from pipeline.body_match import body_keys, compare_bodies, is_organ
from pipeline.capitals import find_capitals
from pipeline.gazetteer import (
    Country,
    find_country,
    fold_name,
    known_ids,
    read_groups,
    vocalised_places,
)
from pipeline.name_match import PARTICLES, compare_persons, compare_places, name_keys, name_words
from pipeline.normalize import fold
from pipeline.schema import Analysis, Entity, EntityType, Link, Span
from pipeline.word_match import similar_words

_ID_BYTES = 8
_WORD = re.compile(r"\w+")
_HASHTAG = str.maketrans("#_", "  ")


@dataclass(slots=True)
class _Name:
    """One folded form of one type in a document, and the mentions that bear it, in order."""

    type: EntityType
    key: str
    words: tuple[str, ...]
    content: tuple[str, ...]  # the words without particles
    surfaces: Counter[str] = field(default_factory=Counter)
    mentions: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    """An entity in the making: its names in the order they joined, each with the reason."""

    names: list[tuple[_Name, str]]
    country: Country | None = None
    wikidata_id: str | None = None  # of a place that its marks name

    @property
    def n_mentions(self) -> int:
        return sum(len(name.mentions) for name, _ in self.names)

    @property
    def first(self) -> int:
        return min(name.mentions[0] for name, _ in self.names)


# No article goes beyond these; a hostile text may, and its cost must stay in proportion to its length.
_MAX_COMPARED = 200  # entities of a type that a name is compared with
_CLOSING = frozenset(")\"'»”")
_MAX_CALLED = 25  # code points between a name and what else someone is called
_MAX_VARIANTS = 8  # forms of an entity's name, longest first, that it is compared with


def resolve_entities(analysis: Analysis) -> tuple[Entity, ...]:
    """The document's entities in the order of their first mentions; every mention belongs to exactly one."""
    names = _collect_names(analysis)
    groups: list[_Group] = []
    persons = [name for name in names if name.type is EntityType.PER]
    nicknames = _nicknames(analysis, persons)
    groups += _join_aliases(_group_persons(persons), [*nicknames, *_called(analysis, persons)])
    places_named = [name for name in names if name.type is EntityType.LOC]
    capitals = find_capitals(analysis, {name.key: name.mentions for name in places_named})
    groups += _group_places(places_named, capitals)
    bodies = [name for name in names if name.type is EntityType.ORG]
    groups += _group_bodies(bodies, _aliases(analysis, bodies))
    groups.sort(key=lambda group: group.first)
    return tuple(_to_entity(analysis.document.doc_id, group) for group in groups)


def _collect_names(analysis: Analysis) -> list[_Name]:
    found: dict[tuple[EntityType, str], _Name] = {}
    text = analysis.document.text
    after_lam = [_is_after_lam(text, mention.span) for mention in analysis.mentions]
    seen = {
        word
        for mention, doubtful in zip(analysis.mentions, after_lam, strict=True)
        if not doubtful
        for word in fold_name(mention.span.of(text)).split()
    }
    for index, mention in enumerate(analysis.mentions):
        surface = mention.span.of(text)
        if after_lam[index]:
            surface = with_article(surface, seen)
        key = fold_name(surface) or surface
        name = found.get((mention.type, key))
        if name is None:
            words = name_words(key, mention.type)
            content = tuple(word for word in words if word not in PARTICLES)
            name = found[mention.type, key] = _Name(mention.type, key, words, content)
        name.surfaces[" ".join(surface.translate(_HASHTAG).split())] += 1
        name.mentions.append(index)
    return list(found.values())


def _is_after_lam(text: str, span: Span) -> bool:
    """Whether the span starts at the second lam of a word such as للأمم."""
    return text.startswith("لل", max(0, span.start - 1)) and span.start > 0


# ---------------------------------------------------------------- persons


def _group_persons(names: Sequence[_Name]) -> list[_Group]:
    ordered = sorted(names, key=lambda name: (-len(name.content), -len(name.words), name.mentions[0]))
    return _group_by_fit(ordered, compare_persons)


def _group_by_fit(
    names: Iterable[_Name], compare: Callable[[tuple[str, ...], tuple[str, ...]], tuple[int, str]]
) -> list[_Group]:
    """Each name with the entity that it fits best, if any; it is compared only with those that it shares a key with."""
    groups: list[_Group] = []
    numbers: dict[str, set[int]] = {}  # of the groups, by the keys of their names
    for name in names:
        person = name.type is EntityType.PER
        keys = name_keys(name.content or name.words) if person else body_keys(name.words)
        fits = []
        for number in set().union(*(numbers.get(key, ()) for key in keys)):
            group = groups[number]
            score, reason = max(compare(name.words, other.words) for other, _ in group.names[:_MAX_VARIANTS])
            if score:
                fits.append((score, group.n_mentions, -group.first, number, reason))
        *_, number, reason = max(fits, default=(len(groups), "name"))
        if not fits:
            groups.append(_Group([]))
        groups[number].names.append((name, reason))
        if number < _MAX_COMPARED and len(groups[number].names) <= _MAX_VARIANTS:
            for key in keys:
                numbers.setdefault(key, set()).add(number)
    return groups


def _nicknames(analysis: Analysis, names: Sequence[_Name]) -> list[tuple[str, str]]:
    """Pairs of a full name and the one word or kunya in brackets or quotes right after it: محمد دقلو "حميدتي".

    Another's short name (محمد دقلو (الصافي) beside نادر الصافي) is none; a name in Latin letters, however long, is one.
    """
    by_key = {name.key: name for name in names}
    text = analysis.document.text
    found = []
    for left, right in _aliases(analysis, names):
        alias = by_key[right]
        ends = [analysis.mentions[index].span.end for index in alias.mentions]
        if not any(text[end : end + 1] in _CLOSING for end in ends):
            continue
        one_word = len(by_key[left].content) > 1 and len(alias.content) == 1
        others = islice((name for name in names if name.key != left and len(name.content) > 1), _MAX_COMPARED)
        nickname = one_word and not any(compare_persons(alias.words, other.words)[0] for other in others)
        found += [(left, right)] if nickname or (right.isascii() and not left.isascii()) else []
    return found


def _called(analysis: Analysis, names: Sequence[_Name]) -> list[tuple[str, str]]:
    """Pairs of names between which nothing stands but words such as المعروف باسم or واسمه الحقيقي."""
    text, known = analysis.document.text, read_groups("reference_words", "called")
    return [
        pair
        for pair, between, _ in _neighbours(analysis, names)
        if between.end - between.start <= _MAX_CALLED
        and " ".join(map(fold, _WORD.findall(between.of(text).replace("ـ", "")))) in known
    ]


# ---------------------------------------------------------------- places


def _group_places(names: Sequence[_Name], capitals: frozenset[str]) -> list[_Group]:
    groups: list[_Group] = []
    by_country: dict[str, _Group] = {}
    rest = []
    found: list[_Group] = []
    for name in names:
        vocalised = next((place for surface, place in vocalised_places().items() if surface in name.surfaces), None)
        country = find_country(name.key) if name.key not in capitals else None
        if vocalised:
            found.append(_Group([(name, "name, told from the country's by its marks")], None, vocalised))
        elif country is None:
            rest.append(name)
        elif country.iso in by_country:
            by_country[country.iso].names.append((name, f"name of the country {country.iso}"))
        else:
            by_country[country.iso] = _Group([(name, f"name of the country {country.iso}")], country)
    groups += by_country.values()
    for name in sorted(rest, key=lambda name: (-len(name.words), name.mentions[0])):
        for group in found[:_MAX_COMPARED]:
            reason = next(
                filter(None, (compare_places(name.words, other.words) for other, _ in group.names[:_MAX_VARIANTS])), ""
            )
            if reason:
                group.names.append((name, reason))
                break
        else:
            found.append(_Group([(name, "name")]))
    return groups + found


# ---------------------------------------------------------------- organisations


def _aliases(analysis: Analysis, names: Sequence[_Name]) -> list[tuple[str, str]]:
    """Pairs of keys that stand side by side, the second alone in brackets or quotes right after the first."""
    text = analysis.document.text
    pairs = []
    for pair, between, end in _neighbours(analysis, names):
        gap = between.of(text)
        after = text[end : end + 3].lstrip(" \t\"'»”")
        if ")" in gap or ("(" in gap and after.startswith(("،", ","))):
            continue  # of several in brackets (المفوضية، البنك) none is the name before
        if gap and len(gap) <= 4 and not gap.strip(" \t\"'«»“”()[]") and gap.strip():
            pairs.append(pair)
    return pairs


def _neighbours(analysis: Analysis, names: Sequence[_Name]) -> Iterator[tuple[tuple[str, str], Span, int]]:
    """Names one after another in the text: their keys, what stands between them, and where the second ends."""
    key_of = {index: name.key for name in names for index in name.mentions}
    for left, right in pairwise(sorted(key_of)):
        one, other = analysis.mentions[left].span, analysis.mentions[right].span
        yield (key_of[left], key_of[right]), Span(one.end, max(one.end, other.start)), other.end


def _group_bodies(names: Sequence[_Name], aliases: Iterable[tuple[str, str]]) -> list[_Group]:
    ordered = sorted(names, key=lambda name: (-len(name.words), name.mentions[0]))
    by_words = {name.words: name.key for name in reversed(ordered)}
    # What stands in brackets after an organ's name (مجلس الاتحاد (فيفا)) is its body's, which that name ends with.
    body_of = {name.key: by_words.get(name.words[1:]) for name in ordered if is_organ(name.words, name.words[1:])}
    pairs = ((body_of.get(left) or left, right) for left, right in aliases)
    return _join_aliases(_group_by_fit(ordered, compare_bodies), pairs)


def _join_aliases(groups: list[_Group], aliases: Iterable[tuple[str, str]]) -> list[_Group]:
    group_of = {name.key: group for group in groups for name, _ in group.names}
    joined: set[int] = set()
    for left, right in aliases:
        one, other = group_of[left], group_of[right]
        if one is not other:
            shown = one.names[0][0].surfaces.most_common(1)[0][0]
            one.names += [(name, f"alias beside {shown}") for name, _ in other.names]
            group_of |= {name.key: one for name, _ in other.names}
            joined.add(id(other))
    return [group for group in groups if id(group) not in joined]


# ---------------------------------------------------------------- entities


def _to_entity(doc_id: str, group: _Group) -> Entity:
    surfaces = [surface for name, _ in group.names for surface in name.surfaces]
    fullest = max(surfaces, key=lambda surface: (not surface.isascii(), len(surface.split()), len(surface)))
    links = sorted((index, reason) for name, reason in group.names for index in name.mentions)
    kind = group.names[0][0].type
    wikidata = group.country.wikidata_id if group.country else group.wikidata_id
    if wikidata is None:
        ids = known_ids(kind.value)
        found = {ids[name.key] for name, reason in group.names if name.key in ids and _tells_all(name, reason, group)}
        wikidata = next(iter(found)) if len(found) == 1 else None
    content = "\x1f".join((doc_id, kind.value, fullest, str(links[0][0])))
    return Entity(
        blake2b(content.encode("utf-8", "surrogatepass"), digest_size=_ID_BYTES).hexdigest(),
        kind,
        fullest,
        tuple(Link(index, reason) for index, reason in links),
        group.country.iso if group.country else None,
        wikidata,
    )


def _tells_all(name: _Name, reason: str, group: _Group) -> bool:
    """True where what is known of a name holds of the whole entity, False where it is a part of a longer name.

    A person's short name (محمد علي) tells of the longer one (محمد علي مالك) only where that ends alike, or goes on with
    the father's name (محمد بن سلمان بن عبد العزيز).
    """
    if len(name.content) < 2:
        return False
    if name.type is not EntityType.PER:
        return reason != "shortened name"
    full = max((other.words for other, _ in group.names), key=len)
    size = len(name.words)
    goes_on = full[:size] == name.words and len(full) > size and full[size] in PARTICLES
    return goes_on or len(full) == size or similar_words(name.content[-1], full[-1])
