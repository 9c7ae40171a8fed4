"""The stage: from the names, titles and dates of a document to its meetings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b

from pipeline.meetings.attributes import Told, describe_kind, is_by_phone
from pipeline.meetings.candidates import Candidate
from pipeline.meetings.cues import cue_of
from pipeline.meetings.days import find_date
from pipeline.meetings.decided import decided_status, possible_statuses
from pipeline.meetings.events import Event, confidence_of, find_events
from pipeline.meetings.features import describe_all
from pipeline.meetings.opinions import judge_pairs
from pipeline.meetings.pairs import find_pairs
from pipeline.meetings.places import find_place
from pipeline.meetings.reader import Reader, Reading, load_reader
from pipeline.meetings.roles import find_roles
from pipeline.meetings.status import describe_status
from pipeline.meetings.twice import told_apart, without_repeats
from pipeline.meetings.view import View, build_view
from pipeline.schema import Analysis, EntityType, Evidence, Meeting, MeetingKind, Party, Span, Status
from pipeline.scorer import Scorer, load_scorer

_LONG = 320  # code points of a sentence that is quoted whole


def find_meetings(analysis: Analysis, reader: Reader | None = None) -> tuple[Meeting, ...]:
    """The meetings that the document tells of, in the order of the text, each once; by default the shipped reader's.

    Parties are entities of the document; place and date are None where neither is told; evidence holds every sentence
    that tells of the event, the surest first; ``features`` names what weighed most in the decision.
    """
    if len(analysis.entities) < 2:
        return ()
    view = build_view(analysis)
    if not view.triggers:
        return ()
    scorer, judge = load_scorer("parties"), load_scorer("pairs")
    rows = [[(c, scorer.probability(features)) for c, features in row] for row in describe_all(view)]
    tellings = find_pairs(view, rows)
    fitted_with_one = "opinion" in judge.settings
    reading = (reader or load_reader()).open(view) if tellings and fitted_with_one else None
    joined = judge_pairs(judge, view, rows, tellings, reading)
    persons = {entity.entity_id for entity in analysis.entities if entity.type is EntityType.PER}
    events = find_events(rows, joined, judge.settings, persons, view)
    events = without_repeats(
        [told_apart(view, one, rows, lambda each: find_status(view, _told(each))) for one in events]
    )
    if reading is not None:
        reading.read(event.triggers[0] for event in events)  # all at once, so that events near each other share windows
    return tuple(continue_scene(view, [_meeting(view, event, judge, reading) for event in events]))


def continue_scene(view: View, meetings: Sequence[Meeting]) -> Iterator[Meeting]:
    """The meetings; one told by 'and he also met' takes the day and the place that were told of the one before.

    The one before shares a party and is held as well; what the sentence itself tells stays.
    """
    before: Meeting | None = None
    for meeting in meetings:
        words = view.words[meeting.evidence[0].sentence]
        goes_on = bool(words) and cue_of(words[0]) == "then" and meeting.status is Status.HELD
        if goes_on and before is not None and before.status is Status.HELD and _shares_party(before, meeting):
            meeting = replace(
                meeting,
                when=meeting.when or before.when,
                place_entity_id=meeting.place_entity_id or before.place_entity_id,
            )
        yield meeting
        before = meeting


def _shares_party(one: Meeting, other: Meeting) -> bool:
    return bool({party.entity_id for party in one.parties} & {party.entity_id for party in other.parties})


def _meeting(view: View, event: Event, judge: Scorer, reading: Reading | None) -> Meeting:
    told = _told(event)
    best = view.triggers[event.triggers[0]]
    ordered = sorted(event.parties.values(), key=lambda candidate: (candidate.link.span, candidate.entity_id))
    kind = find_kind(view, told, reading)
    roles, evidence = find_roles(view, event), _evidence(view, event)
    return Meeting(
        meeting_id=_meeting_id(view, best.span, event.parties),
        kind=kind,
        status=find_status(view, told),
        parties=tuple(Party(c.entity_id, roles[c.entity_id], _told_by(view, evidence, c)) for c in ordered),
        place_entity_id=find_place(view, told, kind, load_scorer("place"), reading),
        when=find_date(view, told, load_scorer("date"), reading),
        trigger=best.span,
        evidence=evidence,
        confidence=round(confidence_of(event, judge.settings), 4),
        rule=f"trigger={best.form.lemma}/{best.form.pos}",
        features=_reasons(judge, event),
    )


def _told(event: Event) -> Told:
    return Told(tuple(event.triggers), frozenset(event.parties))


def find_status(view: View, told: Told) -> Status:
    """The status that the words decide, else the likeliest by the scorer; of those that its words may tell."""
    decided = decided_status(view, told)
    if decided is not None:
        return decided
    shares = load_scorer("status").distribution(describe_status(view, told))
    return max(possible_statuses(view, told), key=lambda one: (shares[one], one))


def find_kind(view: View, told: Told, reading: Reading | None) -> MeetingKind:
    """The likeliest kind, by the scorer and, as far as it was fitted with one, by a reader.

    A word for a call right behind the surest trigger decides (اجتمع، افتراضيا، مع; محادثة هاتفية).
    """
    if is_by_phone(view, view.triggers[told.triggers[0]]):
        return MeetingKind.CALL
    scorer = load_scorer("kind")
    opinion = reading.kinds(told.triggers[0]) if reading is not None else None
    shares = scorer.joined_distribution(scorer.distribution(describe_kind(view, told)), opinion)
    return MeetingKind(max(shares, key=lambda one: (shares[one], one)))


def _told_by(view: View, evidence: Sequence[Evidence], party: Candidate) -> Span:
    """Where a party is told: in the best evidence that holds it, by name rather than by title or pronoun."""
    for one in evidence:
        links = [link for link in view.links[one.sentence] if link.entity_id == party.entity_id]
        told = [(link.kind != "name", link.span) for link in links if one.span.covers(link.span)]
        if told:
            return min(told)[1]
    return party.link.span


def _reasons(judge: Scorer, event: Event) -> tuple[str, ...]:
    """What weighed most in the decision on the surest pair, the reader's opinion first where it was asked."""
    told = () if event.opinion is None else (f"reader {judge.settings['opinion'] * event.opinion:+.2f}",)
    return told + judge.reasons(event.trail)


