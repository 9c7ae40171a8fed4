"""Mentions of one document to its entities: full and short names, variants, acronyms, countries by any name.

Names of one type are compared as folded words. Longer names are placed first; a shorter one joins the entity that
it shortens, if only one fits. Every link carries the reason that made it. Other documents are not looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

from pipeline.gazetteer import Country, find_country, fold_name, given_names, known_ids, strip_article, words_of
from pipeline.schema import Analysis, Entity, EntityType, Link

_ID_BYTES = 8


@dataclass(slots=True)
class _Name:
    """One folded form of one type in a document, and the mentions that bear it, in order."""

    type: EntityType
    key: str
    words: tuple[str, ...]
    surfaces: Counter[str] = field(default_factory=Counter)
    mentions: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    """An entity in the making: its names in the order they joined, each with the reason."""

    names: list[tuple[_Name, str]]
    country: Country | None = None

    @property
    def n_mentions(self) -> int:
        return sum(len(name.mentions) for name, _ in self.names)

    @property
    def first(self) -> int:
        return min(name.mentions[0] for name, _ in self.names)


def resolve_entities(analysis: Analysis) -> tuple[Entity, ...]:
    """The document's entities in the order of their first mentions; every mention belongs to exactly one."""
    names = _collect_names(analysis)
    groups: list[_Group] = []
    groups += _group_persons([name for name in names if name.type is EntityType.PER])
    groups += _group_places([name for name in names if name.type is EntityType.LOC])
    bodies = [name for name in names if name.type is EntityType.ORG]
    groups += _group_bodies(bodies, _aliases(analysis, bodies))
    groups.sort(key=lambda group: group.first)
    return tuple(_to_entity(analysis.document.doc_id, group) for group in groups)


def _collect_names(analysis: Analysis) -> list[_Name]:
    found: dict[tuple[EntityType, str], _Name] = {}
    text = analysis.document.text
    for index, mention in enumerate(analysis.mentions):
        surface = mention.span.of(text)
        if surface.startswith("ل") and mention.span.start and text[mention.span.start - 1] == "ل":
            surface = "ا" + surface  # للأمم: the span starts at the second lam
        key = fold_name(surface) or surface
        name = found.get((mention.type, key))
        if name is None:
            name = found[mention.type, key] = _Name(mention.type, key, name_words(key, mention.type))
        name.surfaces[" ".join(surface.split())] += 1
        name.mentions.append(index)
    return list(found.values())


@lru_cache(maxsize=1 << 16)
def name_words(key: str, kind: EntityType) -> tuple[str, ...]:
    """The words of a folded name that are compared: no articles; for persons compounds joined and particles dropped.

    >>> name_words(fold_name("عبد الفتاح البرهان"), EntityType.PER)
    ('عبدفتاح', 'برهان')
    """
    words = key.split()
    if kind is not EntityType.PER:
        return tuple(strip_article(word) for word in words)
    joined: list[str] = []
    prefix = ""
    for word in words:
        if word in ("عبد", "ابو", "ابا", "ابي", "ام") and len(words) > 1:
            prefix = "ابو" if word in ("ابا", "ابي") else word
            continue
        bare = strip_article(word)
        if bare.startswith("عبدال") and len(bare) > 6:
            bare = "عبد" + bare[5:]
        joined.append(prefix + bare)
        prefix = ""
    if prefix:
        joined.append(prefix)
    return tuple(joined)


_PARTICLES = frozenset({"بن", "ابن", "بنت", "ال", "ولد"})


# ---------------------------------------------------------------- words


_LONG_VOWELS = str.maketrans(
    {
        "ا": None,
        "و": None,
        "ي": None,
        "ه": None,
        "غ": "ج",
        "ك": "ج",
        "ق": "ج",
        "ث": "س",
        "ذ": "د",
        "ظ": "ض",
        "ط": "ت",
        "ص": "س",
    }
)


@lru_cache(maxsize=1 << 16)
def skeleton(word: str) -> str:
    """The consonants of a folded word, with letters that transliterations swap made one.

    >>> skeleton("نتنياهو") == skeleton("نتانياهو")
    True
    """
    return word.translate(_LONG_VOWELS)


