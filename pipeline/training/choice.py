"""Fit a scorer whose candidates compete: of several answers to one question exactly one is right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.scorer import Scorer


def fit_choice(
    rows: Sequence[Sequence[str]],
    answers: Sequence[str],
    weights: Sequence[float],
    last: str,
    *,
    strength: float,
    min_count: int,
    keep: float = 0.005,
) -> Scorer:
    """The scorer that makes the right answers (``yes``) likeliest among their rivals: a conditional logit.

    The rows of one question stand together, and its last row holds the feature ``last``. A question none of whose
    rows is right teaches nothing. ``strength`` is the inverse of the L2 penalty; features of fewer than ``min_count``
    rows are left out, and weights smaller than ``keep``.
    """
    from scipy.optimize import minimize
    from sklearn.feature_extraction.text import CountVectorizer

    kept, starts = _questions(rows, answers, last)
    vectorizer = CountVectorizer(analyzer=list, binary=True, min_df=min_count)
    matrix = vectorizer.fit_transform([rows[at] for at in kept]).astype(float).tocsr()
    right = np.array([answers[at] == "yes" for at in kept], dtype=float)
    weight = np.array([weights[at] for at in kept])
    question = np.repeat(np.arange(len(starts)), np.diff([*starts, len(kept)]))

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ values
        powers = np.exp(scores - np.maximum.reduceat(scores, starts)[question])
        shares = powers / np.add.reduceat(powers, starts)[question]
        chosen = right > 0
        total = -float((weight[chosen] * np.log(shares[chosen])).sum()) + float(values @ values) / (2 * strength)
        return total, matrix.T @ (weight * (shares - right)) + values / strength

    found = minimize(loss, np.zeros(matrix.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    names = vectorizer.get_feature_names_out()
    named = {str(n): (round(float(v), 3),) for n, v in zip(names, found, strict=True) if abs(v) >= keep}
    return Scorer(("yes",), (0.0,), named, {})


def _questions(rows: Sequence[Sequence[str]], answers: Sequence[str], last: str) -> tuple[list[int], list[int]]:
    """The rows of the questions that one answer is right for, and where in that list each question starts."""
    kept: list[int] = []
    starts: list[int] = []
    current: list[int] = []
    for at, row in enumerate(rows):
        current.append(at)
        if last in row:
            if any(answers[one] == "yes" for one in current):
                starts.append(len(kept))
                kept += current
            current = []
    return kept, starts
