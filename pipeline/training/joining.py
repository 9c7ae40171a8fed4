"""How far the scorers and the reader are to be trusted: a logistic model of both, fitted on held-out documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.meetings.places import joined_places
from pipeline.scorer import Scorer, joined_logs, log_odds
from pipeline.training.tasks import Task

JOINING = ("own", "opinion", "bias")


def weigh(scores: Sequence[float], opinions: Sequence[float | None], task: Task) -> dict[str, float]:
    """The settings by which :meth:`pipeline.scorer.Scorer.joined` joins both; empty where there is no opinion."""
    from sklearn.linear_model import LogisticRegression

    known = [at for at, opinion in enumerate(opinions) if opinion is not None]
    if not known:
        return {}
    rows = [[log_odds(scores[at]), opinions[at]] for at in known]
    answers, weights = [task.answers[at] == "yes" for at in known], [task.weights[at] for at in known]
    model = LogisticRegression(C=10.0).fit(rows, answers, weights)
    own, opinion = (round(float(weight), 3) for weight in model.coef_[0])
    return {"own": own, "opinion": opinion, "bias": round(float(model.intercept_[0]), 3)}


def joined(scores: Sequence[float], opinions: Sequence[float | None], settings: Mapping[str, float]) -> list[float]:
    """The scores with the opinions, by such settings."""
    scorer = Scorer((), (), {}, settings)
    return [scorer.joined(score, opinion) for score, opinion in zip(scores, opinions, strict=True)]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a scorer and a reader say of the answers to one question, which is right, and how much that weighs."""

    own: Mapping[str | None, float]
    opinion: Mapping[str, float]
    right: str | None
    weight: float


def weigh_kinds(choices: Sequence[Choice]) -> dict[str, float]:
    """The settings by which :meth:`pipeline.scorer.Scorer.joined_distribution` joins both; empty without choices."""

    def totals(choice: Choice, settings: Mapping[str, float]) -> Mapping[str | None, float]:
        own = {str(name): share for name, share in choice.own.items()}
        return dict(joined_logs(own, choice.opinion, settings).items())

    return _weigh(choices, {"own": 1.0, "opinion": 0.0}, totals)


def weigh_places(choices: Sequence[Choice]) -> dict[str, float]:
    """The settings by which :func:`pipeline.meetings.places.joined_places` joins both; empty without choices."""

    def totals(choice: Choice, settings: Mapping[str, float]) -> Mapping[str | None, float]:
        return joined_places(choice.own, choice.opinion, settings)

    return _weigh(choices, {"own": 1.0, "opinion": 0.0, "unread": 0.0, "none": 0.0}, totals)


def _weigh(
    choices: Sequence[Choice],
    start: Mapping[str, float],
    totals: Callable[[Choice, Mapping[str, float]], Mapping[str | None, float]],
) -> dict[str, float]:
    """The settings that make the right answers likeliest; a choice without a right answer teaches nothing."""
    from scipy.optimize import minimize

    asked = [choice for choice in choices if choice.right in choice.own]
    if not asked:
        return {}
    names = sorted(start)

    def loss(values: np.ndarray) -> float:
        settings = dict(zip(names, values, strict=True))
        whole = 0.01 * float(((values - [start[name] for name in names]) ** 2).sum())
        for choice in asked:
            found = totals(choice, settings)
            whole += choice.weight * float(np.logaddexp.reduce(list(found.values())) - found[choice.right])
        return whole

    best = minimize(loss, [start[name] for name in names], method="L-BFGS-B").x
    return {name: round(float(value), 3) for name, value in zip(names, best, strict=True)}
