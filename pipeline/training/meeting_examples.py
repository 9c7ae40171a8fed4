"""Annotated documents as examples of the questions about meetings, by the features that the scorers see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

from pipeline.dates import find_dates
from pipeline.evaluation.gold import GoldDocument, GoldMeeting
from pipeline.meetings.attributes import Told, describe_kind
from pipeline.meetings.candidates import Candidate
from pipeline.meetings.days import date_candidates, describe_date
from pipeline.meetings.features import describe_all
from pipeline.meetings.pairs import Row, find_pairs
from pipeline.meetings.places import describe_places
from pipeline.meetings.reader import Reader, Reading, load_reader
from pipeline.meetings.status import describe_status
from pipeline.meetings.triggers import lemmas_of
from pipeline.meetings.view import View, build_view
from pipeline.positions import find_positions
from pipeline.references import find_references
from pipeline.schema import Analysis
from pipeline.training.annotated import page_ids
from pipeline.training.gold_analysis import as_analysis
from pipeline.training.tasks import Task, fold_of
from pipeline.training.told_events import Scored, when_as_text

_LEAD = 12  # code points before a quote that still belong to it
WEIGHTS = {"c": 2.0}  # documents drawn as meeting stories weigh double: they are like those that will be read
PAGE_WEIGHT = 0.5  # of annotated pages of raw news in the linear scorers: with more, common pairs look too unlikely
RARE = {"cancelled": 3.0, "denied": 10.0, "planned": 1.25}  # else the many held meetings drown them
FEW = {"call": 4.0}  # of the kinds, for the same reason


@dataclass(slots=True)
class Read:
    """A document with its view, the candidates of its triggers, and a reader that did not learn from it, if any."""

    gold: GoldDocument
    view: View
    described: list[list[tuple[Candidate, list[str]]]]
    reader: Reader | None = None
    opened: Reading | None = field(default=None, init=False, repr=False)

    def reading(self) -> Reading | None:
        """The document as its reader reads it, the same one whenever it is asked for; None without a reader."""
        if self.opened is None and self.reader is not None:
            self.opened = self.reader.open(self.view)
        return self.opened


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


def weight_of(doc_id: str, page: float = PAGE_WEIGHT) -> float:
    """How much the examples of a document weigh; ``page`` is for an annotated page of raw news.

    >>> weight_of("c001"), weight_of("t001"), weight_of("algeria-2021-1027")
    (2.0, 1.0, 0.5)
    """
    return page if doc_id in page_ids() else WEIGHTS.get(doc_id[:1], 1.0)


def near_of(described: Sequence[Sequence[tuple[Candidate, object]]]) -> list[set[str]]:
    """For each trigger the entities named in its own sentence."""
    return [{c.entity_id for c, _ in row if c.where in ("before", "after", "at")} for row in described]


def collect(documents: Iterable[Read]) -> dict[str, Task]:
    """The examples of the questions but the last; entity ids of the analysis must be those of the annotation."""
    tasks = {name: Task() for name in ("parties", "kind", "status", "place", "date")}
    for read in documents:
        gold, view, described = read.gold, read.view, read.described
        assigned = assign_triggers(gold, view, near_of(described))
        weight = weight_of(gold.doc_id)
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
    add_places(tasks["place"], gold.doc_id, view, told, meeting, weight)
    for expression, number in date_candidates(view, told):
        answer = "yes" if when_as_text(expression.when) == meeting.date else "no"
        tasks["date"].add(describe_date(view, told, expression, number), answer, weight, gold.doc_id)


def add_places(task: Task, doc_id: str, view: View, told: Told, meeting: GoldMeeting, weight: float) -> None:
    """The question where a meeting was, as it is told: its places, and last that the text does not say."""
    for entity_id, features in describe_places(view, told, meeting.kind).items():
        task.add(features, "yes" if entity_id == meeting.place_entity_id else "no", weight, doc_id)


def scored_rows(documents: Sequence[Read], scores: Sequence[float]) -> list[list[Row]]:
    """The candidates of each document's triggers with their scores, which come in one row."""
    given = iter(scores)
    return [[[(candidate, next(given)) for candidate, _ in row] for row in read.described] for read in documents]


def pair_task(documents: Sequence[Read], scores: Sequence[float]) -> tuple[Task, list[Scored]]:
    """Examples of 'did these two meet', with the first scores of held-out scorers in their features."""
    task, made = Task(), []
    for read, rows in zip(documents, scored_rows(documents, scores), strict=True):
        met = {pair for meeting in read.gold.meetings for pair in combinations(sorted(meeting.parties), 2)}
        weight = weight_of(read.gold.doc_id)
        made.append(Scored(read.gold, read.view, rows, find_pairs(read.view, rows)))
        for telling in made[-1].tellings:
            answer = "yes" if (telling.left, telling.right) in met else "no"
            task.add(list(telling.features), answer, weight, read.gold.doc_id)
    return task, made


def read_all(pairs: Iterable[tuple[GoldDocument, Analysis]], readers: Path | None = None) -> list[Read]:
    """The documents as the scorers see them, each with the reader of its fold where ``readers`` holds such."""
    views = ((gold, build_view(analysis)) for gold, analysis in pairs)
    made = [Read(gold, view, describe_all(view)) for gold, view in views]
    if readers is not None:
        for read in made:
            read.reader = load_reader(readers / f"fold-{fold_of(read.gold.doc_id)}")
    return made
