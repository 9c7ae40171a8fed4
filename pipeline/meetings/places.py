"""Where an event took place: the places that the document names, and none of them, compete for the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from functools import lru_cache

from pipeline.gazetteer import fold_name, places, read_groups
from pipeline.meetings.attributes import Told, cues_of
from pipeline.meetings.company import closeness, company_in, describe_company, describe_rank
from pipeline.meetings.features import bucket, word_shape
from pipeline.meetings.journeys import describe_leg, lies_ahead
from pipeline.meetings.reader import Reading
from pipeline.meetings.standings import governed_by, standing_of
from pipeline.meetings.triggers import read_form
from pipeline.meetings.view import Link, Site, Trigger, View
from pipeline.meetings.windows import AFTER, BACK
from pipeline.schema import MeetingKind
from pipeline.scorer import Scorer

NOWHERE = "nowhere"  # the feature that marks the answer 'the text does not tell where'
_FINENESS = {"country": 0, "region": 1, "capital": 2, "city": 3, "building": 4}
_KINDS = {"facility": "building", "macro": "wide", "water": "wide"}
_MOST_TRIGGERS, _MOST_NAMINGS = 24, 24  # looked at of an event, and in a sentence; no annotated article has as many


def find_place(view: View, told: Told, kind: MeetingKind, scorer: Scorer, reading: Reading | None = None) -> str | None:
    """The entity id of the place of the event; None where the text tells none, and for a call.

    Where the scorer was fitted with a reader's opinion, what the ``reading`` says of each place is heard as well.
    """
    if kind is MeetingKind.CALL:  # its parties are in two places, and no annotated call has one
        return None
    best = view.triggers[told.triggers[0]]
    described = describe_places(view, told, kind)
    open_ones = [one for one in described if one is None or not lies_ahead(view, best, one)]
    scores = {one: scorer.total(described[one]) for one in open_ones}
    if reading is not None and "opinion" in scorer.settings:
        scores = joined_places(scores, opinions_on_places(view, told, reading), scorer.settings)
    return max(scores, key=lambda entity_id: (scores[entity_id], entity_id or ""))


def opinions_on_places(view: View, told: Told, reading: Reading) -> dict[str, float]:
    """The reader's log odds of the places that stand near the surest trigger, of each its likeliest naming."""
    number = told.triggers[0]
    sentence = view.triggers[number].sentence
    near = view.places[max(0, sentence - BACK) : sentence + AFTER + 1]
    links = [link for row in near for link in row[:_MOST_NAMINGS]]
    found: dict[str, float] = {}
    for link, answer in zip(links, reading.places([(number, link) for link in links]), strict=True):
        if answer is not None:
            found[link.entity_id] = max(answer, found.get(link.entity_id, answer))
    return found


def joined_places(
    scores: Mapping[str | None, float], opinions: Mapping[str, float], settings: Mapping[str, float]
) -> dict[str | None, float]:
    """Both as one, by the settings ``own``, ``opinion``, ``unread`` (of a place without opinion) and ``none``."""
    found: dict[str | None, float] = {}
    for entity_id, score in scores.items():
        if entity_id is None:
            other = settings["none"]
        elif entity_id in opinions:
            other = settings["opinion"] * opinions[entity_id]
        else:
            other = settings["unread"]
        found[entity_id] = settings["own"] * score + other
    return found


def place_candidates(view: View, told: Told) -> dict[str, list[tuple[Link, int]]]:
    """Places named near the triggers or in the first lines, each naming with the number of its trigger."""
    found: dict[str, list[tuple[Link, int]]] = {}
    for number in told.triggers[:_MOST_TRIGGERS]:
        sentence = view.triggers[number].sentence
        for index in range(max(0, sentence - 2), min(len(view.links), sentence + 3)):
            for link in view.places[index][:_MOST_NAMINGS]:
                found.setdefault(link.entity_id, []).append((link, number))
    for index in range(min(2, len(view.links))):
        for link in view.places[index]:
            found.setdefault(link.entity_id, []).append((link, told.triggers[0]))
    return found


