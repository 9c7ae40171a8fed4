"""Who holds which office of what: (person, title, of-what), each with the words that show it and a probability.

Candidates with high recall come from :mod:`pipeline.offices`; a softmax over named binary features, learned
by ``pipeline/training/positions.py``, weighs every of-what that a candidate may have against its being no position. The
best of-what of a candidate is kept where its probability reaches :data:`THRESHOLD`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from types import MappingProxyType

from pipeline.bearers import same_office
from pipeline.lexicon import read_rows
from pipeline.normalize import fold
from pipeline.office_choice import DocumentView, features_of, options_of, view_document
from pipeline.offices import Candidate, Of
from pipeline.schema import Analysis, Evidence, Position
from pipeline.title_wording import without_trailing
from pipeline.units import split_word

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
    best: dict[tuple[str, Of], list[Office]] = {}
    for office in _one_of_nested(list(_one_bearer(find_offices(analysis)))):
        told = best.setdefault((office.candidate.entity_id, office.of), [])
        _add_office(told, office)
    offices = [office for told in best.values() for office in told]
    names = {entity.entity_id: entity.name for entity in analysis.entities}
    return tuple(
        _to_position(office, entity_of_country, names)
        for office in sorted(offices, key=lambda office: (office.candidate.span, office.candidate.entity_id))
    )


def _add_office(told: list[Office], office: Office) -> None:
    """Add an office to those of the same person and of-what; of two tellings of one the more probable stays."""
    for number, other in enumerate(told):
        if same_office(other.candidate.title, office.candidate.title, office.of):
            if office.probability > other.probability:
                told[number] = office
            return
    told.append(office)


def find_offices(analysis: Analysis) -> Iterator[Office]:
    """Every candidate of the document that is probable enough, with its best of-what."""
    candidates, view = view_document(analysis)
    deputed = _deputed(candidates, view)
    for candidate in candidates:
        of, probability = choose_of(candidate, view, weights())
        if (
            probability >= THRESHOLD
            and (candidate.sentence, candidate.phrase.first, candidate.entity_id) not in deputed
        ):
            yield Office(candidate, of, probability)


def _deputed(candidates: Sequence[Candidate], view: DocumentView) -> frozenset[tuple[int, int, str]]:
    """Sentence and first unit of each title inside a deputy's, of whom the document calls a deputy elsewhere.

    After نائب الرئيس المصري X, نائب الرئيس X is no president.
    """
    return frozenset(
        (candidate.sentence, candidate.phrase.inner, candidate.entity_id)
        for candidate in candidates
        if candidate.phrase.inner is not None
        and candidate.phrase.head.category == "deputy"
        and any(title == candidate.title for title, _ in view.stated.get(candidate.entity_id, ()))
    )


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


def _one_of_nested(offices: Sequence[Office]) -> Iterator[Office]:
    """The offices without the less probable of a title and one inside it, both of one person: مستشار الرئيس X."""
    place = {_place(office, office.candidate.phrase.first): office.probability for office in offices}
    inside = {
        _place(office, office.candidate.phrase.inner): office.probability
        for office in offices
        if office.candidate.phrase.inner is not None
    }
    for office in offices:
        outer = inside.get(_place(office, office.candidate.phrase.first), 0.0)
        inner = place.get(_place(office, office.candidate.phrase.inner), 0.0)
        if office.probability >= inner and office.probability > outer:
            yield office


def _place(office: Office, unit: int | None) -> tuple[int, int | None, str]:
    return office.candidate.sentence, unit, office.candidate.entity_id


def _without_body(title: str, body: str) -> str:
    """The title without a last word that only stands for the body it is of.

    >>> _without_body("أمين عام للجامعة", "جامعة نورديا"), _without_body("عضو في أكاديمية", "أكاديمية نورديا")
    ('أمين عام', 'عضو')
    >>> _without_body("مدير مكتب", "جامعة نورديا")
    'مدير مكتب'
    """
    *words, last = title.split()
    word = split_word(fold(last))
    stems = {word.stem, word.stem.removeprefix("ل")} if words else set()
    head = split_word(fold(body).split(" ")[0]).stem
    return " ".join(without_trailing(words)) if head and head in stems else title


def _to_position(office: Office, entity_of_country: Mapping[str, str], names: Mapping[str, str]) -> Position:
    candidate, of = office.candidate, office.of
    is_country = of is not None and len(of) == 2
    return Position(
        candidate.entity_id,
        _without_body(candidate.title, names.get(of or "", "")),
        entity_of_country.get(of) if is_country and of else of,
        of if is_country else None,
        candidate.former,
        candidate.span,
        Evidence(candidate.span, candidate.sentence),
        round(office.probability, 4),
    )
