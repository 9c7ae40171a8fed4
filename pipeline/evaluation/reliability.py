"""How far confidences are probabilities: of the rows said to be right with 0.8, are eight in ten right?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.evaluation.align import align, match_events, offices_of
from pipeline.evaluation.gold import GoldDocument
from pipeline.schema import Analysis

Outcome = tuple[float, bool]


@dataclass(frozen=True, slots=True)
class Bin:
    """Rows of similar confidence: their number, mean confidence and share that is right."""

    first: float
    last: float
    n_rows: int
    confidence: float
    accuracy: float


def mention_outcomes(gold: GoldDocument, guess: GoldDocument, analysis: Analysis) -> Iterator[Outcome]:
    """Confidence of each predicted mention and whether span and type are right."""
    gold_by_predicted = {j: i for i, j in align(gold, guess).predicted_by_gold.items()}
    for index, mention in enumerate(analysis.mentions):
        i = gold_by_predicted.get(index)
        if mention.confidence is not None:
            yield mention.confidence, i is not None and gold.mentions[i].type == mention.type


def meeting_outcomes(gold: GoldDocument, guess: GoldDocument, analysis: Analysis) -> Iterator[Outcome]:
    """Confidence of each predicted meeting and whether gold has it as an event."""
    matched = set(match_events(gold, guess, align(gold, guess)).values())
    for index, meeting in enumerate(analysis.meetings):
        if meeting.confidence is not None:
            yield meeting.confidence, index in matched


def position_outcomes(gold: GoldDocument, guess: GoldDocument, analysis: Analysis) -> Iterator[Outcome]:
    """Confidence of each predicted position and whether gold has its holder and its of-what."""
    alignment, offices = align(gold, guess), offices_of(gold)
    for position, shape in zip(analysis.positions, guess.positions, strict=True):
        if position.confidence is not None:
            (key,) = offices_of(replace(guess, positions=(shape,)), alignment, gold)
            yield position.confidence, key in offices


def reliability(outcomes: Iterable[Outcome], n_bins: int = 10) -> list[Bin]:
    """The outcomes in bins of equal width; empty bins are left out."""
    rows: list[list[Outcome]] = [[] for _ in range(n_bins)]
    for confidence, right in outcomes:
        rows[min(int(confidence * n_bins), n_bins - 1)].append((confidence, right))
    return [
        Bin(
            number / n_bins,
            (number + 1) / n_bins,
            len(members),
            sum(confidence for confidence, _ in members) / len(members),
            sum(right for _, right in members) / len(members),
        )
        for number, members in enumerate(rows)
        if members
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error (Guo and others 2017): the mean gap of confidence and accuracy, by rows."""
    n_rows = sum(one.n_rows for one in bins)
    return sum(one.n_rows * abs(one.confidence - one.accuracy) for one in bins) / n_rows if n_rows else 0.0
