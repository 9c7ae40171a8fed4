"""Linear scorers in readable files: one line a feature, one column of weights a class.

A scorer answers with probabilities; it was fitted by :mod:`pipeline.training.meetings`, and needs no library to run.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.errors import ModelError
from pipeline.models import models_folder

BIAS = "(bias)"
_DOUBT = 0.001
_REMEDY = "restore it with 'git checkout -- models', or fit it anew with python -m pipeline.training.meetings"


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights by feature, one number a class; a scorer of one class is a yes-or-no question."""

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]
    settings: Mapping[str, float]

    def total(self, features: Iterable[str]) -> float:
        """The sum of the first class's weights, for a scorer whose candidates compete: the highest is the answer."""
        return self.bias[0] + sum(self.weights[feature][0] for feature in features if feature in self.weights)

    def probability(self, features: Iterable[str]) -> float:
        """How likely the first class is, for a yes-or-no scorer."""
        get = self.weights.get
        total = self.bias[0]
        for feature in features:
            found = get(feature)
            if found is not None:
                total += found[0]
        return sigmoid(total)

    def joined(self, own: float, opinion: float | None) -> float:
        """Its own probability and the log odds of another opinion as one; its own where there is no other.

        The weights are the settings ``own``, ``opinion`` and ``bias``, fitted on held-out documents.
        """
        if opinion is None or "opinion" not in self.settings:
            return own
        weights = self.settings
        return sigmoid(weights["bias"] + weights["own"] * log_odds(own) + weights["opinion"] * opinion)

    def distribution(self, features: Iterable[str]) -> dict[str, float]:
        """The probability of each class (softmax)."""
        known = [found for feature in features if (found := self.weights.get(feature)) is not None]
        totals = [sum(column) for column in zip(self.bias, *known, strict=True)]
        highest = max(totals)
        powers = [math.exp(total - highest) for total in totals]
        whole = sum(powers)
        return {name: power / whole for name, power in zip(self.classes, powers, strict=True)}

    def joined_distribution(self, own: Mapping[str, float], opinion: Mapping[str, float] | None) -> dict[str, float]:
        """Its own distribution and the logarithms of another's as one; its own where there is no other.

        Both are weighed, as logarithms, by the settings ``own`` and ``opinion``, fitted on held-out documents.
        """
        if opinion is None or "opinion" not in self.settings:
            return dict(own)
        totals = joined_logs(own, opinion, self.settings)
        highest = max(totals.values())
        powers = {name: math.exp(total - highest) for name, total in totals.items()}
        whole = sum(powers.values())
        return {name: power / whole for name, power in powers.items()}

    def reasons(self, features: Iterable[str], limit: int = 6) -> tuple[str, ...]:
        """The features that weigh most, with their weights, the heaviest first: the trail of a decision."""
        found = [(feature, self.weights[feature][0]) for feature in set(features) if feature in self.weights]
        found.sort(key=lambda pair: (-abs(pair[1]), pair[0]))
        return tuple(f"{feature} {weight:+.2f}" for feature, weight in found[:limit])


def joined_logs(
    own: Mapping[str, float], opinion: Mapping[str, float], settings: Mapping[str, float]
) -> dict[str, float]:
    """The logarithms of a distribution and of another opinion, weighed by the settings ``own`` and ``opinion``."""
    weight, other = settings["own"], settings["opinion"]
    return {name: weight * math.log(max(_DOUBT, share)) + other * opinion[name] for name, share in own.items()}


def sigmoid(total: float) -> float:
    """The logistic function, safe for large numbers."""
    if total >= 0:
        return 1.0 / (1.0 + math.exp(-min(total, 500.0)))
    power = math.exp(max(total, -500.0))
    return power / (1.0 + power)


def log_odds(probability: float) -> float:
    """The logarithm of the odds, of a probability that is at least a thousandth away from certainty."""
    bounded = min(1.0 - _DOUBT, max(_DOUBT, probability))
    return math.log(bounded / (1.0 - bounded))


def load_scorer(name: str) -> Scorer:
    """The scorer in ``models/meetings/<name>.tsv``, read once. Raises ModelError where it is missing or damaged."""
    return read_scorer(models_folder() / "meetings" / f"{name}.tsv")


@lru_cache(maxsize=32)
def read_scorer(path: Path) -> Scorer:
    """The scorer in a file. Raises ModelError where the file is missing or damaged."""
    try:
        return _scorer(path)
    except FileNotFoundError as error:
        raise ModelError(f"{path} is missing; {_REMEDY}") from error
    except (OSError, ValueError, IndexError) as error:
        raise ModelError(f"{path} is damaged ({error}); {_REMEDY}") from error


def _scorer(path: Path) -> Scorer:
    settings: dict[str, float] = {}
    weights: dict[str, tuple[float, ...]] = {}
    classes: tuple[str, ...] = ()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        fields = line.split("\t")
        if line.startswith("#"):
            settings[fields[0][1:].strip()] = float(fields[1])
        elif not classes:
            classes = tuple(fields[1:])
        elif len(fields) != len(classes) + 1:
            raise ValueError(f"line {number} has {len(fields)} fields, not {len(classes) + 1}")
        else:
            weights[fields[0]] = tuple(float(field) for field in fields[1:])
    if BIAS not in weights:
        raise ValueError(f"no {BIAS} line")
    return Scorer(classes, weights.pop(BIAS), weights, settings)


def _short(weight: float) -> str:
    """A weight in thousandths, without zeros at its end."""
    text = f"{weight:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def write_scorer(path: Path, scorer: Scorer) -> None:
    """Write a scorer's file: settings after ``#``, the classes, the bias, then the features by name."""
    lines = [f"#{name}\t{value:g}" for name, value in sorted(scorer.settings.items())]
    lines.append("\t".join(("feature", *scorer.classes)))
    rows = [(BIAS, scorer.bias), *sorted(scorer.weights.items())]
    lines += ["\t".join((name, *map(_short, row))) for name, row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")
