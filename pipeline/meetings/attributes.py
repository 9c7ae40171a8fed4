"""What is told of an event beside its parties: kind, status, place and date, each as features for a scorer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.gazetteer import fold_name, places
from pipeline.meetings.cues import cue_of
from pipeline.meetings.features import bucket, word_shape
from pipeline.meetings.triggers import read_form
from pipeline.meetings.view import Link, Trigger, View
from pipeline.schema import DateExpression, EntityType


@dataclass(frozen=True, slots=True)
class Told:
    """An event as its triggers (numbers into the view, the surest first) and its parties."""

    triggers: tuple[int, ...]
    parties: frozenset[str]


def _cues(words: Iterable[str]) -> set[str]:
    return {cue for word in words if (cue := cue_of(word))}


def describe_kind(view: View, told: Told) -> list[str]:
    """Features for the kind: the trigger words, phone and summit words around them, number and types of the parties."""
    best = view.triggers[told.triggers[0]]
    types = sorted(view.entities[party].type.value for party in told.parties if party in view.entities)
    n_parties = bucket(len(told.parties), (2, 3, 4, 6, 10))
    shape = "+".join(sorted(set(types)))
    out = [f"n={n_parties}", f"types={shape}", f"pair={'+'.join(types) if len(types) == 2 else 'many'}"]
    lemmas = {view.triggers[number].form.lemma for number in told.triggers}
    near: set[str] = set()
    for number in told.triggers:
        trigger = view.triggers[number]
        row = view.words[trigger.sentence]
        near |= _cues(row[max(0, trigger.token - 6) : trigger.token + 8])
    sentence = view.words[best.sentence]
    around = {f.lemma for word in sentence[max(0, best.token - 12) : best.token + 13] if (f := read_form(word))}
    out += [f"lemma={lemma}" for lemma in sorted(lemmas)] + [
        f"best={best.form.lemma}",
        f"best={best.form.lemma}+{shape}",
    ]
    out += [f"best={best.form.lemma}+n={n_parties}"] + [f"cue={cue}" for cue in sorted(near)]
    out += [f"around={lemma}" for lemma in sorted(around)] + [
        f"only={lemma}+{shape}" for lemma in lemmas if len(lemmas) == 1
    ]
    out += [f"phone={'phone' in near}+{shape}", f"joint={'joint' in near}+n={n_parties}"]
    return out


def describe_status(view: View, told: Told) -> list[str]:
    """Features for the status: tense and neighbours of the triggers, signal words around and before them."""
    out: set[str] = set()
    for place, number in enumerate(told.triggers[:4]):
        trigger = view.triggers[number]
        form, row = trigger.form, view.words[trigger.sentence]
        mark = "best" if place == 0 else "other"
        left, right = row[max(0, trigger.token - 6) : trigger.token], row[trigger.token + 1 : trigger.token + 7]
        out |= {
            f"{mark}:tense={form.tense}",
            f"{mark}:t={form.lemma}+{form.tense}",
            f"{mark}:first={trigger.sentence == 0}",
        }
        out |= {f"{mark}:clit={form.clitic}", f"{mark}:before={word_shape(row, trigger.token - 1)}"}
        out |= {
            f"{mark}:before2={word_shape(row, trigger.token - 2)}",
            f"{mark}:after={word_shape(row, trigger.token + 1)}",
        }
        out |= {f"{mark}:tense={form.tense}+before={word_shape(row, trigger.token - 1)}"}
        out |= {f"{mark}:left={cue}" for cue in _cues(left)} | {f"{mark}:right={cue}" for cue in _cues(right)}
        out |= {f"{mark}:tense={form.tense}+left={cue}" for cue in _cues(left)}
        out |= {f"{mark}:sentence={cue}" for cue in _cues(row) if cue in _SIGNALS}
        out |= {f"{mark}:verb={tense}" for tense in _nearest_tense(row, trigger)}
        out |= {f"{mark}:soon={_soon(row[max(0, trigger.token - 10) : trigger.token + 1])}"}
        out |= {
            f"{mark}:soonafter={_soon(right)}",
            f"{mark}:t={form.lemma}+left={'+'.join(sorted(_cues(left) & _SIGNALS))}",
        }
        signals = "+".join(sorted(_cues(row[max(0, trigger.token - 14) : trigger.token + 15]) & _SIGNALS))
        out |= {f"{mark}:signals={signals}", f"{mark}:signals={signals}+{form.tense}"}
    return sorted(out)


_SIGNALS = frozenset({"future", "plan", "negation", "cancel", "deny", "hypothesis", "past", "photo"})


_FUTURE_VERB = re.compile(r"[وف]?س[يتن]\w{3,}")


def _soon(words: Iterable[str]) -> bool:
    """Whether a verb with the future letter (سيشارك، ستقيم) is among the words."""
    return any(_FUTURE_VERB.fullmatch(word) for word in words)


def _nearest_tense(row: Sequence[str], trigger: Trigger) -> list[str]:
    """The tense of the nearest listed verb before the trigger, and its distance band."""
    for back in range(1, min(12, trigger.token) + 1):
        form = read_form(row[trigger.token - back])
        if form is not None and form.pos == "verb":
            return [form.tense, f"{form.tense}+{bucket(back, (1, 3, 6))}", f"{form.tense}+{form.lemma}"]
    return ["none"]


def place_candidates(view: View, told: Told) -> dict[str, list[tuple[Link, int]]]:
    """Places named near the triggers, in the first lines, or as where a party arrived, with the trigger of each."""
    found: dict[str, list[tuple[Link, int]]] = {}
    for number in told.triggers:
        sentence = view.triggers[number].sentence
        for index in range(max(0, sentence - 2), min(len(view.links), sentence + 3)):
            for link in _places(view, index):
                found.setdefault(link.entity_id, []).append((link, number))
    for index in range(len(view.links)):
        for link in _places(view, index):
            if index < 2:
                found.setdefault(link.entity_id, []).append((link, told.triggers[0]))
    return found


def _places(view: View, index: int) -> list[Link]:
    return [link for link in view.links[index] if link.type is EntityType.LOC and link.kind == "name"]


def _arrival(view: View, link: Link) -> str:
    """The travel word within four words before a place (وصل إلى X), else empty."""
    row = view.words[link.sentence]
    for at in range(link.first - 1, max(-1, link.first - 5), -1):
        form = read_form(row[at])
        if form is not None and form.lemma in _TRAVEL:
            return form.lemma
    return ""


_TRAVEL = frozenset({"وصل", "وصول", "توجه", "زار", "زيارة", "سافر", "غادر", "رحلة", "استضاف", "عقد", "جولة"})


def describe_place(view: View, told: Told, entity_id: str, namings: Sequence[tuple[Link, int]]) -> list[str]:
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
    near = _cues(view.words[best.sentence][max(0, best.token - 5) : best.token + 6])
    arrivals = {
        lemma
        for links in view.links
        for link in links
        if link.entity_id == entity_id and (lemma := _arrival(view, link))
    }
    out |= {f"kind={kind}", f"party={party}+{kind}", f"home={home}", f"home={home}+{kind}", f"phone={'phone' in near}"}
    out |= {f"arrival={lemma}" for lemma in arrivals} | {
        f"arrived={bool(arrivals)}+{kind}",
        f"arrived={bool(arrivals)}+{home}",
    }
    out |= {f"count={bucket(view.counts[entity_id], (1, 2, 3, 5))}", f"namings={bucket(len(namings), (1, 2, 3, 5))}"}
    return sorted(out)


def _naming(view: View, trigger: Trigger, link: Link, best: str) -> set[str]:
    row = view.words[link.sentence]
    offset = link.sentence - trigger.sentence
    before = word_shape(row, link.start - 1)
    side = "same" if offset == 0 else f"{offset:+d}" if abs(offset) <= 2 else "far"
    titled = _in_title(view, link)
    out = {f"{best}:{side}", f"{best}:{side}+title={titled}", f"gov={before}+clitic={link.clitic}", f"title={titled}"}
    out |= {f"gov={before}+clitic={link.clitic}+{side}", f"t={trigger.form.lemma}+{side}"}
    out |= {f"next={word_shape(row, link.last + 1)}", f"line={min(link.sentence, 2)}+first={link.first <= 2}"}
    out |= {f"order={order}+{side}" for order in _neighbours(view, link)}
    if offset == 0:
        gap = abs(link.first - trigger.token)
        after = link.first > trigger.token
        low, high = sorted((link.first, trigger.token))
        between = row[low + 1 : high]
        verbs = any(read_form(word) for word in between)
        out |= {f"gap={bucket(gap, (0, 2, 4, 7, 12, 20))}+{after}", f"between={verbs}+{after}"}
        out |= {f"path={cue}+{after}" for cue in _cues(between)}
        out |= {f"t={trigger.form.lemma}+gov={before}+clitic={link.clitic}+{after}"}
    return out


def _in_title(view: View, link: Link) -> bool:
    """Whether the place is part of a person's title: المبعوث إلى X, سفير X."""
    row = view.links[link.sentence]
    return link.first in view.titled[link.sentence] or any(
        other.type is EntityType.PER and other.start <= link.first < other.first for other in row
    )


