"""From raw probabilities of mentions to calibrated ones: Platt scaling on sentences that were held out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.taggers.default import load_words
from pipeline.taggers.neural import load_neural
from pipeline.tagging import decode_bio

Curve = list[list[float]]
_KNOTS = 41


def platt(raw: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> Curve:
    """Knots of the curve sigmoid(a logit(p) + b) fitted by Newton's method with a weak prior (Platt, 1999)."""
    x = np.log(raw.clip(1e-6, 1 - 1e-6) / (1 - raw.clip(1e-6, 1 - 1e-6)))
    design, weights = np.stack([x, np.ones_like(x)], 1), np.array([1.0, 0.0])
    prior = np.diag([1.0, 0.1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-(design @ weights)))
        gradient = design.T @ (right - p) - prior @ (weights - np.array([1.0, 0.0]))
        hessian = (design * (p * (1 - p))[:, None]).T @ design + prior
        step = np.linalg.solve(hessian, gradient)
        weights = weights + step / max(1.0, float(np.abs(step).max()))  # bounded, for far-off curves
    knots = np.concatenate(
        [np.linspace(0.01, 0.95, _KNOTS - 9), [0.97, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999, 0.99999]]
    )
    curve = 1 / (1 + np.exp(-(np.log(knots / (1 - knots)) * weights[0] + weights[1])))
    return [[round(float(k), 6) for k in knots], [round(float(c), 4) for c in curve]]


def mention_outcomes(
    tagger_folder: Path, words: Path, rows: Sequence[tuple[Sequence[str], Sequence[str]]]
) -> tuple[list[float], list[bool]]:
    """The confidence of each mention that the model finds in the labelled sentences, and whether it is there."""
    tagger = load_neural(tagger_folder, tagger_folder.name, *load_words(words))
    known = set(tagger.labels)
    confidence: list[float] = []
    right: list[bool] = []
    for prediction, (_, labels) in zip(tagger.predict([words_ for words_, _ in rows]), rows, strict=True):
        gold = set(decode_bio([label if label in known else "O" for label in labels]))
        for mention in decode_bio(prediction.labels):
            confidence.append(prediction.confidences[mention[0]])
            right.append(mention in gold)
    return confidence, right


def calibration_of(folder: Path, words: Path, rows: Sequence[tuple[Sequence[str], Sequence[str]]]) -> Curve:
    """The calibration curve of an uncalibrated model folder from held-out sentences."""
    confidence, right = mention_outcomes(folder, words, rows)
    return platt(np.asarray(confidence), np.asarray(right))
