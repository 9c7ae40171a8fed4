"""What each group of features is worth: ``python -m pipeline.training.ablate_meetings TRAIN_DIR DEV_DIR``.

Who-with-whom and event F1 with annotated mentions, with all features and then without one group at a time; the first
lines also give the held-out figures of the training documents, every fold judged by scorers that did not see it.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.evaluation.gold import GoldDocument, read_gold
from pipeline.meetings import find_meetings
from pipeline.meetings.features import BODY
from pipeline.meetings.reader import load_reader
from pipeline.scorer import Scorer, write_scorer
from pipeline.training.annotated import read_annotated
from pipeline.training.meeting_examples import Read, collect, read_all, with_gold_entities
from pipeline.training.meetings import fit_all
from pipeline.training.other_models import models_from
from pipeline.training.tasks import FOLDS, Task, fold_of

GROUPS = {
    "lists of names": r"chain|mates|place=|.*\+mates",
    "words between": r"path=|.*\+path=|via=|nbetween|.*nbetween|others=|triggers=",
    "governor and clitic": r"gov=|.*gov=|clitic=|.*clitic=",
    "cue words around": r"cue=",
    "trigger word": r"t=|.*\+t=|best=|lemma=",
    "other sentences": r"prev\d|next\+|head\+",
    "attendance bridges": r"bridge",
    "sides by country": r"country=",
    "frames of pairs": r"k=|t=.*\+shape=|frame2?=|shape=|rivals=|between=|verbs=|pgap=|peer|apart=",
    "headline": r"headline",
}


@dataclass(slots=True)
class Score:
    """Right, predicted and annotated pairs and events, added up."""

    right: int = 0
    predicted: int = 0
    gold: int = 0
    events: int = 0
    predicted_events: int = 0
    gold_events: int = 0

    def add(self, gold: GoldDocument, found: Sequence[frozenset[str]]) -> None:
        """Count one document."""
        wanted = [meeting.parties for meeting in gold.meetings]
        one, other = _pairs(found), _pairs(wanted)
        self.right += len(one & other)
        self.predicted += len(one)
        self.gold += len(other)
        free = list(found)
        for parties in wanted:
            likest = max(free, key=lambda group: len(group & parties) / len(group | parties), default=frozenset())
            if 2 * len(likest & parties) >= len(likest | parties):
                free.remove(likest)
                self.events += 1
        self.predicted_events += len(found)
        self.gold_events += len(wanted)

    def __add__(self, other: Score) -> Score:
        """Both counted together."""
        return Score(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    def __str__(self) -> str:
        pairs = 2 * self.right / max(1, self.predicted + self.gold)
        events = 2 * self.events / max(1, self.predicted_events + self.gold_events)
        return f"who with whom {pairs:6.1%}   events {events:6.1%}"


def _pairs(groups: Iterable[frozenset[str]]) -> set[tuple[str, str]]:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def measure(documents: Sequence[Read], scorers: dict[str, Scorer]) -> Score:
    """The score of the meeting stage with these scorers."""
    score = Score()
    with TemporaryDirectory() as folder, models_from(Path(folder)):
        for name, scorer in scorers.items():
            write_scorer(Path(folder) / "meetings" / f"{name}.tsv", scorer)
        for read in documents:
            found = find_meetings(read.view.analysis, read.reader)
            score.add(read.gold, [frozenset(party.entity_id for party in meeting.parties) for meeting in found])
    return score


def without(tasks: dict[str, Task], pattern: str | None) -> dict[str, Task]:
    """The tasks without the features that the pattern matches."""
    if pattern is None:
        return tasks
    unwanted = re.compile(pattern)
    return {
        name: Task(
            [[f for f in row if not unwanted.match(f.removeprefix(BODY))] for row in t.features],
            t.answers,
            t.weights,
            t.groups,
        )
        for name, t in tasks.items()
    }


def fit_without(documents: Sequence[Read], pattern: str | None = None) -> dict[str, Scorer]:
    """Scorers fitted on the documents without a group of features."""
    tasks = without(collect(documents), pattern)
    scorers = fit_all(documents, tasks)
    if pattern is None:
        return scorers
    unwanted = re.compile(pattern)
    return {
        name: Scorer(
            s.classes,
            s.bias,
            {f: w for f, w in s.weights.items() if not unwanted.match(f.removeprefix(BODY))},
            s.settings,
        )
        for name, s in scorers.items()
    }


def held_out_scores(documents: Sequence[Read], more: Sequence[Read] = ()) -> dict[str, Score]:
    """The score of each kind of document, by the letter of its id, over all folds, each by scorers of the others.

    From ``more`` all scorers learn, and none is judged on them.
    """
    totals: dict[str, Score] = {}
    for fold in range(FOLDS):
        others = [read for read in documents if fold_of(read.gold.doc_id) != fold]
        scorers = fit_without([*others, *more])
        judged = [read for read in documents if fold_of(read.gold.doc_id) == fold]
        for kind in sorted({read.gold.doc_id[:1] for read in judged}):
            part = measure([read for read in judged if read.gold.doc_id[:1] == kind], scorers)
            totals[kind] = totals.get(kind, Score()) + part
    return totals


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path, help="annotated documents to learn from")
    parser.add_argument("dev", type=Path, help="annotated documents to check on")
    parser.add_argument("--groups", nargs="*", default=list(GROUPS), choices=list(GROUPS), help="groups to leave out")
    parser.add_argument("--held-out", action="store_true", help="measure held-out train documents as well (slow)")
    parser.add_argument("--readers", type=Path, help="folder of the readers of the folds; without it, none is asked")
    parser.add_argument("--raw", type=Path, help="folder of raw news, whose annotated pages are learned from as well")
    arguments = parser.parse_args()
    annotated = ((gold, with_gold_entities(gold)) for gold in read_gold(arguments.train))
    train = read_all(annotated, arguments.readers)
    pages = read_annotated(arguments.raw) if arguments.raw else []
    more = read_all(((gold, with_gold_entities(gold)) for gold in pages), arguments.readers)
    dev = read_all((gold, with_gold_entities(gold)) for gold in read_gold(arguments.dev))
    if arguments.readers:
        for read in dev:
            read.reader = load_reader()
    if arguments.held_out:
        scores = held_out_scores(train, more)
        for kind, score in scores.items():
            print(f"{f'train {kind}*, held out':28} {score}", flush=True)
        print(f"{'train, held out':28} {sum(scores.values(), Score())}", flush=True)
    print(f"{'dev, all features':28} {measure(dev, fit_without([*train, *more]))}", flush=True)
    for group in arguments.groups:
        score = measure(dev, fit_without([*train, *more], GROUPS[group]))
        print(f"{'dev, without ' + group:28} {score}", flush=True)


if __name__ == "__main__":
    main()