def describe_places(view: View, told: Told, kind: MeetingKind) -> dict[str | None, list[str]]:
    """Features of every candidate, and under None those of 'the text does not tell where'."""
    candidates = place_candidates(view, told)
    sites = {entity_id: site_of(view, entity_id) for entity_id in candidates}
    ahead, behind = _around(view, view.triggers[told.triggers[0]], sites)
    near, beside = _near(view, told), _parties_in(view, told)
    company = company_in(view, told, near)
    namings_near = {entity_id: _named_in(view, entity_id, company) for entity_id in candidates}
    closest = {entity_id: closeness(view, names, company) for entity_id, names in namings_near.items()}
    found: dict[str | None, list[str]] = {}
    for entity_id, namings in candidates.items():
        out = _describe(view, told, entity_id, namings)
        out |= _compare(view, told, entity_id, sites, near)
        out |= _arrivals(sites[entity_id], _home(view, told, sites[entity_id]), near, beside)
        out |= _company(view, told, entity_id, sites, beside)
        out |= describe_company(view, told, namings_near[entity_id], near, company)
        for link in namings_near[entity_id]:
            out |= describe_leg(view, view.triggers[told.triggers[0]], link)
        site = sites[entity_id].kind
        out |= describe_rank(closest, entity_id, site)
        out.add(f"kind={kind}+{site}+party={entity_id in told.parties}")
        if ahead[:1] == [entity_id]:
            out |= {"firstafter", f"firstafter+{site}"}
        elif entity_id in ahead:
            out.add("laterafter")
        if behind[:1] == [entity_id]:
            out |= {"lastbefore", f"lastbefore+{site}+{bool(ahead)}"}
        found[entity_id] = sorted(out)
    somewhere = any(site.governed for site in sites.values())
    none = {f"none:in={bool(ahead)}+{bool(behind)}", f"none:anyin={somewhere}", f"none:kind={kind}"}
    most = max(closest.values(), default=-1)
    none |= {f"none:close={most}", f"none:close={most}+{kind}"}
    found[None] = sorted(none.union(_describe_none(view, told, len(sites))))
    return found


def _named_in(view: View, entity_id: str, sentences: Container[int]) -> list[Link]:
    """The names of a place in some sentences."""
    return [link for link in view.tellings[entity_id] if link.kind == "name" and link.sentence in sentences]


def site_of(view: View, entity_id: str) -> Site:
    """What the document tells of a place, found once."""
    known = view.sites.get(entity_id)
    if known is not None:
        return known
    entity, tellings = view.entities[entity_id], view.tellings[entity_id]
    governors: dict[int, str] = {}
    governed: dict[str, list[int]] = {}
    for link in tellings:
        if link.kind == "name":
            governors[link.sentence] = max(standing_of(view, link).governor, governors.get(link.sentence, ""))
            if word := governed_by(view, link):
                governed.setdefault(word, []).append(link.sentence)
    arrivals = [(link.sentence, lemma) for link in tellings if (lemma := standing_of(view, link).travel)]
    found = view.sites[entity_id] = Site(*_kind_of(entity.name, entity.country), governors, governed, arrivals)
    return found


@lru_cache(maxsize=10_000)
def _kind_of(name: str, country: str | None) -> tuple[str, str]:
    """The kind of a place and the ISO code of its country, empty where neither its name nor the gazetteer tells."""
    if country:
        return "country", country
    folded = fold_name(name)
    kind, owner, _ = places().get(folded, ("unknown", "", None))
    if folded.split()[:1] and folded.split()[0].removeprefix("ال") in read_groups("place_words", "building"):
        return "building", owner
    return _KINDS.get(kind, kind), owner


