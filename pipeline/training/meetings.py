"""Fit the meeting scorers: ``python -m pipeline.training.meetings GOLD_DIR --raw RAW_DIR --readers READERS_DIR``.

Six linear scorers: who is a party of a trigger, which parties met (fitted on the first one's answers to documents that
it did not see), and the kind, status, place and date of an event. The thresholds do best on held-out documents.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.meetings.attributes import describe_kind
from pipeline.meetings.opinions import opinions_on
from pipeline.meetings.places import NOWHERE
from pipeline.meetings.reader import load_reader
from pipeline.meetings.status import describe_status
from pipeline.models import models_folder
from pipeline.scorer import Scorer, load_scorer, write_scorer
from pipeline.training.annotated import page_ids, read_with_pages
from pipeline.training.cards import write_card
from pipeline.training.choice import fit_choice
from pipeline.training.joining import JOINING, attribute_joining, joined, weigh
from pipeline.training.meeting_examples import (
    FEW,
    RARE,
    Read,
    add_places,
    collect,
    pair_task,
    read_all,
    weight_of,
    with_gold_entities,
)
from pipeline.training.status_examples import status_examples
from pipeline.training.tasks import Task, fit, held_out
from pipeline.training.told_events import Found, Outcome, Scored, calibrate, found_events
from pipeline.training.unmet import unmet_documents

SETTINGS = {  # inverse penalty, least count of a feature, decision threshold; chosen by held-out documents of train
    "parties": (0.05, 8, 0.0),
    "kind": (0.1, 2, 0.0),
    "status": (0.1, 2, 0.0),
    "date": (0.3, 2, 0.4),
}
PAIRS = (0.1, 4)
PLACE = (0.05, 3)
ALONE = ("kind", "place", "date")  # scorers that can be fitted anew beside shipped ones
DECISION = {"threshold": 0.36, "core": 0.4}
FLOOR = 0.4  # confidence below which an event is not told: with about half of the F1 reached, one more gains nothing
WRITTEN = 2.0  # weight of a sentence written to show a status, beside an annotated event of an article
UNMET = 0.6  # how much an event found where nobody meets weighs in calibration
LIKE_READ = {"c": 8.0}  # in calibration the few meeting stories count as much as all else: such are mostly read


def fit_all(documents: Sequence[Read], tasks: dict[str, Task], unmet: Sequence[Read] = ()) -> dict[str, Scorer]:
    """Every scorer with its settings; fills in the task ``pairs``, and events that were found into kind and status.

    In the documents of ``unmet`` nobody meets: the confidence is calibrated on the events that are found there as well.
    """
    found = _held_out(documents, tasks)
    for status, features in status_examples():
        tasks["status"].add(features, status.value, WRITTEN * RARE.get(status.value, 1.0), "example")
    scorers = {name: fit_one(name, tasks[name]) for name in (*SETTINGS, "place")}
    for name, settings in attribute_joining(found.told, tasks, fit_one).items():
        scorers[name] = replace(scorers[name], settings={**scorers[name].settings, **settings})
    scorers["pairs"] = fit(tasks["pairs"], strength=PAIRS[0], min_count=PAIRS[1])
    scorers["pairs"] = replace(scorers["pairs"], settings=found.joining)
    return scorers | {"pairs": _calibrated(scorers, found.outcomes, unmet)}


def fit_one(name: str, task: Task) -> Scorer:
    """The scorer of a question but that of the pairs, with its settings."""
    if name == "place":
        rows = (task.features, task.answers, task.weights)
        return fit_choice(*rows, NOWHERE, strength=PLACE[0], min_count=PLACE[1])
    strength, min_count, threshold = SETTINGS[name]
    scorer = fit(task, strength=strength, min_count=min_count)
    return replace(scorer, settings={"threshold": threshold} if threshold else {})


def calibrate_anew(documents: Sequence[Read], tasks: dict[str, Task], unmet: Sequence[Read]) -> dict[str, Scorer]:
    """The shipped scorers that hear a reader, weights as they are; its say and the confidence are fitted anew.

    Without readers its say stays as well.
    """
    found = _held_out(documents, tasks)
    anew = {}
    for name, settings in attribute_joining(found.told, tasks, fit_one).items():
        known = load_scorer(name)
        anew[name] = replace(known, settings={**known.settings, **settings})
    shipped = load_scorer("pairs")
    pairs = replace(shipped, settings=found.joining or shipped.settings)
    return anew | {"pairs": _calibrated({"parties": load_scorer("parties"), "pairs": pairs}, found.outcomes, unmet)}


def confidence_anew(documents: Sequence[Read], tasks: dict[str, Task], unmet: Sequence[Read]) -> dict[str, Scorer]:
    """The shipped scorer of pairs with the confidence fitted anew; its weights and how far a reader is trusted stay."""
    shipped = load_scorer("pairs")
    found = _held_out(documents, tasks, shipped.settings)
    return {"pairs": _calibrated({"parties": load_scorer("parties"), "pairs": shipped}, found.outcomes, unmet)}


def fit_only(name: str, documents: Sequence[Read], tasks: dict[str, Task]) -> dict[str, Scorer]:
    """One scorer with new weights, learned from what is annotated and from what is found; its settings are as shipped.

    Where no readers of the folds are given, the scorers alone find what it learns from.
    """
    _held_out(documents, tasks)
    return {name: replace(fit_one(name, tasks[name]), settings=load_scorer(name).settings)}


_NOTES = (
    "linear scorers, one weight a line: parties, pairs, kind, status, place and date by pipeline.training.meetings, "
    "relations by pipeline.training.relations; raw text lends pages of sport, culture and an encyclopedia, on which "
    "nobody meets, to the confidence of meetings"
)
_SETTINGS_ALONE = (
    "with --calibrate the confidence and the weight of the reader's opinion alone were made, the other weights by an "
    "earlier run of the command without it"
)


_CONFIDENCE_ALONE = (
    "with --confidence the confidence alone was made, all else by an earlier run of the command without it"
)


def _notes(arguments: argparse.Namespace) -> str:
    if arguments.only:
        return f"{_NOTES}; with --only {arguments.only} that scorer alone was made, the others by an earlier run"
    alone = _SETTINGS_ALONE if arguments.calibrate else _CONFIDENCE_ALONE if arguments.confidence else ""
    return f"{_NOTES}; {alone}" if alone else _NOTES


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What scorers and readers that did not see them say of documents; ``joining`` are the settings that join both.

    ``told`` are the documents with the events that were found rightly.
    """

    outcomes: list[Outcome]
    joining: dict[str, float]
    told: list[tuple[Read, list[Found]]]


