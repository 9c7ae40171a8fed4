"""Relations that a sentence states between two names: located_in, member_of, family, appointed.

Pairs of names that stand near each other in a sentence are candidates; a linear scorer that was fitted on annotated
documents decides by the words between and around them. A gazetteer tells it of what rank two places are and whether of
one country; that alone makes no relation. Where it is in doubt of a place or member, a reader is asked as well
(:mod:`pipeline.relation_reader`). How sure both must be is set for each relation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.relation_features import Pair, states_membership
from pipeline.relation_pairs import find_pairs
from pipeline.relation_reader import RelationReader, load_relation_reader
from pipeline.schema import Analysis, Evidence, Relation, RelationKind
from pipeline.scorer import Scorer, load_scorer

NONE = "none"
DOUBT = {"located_in": (0.2, 0.8), "member_of": (0.15, 0.8)}
"""A reader is asked where the scorer holds a relation for so likely; of kin and appointments too few are annotated."""
_STATED_ENOUGH = 0.3  # how likely a membership that the words state outright must be, for no reader to be asked


def find_relations(
    analysis: Analysis, scorer: Scorer | None = None, reader: RelationReader | None = None
) -> tuple[Relation, ...]:
    """The relations that the document states, each once, with its surest sentence, in the order of the text.

    ``scorer`` and ``reader`` are the shipped ones where none is given; a scorer that is given alone decides alone.
    """
    pairs = list(find_pairs(analysis))
    if not pairs:
        return ()
    alone = scorer is not None and reader is None
    scorer = scorer or load_scorer("relations")
    best: dict[tuple[str, str, str], tuple[float, Pair]] = {}
    shares: list[Mapping[str, float]] = [scorer.distribution(pair.features) for pair in pairs]
    if not alone and "opinion" in scorer.settings:
        shares = _joined(scorer, reader, analysis, pairs, shares)
    for pair, share in zip(pairs, shares, strict=True):
        name, score = _likeliest(share)
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


def _joined(
    scorer: Scorer,
    reader: RelationReader | None,
    analysis: Analysis,
    pairs: Sequence[Pair],
    shares: Sequence[Mapping[str, float]],
) -> list[Mapping[str, float]]:
    """The scorer's answers, joined with the reader's where the scorer is in doubt of a relation that is read."""
    found = list(shares)
    doubtful = [at for at, share in enumerate(shares) if _is_doubtful(pairs[at], share)]
    if doubtful:
        opinions = (reader or load_relation_reader()).opinions(analysis, [pairs[at] for at in doubtful])
        for at, opinion in zip(doubtful, opinions, strict=True):
            both = scorer.joined_distribution(shares[at], opinion)
            found[at] = {name: both[name] if name[:-1] in DOUBT else own for name, own in shares[at].items()}
    return found


def _is_doubtful(pair: Pair, share: Mapping[str, float]) -> bool:
    """Whether the scorer is in doubt; it is not of a likely membership that the words state outright."""
    likely = {kind: share.get(f"{kind}>", 0.0) + share.get(f"{kind}<", 0.0) for kind in DOUBT}
    if likely["member_of"] >= _STATED_ENOUGH and states_membership(pair.features):
        return False
    return any(low <= likely[kind] <= high for kind, (low, high) in DOUBT.items())


def _likeliest(share: Mapping[str, float]) -> tuple[str, float]:
    """The likeliest relation of a pair, and how likely any relation but none is."""
    name = max((name for name in share if name != NONE), key=lambda name: (share[name], name))
    return name, share[name]


def _rule(scorer: Scorer, pair: Pair) -> str:
    known = [feature for feature in pair.features if feature in scorer.weights]
    return max(known, key=lambda feature: (max(scorer.weights[feature]), feature), default="")