def _home(view: View, told: Told, site: Site) -> str:
    """Whether the place lies in the country of one of the parties; '?' where a country is unknown."""
    owners = {view.countries[party] for party in told.parties if party in view.countries}
    if not owners or not site.country:
        return "?"
    return "home" if site.country in owners else "abroad"


def _near(view: View, told: Told) -> dict[int, int]:
    """The sentences up to two from those that tell of the event, each with its distance from the nearest."""
    sentences = {view.triggers[number].sentence for number in told.triggers}
    return {sentence + way * far: far for far in (2, 1, 0) for way in (-1, 1) for sentence in sentences}


def _parties_in(view: View, told: Told) -> Counter[int]:
    """How many of the parties each sentence tells of."""
    return Counter(
        sentence for party in told.parties for sentence in {link.sentence for link in view.tellings.get(party, ())}
    )


def _around(view: View, trigger: Trigger, sites: Mapping[str, Site]) -> tuple[list[str], list[str]]:
    """The places that stand under 'in' in the trigger's sentence, the nearest first: after it, and before it."""
    stand = [
        (link.first - trigger.token, link.entity_id)
        for link in view.places[trigger.sentence]
        if link.entity_id in sites and governed_by(view, link) == "in"
    ]
    after = [entity_id for gap, entity_id in sorted(stand) if gap > 0]
    return after, [entity_id for gap, entity_id in sorted(stand, reverse=True) if gap < 0]


def _compare(view: View, told: Told, entity_id: str, sites: Mapping[str, Site], near: Mapping[int, int]) -> set[str]:
    """What the candidate is beside the others: whether a finer place of its country competes, whose country it is."""
    site = sites[entity_id]
    owners = {view.countries[party] for party in told.parties if party in view.countries}
    home = _home(view, told, site)
    others = [o for other, o in sites.items() if other != entity_id and o.country and o.country == site.country]
    fine = _FINENESS.get(site.kind, 9)
    finer = [other for other in others if _FINENESS.get(other.kind, -1) > fine]
    out = {f"k={site.kind}", f"k={site.kind}+{home}", f"k={site.kind}+{home}+owners={min(2, len(owners))}"}
    out |= {
        f"finer={bool(finer)}+{site.kind}+party={entity_id in told.parties}",
        f"finerin={site.kind == 'country' and any(other.governed for other in finer)}+{site.kind}",
        f"incountry={any(other.kind == 'country' for other in others)}+{site.kind}",
    }
    for word, sentences in site.governed.items():
        out |= {f"gv={word}@{near.get(sentence, 3)}" for sentence in sentences}
    opens = any(link.first <= 2 and link.entity_id == entity_id for row in view.links[:2] for link in row)
    return out | ({f"dateline+{home}+{site.kind}"} if opens else set())


def _company(view: View, told: Told, entity_id: str, sites: Mapping[str, Site], beside: Mapping[int, int]) -> set[str]:
    """How many parties are named beside the place and are of its country, and its share of all that 'in' tells."""
    site, best = sites[entity_id], view.triggers[told.triggers[0]].sentence
    out = {
        f"with={min(2, beside.get(index, 0))}+{governor}+{max(-2, min(2, index - best))}"
        for index, governor in site.governors.items()
    }
    told_in = sum(len(one.governed.get("in", ())) for one in sites.values())
    share = len(site.governed.get("in", ())) / max(1, told_in)
    countries = [view.countries.get(party, "") for party in told.parties]
    n_owners = sum(1 for country in countries if country and country == site.country)
    owners = f"{min(2, n_owners)}/{min(3, len(countries))}"
    return out | {f"share={round(4 * share)}+{site.kind}", f"own={owners}+{site.kind}"}


def _arrivals(site: Site, home: str, near: Mapping[int, int], beside: Mapping[int, int]) -> set[str]:
    """Whether someone went to the place (وصل إلى X), whether a party is named there, and how far that is told."""
    out = set()
    for sentence, _ in site.arrivals:
        out |= {f"visited+party={sentence in beside}+{home}", f"visited@{near.get(sentence, 3)}+{home}"}
    return out


