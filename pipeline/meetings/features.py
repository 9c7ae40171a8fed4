"""What the scorer is told of a candidate party: every feature is declared here, by name.

A feature is a string; it is present or not. ``describe`` is used alike to learn and to decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.gazetteer import fold_name, places
from pipeline.meetings.candidates import Candidate, distance, find_candidates
from pipeline.meetings.chains import find_chains
from pipeline.meetings.cues import cue_of
from pipeline.meetings.phrases import is_mark
from pipeline.meetings.standings import in_title
from pipeline.meetings.triggers import read_form
from pipeline.meetings.view import Link, Trigger, View
from pipeline.schema import EntityType

BODY = "body:"  # opens the features of a body or country, and of a pair with one: what joins persons joins no states
BUCKETS = (0, 1, 2, 3, 5, 8, 12, 18, 30, 60)


def bucket(number: int, edges: Sequence[int] = BUCKETS) -> str:
    """The largest edge not above the number, as text: coarse counts make features that generalise."""
    found = 0
    for edge in edges:
        if number >= edge:
            found = edge
    return str(found)


def band(score: float) -> str:
    """A score as a band of hundredths: 0, 5, 10, 20 and so on to 90."""
    return bucket(int(score * 100), (0, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90))


@dataclass(frozen=True, slots=True)
class Setting:
    """What is the same for all candidates of a trigger."""

    base: tuple[str, ...]
    name: str
    persons: tuple[Link, ...]
    noun: str


def describe_trigger(view: View, trigger: Trigger) -> Setting:
    """The features of the trigger word and its sentence."""
    form = trigger.form
    row = view.words[trigger.sentence]
    name = f"{form.lemma}{form.pos[0]}"
    persons = tuple(link for link in view.links[trigger.sentence] if link.type is EntityType.PER)
    noun = _object_noun(row, trigger)
    base = [f"t={name}", f"t={name}+{form.tense}", f"t={name}+p{bool(form.pronoun)}+d{form.definite}"]
    base += [f"clit={form.clitic}{form.pos[0]}", f"num={form.number}", f"pron={form.pronoun}", f"t={name}+noun={noun}"]
    base += [f"before={word_shape(row, trigger.token - 1)}", f"after={word_shape(row, trigger.token + 1)}"]
    base += [
        f"t={name}+before={word_shape(row, trigger.token - 1)}",
        f"t={name}+after={word_shape(row, trigger.token + 1)}",
    ]
    base += [f"nper={bucket(len({link.entity_id for link in persons}))}"]
    base += [f"sent={bucket(trigger.sentence)}", f"sents={bucket(len(view.words))}"]
    near = {cue for word in row[max(0, trigger.token - 8) : trigger.token + 9] if (cue := cue_of(word))}
    base += [f"cue={cue}" for cue in sorted(near)]
    return Setting(tuple(base), name, persons, noun)


def _object_noun(row: list[str], trigger: Trigger) -> str:
    """The lemma of the meeting noun within five words after the trigger (عقد ... اجتماعا)."""
    for word in row[trigger.token + 1 : trigger.token + 6]:
        form = read_form(word)
        if form is not None and form.pos == "noun":
            return form.lemma
    return "-"


def word_shape(row: list[str], at: int) -> str:
    """A neighbouring word as a feature: the word itself where it is a function word or cue, else its kind."""
    return _shape(row[at]) if 0 <= at < len(row) else "#"


@lru_cache(maxsize=30_000)
def _shape(word: str) -> str:
    if is_mark(word):
        return "mark"
    cue = cue_of(word)
    if cue:
        return cue
    form = read_form(word)
    if form is not None:
        return f"<{form.lemma}>"
    if len(word) <= 3:
        return word
    return "ال" if word.startswith("ال") else "w"


def describe(view: View, setting: Setting, candidate: Candidate, chain: tuple[Link, int] | None) -> list[str]:
    """The features of one candidate; ``chain`` the name that opens its list and its place there."""
    trigger = view.triggers[candidate.trigger]
    link = candidate.link
    where, name, kind = candidate.where, setting.name, link.type.value
    row = view.words[link.sentence]
    governor = word_shape(row, link.start - 1)
    if where in ("before", "after", "at"):
        local = _local(view, setting, trigger, link, where)
    else:
        local = _remote(view, trigger, link, where)
    out = list(setting.base)
    out += [f"type={kind}", f"where={where}", f"{where}+{kind}", f"link={link.kind}", f"link={link.kind}+{where}"]
    out += [f"t={name}+{where}+{kind}", f"gov={governor}", f"gov={governor}+{where}", f"clitic={link.clitic}+{where}"]
    out += [f"t={name}+{where}+gov={governor}", f"t={name}+{where}+clitic={link.clitic}", f"gov={governor}+{kind}"]
    out += [
        f"t={name}+{where}+clitic={link.clitic}+gov={governor}+{kind}",
        f"clitic={link.clitic}+gov={governor}+{kind}",
    ]
    out += [f"next={word_shape(row, link.last + 1)}+{where}", f"both={candidate.both_sides}"]
    out += [f"count={bucket(view.counts[candidate.entity_id], (0, 1, 2, 3, 5, 8))}+{kind}"]
    out += [f"headline={candidate.entity_id in view.headline}+{kind}", f"titled={link.start < link.first}"]
    out += [f"country={candidate.entity_id in view.countries}+{kind}"]
    out += local
    if candidate.entity_id in view.voices:
        out += ["voice", f"voice+{where}", f"voice+{trigger.form.pos}"]
    if link.type is not EntityType.PER:
        return [f"{BODY}{feature}" for feature in (*out, *_body(view, trigger, link))]
    if chain is not None:
        head, place = chain
        shape = word_shape(view.words[head.sentence], head.start - 1)
        out += [f"chain+{where}", f"chaingov={shape}+{where}", f"chain+t={name}+{where}+gov={shape}"]
        out += [f"chain+clitic={head.clitic}+{where}", f"place={bucket(place, (1, 2, 4))}+{where}"]
        if where in ("before", "after"):
            out += [
                f"chaingap={bucket(distance(trigger, head))}+{where}",
                f"chain+first={head.first == setting.persons[0].first}",
            ]
    return out


def _body(view: View, trigger: Trigger, link: Link) -> list[str]:
    """A body or place: what it is, who else speaks for it, whether it only stands in a title or beside another name."""
    kind = link.type.value
    entity = view.entities[link.entity_id]
    known = places().get(fold_name(entity.name))
    country = entity.country or (known[1] if known else "") or view.countries.get(link.entity_id, "")
    what = "country" if entity.country else known[0] if known else kind
    row = view.links[link.sentence]
    spoken_for = country and any(
        view.countries.get(other.entity_id) == country for other in row if other.type is EntityType.PER
    )
    elsewhere = country and country in view.represented
    voice = "here" if spoken_for else "there" if elsewhere else "none" if country else "open"
    words = view.words[link.sentence]
    titled = in_title(view, link)
    name = f"{trigger.form.lemma}{trigger.form.pos[0]}"
    out = [f"what={what}", f"voice={voice}", f"voice={voice}+{what}", f"titled={titled}", f"t={name}+what={what}"]
    out += [f"t={name}+voice={voice}+titled={titled}", f"head={words[link.first]}", f"t={name}+titled={titled}"]
    before = next((other for other in reversed(row) if other.last < link.first), None)
    if before is not None and before.last + 1 >= link.start and link.clitic[:1] == "و":
        governor = word_shape(words, before.start - 1)
        out += [f"beside={before.type.value}", f"beside={before.type.value}+gov={governor}+clitic={before.clitic}"]
        out += [f"beside={before.type.value}+t={name}+gov={governor}"]
    after = next((other for other in row if other.first > link.last), None)
    if after is not None and after.start == link.last + 1 and after.clitic[:1] == "و":
        governor = word_shape(words, link.start - 1)
        out += [f"ahead={after.type.value}", f"ahead={after.type.value}+gov={governor}+clitic={link.clitic}"]
        out += [f"ahead={after.type.value}+t={name}+gov={governor}"]
    far = word_shape(words, link.start - 2)
    gov = word_shape(words, link.start - 1)
    out += [f"gov2={far}", f"gov2={far}+gov={gov}+clitic={link.clitic}", f"t={name}+gov2={far}+gov={gov}"]
    return out


def _local(view: View, setting: Setting, trigger: Trigger, link: Link, where: str) -> list[str]:
    row = view.words[trigger.sentence]
    name, kind = setting.name, link.type.value
    if where == "after":
        low, high = trigger.token + 1, link.start
    else:
        low, high = link.last + 1, trigger.token
    between = row[low:high]
    gap = distance(trigger, link)
    persons = {p.entity_id for p in setting.persons if low <= p.first < high and p.entity_id != link.entity_id}
    others = [other for other in view.links[trigger.sentence] if low <= other.first < high]
    verbs = [form.lemma for word in between if (form := read_form(word)) is not None]
    marks = sum(1 for word in between if is_mark(word))
    out = [f"gap={bucket(gap)}+{where}", f"t={name}+gap={bucket(gap, (0, 1, 3, 8, 18))}+{where}+{kind}"]
    out += [
        f"nbetween={bucket(len(persons), (0, 1, 2, 3, 5))}+{where}+{kind}",
        f"marks={bucket(marks, (0, 1, 2, 4, 8))}+{where}",
    ]
    out += [f"t={name}+nbetween={bucket(len(persons), (0, 1, 2, 3, 5))}+{where}+{kind}"]
    out += [
        f"others={bucket(len(others), (0, 1, 2, 4))}+{where}+{kind}",
        f"triggers={bucket(len(verbs), (0, 1, 2, 4))}+{where}",
    ]
    out += [f"via={lemma}+{where}" for lemma in sorted(set(verbs))]
    cues = {cue for word in between if (cue := cue_of(word))}
    out += [f"path={cue}+{where}+{kind}" for cue in sorted(cues)]
    out += [f"t={name}+path={cue}+{where}" for cue in sorted(cues)]
    return out + _first_and_nearest(view, setting, trigger, link, where, alone=not persons)


def _first_and_nearest(
    view: View, setting: Setting, trigger: Trigger, link: Link, where: str, *, alone: bool
) -> list[str]:
    """Whether it is the first person of the sentence, and before the trigger the nearest (``alone``: none between)."""
    name, kind = setting.name, link.type.value
    out = []
    if setting.persons and kind == "PER":
        first = setting.persons[0].entity_id == link.entity_id
        out += [
            f"first={first}+{where}",
            f"t={name}+first={first}+{where}",
            f"first={first}+pron={trigger.form.pronoun}+{where}",
        ]
    if where == "before":
        out += [
            f"nearest={alone}+pron={trigger.form.pronoun}+{kind}",
            f"nearest={alone}+tense={trigger.form.tense}+{kind}",
        ]
        out += [f"speech={_speech(view.words[trigger.sentence], link.start - 1)}+{trigger.form.pos}"]
    return out


def _speech(row: list[str], at: int) -> bool:
    return at >= 0 and cue_of(row[at]) == "report"


def _remote(view: View, trigger: Trigger, link: Link, where: str) -> list[str]:
    """A person of another sentence: its place there, and whether the trigger's own sentence has any."""
    row = [other for other in view.links[link.sentence] if other.type is EntityType.PER]
    here = {other.entity_id for other in view.links[trigger.sentence] if other.type is EntityType.PER}
    first = bool(row) and row[0].entity_id == link.entity_id
    last = bool(row) and row[-1].entity_id == link.entity_id
    rank = bucket(view.ranks[link.entity_id], (0, 1, 2, 4, 8))
    own = [form.lemma for word in view.words[link.sentence] if (form := read_form(word)) is not None]
    form = trigger.form
    out = [f"{where}+first={first}", f"{where}+last={last}", f"{where}+here={bucket(len(here), (0, 1, 2, 3))}"]
    out += [
        f"{where}+here={bucket(len(here), (0, 1, 2, 3))}+t={form.lemma}",
        f"{where}+pron={form.pronoun}+first={first}",
    ]
    out += [f"{where}+def={form.definite}+t={form.lemma}", f"{where}+rank={rank}"]
    out += [f"{where}+rank={rank}+pron={bool(form.pronoun)}+def={form.definite}"]
    out += [
        f"{where}+n={bucket(len(row), (0, 1, 2, 3, 5))}",
        f"{where}+same={form.lemma in own}",
        f"{where}+any={bool(own)}",
    ]
    return out


def describe_all(view: View) -> list[list[tuple[Candidate, list[str]]]]:
    """Every trigger's candidates with their features."""
    chains: dict[int, dict[int, tuple[Link, int]]] = {}
    found = []
    for trigger, candidates in zip(view.triggers, find_candidates(view), strict=True):
        setting = describe_trigger(view, trigger)
        row = []
        for candidate in candidates:
            index = candidate.link.sentence
            if index not in chains:
                chains[index] = find_chains(view, index)
            row.append((candidate, describe(view, setting, candidate, chains[index].get(candidate.link.first))))
        found.append(row)
    return found
