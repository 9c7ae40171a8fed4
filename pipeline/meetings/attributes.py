"""What is told of an event: its triggers and parties, and the features of its kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from pipeline.meetings.cues import cue_of
from pipeline.meetings.features import bucket
from pipeline.meetings.phrases import is_mark
from pipeline.meetings.triggers import read_form
from pipeline.meetings.view import Trigger, View
from pipeline.meetings.wording import words_of


@dataclass(frozen=True, slots=True)
class Told:
    """An event as its triggers (numbers into the view, the surest first) and its parties."""

    triggers: tuple[int, ...]
    parties: frozenset[str]


def cues_of(words: Iterable[str]) -> set[str]:
    """The cues among the words."""
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
        near |= cues_of(row[max(0, trigger.token - 6) : trigger.token + 8])
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
    return out + list(_of_lexicon(view, told, shape, n_parties, phone="phone" in near))


def is_by_phone(view: View, trigger: Trigger) -> bool:
    """Whether one of the two words behind the trigger, but for names and marks, is one for a call."""
    names = {at for link in view.links[trigger.sentence] for at in range(link.start, link.last + 1)}
    row = view.words[trigger.sentence]
    behind = (row[at] for at in range(trigger.token + 1, len(row)) if at not in names and not is_mark(row[at]))
    near = list(islice(behind, 2))
    return "phone" in cues_of(near) or " ".join(near) in words_of("remote")


def _of_lexicon(view: View, told: Told, shape: str, n_parties: str, *, phone: bool) -> Iterator[str]:
    """The kinds that the lexicon gives the triggers, so that a rare word counts as its like do."""
    best = view.triggers[told.triggers[0]]
    row, own = view.words[best.sentence], best.form.kind or "any"
    kinds = {view.triggers[number].form.kind for number in told.triggers} - {""}
    yield from (f"word={own}", f"word={own}+n={n_parties}", f"word={own}+{shape}", f"words={'+'.join(sorted(kinds))}")
    yield from (f"some={kind}" for kind in sorted(kinds))
    near = "phone" in cues_of(row[max(0, best.token - 6) : best.token + 8])
    yield from (f"near={near}", f"near={near}+{own}", f"phone={phone}+{'call' in kinds}")
    yield f"many={'multilateral' in kinds}+n={n_parties}+{shape}"
    yield f"visit={own == 'visit'}+{'visit' in kinds}+{shape}"
