"""Relations that a sentence states between two names: located_in, member_of, family, appointed.

Pairs of names that stand near each other in a sentence are candidates; a linear scorer that was fitted on annotated
documents decides by the words between and around them. Nothing is inferred from what the world knows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.folded import fold_word
from pipeline.gazetteer import read_rows
from pipeline.schema import Analysis, Entity, EntityType, Evidence, Mention, Relation, RelationKind, Span
from pipeline.scorer import Scorer, load_scorer

NONE = "none"
REACH = 14  # tokens between two names that may still be related
BETWEEN = 4  # names that may stand between
_CLITICS = "وفبلك"
_MARKS = '،,؛;:.()[]«»"“”-–—/!؟'


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names of one sentence, the left one first, with the features of what stands between and around them."""

    left: str
    right: str
    sentence: int
    span: Span
    features: tuple[str, ...]


def find_relations(analysis: Analysis) -> tuple[Relation, ...]:
    """The relations that the document states, each once, with its surest sentence, in the order of the text."""
    pairs = list(find_pairs(analysis))
    if not pairs:
        return ()
    scorer = load_scorer("relations")
    threshold = scorer.settings.get("threshold", 0.5)
    best: dict[tuple[str, str, str], tuple[float, Pair]] = {}
    for pair in pairs:
        name, score = _decide(scorer, pair)
        if name == NONE or score < threshold:
            continue
        kind, forward = name[:-1], name.endswith(">")
        key = (kind, pair.left, pair.right) if forward else (kind, pair.right, pair.left)
        if key not in best or best[key][0] < score:
            best[key] = (score, pair)
    found = [
        Relation(
            RelationKind(kind), head, tail, Evidence(pair.span, pair.sentence), round(score, 4), _rule(scorer, pair)
        )
        for (kind, head, tail), (score, pair) in best.items()
    ]
    return tuple(sorted(found, key=lambda r: (r.evidence.span, r.kind, r.head_entity_id, r.tail_entity_id)))


def _decide(scorer: Scorer, pair: Pair) -> tuple[str, float]:
    """The likeliest relation of a pair, and how likely any relation but none is."""
    scores = scorer.distribution(pair.features)
    name = max((name for name in scores if name != NONE), key=lambda name: (scores[name], name))
    return name, scores[name]


def _rule(scorer: Scorer, pair: Pair) -> str:
    known = [feature for feature in pair.features if feature in scorer.weights]
    return max(known, key=lambda feature: (max(scorer.weights[feature]), feature), default="")


def find_pairs(analysis: Analysis) -> Iterator[Pair]:
    """Pairs of names near each other in a sentence, of two entities, sentence by sentence."""
    owner = {link.mention: entity for entity in analysis.entities for link in entity.links}
    by_sentence: dict[int, list[tuple[Mention, Entity]]] = {}
    for index, mention in enumerate(analysis.mentions):
        if index in owner:
            by_sentence.setdefault(mention.sentence, []).append((mention, owner[index]))
    for index, named in sorted(by_sentence.items()):
        if len(named) > 1 and index < len(analysis.sentences):
            yield from _pairs_of(analysis, index, sorted(named, key=lambda one: one[0].span))


def _pairs_of(analysis: Analysis, index: int, named: list[tuple[Mention, Entity]]) -> Iterator[Pair]:
    text = analysis.document.text
    tokens = analysis.sentences[index].tokens
    starts = [token.span.start for token in tokens]
    words = [fold_word(token.span.of(text)) for token in tokens]
    places = [
        (max(0, bisect_right(starts, m.span.start) - 1), max(0, bisect_right(starts, m.span.end - 1) - 1))
        for m, _ in named
    ]
    for left in range(len(named)):
        for right in range(left + 1, min(left + BETWEEN + 2, len(named))):
            if places[right][0] - places[left][1] - 1 > REACH:
                break
            (first, one), (second, other) = named[left], named[right]
            if one.entity_id == other.entity_id or (one.type is other.type is EntityType.ORG and right > left + 2):
                continue
            inside = [(entity.type.value, *places[at]) for at, (_, entity) in enumerate(named) if left < at < right]
            clitic = text[starts[places[right][0]] : second.span.start]
            features = _describe(words, places[left], places[right], one, other, inside, clitic)
            yield Pair(one.entity_id, other.entity_id, index, Span(first.span.start, second.span.end), tuple(features))