def _held_out(documents: Sequence[Read], tasks: dict[str, Task], joining: Mapping[str, float] | None = None) -> HeldOut:
    """What is found in held-out documents; fills in ``pairs``, and adds to ``kind``, ``status`` and ``place``.

    Scorers and readers are joined by settings fitted on the same, or by those of ``joining``.
    """
    strength, min_count, _ = SETTINGS["parties"]
    tasks["pairs"], scored = pair_task(documents, held_out(tasks["parties"], strength, min_count))
    scores = held_out(tasks["pairs"], *PAIRS)
    opinions = _opinions(documents, scored, scores)
    settings = weigh(scores, opinions, tasks["pairs"]) if joining is None else dict(joining)
    outcomes, right = add_found(tasks, scored, joined(scores, opinions, settings))
    return HeldOut(outcomes, settings, list(zip(documents, right, strict=True)))


def _opinions(documents: Sequence[Read], scored: Sequence[Scored], scores: Sequence[float]) -> list[float | None]:
    """What each document's reader thinks of its pairs; None where it has no reader."""
    found: list[float | None] = []
    for read, one in zip(documents, scored, strict=True):
        part = scores[len(found) : len(found) + len(one.tellings)]
        reading = read.reading()
        if reading is None:
            found += [None] * len(part)
        else:
            found += opinions_on(one.view, one.rows, one.tellings, part, reading)
    return found


def _calibrated(scorers: dict[str, Scorer], outcomes: Sequence[Outcome], unmet: Sequence[Read]) -> Scorer:
    pairs = scorers["pairs"]
    joining = {name: pairs.settings[name] for name in JOINING if name in pairs.settings}
    fitted = calibrate([*outcomes, *_false_events(unmet, scorers)])
    return replace(pairs, settings=DECISION | {"floor": FLOOR} | joining | fitted)