@lru_cache(maxsize=1 << 16)
def similar_words(one: str, other: str) -> bool:
    """True for two spellings of one word of a name: equal, one edit apart in a long word, or the same skeleton.

    >>> similar_words("ترامب", "ترمب"), similar_words("علي", "علا")
    (True, False)
    """
    if one == other:
        return True
    known = given_names()
    if one in known and other in known:
        return known[one] == known[other]  # حسن and حسين, سالم and سليم are different names
    shorter, longer = sorted((len(one), len(other)))
    if longer - shorter > 2 or shorter < 3:
        return False
    bones = skeleton(one)
    if bones == skeleton(other) and (len(bones) >= 3 or (shorter >= 4 and one[0] == other[0])):
        return True
    return shorter >= 5 and one_edit_apart(one, other)


def one_edit_apart(one: str, other: str) -> bool:
    """True where one insertion, deletion, substitution or swap of neighbours makes ``one`` into ``other``."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    start = 0
    while start < len(one) and one[start] == other[start]:
        start += 1
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    if one[start + 1 :] == other[start + 1 :]:
        return True
    return one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]


# ---------------------------------------------------------------- persons


def _group_persons(names: Sequence[_Name]) -> list[_Group]:
    groups: list[_Group] = []
    ordered = sorted(names, key=lambda name: (-len(_content(name)), -len(name.words), name.mentions[0]))
    for name in ordered:
        scored = [(score, reason, group) for group in groups for score, reason in [_person_fit(name, group)] if score]
        if not scored:
            groups.append(_Group([(name, "name")]))
            continue
        _, reason, group = max(scored, key=lambda fit: (fit[0], fit[2].n_mentions, -fit[2].first))
        group.names.append((name, reason))
    return groups


def _content(name: _Name) -> tuple[str, ...]:
    return tuple(word for word in name.words if word not in _PARTICLES)


def _person_fit(name: _Name, group: _Group) -> tuple[int, str]:
    best = (0, "")
    for other, _ in group.names:
        best = max(best, compare_persons(name.words, other.words))
    return best


@lru_cache(maxsize=1 << 16)
def compare_persons(short: tuple[str, ...], full: tuple[str, ...]) -> tuple[int, str]:
    """How well ``short`` names the person that ``full`` names (0: not at all), and the reason; ``full`` is not shorter.

    >>> compare_persons(("سلمان",), ("محمد", "بن", "سلمان"))
    (1, 'part of the full name')
    """
    a = tuple(word for word in short if word not in _PARTICLES)
    b = tuple(word for word in full if word not in _PARTICLES)
    if not a or not b:
        return 0, ""
    if short == full or "".join(a) == "".join(b):
        return 9, "same name"
    if len(a) == len(b) and all(map(similar_words, a, b)):
        return 8, "spelling variant"
    if len(a) > len(b):
        a, b, short, full = b, a, full, short
    if len(a) == 1:
        return _single_word_fit(a[0], short, b)
    if similar_words(a[0], b[0]) and _is_subsequence(a, b):
        return 7, "shortened name"
    starts = full.index(b[-len(a)]) if b[-len(a)] in full else 0
    if all(map(similar_words, a, b[-len(a) :])) and not (starts and full[starts - 1] in ("بن", "ابن", "بنت")):
        return 6, "end of the full name"
    if short[0] in ("بن", "ابن", "ال") and _is_subsequence(a, b):
        return 6, "family name"
    return 0, ""


def _single_word_fit(word: str, short: tuple[str, ...], names: tuple[str, ...]) -> tuple[int, str]:
    if len(names) == 1:
        return (8, "spelling variant") if similar_words(word, names[0]) else (0, "")
    if word == names[-1]:
        return 5, "family name"
    if similar_words(word, names[-1]):
        return 4, "family name, spelling variant"
    if short[0] in ("بن", "ابن", "ال") and any(similar_words(word, other) for other in names[1:]):
        return 4, "family name"
    if similar_words(word, names[0]):
        return 3, "given name"
    if any(word == other for other in names[1:-1]):
        return 1, "part of the full name"
    return 0, ""


def _is_subsequence(short: Sequence[str], full: Sequence[str]) -> bool:
    at = iter(full)
    return all(any(similar_words(word, other) for other in at) for word in short)


# ---------------------------------------------------------------- places


def _group_places(names: Sequence[_Name]) -> list[_Group]:
    groups: list[_Group] = []
    by_country: dict[str, _Group] = {}
    rest = []
    for name in names:
        country = find_country(name.key)
        if country is None:
            rest.append(name)
        elif country.iso in by_country:
            by_country[country.iso].names.append((name, f"name of the country {country.iso}"))
        else:
            by_country[country.iso] = _Group([(name, f"name of the country {country.iso}")], country)
    groups += by_country.values()
    found: list[_Group] = []
    for name in sorted(rest, key=lambda name: (-len(name.words), name.mentions[0])):
        for group in found:
            reason = next(filter(None, (compare_places(name.words, other.words) for other, _ in group.names)), "")
            if reason:
                group.names.append((name, reason))
                break
        else:
            found.append(_Group([(name, "name")]))
    return groups + found


@lru_cache(maxsize=1 << 16)
def compare_places(short: tuple[str, ...], full: tuple[str, ...]) -> str:
    """The reason why two names without articles name one place, or an empty string."""
    if short == full or "".join(short) == "".join(full):
        return "same name"
    if len(short) == len(full):
        return "spelling variant" if all(map(similar_words, short, full)) else ""
    if short == full[: len(short)] and full[len(short)] in words_of("place_adjective"):
        return "shortened name"
    if len(full) > len(short) and full[0] in words_of("place_head") and full[1 : 1 + len(short)] == short:
        return "without its head noun"
    return ""


# ---------------------------------------------------------------- organisations


def _aliases(analysis: Analysis, names: Sequence[_Name]) -> list[tuple[str, str]]:
    """Pairs of keys that stand side by side, the second in brackets or quotes right after the first."""
    text = analysis.document.text
    key_of = {index: name.key for name in names for index in name.mentions}
    pairs = []
    for left, right in zip(sorted(key_of), sorted(key_of)[1:], strict=False):
        gap = text[analysis.mentions[left].span.end : analysis.mentions[right].span.start]
        if gap and len(gap) <= 4 and not gap.strip(" \t\"'«»“”()[]") and gap.strip():
            pairs.append((key_of[left], key_of[right]))
    return pairs


def _group_bodies(names: Sequence[_Name], aliases: Iterable[tuple[str, str]]) -> list[_Group]:
    groups: list[_Group] = []
    for name in sorted(names, key=lambda name: (-len(name.words), name.mentions[0])):
        fits = []
        for group in groups:
            score, reason = max(compare_bodies(name.words, other.words) for other, _ in group.names)
            if score:
                fits.append((score, reason, group))
        if not fits:
            groups.append(_Group([(name, "name")]))
            continue
        _, reason, group = max(fits, key=lambda fit: (fit[0], fit[2].n_mentions, -fit[2].first))
        group.names.append((name, reason))
    return _join_aliases(groups, aliases)


def _join_aliases(groups: list[_Group], aliases: Iterable[tuple[str, str]]) -> list[_Group]:
    for left, right in aliases:
        one = next(group for group in groups if any(name.key == left for name, _ in group.names))
        other = next(group for group in groups if any(name.key == right for name, _ in group.names))
        if one is not other:
            shown = one.names[0][0].surfaces.most_common(1)[0][0]
            one.names += [(name, f"alias beside {shown}") for name, _ in other.names]
            groups.remove(other)
    return groups


@lru_cache(maxsize=1 << 16)
def compare_bodies(short: tuple[str, ...], full: tuple[str, ...]) -> tuple[int, str]:
    """How well ``short`` names the body that ``full`` names (0: not at all), and the reason; words without articles."""
    if short == full or "".join(short) == "".join(full):
        return 9, "same name"
    if len(short) == len(full):
        return (8, "spelling variant") if all(map(similar_words, short, full)) else (0, "")
    if len(short) > len(full):
        short, full = full, short
    heads = words_of("body_head")
    if full[0] in heads and full[1:] == short:
        return 7, "without its head noun"
    if full[: len(short)] == short and (len(short) > 1 or short[0] not in words_of("generic_body")):
        return 6, "shortened name"
    if len(short) > 1 and short[0] == full[0] and _is_subsequence(short, full):
        return 5, "shortened name"
    if full[0] in heads and full[1 : 1 + len(short)] == short:
        return 4, "without its head noun"
    return 0, ""


# ---------------------------------------------------------------- entities


def _to_entity(doc_id: str, group: _Group) -> Entity:
    surfaces = [surface for name, _ in group.names for surface in name.surfaces]
    fullest = max(surfaces, key=lambda surface: (len(surface.split()), len(surface)))
    links = sorted((index, reason) for name, reason in group.names for index in name.mentions)
    kind = group.names[0][0].type
    wikidata = group.country.wikidata_id if group.country else None
    if wikidata is None:
        ids = known_ids(kind.value)
        found = {ids[name.key] for name, _ in group.names if len(name.words) > 1 and name.key in ids}
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
