"""How far the scorers and the reader are to be trusted: a logistic curve of both, fitted on held-out documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.scorer import Scorer, log_odds
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
