"""Of what a title may be, and the features that tell how likely each is; see :mod:`pipeline.offices` for candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.bearers import same_office
from pipeline.gazetteer import fold_name, person_country, places, strip_article
from pipeline.normalize import fold
from pipeline.offices import STATE, Candidate, Of, find_candidates
from pipeline.schema import Analysis, Entity, EntityType
from pipeline.units import split_word

DATELINE_WITHIN = 4
"""Sentences, headlines among them, of which one may open with the place that the document reports from."""
DATELINE_MARKS = frozenset("-–—:/(،,")


@dataclass(slots=True)
class DocumentView:
    """What the whole document says of countries, bodies and persons, for choosing the of-what of a title."""

    owner: Mapping[int, Entity]
    home: list[str]
    shares: Mapping[str, float]
    known: dict[str, str]
    bodies_by_head: dict[str, list[str]]
    united_nations: str | None
    european_union: str | None
    main_body: str | None
    body_before: Mapping[int, list[str]]
    dateline: str | None = None
    stated: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    bearers: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    by_person: dict[str, set[str]] = field(default_factory=dict)


def view_document(analysis: Analysis) -> tuple[list[Candidate], DocumentView]:
    """The candidates of a document in the order of the text, and the view to judge them by."""
    owner = {link.mention: entity for entity in analysis.entities for link in entity.links}
    found, countries = find_candidates(analysis, owner)
    view = _view(analysis, owner, countries)
    candidates = [_told_here(candidate, view) for candidate in found]
    for candidate in _likeliest(candidates):
        stated = {of for of, _ in candidate.explicit if of is not None}
        view.stated.setdefault(candidate.entity_id, set()).update((candidate.title, of) for of in stated)
        view.by_person.setdefault(candidate.entity_id, set()).update(stated)
        for of in stated:
            view.bearers.setdefault(of, set()).add((candidate.title, candidate.entity_id))
    return candidates, view


def _told_here(candidate: Candidate, view: DocumentView) -> Candidate:
    """A title of 'this country' as if it named the country, where that is known.

    It is where the text reports from only if it tells of that country most.
    """
    at_home = view.dateline if view.dateline in view.home[:1] else None
    here = view.known.get(candidate.entity_id) or at_home
    if not candidate.here or here is None or any(of is not None for of, _ in candidate.explicit):
        return candidate
    return replace(candidate, explicit=((here, f"body0:direct:{EntityType.LOC}"),))


def _likeliest(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """One candidate of each phrase, the first: right after the title before in apposition; all of a list."""
    seen: set[tuple[int, int]] = set()
    for candidate in candidates:
        phrase = (candidate.sentence, candidate.phrase.first)
        if phrase not in seen or candidate.via.startswith("coordinated"):
            seen.add(phrase)
            yield candidate


def _view(analysis: Analysis, owner: Mapping[int, Entity], nisbas: Counter[str]) -> DocumentView:
    votes: Counter[str] = Counter(nisbas)
    bodies: dict[str, list[str]] = {}
    known: dict[str, str] = {}
    text = analysis.document.text
    ids: dict[str, str] = {}
    named_bodies = [entity for entity in analysis.entities if entity.type is EntityType.ORG]
    order = [owner[at].entity_id if m.type is EntityType.ORG else "" for at, m in enumerate(analysis.mentions)]
    before: dict[int, list[str]] = {}
    latest: list[str] = []
    for at, mention in enumerate(analysis.mentions):
        before.setdefault(mention.sentence, list(latest))
        if order[at]:
            latest = [order[at], *(other for other in latest if other != order[at])][:2]
    for entity in analysis.entities:
        n_links = len(entity.links)
        if entity.country:
            votes[entity.country] += n_links
        elif entity.type is EntityType.LOC:
            place = places().get(fold_name(entity.name))
            if place is not None and place[1]:
                votes[place[1]] += n_links
        elif entity.type is EntityType.ORG:
            key = fold_name(entity.name)
            ids.setdefault(key, entity.entity_id)
            bodies.setdefault(strip_article(key.split()[0]) if key else "", []).append(entity.entity_id)
        else:
            forms = {entity.name, *(analysis.mentions[link.mention].span.of(text) for link in entity.links)}
            found = {person_country(form) for form in forms} - {None}
            if len(found) == 1:
                known[entity.entity_id] = next(iter(found)) or ""
    total = sum(votes.values()) or 1
    dateline = _dateline(analysis, owner)
    home = [iso for iso, _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0] != dateline, vote[0]))]
    return DocumentView(
        owner,
        home[:3],
        {iso: count / total for iso, count in votes.items()},
        known,
        bodies,
        next((ids[key] for key in (fold_name("الأمم المتحدة"), fold_name("منظمة الأمم المتحدة")) if key in ids), None),
        next((ids[key] for key in (fold_name("الاتحاد الأوروبي"), fold_name("الاتحاد الأوربي")) if key in ids), None),
        max(named_bodies, key=lambda entity: len(entity.links)).entity_id if named_bodies else None,
        before,
        dateline,
    )


def _dateline(analysis: Analysis, owner: Mapping[int, Entity]) -> str | None:
    """The country of the place from which the document reports: القاهرة - , الكويت (كونا), الدوحة في 8 يناير."""
    text = analysis.document.text
    starts = {sentence.span.start for sentence in analysis.sentences[:DATELINE_WITHIN]}
    for at, mention in enumerate(analysis.mentions):
        if mention.type is EntityType.LOC and mention.span.start in starts:
            following = text[mention.span.end :].lstrip(" ").removeprefix("في ")[:1]
            place = places().get(fold_name(mention.span.of(text)))
            country = owner[at].country or (place[1] if place is not None else None)
            if country and (following in DATELINE_MARKS or following.isdigit()):
                return country
    return None


def options_of(candidate: Candidate, view: DocumentView) -> dict[Of, list[str]]:
    """What the title may be of, each with where that comes from; None (unknown) is always among them."""
    options: dict[Of, list[str]] = {None: ["none"]}
    for of, source in candidate.explicit:
        options.setdefault(of, []).append(source)
    region = {source for of, source in candidate.explicit if of is None}
    if "nisba:bloc" in region and view.united_nations:
        options.setdefault(view.united_nations, []).append("un")
    if "nisba:region" in region and view.european_union:
        options.setdefault(view.european_union, []).append("eu")
    peer = candidate.phrase.head.category == "peer"  # who is of another country than the one that he is the peer of
    unsaid = not peer and all(value is None for value, _ in candidate.explicit)
    if unsaid:
        for iso, source in candidate.nearby:
            options.setdefault(iso, []).append(source)
    if candidate.entity_id in view.known:
        options.setdefault(view.known[candidate.entity_id], []).append("gazetteer")
    for of in sorted(same_title(candidate, view)):  # of equally likely ones the first is taken
        options.setdefault(of, []).append("same title")
    for of in sorted(view.by_person.get(candidate.entity_id, ())):
        options.setdefault(of, []).append("same person")
    for rank, iso in enumerate(() if peer else view.home):
        options.setdefault(iso, []).append(f"home{rank}")
    words = [split_word(fold(word)).stem for word in candidate.title.split()[1:4]]
    for word in words:
        for body in view.bodies_by_head.get(word, ())[:2]:
            options.setdefault(body, []).append("body named alike")
    if unsaid:
        if view.dateline:
            options.setdefault(view.dateline, []).append("dateline")
        if view.main_body:
            options.setdefault(view.main_body, []).append("main body")
        for rank, body in enumerate(view.body_before.get(candidate.sentence, ())):
            options.setdefault(body, []).append(f"body before{rank}")
    return options


def same_title(candidate: Candidate, view: DocumentView) -> set[str]:
    """Of what the document states the same office of the same person."""
    return {of for title, of in view.stated.get(candidate.entity_id, ()) if same_office(title, candidate.title, of)}


def features_of(candidate: Candidate, of: Of, sources: Sequence[str], view: DocumentView) -> list[str]:
    """The names of the binary features that hold of a candidate with one of-what."""
    phrase = candidate.phrase
    category = phrase.head.category
    named = {source.split(":")[0].rstrip("0123") for value, source in candidate.explicit if value is not None}
    has = "+".join(sorted(named)) or "nothing"
    kind = "none" if of is None else "iso" if len(of) == 2 else "entity"
    root = candidate.lemma.removesuffix("ة")
    words = candidate.title.split()
    second = fold(words[1]) if len(words) > 1 else "-"
    length = min(len(phrase.words), 6)
    others = [
        entity_id
        for title, entity_id in view.bearers.get(of or "", ())
        if entity_id != candidate.entity_id and same_office(title, candidate.title, of)
    ]
    found = [
        "bias",
        f"via={candidate.via}",
        f"category={category}",
        f"lemma={root}",
        f"has={has}|kind={kind}",
        f"category={category}|has={has}|kind={kind}",
        f"second={root} {strip_article(second)}|kind={kind}",
        f"length={length}",
        f"definite={phrase.head.definite}|length={length == 1}|category={category}|via={candidate.via.split('-')[0]}",
        f"via={candidate.via}|category={category}",
        f"number={phrase.head.number}",
        f"prefix={phrase.head.prefix}|via={candidate.via.split('-')[0]}",
        f"suffixed={phrase.head.suffixed}|kind={kind}",
        f"inner={phrase.inner is not None}|via={candidate.via.split('-')[0]}",
        f"former={candidate.former}|kind={kind}",
    ]
    clean = sorted(set(sources))
    for source in clean:
        found += [f"source={source}", f"source={source}|has={has}", f"source={source}|category={category}"]
    found.append("sources=" + "+".join(sorted({source.split(":")[0] for source in clean})))
    if of is not None and kind == "iso":
        share = view.shares.get(of, 0.0)
        found.append(f"share={min(int(share * 5), 4)}|has={has}")
    found.append(f"others={bool(others)}|kind={kind}|has={has}")
    if kind == "none":
        found.append(f"elsewhere={bool(same_title(candidate, view))}|has={has}")
        found.append(f"person elsewhere={bool(view.by_person.get(candidate.entity_id))}|category={category}")
        found.append(f"known={candidate.entity_id in view.known}|has={has}|state={category in STATE}")
    return found
