"""Who holds which office of what: (person, title, of-what), each with the words that show it and a probability.

Candidates with high recall come from :mod:`pipeline.offices`; a softmax over named binary features, learned
by ``pipeline/training/positions.py``, weighs every of-what that a candidate may have against its being no position. The
best of-what of a candidate is kept where its probability reaches :data:`THRESHOLD`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import exp
from types import MappingProxyType

from pipeline.lexicon import read_rows
from pipeline.office_choice import DocumentView, features_of, options_of, view_document
from pipeline.offices import Candidate, Of
from pipeline.schema import Analysis, Evidence, Position

THRESHOLD = 0.35
"""Probability from which a position is stated; chosen by three-fold cross-validation on the training part."""


@dataclass(frozen=True, slots=True)
class Office:
    """A candidate with its most probable of-what."""

    candidate: Candidate
    of: Of
    probability: float


def find_positions(analysis: Analysis) -> tuple[Position, ...]:
    """The positions that the text states, in the order of their first telling; each (person, title, of) once."""
    if not analysis.entities:
        return ()
    entity_of_country = {entity.country: entity.entity_id for entity in analysis.entities if entity.country}
    best: dict[tuple[str, str, Of], Office] = {}
    for office in _one_bearer(find_offices(analysis)):
        key = (office.candidate.entity_id, office.candidate.lemma.removesuffix("ة"), office.of)
        if key not in best or office.probability > best[key].probability:
            best[key] = office
    return tuple(
        _to_position(office, entity_of_country)
        for office in sorted(best.values(), key=lambda office: (office.candidate.span, office.candidate.entity_id))
    )


def find_offices(analysis: Analysis) -> Iterator[Office]:
    """Every candidate of the document that is probable enough, with its best of-what."""
    candidates, view = view_document(analysis)
    for candidate in candidates:
        of, probability = choose_of(candidate, view, weights())
        if probability >= THRESHOLD:
            yield Office(candidate, of, probability)


def choose_of(candidate: Candidate, view: DocumentView, weight_of: Mapping[str, float]) -> tuple[Of, float]:
    """The most probable of-what of a candidate and its probability; that it is no position at all scores 0.

    Ties go to what the words name first.
    """
    scores = [
        (sum(weight_of.get(name, 0.0) for name in features_of(candidate, of, sources, view)), of)
        for of, sources in options_of(candidate, view).items()
    ]
    powers = [exp(min(max(score, -30.0), 30.0)) for score, _ in scores]
    best = max(range(len(scores)), key=lambda number: powers[number])
    return scores[best][1], powers[best] / (1.0 + sum(powers))


@cache
def weights() -> Mapping[str, float]:
    """Feature name to weight, from ``lexicons/position_weights.tsv``."""
    return MappingProxyType({row["feature"]: float(row["weight"]) for row in read_rows("position_weights")})


def _one_bearer(offices: Iterator[Office]) -> Iterator[Office]:
    """Of several bearers of one singular title phrase the most probable alone."""
    by_phrase: dict[tuple[int, int], list[Office]] = {}
    for office in offices:
        by_phrase.setdefault((office.candidate.sentence, office.candidate.phrase.first), []).append(office)
    for rivals in by_phrase.values():
        if rivals[0].candidate.phrase.head.number == "singular":
            yield max(rivals, key=lambda office: office.probability)
        else:
            yield from rivals


def _to_position(office: Office, entity_of_country: Mapping[str, str]) -> Position:
    candidate, of = office.candidate, office.of
    is_country = of is not None and len(of) == 2
    return Position(
        candidate.entity_id,
        candidate.title,
        entity_of_country.get(of) if is_country and of else of,
        of if is_country else None,
        candidate.former,
        candidate.span,
        Evidence(candidate.span, candidate.sentence),
        round(office.probability, 4),
    )
