"""Recipe of ``pipeline/lexicons/position_weights.tsv``: learn from gold which title phrase is whose, and of what.

Run ``python -m pipeline.training.positions GOLD_TRAIN_FOLDER``; prints how much it learned from and writes the file.
With ``--raw RAW`` the annotated pages of raw news are read as well; the shipped weights are without them.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from pipeline.bearers import same_office
from pipeline.evaluation.gold import GoldDocument
from pipeline.gazetteer import LEXICONS
from pipeline.office_choice import features_of, options_of, view_document
from pipeline.training.annotated import read_with_pages
from pipeline.training.gold_analysis import as_analysis

PENALTY = 2.0
"""Strength of the squared penalty; of 0.5, 1 and 2 the best in three-fold cross-validation, by half a point."""
LEAST_COUNT = 3
"""Documents in which a feature must stand to be kept."""


@dataclass(frozen=True, slots=True)
class Example:
    """One candidate with one of-what: the features, whether gold holds it, and the group of rivals it belongs to."""

    features: tuple[str, ...]
    right: bool
    group: int
    document: int


def examples_of(golds: Sequence[GoldDocument]) -> Iterator[Example]:
    """The examples of the annotated documents; none where the words name an of-what that gold has by another title."""
    group = 0
    for number, gold in enumerate(golds):
        candidates, view = view_document(as_analysis(gold, upto="entities"))
        stated: dict[str, set[tuple[str, str | None]]] = {}
        for position in gold.positions:
            title = position.title.removeprefix("ال")
            stated.setdefault(position.entity_id, set()).add((title, position.of_country or position.of_entity_id))
        for candidate in candidates:
            group += 1
            own = stated.get(candidate.entity_id, set())
            for of, sources in options_of(candidate, view).items():
                right = any(of == other and same_office(title, candidate.title, of) for title, other in own)
                named = any(of == value for value, _ in candidate.explicit)
                if not right and named and any(of == other for _, other in own):
                    continue
                yield Example(tuple(features_of(candidate, of, sources, view)), right, group, number)


def fit(examples: Sequence[Example], names: Sequence[str], penalty: float = PENALTY) -> dict[str, float]:
    """Weights of a softmax over the of-whats of each candidate and the answer that it is no position at all.

    The latter scores 0. The loss of a candidate is the log of what is given to its right answers; a squared penalty
    keeps the weights small.
    """
    index = {name: column for column, name in enumerate(names)}
    ordered = sorted(examples, key=lambda example: example.group)
    rows, columns = [], []
    for row, example in enumerate(ordered):
        for name in set(example.features):
            if name in index:
                rows.append(row)
                columns.append(index[name])
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(ordered), len(names)))
    right = np.array([example.right for example in ordered])
    return _minimise(matrix, right, np.array([example.group for example in ordered]), names, penalty)


def _minimise(
    matrix: csr_matrix, right: np.ndarray, groups: np.ndarray, names: Sequence[str], penalty: float
) -> dict[str, float]:
    _, starts, group = np.unique(groups, return_index=True, return_inverse=True)
    answered = np.add.reduceat(right.astype(float), starts) > 0

    def loss(weight: np.ndarray) -> tuple[float, np.ndarray]:
        power = np.exp(np.clip(matrix @ weight, -30, 30))
        total = 1.0 + np.add.reduceat(power, starts)
        good = np.add.reduceat(power * right, starts)
        held = np.where(answered, good, 1.0)
        value = float(np.sum(np.log(total) - np.log(held)) + 0.5 * penalty * weight @ weight)
        slope = power / total[group] - np.where(right, power / held[group], 0.0)
        return value, matrix.T @ slope + penalty * weight

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 400})
    return dict(zip(names, found.x, strict=True))


def feature_names(examples: Sequence[Example]) -> list[str]:
    """The features that stand in at least :data:`LEAST_COUNT` documents, in order."""
    seen = {(name, example.document) for example in examples for name in example.features}
    counts = Counter(name for name, _ in seen)
    return sorted(name for name, count in counts.items() if count >= LEAST_COUNT)


def write_weights(weight_of: dict[str, float], path: Path) -> None:
    """Write the weights that are not zero at three decimals, by name."""
    with path.open("w", encoding="utf-8") as out:
        out.write("feature\tweight\n")
        for name, weight in sorted(weight_of.items()):
            if round(weight, 3):
                out.write(f"{name}\t{weight:.3f}\n")


def main() -> None:
    """Learn from the annotated documents and write the weights file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, help="folder of annotated documents")
    parser.add_argument("--raw", type=Path, help="folder of raw news, whose annotated pages are read as well")
    arguments = parser.parse_args()
    documents = read_with_pages(arguments.gold, arguments.raw)
    examples = list(examples_of(documents))
    right = sum(example.right for example in examples)
    print(f"{len(examples)} examples, {right} right, from {len(documents)} documents")
    names = feature_names(examples)
    write_weights(fit(examples, names), LEXICONS / "position_weights.tsv")
    print(f"{len(names)} features; wrote {LEXICONS / 'position_weights.tsv'}")


if __name__ == "__main__":
    main()
