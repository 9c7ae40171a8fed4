"""Relations that a sentence states between two names: located_in, member_of, family, appointed.

Pairs of names that stand near each other in a sentence are candidates; a linear scorer that was fitted on annotated
documents decides by the words between and around them. A gazetteer tells it of what rank two places are and whether of
one country; that alone makes no relation. How sure it must be is set for each relation.
"""

from __future__ import annotations

from pipeline.relation_features import Pair
from pipeline.relation_pairs import find_pairs
from pipeline.schema import Analysis, Evidence, Relation, RelationKind
from pipeline.scorer import Scorer, load_scorer

NONE = "none"


def find_relations(analysis: Analysis, scorer: Scorer | None = None) -> tuple[Relation, ...]:
    """The relations that the document states, each once, with its surest sentence, in the order of the text.

    ``scorer`` is the shipped one where none is given.
    """
    pairs = list(find_pairs(analysis))
    if not pairs:
        return ()
    scorer = scorer or load_scorer("relations")
    best: dict[tuple[str, str, str], tuple[float, Pair]] = {}
    for pair in pairs:
        name, score = _decide(scorer, pair)
        kind, forward = name[:-1], name.endswith(">")
        if score < scorer.settings.get(f"threshold {kind}", 0.5):
            continue
        key = (kind, pair.head, pair.tail) if forward else (kind, pair.tail, pair.head)
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
