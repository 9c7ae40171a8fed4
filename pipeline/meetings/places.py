"""Where an event took place: the places that the document names, and none of them, compete for the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.gazetteer import fold_name, places, read_groups
from pipeline.meetings.attributes import Told, cues_of
from pipeline.meetings.features import bucket, word_shape
from pipeline.meetings.reader import Reading
from pipeline.meetings.standings import standing_of
from pipeline.meetings.triggers import read_form
from pipeline.meetings.view import Link, Trigger, View
from pipeline.meetings.windows import AFTER, BACK
from pipeline.schema import MeetingKind
from pipeline.scorer import Scorer

NOWHERE = "nowhere"  # the feature that marks the answer 'the text does not tell where'
_FINENESS = {"country": 0, "region": 1, "capital": 2, "city": 3, "building": 4}
_KINDS = {"facility": "building", "macro": "wide", "water": "wide"}
_MOST_TRIGGERS, _MOST_NAMINGS = 24, 24  # looked at of an event, and in a sentence; no annotated article has as many


@dataclass(frozen=True, slots=True)
class _Site:
    """A place that may be the answer: what kind of place, of which country (empty: unknown), and its governed names."""

    kind: str
    country: str
    governed: tuple[tuple[Link, str], ...]


def find_place(view: View, told: Told, kind: MeetingKind, scorer: Scorer, reading: Reading | None = None) -> str | None:
    """The entity id of the place of the event; None where the text tells none, and for a call.

    Where the scorer was fitted with a reader's opinion, what the ``reading`` says of each place is heard as well.
    """
    if kind is MeetingKind.CALL:  # its parties are in two places, and no annotated call has one
        return None
    scores = {one: scorer.total(features) for one, features in describe_places(view, told, kind).items()}
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
    sites = {entity_id: _site(view, entity_id) for entity_id in candidates}
    ahead, behind = _around(view.triggers[told.triggers[0]], sites)
    found: dict[str | None, list[str]] = {}
    for entity_id, namings in candidates.items():
        out = _describe(view, told, entity_id, namings)
        out |= _compare(view, told, entity_id, sites)
        out |= _arrivals(view, told, entity_id, _home(view, told, sites[entity_id]))
        out |= _company(view, told, entity_id, sites)
        site = sites[entity_id].kind
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
    found[None] = sorted(none.union(_describe_none(view, told, len(sites))))
    return found


def _site(view: View, entity_id: str) -> _Site:
    entity = view.entities[entity_id]
    governed = []
    for index in range(len(view.links)):
        for link in view.places[index]:
            if link.entity_id == entity_id:
                standing = standing_of(view, link)
                if not standing.titled and standing.governor in ("in", "to", "from", "on"):
                    governed.append((link, standing.governor))
    return _Site(*_kind_of(entity.name, entity.country), tuple(governed))


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


def _home(view: View, told: Told, site: _Site) -> str:
    """Whether the place lies in the country of one of the parties; '?' where a country is unknown."""
    owners = {view.countries[party] for party in told.parties if party in view.countries}
    if not owners or not site.country:
        return "?"
    return "home" if site.country in owners else "abroad"


def _around(trigger: Trigger, sites: Mapping[str, _Site]) -> tuple[list[str], list[str]]:
    """The places that stand under 'in' in the trigger's sentence, the nearest first: after it, and before it."""
    stand = [
        (link.first - trigger.token, entity_id)
        for entity_id, site in sites.items()
        for link, word in site.governed
        if word == "in" and link.sentence == trigger.sentence
    ]
    after = [entity_id for gap, entity_id in sorted(stand) if gap > 0]
    return after, [entity_id for gap, entity_id in sorted(stand, reverse=True) if gap < 0]


def _compare(view: View, told: Told, entity_id: str, sites: Mapping[str, _Site]) -> set[str]:
    """What the candidate is beside the others: whether a finer place of its country competes, whose country it is."""
    site = sites[entity_id]
    owners = {view.countries[party] for party in told.parties if party in view.countries}
    home = _home(view, told, site)
    others = [o for other, o in sites.items() if other != entity_id and o.country and o.country == site.country]
    fine = _FINENESS.get(site.kind, 9)
    finer = [other for other in others if _FINENESS.get(other.kind, -1) > fine]
    sentences = {view.triggers[number].sentence for number in told.triggers}
    out = {f"k={site.kind}", f"k={site.kind}+{home}", f"k={site.kind}+{home}+owners={min(2, len(owners))}"}
    out |= {
        f"finer={bool(finer)}+{site.kind}+party={entity_id in told.parties}",
        f"finerin={site.kind == 'country' and any(other.governed for other in finer)}+{site.kind}",
        f"incountry={any(other.kind == 'country' for other in others)}+{site.kind}",
    }
    for link, word in site.governed:
        out.add(f"gv={word}@{min(3, min(abs(link.sentence - sentence) for sentence in sentences))}")
    opens = any(link.first <= 2 and link.entity_id == entity_id for row in view.links[:2] for link in row)
    return out | ({f"dateline+{home}+{site.kind}"} if opens else set())


def _company(view: View, told: Told, entity_id: str, sites: Mapping[str, _Site]) -> set[str]:
    """How many parties are named beside the place and are of its country, and its share of all that 'in' tells."""
    site, best = sites[entity_id], view.triggers[told.triggers[0]].sentence
    out = set()
    for index, row in enumerate(view.places):
        own = [link for link in row if link.entity_id == entity_id]
        if own:
            n_parties = min(2, len({link.entity_id for link in view.links[index]} & told.parties))
            governor = max(standing_of(view, link).governor for link in own)
            out.add(f"with={n_parties}+{governor}+{max(-2, min(2, index - best))}")
    told_in = sum(1 for one in sites.values() for _, word in one.governed if word == "in")
    share = sum(1 for _, word in site.governed if word == "in") / max(1, told_in)
    countries = [view.countries.get(party, "") for party in told.parties]
    n_owners = sum(1 for country in countries if country and country == site.country)
    owners = f"{min(2, n_owners)}/{min(3, len(countries))}"
    return out | {f"share={round(4 * share)}+{site.kind}", f"own={owners}+{site.kind}"}


def _arrivals(view: View, told: Told, entity_id: str, home: str) -> set[str]:
    """Whether someone went to the place (وصل إلى X), whether a party is named there, and how far that is told."""
    sentences = {view.triggers[number].sentence for number in told.triggers}
    out = set()
    for row in view.links:
        for link in row:
            if link.entity_id == entity_id and standing_of(view, link).travel:
                party = any(other.entity_id in told.parties for other in row)
                far = min(3, min(abs(link.sentence - sentence) for sentence in sentences))
                out |= {f"visited+party={party}+{home}", f"visited@{far}+{home}"}
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
    arrivals = {
        lemma
        for links in view.links
        for link in links
        if link.entity_id == entity_id and (lemma := standing_of(view, link).travel)
    }
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