def _describe(
    words: list[str],
    left: tuple[int, int],
    right: tuple[int, int],
    one: Entity,
    other: Entity,
    inside: list[tuple[str, int, int]],
    clitic: str,
) -> list[str]:
    """Every feature of a pair, by name."""
    types = f"{one.type.value}-{other.type.value}"
    named = {at: kind for kind, first, last in inside for at in range(first, last + 1)}
    between = [f"[{named[at]}]" if at in named else words[at] for at in range(left[1] + 1, right[0])]
    path = [word for at, word in enumerate(between) if not word.startswith("[") or at == 0 or between[at - 1] != word]
    letter = clitic if all(c in _CLITICS for c in clitic) else ""
    before = words[left[0] - 1] if left[0] else "#"
    after = words[right[1] + 1] if right[1] + 1 < len(words) else "#"
    last = path[-1] if path else "#"
    first = path[0] if path else "#"
    country = f"{one.country is not None}-{other.country is not None}"
    gap = "0" if not path else "1" if len(path) == 1 else "2" if len(path) == 2 else "4" if len(path) <= 4 else "9"
    out = [
        f"types={types}",
        f"types={types}+gap={gap}",
        f"types={types}+country={country}",
        f"inside={len(inside)}+{types}",
    ]
    out += [
        f"clitic={letter}+{types}+gap={gap}",
        f"clitic={letter}+{types}+last={last}",
        f"clitic={letter}+{types}+country={country}+gap={gap}",
    ]
    out += [f"last={last}+{types}", f"first={first}+{types}", f"before={before}+{types}", f"after={after}+{types}"]
    if len(path) <= 3:
        out.append(f"path={' '.join(path)}+{letter}+{types}")
        out.append(f"path={' '.join(path)}+{letter}+{types}+country={country}")
    cues = [cue for word in path if (cue := relation_cue(word))]
    out += [f"cue={cue}+{types}" for cue in sorted(set(cues))]
    out += [f"marks={sum(word in _MARKS for word in path) > 0}+{types}", f"before={relation_cue(before)}+cue+{types}"]
    head, tail = words[left[0]].lstrip(_CLITICS), words[right[0]]
    out += [
        f"head={_strip(head)}+{types}+gap={gap}",
        f"tail={_strip(tail)}+{types}+gap={gap}",
        f"after={relation_cue(after)}+cue+{types}",
    ]
    out += [f"and={letter[:1] == 'و' or last == 'و'}+{types}+gap={gap}"]
    return out


def _strip(word: str) -> str:
    return word.removeprefix("ال")


@cache
def _cues() -> Mapping[str, str]:
    """Folded first word of a relation cue to its relation in the annotation guidelines, or the source's own name."""
    found: dict[str, str] = {}
    for row in read_rows("relation_cues"):
        word = fold_word(row["cue_ar"]).split()[0]
        if len(word) > 1 and word.isalpha():
            found.setdefault(word, row["ace_relation"])
    return found


@lru_cache(maxsize=100_000)
def relation_cue(word: str) -> str:
    """The relation that a folded word is a cue of, whatever its clitics, article or pronoun; empty for other words.

    >>> relation_cue("وزوجته"), relation_cue("القيادي")
    ('PER-SOC.Family', 'ORG-AFF.Membership')
    """
    cues = _cues()
    for stem in (word, word[1:] if word[:1] in tuple(_CLITICS) else word):
        for base in (stem, stem.removeprefix("ال")):
            for form in (base, base.removesuffix("ه"), base.removesuffix("ها"), base.removesuffix("ته") + "ه"):
                if form in cues:
                    return cues[form]
    return ""
