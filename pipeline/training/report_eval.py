"""Scores on gold, whole and with gold put in the place of earlier stages, reliability of confidences, and mistakes.

python -m pipeline.training.report_eval [--errors meeting] [--limit 40] [--sets dev train] [--shared ../shared]

The column "whole" may differ by a few facts from what ``liqa evaluate`` says of a run over the same texts: where two
found entities share as many mentions with a gold one, the smaller id has it (as in ``score.py``), and the ids of a
run's tables are others than those within a document.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.evaluate import Scores, evaluate
from pipeline.evaluation.analyses import predicted_from
from pipeline.evaluation.gold import GoldDocument, read_gold
from pipeline.evaluation.mistakes import FACTS, Mistake, find_mistakes
from pipeline.evaluation.reliability import (
    Bin,
    calibration_error,
    meeting_outcomes,
    mention_outcomes,
    position_outcomes,
    reliability,
)
from pipeline.schema import Analysis, Document
from pipeline.training.gold_analysis import as_analysis

_ROOT = Path(__file__).resolve().parents[2]
_VARIANTS: dict[str, tuple[str, ...]] = {
    "whole": (),
    "gold mentions": ("segments", "mentions"),
    "gold entities": ("segments", "mentions", "entities"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A set of documents with what the stages found in each; ``rejected`` counts those that fell out."""

    gold: Sequence[GoldDocument]
    analyses: Mapping[str, Analysis]
    rejected: int
    seconds: float

    def predicted(self) -> dict[str, GoldDocument]:
        """The findings by doc_id, in the shape of gold."""
        return {doc_id: predicted_from(analysis) for doc_id, analysis in self.analyses.items()}


def analyse_gold(gold: Sequence[GoldDocument], tagger: Any, given: Iterable[str] = ()) -> Found:
    """Run the stages over the texts of ``gold``; those named in ``given`` answer with gold instead."""
    from pipeline.run import analyse

    by_id = {document.doc_id: document for document in gold}

    def answer(field: str) -> Callable[[Analysis], Any]:
        return lambda analysis: getattr(as_analysis(by_id[analysis.document.doc_id]), field)

    start = time.perf_counter()
    documents = [Document(document.doc_id, document.text) for document in gold]
    results = list(analyse(documents, tagger, instead={field: answer(field) for field in given}))
    found = {result.document.doc_id: result for result in results if isinstance(result, Analysis)}
    return Found(gold, found, len(results) - len(found), time.perf_counter() - start)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; 0, or 2 where there is no gold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=None, help="folder that holds gold/dev and gold/train")
    parser.add_argument("--sets", nargs="+", default=["dev", "train"], help="folders of gold")
    parser.add_argument("--variants", nargs="+", default=list(_VARIANTS), choices=list(_VARIANTS))
    parser.add_argument("--tagger", default="default")
    parser.add_argument("--errors", nargs="*", default=[], choices=FACTS, help="kinds of fact to list mistakes of")
    parser.add_argument("--limit", type=int, default=40, help="mistakes listed of each kind and set (default 40)")
    options = parser.parse_args(arguments)
    shared = options.shared or next(
        (p for p in (_ROOT.parent / "shared", _ROOT.parents[1] / "shared") if p.is_dir()), None
    )
    if shared is None:
        print("no gold: ../shared is not beside this checkout; give --shared", file=sys.stderr)
        return 2
    from pipeline.run import open_tagger

    tagger = open_tagger(options.tagger)
    sets = {name: read_gold(shared / "gold" / name) for name in options.sets}
    found = {
        (name, variant): analyse_gold(gold, tagger, _VARIANTS[variant])
        for name, gold in sets.items()
        for variant in options.variants
    }
    print(_table({key: evaluate(one.gold, one.predicted()) for key, one in found.items()}))
    for (name, variant), one in found.items():
        print(f"{name}, {variant}: {len(one.gold)} documents, {one.rejected} rejected, {one.seconds:.1f} s")
        if variant == "whole":
            print(_reliability_lines(one))
        if variant == options.variants[0]:
            print(_mistake_lines(one, options.errors, options.limit))
    return 0


def _measures(scores: Scores) -> dict[str, tuple[float, float, float]]:
    made = {name: (row.precision, row.recall, row.f1) for name, row in scores.counts.items()}
    b_cubed = scores.entities
    made["entities B3"] = (b_cubed.precision, b_cubed.recall, b_cubed.f1)
    for name, share in scores.attributes.items():
        made[f"  {name}"] = (0.0, 0.0, share.right / share.compared if share.compared else 0.0)
    return made


def _table(scores: Mapping[tuple[str, str], Scores]) -> str:
    """F1 with precision and recall, one measure a line, one column for each set and variant."""
    columns = {key: _measures(value) for key, value in scores.items()}
    head = "".join(f"{f'{name}, {variant}':>24}" for name, variant in columns)
    lines = [f"{'F1 (P, R)':<15}{head}"]
    for name in next(iter(columns.values())):
        cells = ""
        for measures in columns.values():
            precision, recall, f1 = measures[name]
            rates = f" ({precision:5.1%}, {recall:5.1%})" if not name.startswith(" ") else " " * 16
            cells += f"{f1:8.1%}{rates}"
        lines.append(f"{name:<15}{cells}")
    return "\n".join(lines) + "\n"


def _reliability_lines(found: Found) -> str:
    """For each kind of row with a confidence: how often it was right, by what was said."""
    predicted = found.predicted()
    kinds = {"mention": mention_outcomes, "meeting": meeting_outcomes, "position": position_outcomes}
    lines: list[str] = []
    for name, outcomes_of in kinds.items():
        outcomes = [
            outcome
            for document in found.gold
            if document.doc_id in found.analyses
            for outcome in outcomes_of(document, predicted[document.doc_id], found.analyses[document.doc_id])
        ]
        bins: list[Bin] = reliability(outcomes)
        lines.append(f"  {name} confidences: expected calibration error {calibration_error(bins):.3f}")
        for one in bins:
            rates = f"said {one.confidence:.3f}  right {one.accuracy:.3f}"
            lines.append(f"  {one.first:.1f}-{one.last:.1f}  {one.n_rows:6} {name}s  {rates}")
    return "\n".join(lines)


def _mistake_lines(found: Found, facts: Sequence[str], limit: int) -> str:
    predicted = found.predicted()
    listed: Counter[str] = Counter()
    lines: list[str] = []
    for document in found.gold:
        mistakes: list[Mistake] = []
        if document.doc_id in predicted:
            mistakes = find_mistakes(document, predicted[document.doc_id])
        for mistake in mistakes:
            listed[mistake.fact] += 1
            if mistake.fact in facts and listed[mistake.fact] <= limit:
                lines += [
                    f"{mistake.doc_id} {mistake.fact} {mistake.verdict}: {mistake.told}",
                    f"    {mistake.context}",
                ]
    return "\n".join([f"  mistakes: {', '.join(f'{n} {fact}' for fact, n in listed.items())}", *lines])


if __name__ == "__main__":
    raise SystemExit(main())