def _describe(view: View, told: Told, entity_id: str, namings: Sequence[tuple[Link, int]]) -> set[str]:
    """Features for 'is this the place': what stands before the name, how far it is, what kind of place it is."""
    out: set[str] = set()
    for link, number in namings:
        out |= _naming(view, view.triggers[number], link, "best" if number == told.triggers[0] else "other")
    entity = view.entities[entity_id]
    known = places().get(fold_name(entity.name))
    kind = "country" if entity.country else known[0] if known else "unknown"
    owners = {view.countries[party] for party in told.parties if party in view.countries}
    home = (entity.country or (known[1] if known else "")) in owners if entity.country or known else None
    party = entity_id in told.parties
    best = view.triggers[told.triggers[0]]
    near = cues_of(view.words[best.sentence][max(0, best.token - 5) : best.token + 6])
    arrivals = {lemma for _, lemma in site_of(view, entity_id).arrivals}
    out |= {f"kind={kind}", f"party={party}+{kind}", f"home={home}", f"home={home}+{kind}", f"phone={'phone' in near}"}
    out |= {f"arrival={lemma}" for lemma in arrivals} | {
        f"arrived={bool(arrivals)}+{kind}",
        f"arrived={bool(arrivals)}+{home}",
    }
    out |= {f"count={bucket(view.counts[entity_id], (1, 2, 3, 5))}", f"namings={bucket(len(namings), (1, 2, 3, 5))}"}
    return out


def _describe_none(view: View, told: Told, candidates: int) -> list[str]:
    """Features of the answer 'the text does not tell where': how the event is told, and how many places compete."""
    best = view.triggers[told.triggers[0]]
    row, lemma = view.words[best.sentence], best.form.lemma
    phone = "phone" in cues_of(row[max(0, best.token - 5) : best.token + 6])
    types = "+".join(sorted({view.entities[p].type.value for p in told.parties if p in view.entities}))
    out = [NOWHERE, f"none:t={lemma}", f"none:tense={best.form.tense}", f"none:phone={phone}", f"none:types={types}"]
    out += [f"none:n={bucket(len(told.parties), (2, 3, 4, 6))}", f"none:cands={bucket(candidates, (0, 1, 2, 4, 7))}"]
    out.append(f"none:line={min(3, best.sentence)}")
    return out + [f"none:cue={cue}" for cue in sorted(cues_of(row[max(0, best.token - 6) : best.token + 8]))]


def _naming(view: View, trigger: Trigger, link: Link, best: str) -> set[str]:
    row = view.words[link.sentence]
    offset = link.sentence - trigger.sentence
    before = word_shape(row, link.start - 1)
    side = "same" if offset == 0 else f"{offset:+d}" if abs(offset) <= 2 else "far"
    standing = standing_of(view, link)
    titled = standing.titled
    out = {f"{best}:{side}", f"{best}:{side}+title={titled}", f"gov={before}+clitic={link.clitic}", f"title={titled}"}
    out |= {f"gov={before}+clitic={link.clitic}+{side}", f"t={trigger.form.lemma}+{side}"}
    out |= {f"next={word_shape(row, link.last + 1)}", f"line={min(link.sentence, 2)}+first={link.first <= 2}"}
    out |= {f"order={order}+{side}" for order in standing.orders}
    if offset == 0:
        gap = abs(link.first - trigger.token)
        after = link.first > trigger.token
        low, high = sorted((link.first, trigger.token))
        between = row[low + 1 : high]
        verbs = any(read_form(word) for word in between)
        out |= {f"gap={bucket(gap, (0, 2, 4, 7, 12, 20))}+{after}", f"between={verbs}+{after}"}
        out |= {f"path={cue}+{after}" for cue in cues_of(between)}
        out |= {f"t={trigger.form.lemma}+gov={before}+clitic={link.clitic}+{after}"}
    return out