def _false_events(unmet: Sequence[Read], scorers: dict[str, Scorer]) -> Iterator[Outcome]:
    """What speaks for the events that the scorers find in documents where nobody meets."""
    scores = [scorers["parties"].probability(f) for read in unmet for row in read.described for _, f in row]
    task, scored = pair_task(unmet, scores)
    own = [scorers["pairs"].probability(features) for features in task.features]
    judged = iter(joined(own, _opinions(unmet, scored, own), scorers["pairs"].settings))
    for one in scored:
        for found in found_events(one, [next(judged) for _ in one.tellings], DECISION):
            yield found.event.support, False, UNMET


def add_found(
    tasks: dict[str, Task], scored: Sequence[Scored], scores: Sequence[float]
) -> tuple[list[Outcome], list[list[Found]]]:
    """Add the events that held-out scorers find to the examples of kind, status and place.

    Returned is how sure each was and whether it was right, and by document those that were right.
    """
    outcomes: list[Outcome] = []
    right: list[list[Found]] = []
    at = 0
    for one in scored:
        part = scores[at : at + len(one.tellings)]
        at += len(one.tellings)
        doc_id, view = one.gold.doc_id, one.view
        weight = weight_of(doc_id)
        right.append([])
        for found in found_events(one, part, DECISION):
            if doc_id not in page_ids():  # a page that was taken for its doubts does not tell how sure others are
                outcomes.append((found.event.support, found.meeting is not None, LIKE_READ.get(doc_id[:1], 1.0)))
            if found.meeting is not None:
                right[-1].append(found)
                told, kind, status = found.told, found.meeting.kind.value, found.meeting.status.value
                tasks["kind"].add(describe_kind(view, told), kind, weight * FEW.get(kind, 1.0), doc_id)
                tasks["status"].add(describe_status(view, told), status, weight * RARE.get(status, 1.0), doc_id)
                add_places(tasks["place"], doc_id, view, told, found.meeting, weight)
    return outcomes, right


def main() -> None:
    """Read the annotated documents, fit, and write one file a scorer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, help="folder of annotated documents")
    parser.add_argument(
        "--raw", type=Path, help="folder of raw news: its annotated pages, and those on which nobody meets"
    )
    parser.add_argument("--readers", type=Path, help="folder of the readers of the folds; without it, none is asked")
    parser.add_argument(
        "--calibrate", action="store_true", help="only the confidence and how far a reader is trusted; the weights stay"
    )
    parser.add_argument("--confidence", action="store_true", help="only the confidence; all else stays")
    parser.add_argument("--only", choices=ALONE, help="only this scorer's weights; the others and all settings stay")
    parser.add_argument("--models", type=Path, default=models_folder() / "meetings", help="where the scorers go")
    arguments = parser.parse_args()
    annotated = ((gold, with_gold_entities(gold)) for gold in read_with_pages(arguments.gold, arguments.raw))
    documents = read_all(annotated, arguments.readers)
    tasks = collect(documents)
    unmet = read_all(unmet_documents(arguments.raw)) if arguments.raw and not arguments.only else []
    for read in unmet if arguments.readers else ():
        read.reader = load_reader()
    if arguments.only:
        anew = fit_only(arguments.only, documents, tasks)
    else:
        how = confidence_anew if arguments.confidence else calibrate_anew if arguments.calibrate else fit_all
        anew = how(documents, tasks, unmet)
    if not (arguments.readers or arguments.only):
        print("without --readers the scorers decide alone: no reader is asked in use")
    for name, scorer in anew.items():
        write_scorer(arguments.models / f"{name}.tsv", scorer)
        counts = Counter(tasks[name].answers)
        print(f"{name:8} {len(tasks[name].answers)} examples {dict(counts)}, {len(scorer.weights)} features")
    write_card(
        arguments.models,
        kind="meetings",
        trained_on=["gold/train", *(["corpora/raw"] if arguments.raw else [])],
        notes=_notes(arguments),
    )


if __name__ == "__main__":
    main()
