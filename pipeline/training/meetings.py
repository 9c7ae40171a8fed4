"""Fit the meeting scorers on annotated documents: ``python -m pipeline.training.meetings GOLD_DIR --raw RAW_DIR``.

Six linear scorers: who is a party of a trigger, which parties met (fitted on the first one's answers to documents that
it did not see), and the kind, status, place and date of an event. The thresholds do best on held-out documents.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from pipeline.dates import find_dates
from pipeline.meetings.attributes import (
    Told,
    date_candidates,
    describe_date,
    describe_kind,
)
from pipeline.meetings.candidates import Candidate
from pipeline.meetings.features import describe_all
from pipeline.meetings.pairs import find_pairs
from pipeline.meetings.places import NOWHERE, describe_places
from pipeline.meetings.status import describe_status
from pipeline.meetings.triggers import lemmas_of
from pipeline.meetings.view import View, build_view
from pipeline.models import models_folder
from pipeline.positions import find_positions
from pipeline.references import find_references
from pipeline.schema import Analysis
from pipeline.scorer import Scorer, load_scorer, write_scorer
from pipeline.training.cards import write_card
from pipeline.training.choice import fit_choice
from pipeline.training.gold import GoldDocument, GoldMeeting, read_gold
from pipeline.training.gold_analysis import as_analysis
from pipeline.training.status_examples import status_examples
from pipeline.training.tasks import Task, fit, held_out
from pipeline.training.told_events import Outcome, Scored, calibrate, found_events, when_as_text
from pipeline.training.unmet import unmet_documents

_LEAD = 12  # code points before a quote that still belong to it


@dataclass(slots=True)
class Read:
    """A document with its view and the candidates of its triggers, scored or not."""

    gold: GoldDocument
    view: View
    described: list[list[tuple[Candidate, list[str]]]]


def with_gold_entities(gold: GoldDocument) -> Analysis:
    """The document with its annotated mentions and entities, and our own positions, references and dates."""
    analysis = as_analysis(gold)
    analysis = replace(analysis, positions=find_positions(analysis))
    analysis = replace(analysis, references=find_references(analysis))
    return replace(analysis, dates=find_dates(analysis))


def assign_triggers(gold: GoldDocument, view: View, near: Sequence[set[str]]) -> list[int | None]:
    """For each trigger the number of the annotated meeting that it tells of, or None.

    A trigger tells of the meeting whose quote holds it; outside the quotes, of the meeting that shares most parties,
    two at least, with the names in the trigger's sentence; an attendance word, of the only meeting that shares one.
    """
    found: list[int | None] = []
    for trigger, here in zip(view.triggers, near, strict=True):
        quoted = [
            (-(len(meeting.parties & here) >= 2), meeting.quote.end - meeting.quote.start, number)
            for number, meeting in enumerate(gold.meetings)
            if meeting.quote and meeting.quote.start - _LEAD <= trigger.span.start < meeting.quote.end
        ]
        shared = [(len(m.parties & here), -len(m.parties), number) for number, m in enumerate(gold.meetings)]
        several = [one for one in shared if one[0] >= 2]
        single = [one for one in shared if one[0] == 1]
        if quoted:
            found.append(min(quoted)[2])
        elif several:
            found.append(max(several)[2])
        elif trigger.form.lemma in lemmas_of("attendance") and len(single) == 1:
            found.append(single[0][2])
        else:
            found.append(None)
    return found


def collect(documents: Iterable[Read], weight_of: dict[str, float]) -> dict[str, Task]:
    """The examples of the questions but the last; entity ids of the analysis must be those of the annotation."""
    tasks = {name: Task() for name in ("parties", "kind", "status", "place", "date")}
    for read in documents:
        gold, view, described = read.gold, read.view, read.described
        near = [{c.entity_id for c, _ in row if c.where in ("before", "after", "at")} for row in described]
        assigned = assign_triggers(gold, view, near)
        weight = weight_of.get(gold.doc_id[:1], 1.0)
        for row, number in zip(described, assigned, strict=True):
            parties = gold.meetings[number].parties if number is not None else frozenset()
            for candidate, features in row:
                answer = "yes" if candidate.entity_id in parties else "no"
                tasks["parties"].add(features, answer, weight, gold.doc_id)
        for number, meeting in enumerate(gold.meetings):
            triggers = [at for at, found in enumerate(assigned) if found == number]
            if triggers:
                _add_attributes(tasks, gold, view, meeting, triggers, weight)
    return tasks


def _add_attributes(
    tasks: dict[str, Task], gold: GoldDocument, view: View, meeting: GoldMeeting, triggers: list[int], weight: float
) -> None:
    quote = meeting.quote
    inside = [at for at in triggers if quote and quote.start - _LEAD <= view.triggers[at].span.start < quote.end]
    told = Told(tuple(inside + [at for at in triggers if at not in inside]), meeting.parties)
    kind = meeting.kind.value
    tasks["kind"].add(describe_kind(view, told), kind, weight * FEW.get(kind, 1.0), gold.doc_id)
    status = meeting.status.value
    tasks["status"].add(describe_status(view, told), status, weight * RARE.get(status, 1.0), gold.doc_id)
    for entity_id, features in describe_places(view, told, meeting.kind).items():
        answer = "yes" if entity_id == meeting.place_entity_id else "no"
        tasks["place"].add(features, answer, weight, gold.doc_id)
    for expression, number in date_candidates(view, told):
        answer = "yes" if when_as_text(expression.when) == meeting.date else "no"
        tasks["date"].add(describe_date(view, told, expression, number), answer, weight, gold.doc_id)


SETTINGS = {  # inverse penalty, least count of a feature, decision threshold; chosen by held-out documents of train
    "parties": (0.05, 4, 0.0),
    "kind": (0.1, 2, 0.0),
    "status": (0.1, 2, 0.0),
    "date": (0.3, 2, 0.4),
}
PAIRS = (0.1, 4)
PLACE = (0.05, 3)
DECISION = {"threshold": 0.36, "core": 0.5}
FLOOR = 0.25  # confidence below which an event is not told: on held-out train it costs one right event in 290
WEIGHTS = {"c": 2.0}  # documents drawn as meeting stories weigh double: they are like those that will be read
RARE = {"cancelled": 3.0, "denied": 10.0, "planned": 1.25}  # else the many held meetings drown them
FEW = {"call": 4.0}  # of the kinds, for the same reason
UNMET = 0.3  # how much an event found where nobody meets weighs in calibration
LIKE_READ = {"c": 8.0}  # in calibration the few meeting stories count as much as all else: such are mostly read


def pair_task(documents: Sequence[Read], scores: Sequence[float]) -> tuple[Task, list[Scored]]:
    """Examples of 'did these two meet', with the first scores of held-out scorers in their features."""
    task, made, at = Task(), [], 0
    for read in documents:
        rows = []
        for row in read.described:
            rows.append([(candidate, scores[at + i]) for i, (candidate, _) in enumerate(row)])
            at += len(row)
        met = {pair for meeting in read.gold.meetings for pair in combinations(sorted(meeting.parties), 2)}
        weight = WEIGHTS.get(read.gold.doc_id[:1], 1.0)
        made.append(Scored(read.gold, read.view, rows, find_pairs(read.view, rows)))
        for telling in made[-1].tellings:
            answer = "yes" if (telling.left, telling.right) in met else "no"
            task.add(list(telling.features), answer, weight, read.gold.doc_id)
    return task, made


def fit_all(documents: Sequence[Read], tasks: dict[str, Task], unmet: Sequence[Read] = ()) -> dict[str, Scorer]:
    """Every scorer with its settings; fills in the task ``pairs``, and events that were found into kind and status.

    In the documents of ``unmet`` nobody meets: the confidence is calibrated on the events that are found there as well.
    """
    outcomes = _held_out_outcomes(documents, tasks)
    for status, features in status_examples():
        tasks["status"].add(features, status.value, RARE.get(status.value, 1.0), "example")
    scorers = {}
    for name, (strength, min_count, threshold) in SETTINGS.items():
        scorer = fit(tasks[name], strength=strength, min_count=min_count)
        scorers[name] = replace(scorer, settings={"threshold": threshold} if threshold else {})
    place = (tasks["place"].features, tasks["place"].answers, tasks["place"].weights)
    scorers["place"] = fit_choice(*place, NOWHERE, strength=PLACE[0], min_count=PLACE[1])
    scorers["pairs"] = fit(tasks["pairs"], strength=PAIRS[0], min_count=PAIRS[1])
    return scorers | {"pairs": _calibrated(scorers, outcomes, unmet)}


def calibrate_anew(documents: Sequence[Read], tasks: dict[str, Task], unmet: Sequence[Read]) -> Scorer:
    """The shipped scorer of pairs with its weights as they are and new settings for the confidence of events."""
    outcomes = _held_out_outcomes(documents, tasks)
    return _calibrated({name: load_scorer(name) for name in ("parties", "pairs")}, outcomes, unmet)


def _held_out_outcomes(documents: Sequence[Read], tasks: dict[str, Task]) -> list[Outcome]:
    """What held-out scorers find in the documents; fills in ``pairs``, and the events into ``kind`` and ``status``."""
    strength, min_count, _ = SETTINGS["parties"]
    tasks["pairs"], scored = pair_task(documents, held_out(tasks["parties"], strength, min_count))
    return add_found(tasks, scored, held_out(tasks["pairs"], *PAIRS))


def _calibrated(scorers: dict[str, Scorer], outcomes: Sequence[Outcome], unmet: Sequence[Read]) -> Scorer:
    fitted = calibrate([*outcomes, *_false_events(unmet, scorers)])
    return replace(scorers["pairs"], settings=DECISION | {"floor": FLOOR} | fitted)


def _false_events(unmet: Sequence[Read], scorers: dict[str, Scorer]) -> Iterator[Outcome]:
    """What speaks for the events that the scorers find in documents where nobody meets."""
    scores = [scorers["parties"].probability(f) for read in unmet for row in read.described for _, f in row]
    _, scored = pair_task(unmet, scores)
    for one in scored:
        judged = [scorers["pairs"].probability(telling.features) for telling in one.tellings]
        for found in found_events(one, judged, DECISION):
            yield found.event.support, False, UNMET


def add_found(tasks: dict[str, Task], scored: Sequence[Scored], scores: Sequence[float]) -> list[Outcome]:
    """Add the events that held-out scorers find to the examples of kind and status; how sure each was, and if right."""
    outcomes, at = [], 0
    for one in scored:
        part = scores[at : at + len(one.tellings)]
        at += len(one.tellings)
        doc_id, view = one.gold.doc_id, one.view
        weight = WEIGHTS.get(doc_id[:1], 1.0)
        for found in found_events(one, part, DECISION):
            outcomes.append((found.event.support, found.meeting is not None, LIKE_READ.get(doc_id[:1], 1.0)))
            if found.meeting is not None:
                told, kind, status = found.told, found.meeting.kind.value, found.meeting.status.value
                tasks["kind"].add(describe_kind(view, told), kind, weight * FEW.get(kind, 1.0), doc_id)
                tasks["status"].add(describe_status(view, told), status, weight * RARE.get(status, 1.0), doc_id)
    return outcomes


def read_all(pairs: Iterable[tuple[GoldDocument, Analysis]]) -> list[Read]:
    """The documents as the scorers see them."""
    views = ((gold, build_view(analysis)) for gold, analysis in pairs)
    return [Read(gold, view, describe_all(view)) for gold, view in views]


def main() -> None:
    """Read the annotated documents, fit, and write one file a scorer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, help="folder of annotated documents")
    parser.add_argument(
        "--raw", type=Path, help="folder of raw news, whose pages of sport and culture are read as well"
    )
    parser.add_argument("--calibrate", action="store_true", help="only the confidence of meetings; the weights stay")
    parser.add_argument("--models", type=Path, default=models_folder() / "meetings", help="where the scorers go")
    arguments = parser.parse_args()
    documents = read_all((gold, with_gold_entities(gold)) for gold in read_gold(arguments.gold))
    tasks = collect(documents, WEIGHTS)
    unmet = read_all(unmet_documents(arguments.raw)) if arguments.raw else []
    anew = (
        {"pairs": calibrate_anew(documents, tasks, unmet)} if arguments.calibrate else fit_all(documents, tasks, unmet)
    )
    for name, scorer in anew.items():
        write_scorer(arguments.models / f"{name}.tsv", scorer)
        counts = Counter(tasks[name].answers)
        print(f"{name:8} {len(tasks[name].answers)} examples {dict(counts)}, {len(scorer.weights)} features")
    write_card(
        arguments.models,
        kind="meetings",
        trained_on=["gold/train", *(["corpora/raw"] if unmet else [])],
        notes="linear scorers, one weight a line: parties, pairs, kind, status, place and date by "
        "pipeline.training.meetings, relations by pipeline.training.relations; raw news lends pages of sport and "
        "culture, in which nobody meets, to the confidence of meetings; with --calibrate that alone was made, the "
        "weights by the command without it",
    )


if __name__ == "__main__":
    main()
