"""What the reader is asked in learning: of annotated documents, and of raw news as the scorers answer."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np

from pipeline.errors import InputError
from pipeline.folded import fold_word
from pipeline.meetings.candidates import Candidate
from pipeline.meetings.features import describe_all
from pipeline.meetings.pairs import PairTelling, find_pairs
from pipeline.meetings.reader import KINDS, Reader
from pipeline.meetings.triggers import read_form
from pipeline.meetings.view import View, build_view
from pipeline.meetings.windows import Stretch, Window, cut_sentences, marks_of, windows_of
from pipeline.schema import Analysis, Document
from pipeline.scorer import load_scorer
from pipeline.taggers.transformer import PieceVectors
from pipeline.training.annotated import page_ids
from pipeline.training.meeting_examples import Read, assign_triggers, near_of, pair_task, weight_of
from pipeline.training.rawtext import read_headed
from pipeline.training.reader_answers import Answers, EventAnswers, stated, taught
from pipeline.training.reader_net import Asked

_WORD = re.compile(r"[^\W\d_]+")
_WORDS = (60, 900)  # of a page
_EVERY = 3  # one page in so many, by its text
_LIKELY = 0.3  # a page is kept where two are as likely to have met, and of the others one in _UNLIKELY
_UNLIKELY = 4


def gold_examples(documents: Sequence[Read], scores: Sequence[float], pieces: PieceVectors) -> Iterator[Asked]:
    """The windows of annotated documents; ``scores`` are those of their candidates by scorers that saw others."""
    _, scored = pair_task(documents, scores)
    for read, one in zip(documents, scored, strict=True):
        gold = read.gold
        met = {pair for meeting in gold.meetings for pair in combinations(sorted(meeting.parties), 2)}
        answers = []
        assigned = assign_triggers(gold, read.view, near_of(read.described))
        for row, number in zip(read.described, assigned, strict=True):
            parties = gold.meetings[number].parties if number is not None else frozenset()
            answers.append([(candidate, float(candidate.entity_id in parties)) for candidate, _ in row])
        pairs = [(telling, float((telling.left, telling.right) in met)) for telling in one.tellings]
        events = {at: stated(gold.meetings[number]) for at, number in enumerate(assigned) if number is not None}
        weight = weight_of(gold.doc_id, page=1.0)
        yield from asked_of(gold.doc_id, read.view, Answers(answers, pairs, events), pieces, weight)


def raw_examples(raw: Path, pages: int, pieces: PieceVectors, teachers: Sequence[Reader] = ()) -> Iterator[Asked]:
    """The windows of raw news, with the answers of the shipped scorers. InputError where the folder holds no news.

    Where there are ``teachers``, other pages are read, with the answers of the scorers and of those readers together;
    annotated pages are left out, for the teachers know their answers.
    """
    from pipeline.run import analyse, open_tagger

    paths = sorted(raw.glob("news-*.txt.xz"))
    if not paths:
        raise InputError(f"{raw}: no news-*.txt.xz file; give the folder of the raw corpora")
    documents = (page for path in paths for page in _pages(path, pages // len(paths), again=bool(teachers)))
    parties, pairs = load_scorer("parties"), load_scorer("pairs")
    for found in analyse(documents, open_tagger("default"), instead={"meetings": lambda _: ()}):
        if not isinstance(found, Analysis):
            continue
        view = build_view(found)
        rows = [[(c, parties.probability(features)) for c, features in row] for row in describe_all(view)]
        told = [(telling, pairs.probability(telling.features)) for telling in find_pairs(view, rows)]
        doc_id = found.document.doc_id
        if max((score for _, score in told), default=0.0) >= _LIKELY or zlib.crc32(doc_id.encode()) % _UNLIKELY == 0:
            answers = taught(view, rows, told, teachers) if teachers else Answers(rows, told)
            yield from asked_of(doc_id, view, answers, pieces, 1.0)


def _pages(path: Path, most: int, *, again: bool) -> Iterator[Document]:
    """Pages that may tell of a meeting, the second time others than the first, and none that is annotated."""
    taken, known = 0, page_ids() if again else frozenset()
    for number, (doc_id, _, text) in enumerate(read_headed(path)):
        if taken == most:
            return
        if zlib.crc32(text.encode()) % _EVERY == int(again) and doc_id not in known and _may_tell(text):
            taken += 1
            yield Document(f"{path.stem}-{number}", text)


def _may_tell(text: str) -> bool:
    words = _WORD.findall(text)
    if not _WORDS[0] <= len(words) <= _WORDS[1]:
        return False
    return any((form := read_form(fold_word(word))) is not None and form.kind for word in words)


def asked_of(doc_id: str, view: View, answers: Answers, pieces: PieceVectors, weight: float) -> Iterator[Asked]:
    """What is asked of each window of a document; a pair only where all of it stands in one window."""
    by_trigger: dict[int, list[tuple[PairTelling, float]]] = {}
    for telling, answer in answers.pairs:
        by_trigger.setdefault(telling.trigger, []).append((telling, answer))
    wanted = {view.triggers[number].sentence for number, row in enumerate(answers.parties) if len(row) >= 2}
    for window in windows_of(cut_sentences(view, pieces), wanted):
        asked = _Window(view, window)
        numbers = [n for n, trigger in enumerate(view.triggers) if trigger.sentence in window.core]
        for number in numbers:
            asked.parties += asked.party_rows(number, answers.parties[number])
        for number in numbers:
            asked.pairs += asked.pair_rows(by_trigger.get(number, ()))
            if number in answers.events:
                asked.add_event(number, answers.events[number])
        if asked.parties:
            yield asked.finish(doc_id, weight)


class _Window:
    """Collects what is asked of one window."""

    def __init__(self, view: View, window: Window) -> None:
        self.view, self.window = view, window
        self.stretches: dict[Stretch, int] = {}
        self.parties: list[tuple[int, int, float]] = []
        self.pairs: list[tuple[int, int, int, float]] = []
        self.sites: list[tuple[int, int, float]] = []
        self.days: list[tuple[int, int, float]] = []
        self.told: list[tuple[int, int]] = []
        self._links: dict[tuple[int, str], int] = {}

    def party_rows(self, number: int, row: Sequence[tuple[Candidate, float]]) -> Iterator[tuple[int, int, float]]:
        trigger = self._trigger(number)
        for candidate, answer in row:
            link = candidate.link
            stretch = self.window.stretch(link.sentence, link.first, link.last)
            if trigger is not None and stretch is not None:
                self._links[number, candidate.entity_id] = self._number(stretch)
                yield trigger, self._number(stretch), answer

    def pair_rows(self, told: Iterable[tuple[PairTelling, float]]) -> Iterator[tuple[int, int, int, float]]:
        for telling, answer in told:
            trigger = self._trigger(telling.trigger)
            one, other = (self._link(telling, entity_id) for entity_id in (telling.left, telling.right))
            if trigger is not None and one is not None and other is not None:
                yield trigger, one, other, answer

    def add_event(self, number: int, event: EventAnswers) -> None:
        """The event that a trigger tells of: its kind, and which of the places and dates in the window are its own."""
        trigger = self._trigger(number)
        if trigger is None:
            return
        self.told.append((trigger, KINDS.index(event.kind.value)))
        for link in (link for sentence in self.window.stretches for link in self.view.places[sentence]):
            stretch = self.window.stretch(link.sentence, link.first, link.last)
            if stretch is not None:
                self.sites.append((trigger, self._number(stretch), event.place(link)))
        for day in self.view.analysis.dates:
            stretch = self.window.stretch(*self.view.words_of(day))
            if stretch is not None and day.when is not None and event.date is not None:
                self.days.append((trigger, self._number(stretch), event.date(day.when)))

    def _link(self, telling: PairTelling, entity_id: str) -> int | None:
        found = self._links.get((telling.trigger, entity_id))
        return self._links.get((telling.main, entity_id)) if found is None and telling.main is not None else found

    def _trigger(self, number: int) -> int | None:
        trigger = self.view.triggers[number]
        stretch = self.window.stretch(trigger.sentence, trigger.token, trigger.token)
        return None if stretch is None else self._number(stretch)

    def _number(self, stretch: Stretch) -> int:
        return self.stretches.setdefault(stretch, len(self.stretches))

    def finish(self, doc_id: str, weight: float) -> Asked:
        parties, pairs = np.array(self.parties), np.array(self.pairs).reshape(-1, 4)
        sites, days = (np.array(rows).reshape(-1, 3) for rows in (self.sites, self.days))
        return Asked(
            doc_id,
            np.array(self.window.ids),
            marks_of(self.view, self.window),
            list(self.stretches),
            parties[:, :2].astype(np.int64),
            parties[:, 2].astype(np.float32),
            pairs[:, :3].astype(np.int64),
            pairs[:, 3].astype(np.float32),
            sites[:, :2].astype(np.int64),
            sites[:, 2].astype(np.float32),
            days[:, :2].astype(np.int64),
            days[:, 2].astype(np.float32),
            np.array(self.told, np.int64).reshape(-1, 2),
            weight,
        )
