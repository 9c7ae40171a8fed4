"""What is told of an event beside its parties: kind, status, place and date, each as features for a scorer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    return sorted(out)


_SIGNALS = frozenset({"future", "plan", "negation", "cancel", "deny", "hypothesis", "past", "photo"})


def _nearest_tense(row: Sequence[str], trigger: Trigger) -> list[str]:
    """The tense of the nearest listed verb before the trigger, and its distance band."""
    for back in range(1, min(12, trigger.token) + 1):
        form = read_form(row[trigger.token - back])
        if form is not None and form.pos == "verb":
            return [form.tense, f"{form.tense}+{bucket(back, (1, 3, 6))}", f"{form.tense}+{form.lemma}"]
    return ["none"]


def place_candidates(view: View, told: Told) -> dict[str, list[tuple[Link, int]]]:
    """Places named in the sentences of the triggers or near them, with the trigger that each stands by."""
    found: dict[str, list[tuple[Link, int]]] = {}
    for number in told.triggers:
        trigger = view.triggers[number]
        for index in range(max(0, trigger.sentence - 2), min(len(view.links), trigger.sentence + 3)):
            for link in view.links[index]:
                if link.type is EntityType.LOC and link.kind == "name":
                    found.setdefault(link.entity_id, []).append((link, number))
    for row in view.links[:2]:
        for link in row:
            if link.type is EntityType.LOC and link.kind == "name":
                found.setdefault(link.entity_id, []).append((link, told.triggers[0]))
    return found


def describe_place(view: View, told: Told, entity_id: str, namings: Sequence[tuple[Link, int]]) -> list[str]:
    """Features for 'is this the place': what stands before the name, how far it is, country or party."""
    out: set[str] = set()
    entity = view.entities[entity_id]
    for link, number in namings:
        trigger = view.triggers[number]
        best = "best" if number == told.triggers[0] else "other"
        row = view.words[link.sentence]
        offset = link.sentence - trigger.sentence
        before = word_shape(row, link.start - 1)
        side = "same" if offset == 0 else f"{offset:+d}"
        if offset == 0:
            gap = abs(link.first - trigger.token)
            after = link.first > trigger.token
            low, high = sorted((link.first, trigger.token))
            between = _cues(row[low + 1 : high])
            verbs = [f.lemma for word in row[low + 1 : high] if (f := read_form(word))]
            out |= {f"gap={bucket(gap, (0, 2, 4, 7, 12, 20))}+{after}", f"between={len(verbs) > 0}+{after}"}
            out |= {f"path={cue}+{after}" for cue in between}
            out |= {f"t={trigger.form.lemma}+gov={before}+clitic={link.clitic}+{after}"}
        out |= {f"{best}:{side}", f"gov={before}+clitic={link.clitic}", f"gov={before}+clitic={link.clitic}+{side}"}
        out |= {
            f"t={trigger.form.lemma}+{side}",
            f"next={word_shape(row, link.last + 1)}",
            f"start={link.first <= 1}+{link.sentence == 0}",
        }
        out |= {f"sent0={link.sentence <= 1}+first={link.first <= 2}"}
    country = entity.country is not None
    party = entity_id in told.parties
    owners = {view.countries.get(p) for p in told.parties}
    inner = any(view.entities[other].country is None for other in place_ids(view, told) if other != entity_id)
    out |= {
        f"country={country}",
        f"party={party}+{country}",
        f"own={country and entity.country in owners}",
        f"inner={inner}+{country}",
    }
    out |= {f"count={bucket(view.counts[entity_id], (1, 2, 3, 5))}", f"namings={bucket(len(namings), (1, 2, 3, 5))}"}
    return sorted(out)


def place_ids(view: View, told: Told) -> set[str]:
    """The places named in the best trigger's sentence."""
    return {
        link.entity_id for link in view.links[view.triggers[told.triggers[0]].sentence] if link.type is EntityType.LOC
    }


def date_candidates(view: View, told: Told) -> list[tuple[DateExpression, int]]:
    """The resolved date expressions of the triggers' sentences and of those before, each with its trigger."""
    found: dict[DateExpression, int] = {}
    for number in told.triggers:
        sentence = view.triggers[number].sentence
        for expression in view.analysis.dates:
            if expression.when is not None and expression.sentence in (sentence, sentence - 1):
                found.setdefault(expression, number)
    return list(found.items())


def describe_date(view: View, told: Told, expression: DateExpression, number: int) -> list[str]:
    """Features for 'is this the date': how far it stands, what is between, and how the words give it."""
    trigger = view.triggers[number]
    when = expression.when
    same = expression.sentence == trigger.sentence
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
        out += [f"precision={when.precision}+{when.basis}", f"basis={when.basis}+{same}"]
    return out