def _meeting_id(view: View, trigger: Span, parties: Iterable[str]) -> str:
    content = "\t".join((view.analysis.document.doc_id, str(trigger.start), *sorted(parties)))
    return blake2b(content.encode(), digest_size=8).hexdigest()


def _evidence(view: View, event: Event) -> tuple[Evidence, ...]:
    """One stretch for each sentence that tells of the event: the sentence, or its part from first to last party."""
    found: dict[int, Evidence] = {}
    for number in event.triggers:
        index = view.triggers[number].sentence
        if index not in found:
            found[index] = Evidence(_quote(view, number, event), index)
    return tuple(found.values())


def _quote(view: View, number: int, event: Event) -> Span:
    trigger = view.triggers[number]
    sentence = view.analysis.sentences[trigger.sentence].span
    if sentence.end - sentence.start <= _LONG:
        return sentence
    spans = [link.span for link in view.links[trigger.sentence] if link.entity_id in event.parties]
    near = [span for span in spans if abs(span.start - trigger.span.start) <= _LONG] + [trigger.span]
    start, end = min(span.start for span in near), max(span.end for span in near)
    return Span(_left_edge(view, trigger.sentence, start), _right_edge(view, trigger.sentence, end))


def _left_edge(view: View, index: int, start: int) -> int:
    """The start of the clause that holds the offset: after the last mark before it, at most 120 code points back."""
    text, low = view.analysis.document.text, view.analysis.sentences[index].span.start
    found = max((text.rfind(mark, max(low, start - 120), start) for mark in "،,؛:\n"), default=-1)
    if found < 0:
        return low if start - low <= 120 else start
    while found + 1 < start and text[found + 1].isspace():
        found += 1
    return found + 1


def _right_edge(view: View, index: int, end: int) -> int:
    """The end of the clause that holds the offset: before the next mark, at most 80 code points on."""
    text, high = view.analysis.document.text, view.analysis.sentences[index].span.end
    marks = [at for mark in "،,؛.\n" if (at := text.find(mark, end, min(high, end + 80))) >= 0]
    return min(marks) if marks else min(high, end)
