"""The answers that the reader learns from: of annotations, of the scorers, and of scorers and readers together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.evaluation.gold import GoldMeeting
from pipeline.meetings.attributes import Told
from pipeline.meetings.candidates import Candidate
from pipeline.meetings.pairs import PairTelling
from pipeline.meetings.places import find_place
from pipeline.meetings.reader import Reader, Reading
from pipeline.meetings.stage import find_kind
from pipeline.meetings.view import Link, View
from pipeline.schema import MeetingKind, When
from pipeline.scorer import load_scorer, log_odds, sigmoid
from pipeline.training.told_events import when_as_text

Rows = Sequence[Sequence[tuple[Candidate, float]]]
Pairs = Sequence[tuple[PairTelling, float]]

_OWN, _OPINION = 0.55, 0.45  # of a party, how far scorer and readers are trusted: about as they are of a pair
_TOLD = 0.5  # pair from which a trigger is taken to tell of an event


@dataclass(frozen=True, slots=True)
class EventAnswers:
    """Of what kind an event is, how likely a name tells its place and, where it is asked, a time is its own."""

    kind: MeetingKind
    place: Callable[[Link], float]
    date: Callable[[When], float] | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """How likely each candidate of each trigger is a party and each pair met; of events, by the trigger's number."""

    parties: Rows
    pairs: Pairs
    events: Mapping[int, EventAnswers] = field(default_factory=dict)


def stated(meeting: GoldMeeting) -> EventAnswers:
    """What the annotation says of a meeting."""

    def place(link: Link) -> float:
        return float(link.entity_id == meeting.place_entity_id)

    def date(when: When) -> float:
        return float(when_as_text(when) == meeting.date)

    return EventAnswers(meeting.kind, place, date)


def taught(view: View, rows: Rows, told: Pairs, teachers: Sequence[Reader]) -> Answers:
    """The scorers' answers ``rows`` and ``told`` joined with the mean opinion of readers; with events that they tell.

    Of an event the kind is what the stage answers with the first reader, the place half that and half what all readers
    say; dates are not asked.
    """
    readings = [teacher.open(view) for teacher in teachers]
    for reading in readings:
        reading.read(number for number, row in enumerate(rows) if len(row) >= 2)
    parties, opinions = _parties(rows, readings)
    judge, pairs = load_scorer("pairs"), []
    for telling, score in told:
        left, right = (opinions.get((telling.trigger, one)) for one in (telling.left, telling.right))
        voiced = bool(view.voices & {telling.left, telling.right})
        opinion = None if left is None or right is None or voiced else min(left, right)
        pairs.append((telling, judge.joined(score, opinion)))
    return Answers(parties, pairs, dict(_events(view, pairs, readings)))


def _parties(rows: Rows, readings: Sequence[Reading]) -> tuple[Rows, Mapping[tuple[int, str], float | None]]:
    """The rows joined with the readings' mean opinion, and that opinion by trigger and entity."""
    asked = [(number, c) for number, row in enumerate(rows) if len(row) >= 2 for c, _ in row]
    answers = zip(*(reading.parties([(number, c.link) for number, c in asked]) for reading in readings), strict=True)
    opinions = {(number, c.entity_id): _mean(told) for (number, c), told in zip(asked, answers, strict=True)}

    def joined(number: int, candidate: Candidate, score: float) -> float:
        opinion = opinions.get((number, candidate.entity_id))
        return score if opinion is None else sigmoid(_OWN * log_odds(score) + _OPINION * opinion)

    return [[(c, joined(number, c, score)) for c, score in row] for number, row in enumerate(rows)], opinions


def _events(view: View, pairs: Pairs, readings: Sequence[Reading]) -> Iterator[tuple[int, EventAnswers]]:
    """The triggers that tell of an event by some pair, with its answers."""
    sure: dict[int, set[str]] = {}
    for telling, score in pairs:
        if score >= _TOLD:
            sure.setdefault(telling.trigger, set()).update((telling.left, telling.right))
    for number, parties in sure.items():
        told = Told((number,), frozenset(parties))
        kind = find_kind(view, told, readings[0])
        place = find_place(view, told, kind, load_scorer("place"), readings[0])
        yield number, EventAnswers(kind, _place_of(number, place, readings))


def _place_of(number: int, place: str | None, readings: Sequence[Reading]) -> Callable[[Link], float]:
    def answer(link: Link) -> float:
        opinion = _mean([reading.places([(number, link)])[0] for reading in readings])
        own = float(link.entity_id == place)
        return own if opinion is None else 0.5 * own + 0.5 * sigmoid(opinion)

    return answer


def _mean(told: Sequence[float | None]) -> float | None:
    """The mean of what readers say; None where one of them did not read it."""
    known = [one for one in told if one is not None]
    return sum(known) / len(known) if len(known) == len(told) else None
