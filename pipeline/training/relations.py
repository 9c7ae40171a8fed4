"""Fit the relation scorer on annotated documents: ``python -m pipeline.training.relations GOLD_DIR --raw RAW_DIR``.

With ``--held-out`` nothing is written: every document is judged by a scorer that did not see it, and the score printed.
What it reaches together with the reader, ``python -m pipeline.training.relation_reader ... --held-out`` tells.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.evaluation.gold import GoldDocument, GoldRelation, read_gold
from pipeline.models import models_folder
from pipeline.relation_features import Pair
from pipeline.relation_pairs import find_pairs
from pipeline.relation_reader import RelationReader
from pipeline.relations import NONE, find_relations
from pipeline.schema import Relation
from pipeline.scorer import Scorer, write_scorer
from pipeline.training.annotated import read_annotated
from pipeline.training.gold_analysis import as_analysis
from pipeline.training.meeting_examples import with_gold_entities
from pipeline.training.tasks import FOLDS, Task, fit, fold_of

THRESHOLDS = {"located_in": 0.3, "member_of": 0.2, "family": 0.4, "appointed": 0.3}
"""How likely a relation must be, scorer and reader together; best on held-out train."""
TRUST = {"own": 0.5, "opinion": 0.5}
"""How much the scorer's answer and the reader's count where both are asked, best on held-out train."""
_RARE = {"appointed>": 2.0, "appointed<": 2.0}
"""Weights of what is stated so seldom that it would hardly ever be told."""


def collect_pairs(documents: Sequence[GoldDocument]) -> Task:
    """One example a pair of names: its features and the relation that the annotation gives the pair, or none."""
    task = Task()
    for gold in documents:
        pairs = list(find_pairs(as_analysis(gold)))
        for pair, answer in zip(pairs, answers_of(gold, pairs), strict=True):
            task.add(list(pair.features), answer, _RARE.get(answer, 1.0), gold.doc_id)
    return task


def answers_of(gold: GoldDocument, pairs: Iterable[Pair]) -> Iterator[str]:
    """What the annotation says of each pair: the relation, with a sign of which is its head, or none."""
    stated = {(r.head_entity_id, r.tail_entity_id): r.kind.value for r in gold.relations}
    for pair in pairs:
        if "family" in (stated.get((pair.head, pair.tail)), stated.get((pair.tail, pair.head))):
            yield "family>"  # it holds both ways, and the annotation names either first
        elif (pair.head, pair.tail) in stated:
            yield stated[pair.head, pair.tail] + ">"
        elif (pair.tail, pair.head) in stated:
            yield stated[pair.tail, pair.head] + "<"
        else:
            yield NONE


def fit_relations(task: Task) -> Scorer:
    """The scorer of relations, with its thresholds and how much it counts beside the reader."""
    settings = TRUST | {f"threshold {kind}": threshold for kind, threshold in THRESHOLDS.items()}
    return replace(fit(task, strength=0.3, min_count=3, keep=0.06, digits=2), settings=settings)


def measure_held_out(
    documents: Sequence[GoldDocument],
    more: Sequence[GoldDocument] = (),
    reader_of: Callable[[int], RelationReader | None] = lambda _: None,
) -> Counter[tuple[str, str]]:
    """(relation, ``right``, ``found`` or ``gold``) to how many, every fold judged by a scorer fitted on the others.

    From ``more`` every scorer learns, and none is judged on them. ``reader_of`` gives the reader that is asked beside
    it of a fold's documents; by default there is none.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for fold in range(FOLDS):
        others = [gold for gold in documents if fold_of(gold.doc_id) != fold]
        scorer, reader = fit_relations(collect_pairs([*others, *more])), reader_of(fold)
        for gold in (gold for gold in documents if fold_of(gold.doc_id) == fold):
            analysis = as_analysis(gold) if reader is None else with_gold_entities(gold)
            found = {_key(relation) for relation in find_relations(analysis, scorer, reader)}
            wanted = {_key(relation) for relation in gold.relations}
            for name, keys in (("found", found), ("gold", wanted), ("right", found & wanted)):
                counts.update((kind, name) for kind, _, _ in keys)
    return counts


def _key(relation: Relation | GoldRelation) -> tuple[str, str, str]:
    head, tail = relation.head_entity_id, relation.tail_entity_id
    kind = relation.kind.value
    return (kind, *sorted((head, tail))) if kind == "family" else (kind, head, tail)  # type: ignore[return-value]


def print_counts(counts: Counter[tuple[str, str]]) -> None:
    """A line a relation and one for all: F1, right, found, annotated."""
    kinds = sorted({kind for kind, _ in counts})
    for name, chosen in [*((kind, [kind]) for kind in kinds), ("all", kinds)]:
        right, found, gold = (sum(counts[kind, what] for kind in chosen) for what in ("right", "found", "gold"))
        print(
            f"{name:12} F1 {200 * right / max(1, found + gold):5.1f}   {right} right, {found} found, {gold} annotated"
        )


def read_options(description: str | None, folder: str) -> argparse.Namespace:
    """The options of a recipe for relations, which writes into that folder of models."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, help="folder of annotated documents")
    parser.add_argument("--raw", type=Path, help="folder of raw news, whose annotated pages are read as well")
    parser.add_argument("--models", type=Path, default=models_folder() / folder, help="where the weights go")
    parser.add_argument("--held-out", action="store_true", help="print the score on held-out documents; write nothing")
    return parser.parse_args()


def main() -> None:
    """Read the annotated documents, then fit and write the scorer, or measure."""
    arguments = read_options(__doc__, "meetings")
    documents, more = read_gold(arguments.gold), read_annotated(arguments.raw) if arguments.raw else []
    if arguments.held_out:
        print_counts(measure_held_out(documents, more))
        return
    task = collect_pairs([*documents, *more])
    scorer = fit_relations(task)
    write_scorer(arguments.models / "relations.tsv", scorer)
    print(f"relations {len(task.answers)} examples {dict(Counter(task.answers))}, {len(scorer.weights)} features")


if __name__ == "__main__":
    main()
