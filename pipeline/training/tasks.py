"""Examples of a question, and the linear scorer that answers it: logistic regression, judged on held-out documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np

from pipeline.scorer import Scorer

FOLDS = 4


@dataclass(slots=True)
class Task:
    """Examples of one question: features, answer, how much each weighs, and the document of each."""

    features: list[list[str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)

    def add(self, features: list[str], answer: str, weight: float, group: str) -> None:
        """One more example."""
        self.features.append(features)
        self.answers.append(answer)
        self.weights.append(weight)
        self.groups.append(group)

    def without(self, fold: int) -> Task:
        """The examples of all documents but those of a fold."""
        kept = Task()
        for at, group in enumerate(self.groups):
            if fold_of(group) != fold:
                kept.add(self.features[at], self.answers[at], self.weights[at], group)
        return kept


def fit(task: Task, *, strength: float, min_count: int, keep: float = 0.04, digits: int = 3) -> Scorer:
    """The scorer of a task: logistic regression over its features, small weights dropped.

    ``strength`` is the inverse of the L2 penalty; features of fewer than ``min_count`` examples are left out. Weights
    are rounded to ``digits`` after the point.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = CountVectorizer(analyzer=list, binary=True, min_df=min_count)
    matrix = vectorizer.fit_transform(task.features)
    names = vectorizer.get_feature_names_out()
    answers = np.array(task.answers)
    weights = np.array(task.weights)
    classes = sorted(set(task.answers))
    if set(classes) <= {"yes", "no"}:
        model = LogisticRegression(C=strength, max_iter=300, solver="liblinear", random_state=0)
        model.fit(matrix, answers == "yes", weights)
        columns, bias, classes = model.coef_, model.intercept_, ["yes"]
    else:
        model = LogisticRegression(C=strength, max_iter=500, random_state=0)
        model.fit(matrix, answers, weights)
        columns, bias = model.coef_, model.intercept_
    rows = {
        str(name): tuple(round(float(value), digits) for value in column)
        for name, column in zip(names, columns.T, strict=True)
        if np.abs(column).max() >= keep
    }
    return Scorer(tuple(classes), tuple(round(float(value), 3) for value in bias), rows, {})


def fold_of(doc_id: str) -> int:
    """The fold of a document: always the same, whatever else is read."""
    return blake2b(doc_id.encode(), digest_size=2).digest()[0] % FOLDS


def held_out(task: Task, strength: float, min_count: int) -> list[float]:
    """The score of every example by a scorer that did not see its document."""
    scores = [0.0] * len(task.answers)
    for fold in range(FOLDS):
        scorer = fit(task.without(fold), strength=strength, min_count=min_count)
        for at, group in enumerate(task.groups):
            if fold_of(group) == fold:
                scores[at] = scorer.probability(task.features[at])
    return scores
