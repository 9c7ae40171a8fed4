"""Fit the relation scorer on annotated documents: ``python -m pipeline.training.relations GOLD_DIR [--models DIR]``."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import replace
from pathlib import Path

from pipeline.models import models_folder
from pipeline.relations import NONE, find_pairs
from pipeline.scorer import write_scorer
from pipeline.training.gold import GoldDocument, read_gold
from pipeline.training.gold_analysis import as_analysis
from pipeline.training.meetings import Task, fit

THRESHOLD = 0.25  # does best on held-out documents of train


def collect_pairs(documents: list[GoldDocument]) -> Task:
    """One example a pair of names: its features and the relation that the annotation gives the pair, or none."""
    task = Task()
    for gold in documents:
        stated = {(r.head_entity_id, r.tail_entity_id): r.kind.value for r in gold.relations}
        for pair in find_pairs(as_analysis(gold)):
            answer = NONE
            if "family" in (stated.get((pair.left, pair.right)), stated.get((pair.right, pair.left))):
                answer = "family>"  # it holds both ways, and the annotation names either first
            elif (pair.left, pair.right) in stated:
                answer = stated[pair.left, pair.right] + ">"
            elif (pair.right, pair.left) in stated:
                answer = stated[pair.right, pair.left] + "<"
            task.add(list(pair.features), answer, 1.0, gold.doc_id)
    return task


def main() -> None:
    """Read the annotated documents, fit, and write the scorer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, help="folder of annotated documents")
    parser.add_argument("--models", type=Path, default=models_folder() / "meetings", help="where the scorer goes")
    arguments = parser.parse_args()
    task = collect_pairs(read_gold(arguments.gold))
    scorer = replace(fit(task, strength=0.3, min_count=2, keep=0.02), settings={"threshold": THRESHOLD})
    write_scorer(arguments.models / "relations.tsv", scorer)
    print(f"relations {len(task.answers)} examples {dict(Counter(task.answers))}, {len(scorer.weights)} features")


if __name__ == "__main__":
    main()
