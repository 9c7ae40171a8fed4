"""Who met whom: pairs of candidate parties, judged together.

A trigger may tell of one meeting of all its parties, or of a person who met the others one by one; the features of a
pair tell the two apart: names of one list, the sides of the trigger on which they stand, what else supports the pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.meetings.candidates import Candidate
from pipeline.meetings.chains import find_chains
from pipeline.meetings.cues import cue_of
from pipeline.meetings.features import BODY, band, bucket
from pipeline.meetings.frames import describe_frame
from pipeline.meetings.together import Together
from pipeline.meetings.triggers import lemmas_of, read_form
from pipeline.meetings.view import Link, Trigger, View
from pipeline.schema import EntityType

FLOOR = 0.08  # a candidate scored lower at a trigger forms no pair there
SURE = 0.35
_BRIDGE = 12  # sentences back to the meeting that an attendance list belongs to
Row = Sequence[tuple[Candidate, float]]


@dataclass(frozen=True, slots=True)
class PairTelling:
    """Two entities that a trigger may join, with the features; ``main`` is the trigger that a list of guests is of."""

    left: str
    right: str
    trigger: int
    score: float
    features: tuple[str, ...]
    main: int | None = None


def find_pairs(view: View, rows: Sequence[Row]) -> list[PairTelling]:
    """All tellings of all pairs, by trigger."""
    named = [[one for one in row if one[1] >= FLOOR] for row in rows]
    told = Together(view)
    strength = _strengths(view, named, told)
    found: list[PairTelling] = []
    for number, row in enumerate(named):
        kept = sorted(row, key=lambda one: (-one[1], one[0].entity_id))[:14]
        if len(kept) >= 2:
            found += _pairs_of(view, number, kept, strength, told)
    found += _bridges(view, rows, strength, told)
    return [_apart_from_persons(view, telling) for telling in found]


def _apart_from_persons(view: View, telling: PairTelling) -> PairTelling:
    """The telling; the features of a pair with a body or country are its own."""
    if all(view.entities[one].type is EntityType.PER for one in (telling.left, telling.right)):
        return telling
    return replace(telling, features=tuple(f"{BODY}{feature}" for feature in telling.features))


def _strengths(view: View, rows: Sequence[Row], told: Together) -> dict[tuple[str, str], list[float]]:
    """Pair -> the lower score of the two at each trigger that may join them, the highest first."""
    found: dict[tuple[str, str], list[float]] = {}
    for trigger, row in zip(view.triggers, rows, strict=True):
        for at, (one, first) in enumerate(row):
            for other, second in row[at + 1 :]:
                if told.may_join(trigger, one, other):
                    found.setdefault(_key(one.entity_id, other.entity_id), []).append(min(first, second))
    return {key: sorted(scores, reverse=True) for key, scores in found.items()}


def _key(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def _pairs_of(
    view: View,
    number: int,
    kept: Row,
    strength: Mapping[tuple[str, str], list[float]],
    told: Together,
) -> Iterator[PairTelling]:
    trigger = view.triggers[number]
    row = view.words[trigger.sentence]
    chain = find_chains(view, trigger.sentence)
    cues = {cue for word in row if (cue := cue_of(word)) in _TELLING}
    n_sure = bucket(sum(1 for _, s in kept if s >= SURE), (0, 1, 2, 3, 4, 6))
    base = [f"t={trigger.form.lemma}", f"sure={n_sure}", *(f"cue={cue}" for cue in sorted(cues))]
    for at, (one, first) in enumerate(kept):
        for place, (other, second) in enumerate(kept[at + 1 :], at + 1):
            if not told.may_join(trigger, one, other):
                continue
            features = _describe(view, one, other, (first, second), chain)
            features += describe_frame(view, trigger, one, other, chain)
            key = _key(one.entity_id, other.entity_id)
            features += _support(strength[key], min(first, second), (at, place))
            lo = band(min(first, second))
            mates = "mates=True" in features
            types = "-".join(sorted((one.link.type.value, other.link.type.value)))
            if types != "PER-PER":
                features += _of_bodies(view, trigger, types, (one, other), lo)
            features += [f"t={trigger.form.lemma}+lo={lo}", f"t={trigger.form.lemma}+mates={mates}"]
            features += [
                f"sure={n_sure}+lo={lo}",
                f"sure={n_sure}+mates={mates}",
                f"sure={n_sure}+mates={mates}+lo={lo}",
            ]
            features += [f"cue={cue}+mates={mates}" for cue in sorted(cues)]
            features += [f"tense={trigger.form.tense}+mates={mates}", f"num={trigger.form.number}+sure={n_sure}"]
            features.append(f"num={trigger.form.number}+mates={mates}+sure={n_sure}")
            yield PairTelling(*key, number, min(first, second), tuple(base + features))


_TELLING = frozenset(
    {"attend", "among", "accompany", "joint", "each", "future", "delegation", "head", "between", "take_part", "apart"}
)


def _describe(
    view: View, one: Candidate, other: Candidate, scores: tuple[float, float], chain: Mapping[int, tuple[Link, int]]
) -> list[str]:
    lo, hi = band(min(scores)), band(max(scores))
    types = "-".join(sorted((one.link.type.value, other.link.type.value)))
    wheres = "-".join(sorted((one.where, other.where)))
    heads = [_head(candidate, chain) for candidate in (one, other)]
    local = {"before", "after", "at"}
    mates = heads[0] == heads[1] and one.where in local and other.where in local
    sides = view.countries.get(one.entity_id), view.countries.get(other.entity_id)
    country = "same" if sides[0] and sides[0] == sides[1] else "two" if all(sides) else "open"
    out = [
        f"lo={lo}",
        f"hi={hi}",
        f"lo={lo}+hi={hi}",
        f"both={band(scores[0] * scores[1])}",
        f"lo={lo}+{types}",
        f"{types}",
    ]
    out += [
        f"wheres={wheres}",
        f"wheres={wheres}+lo={lo}",
        f"mates={mates}",
        f"mates={mates}+lo={lo}",
        f"mates={mates}+{types}",
    ]
    out += [
        f"country={country}",
        f"country={country}+lo={lo}",
        f"country={country}+mates={mates}",
        f"country={country}+{types}",
    ]
    if one.entity_id in view.voices or other.entity_id in view.voices:
        out += ["voice", f"voice+lo={lo}", f"voice+mates={mates}"]
    headline = (one.entity_id in view.headline) + (other.entity_id in view.headline)
    out += [f"headline={headline}", f"headline={headline}+lo={lo}"]
    if mates:
        row = view.words[one.link.sentence]
        head = min((one.link, other.link), key=lambda link: link.first)
        opener = chain[head.first][0] if head.first in chain else head
        governor = cue_of(row[opener.start - 1]) if opener.start else "#"
        out += [f"mates+gov={governor}", f"mates+clitic={opener.clitic}", f"mates+gov={governor}+lo={lo}"]
    return out


def _of_bodies(view: View, trigger: Trigger, types: str, candidates: tuple[Candidate, Candidate], lo: str) -> list[str]:
    """A pair with a body or place: the trigger by the types, and whether a person speaks for that side as well."""
    name = f"{trigger.form.lemma}{trigger.form.pos[0]}"
    out = [f"{types}+t={name}", f"{types}+t={name}+lo={lo}", f"{types}+tense={trigger.form.tense}"]
    out += [f"{types}+wheres={'-'.join(sorted(one.where for one in candidates))}"]
    row = view.words[trigger.sentence]
    for one in candidates:
        if one.link.type is EntityType.PER:
            continue
        country = view.entities[one.entity_id].country
        voice = "open" if not country else "yes" if country in view.represented else "no"
        governor = cue_of(row[one.link.start - 1]) if one.link.start and one.link.sentence == trigger.sentence else "#"
        out += [f"{types}+voice={voice}", f"{types}+voice={voice}+t={name}", f"{types}+gov={governor}"]
        out += [f"{types}+gov={governor}+clitic={one.link.clitic}+t={name}", f"{types}+voice={voice}+lo={lo}"]
    return out


def _head(candidate: Candidate, chain: Mapping[int, tuple[Link, int]]) -> int:
    first = candidate.link.first
    return chain[first][0].first if first in chain else first


def _support(strengths: Sequence[float], here: float, places: tuple[int, int]) -> list[str]:
    """How many other triggers join the pair, how surely, and whether these are the surest two here."""
    n_strong = bucket(sum(1 for score in strengths if score >= SURE), (0, 1, 2, 3, 5))
    top, lo = band(strengths[0]), band(here)
    surest = "top2" if places == (0, 1) else "top" if places[0] == 0 else "no"
    out = [f"strong={n_strong}", f"strong={n_strong}+lo={lo}", f"top={top}", f"top={top}+lo={lo}"]
    return [
        *out,
        surest,
        f"{surest}+lo={lo}",
        f"{surest}+strong={n_strong}",
        f"place={bucket(places[1], (1, 2, 3, 5, 8))}+lo={lo}",
    ]


def _bridges(
    view: View, rows: Sequence[Row], strength: Mapping[tuple[str, str], list[float]], told: Together
) -> Iterator[PairTelling]:
    """Those named after an attendance word (حضر اللقاء) with the parties of the last sure trigger before it."""
    for number, row in enumerate(rows):
        trigger = view.triggers[number]
        if trigger.form.lemma not in lemmas_of("guests") or told.opens(trigger):
            continue
        words = view.words[trigger.sentence]
        forms = [form for word in words[trigger.token + 1 : trigger.token + 4] if (form := read_form(word))]
        noun = next((form.lemma for form in forms if form.pos == "noun" and form.definite), "-")
        named = [(c, s) for c, s in row if c.where == "after" and s >= FLOOR]
        earlier = next((at for at in range(number - 1, -1, -1) if _is_main(view, rows, at, trigger.sentence)), None)
        if earlier is None or not named:
            continue
        back = trigger.sentence - view.triggers[earlier].sentence
        for one, first in named:
            for other, second in rows[earlier]:
                if other.entity_id == one.entity_id or second < SURE:
                    continue
                lo, main = band(first), band(second)
                types = "-".join(sorted((one.link.type.value, other.link.type.value)))
                features = ["bridge", f"bridge+lo={lo}", f"bridge+main={main}", f"bridge+t={trigger.form.lemma}"]
                features += [
                    f"bridge+noun={noun}",
                    f"bridge+noun={noun}+lo={lo}",
                    f"bridge+back={bucket(back, (0, 1, 2, 4, 8))}",
                ]
                features += [
                    f"bridge+t={trigger.form.lemma}+noun={noun}",
                    f"bridge+{types}",
                    f"bridge+lo={lo}+main={main}",
                ]
                key = _key(one.entity_id, other.entity_id)
                features.append(f"bridge+known={band(strength[key][0]) if key in strength else 'no'}")
                yield PairTelling(*key, number, min(first, second), tuple(features), earlier)


def _is_main(view: View, rows: Sequence[Row], number: int, sentence: int) -> bool:
    """Whether a trigger before the list has two sure parties and is no attendance word itself."""
    trigger = view.triggers[number]
    if trigger.form.lemma in lemmas_of("guests") or sentence - trigger.sentence > _BRIDGE:
        return False
    return sum(1 for _, score in rows[number] if score >= SURE) >= 2