def _neighbours(view: View, link: Link) -> list[str]:
    """Whether another place follows or precedes within four words: of two, the first is the more precise."""
    found = []
    for other in _places(view, link.sentence):
        if other.entity_id != link.entity_id:
            if 0 <= other.first - link.last - 1 <= 4:
                found.append("first")
            elif 0 <= link.first - other.last - 1 <= 4:
                found.append("second")
    return found or ["alone"]


def date_candidates(view: View, told: Told) -> list[tuple[DateExpression, int]]:
    """The resolved date expressions of the triggers' sentences and of those before, each with its trigger."""
    found: dict[DateExpression, int] = {}
    for number in told.triggers:
        sentence = view.triggers[number].sentence
        for expression in view.analysis.dates:
            near = abs(expression.sentence - sentence) <= 2 or expression.sentence <= 2
            if expression.when is not None and near:
                known = found.get(expression)
                if known is None or _reach(view, expression, known) > _reach(view, expression, number):
                    found[expression] = number
    return list(found.items())


def _reach(view: View, expression: DateExpression, number: int) -> tuple[int, int]:
    trigger = view.triggers[number]
    return abs(expression.sentence - trigger.sentence), abs(expression.span.start - trigger.span.start)


def describe_date(view: View, told: Told, expression: DateExpression, number: int) -> list[str]:
    """Features for 'is this the date': how far it stands, what is between, and how the words give it."""
    trigger = view.triggers[number]
    when = expression.when
    offset = max(-3, min(3, expression.sentence - trigger.sentence))
    same = f"{offset:+d}" if offset else "same"
    published = view.analysis.document.published
    after = expression.span.start > trigger.span.start
    low, high = sorted((expression.span.start, trigger.span.start))
    between = view.analysis.document.text[low:high]
    marks = sum(between.count(mark) for mark in '،,.:؛"')
    out = [
        f"same={same}",
        f"best={number == told.triggers[0]}",
        f"after={after}+{same}",
        f"t={trigger.form.lemma}+{same}",
    ]
    out += [
        f"gap={bucket(high - low, (0, 20, 50, 90, 150))}+{same}+{after}",
        f"marks={bucket(marks, (0, 1, 2, 4))}+{same}",
    ]
    n_dates = sum(1 for other in view.analysis.dates if other.sentence == expression.sentence)
    others = sum(1 for other in view.triggers if low < other.span.start < high)
    out += [f"dates={bucket(n_dates, (1, 2, 3))}", f"others={bucket(others, (0, 1, 2, 4))}+{same}"]
    if when is not None:
        day = published is not None and when.precision == "day" and 0 <= (published - when.first).days <= 1
        form = trigger.form
        out += [f"precision={when.precision}+{when.basis}", f"basis={when.basis}+{same}", f"today={day}+{same}"]
        out += [f"today={day}+{same}+{form.tense}", f"line={min(expression.sentence, 3)}+today={day}+{same}"]
        out += [
            f"precision={when.precision}+{when.basis}+{same}",
            f"today={day}+best={number == told.triggers[0]}+{same}",
        ]
    return out
