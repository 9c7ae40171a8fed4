"""Two meetings of the same people in one text: one that is to come, and one that was held before it.

سيلتقي X نظيره Y، وكان X قد التقى Y قبل شهر tells of two events, and so does التقى X نظيره Y، ويتوقع عقد قمة ثانية.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline.meetings.attributes import Told
from pipeline.meetings.decided import decided_status, is_met
from pipeline.meetings.events import Event
from pipeline.meetings.happening import frame_of
from pipeline.meetings.pairs import Row
from pipeline.meetings.triggers import lemmas_of
from pipeline.meetings.view import View
from pipeline.meetings.wording import words_of
from pipeline.schema import Status

_NAMED = 0.35  # score with which a person is told of by a trigger in whose sentence he stands
_NEAR = 6  # words after a trigger in which the meeting may be called another one


def told_apart(view: View, event: Event, rows: Sequence[Row], status_of: Callable[[Event], Status]) -> list[Event]:
    """The event, and after it the other one that some of its triggers tell of, if any.

    Beside one that is to come or was called off, a past verb of meeting over two of its parties tells of an earlier
    one, but of the same where someone is told to have travelled for it; of one that is denied it is what is denied.
    Beside one that was held, words of what is to come that call it another one (قمة ثانية، مرة أخرى) tell of the next.
    What comes out with the same status by both is one.
    """
    if len(event.triggers) < 2 or (status := status_of(event)) is Status.DENIED:
        return [event]
    held = status is Status.HELD
    named = {number: _named(view, event, rows[number], number) for number in event.triggers}
    telling = [number for number in event.triggers if len(named[number]) >= 2]
    others = [number for number in telling if (_is_next if held else _is_past)(view, number)]
    sentences = {view.triggers[number].sentence for number in others}
    beside = (number for number in telling if view.triggers[number].sentence in sentences and number not in others)
    others += [number for number in beside if not (held and _is_past(view, number))]
    rest = [number for number in event.triggers if number not in others]
    if not others or not rest:
        return [event]
    if not held and _is_purpose(view, event.triggers[0]):  # وصل للقاء فلان, whom he then met
        return [replace(event, triggers=others + rest)]
    parties = {one: event.parties[one] for number in others for one in named[number]}
    parts = [replace(event, triggers=rest), replace(event, triggers=others, parties=parties)]
    return parts if len(set(map(status_of, parts))) == len(parts) else [event]


def without_repeats(parts: Sequence[Sequence[Event]]) -> list[Event]:
    """The events, each with what was told apart from it unless another event has the same parties."""
    known = Counter(frozenset(event.parties) for event, *_ in parts)
    found: list[Event] = []
    for event, *others in parts:
        own = frozenset(event.parties)
        found.append(event)
        found += [one for one in others if known[frozenset(one.parties)] <= (frozenset(one.parties) == own)]
    return found


def _is_past(view: View, number: int) -> bool:
    return is_met(view.triggers[number]) and decided_status(view, _alone(number)) is Status.HELD


def _is_purpose(view: View, number: int) -> bool:
    """Whether the sentence of the trigger tells of what someone travelled for, by a past verb: وصل X للقاء Y."""
    beside = view.triggers_in[view.triggers[number].sentence]
    travelled = (one.token for one in beside if one.form.lemma in lemmas_of("travel") and one.form.tense == "past")
    purposes = [one.token for one in beside if one.form.pos == "noun" and one.form.clitic.endswith("ل")]
    return any(token < purpose for token in travelled for purpose in purposes)


def _is_next(view: View, number: int) -> bool:
    trigger = view.triggers[number]
    after = view.words[trigger.sentence][trigger.token + 1 : trigger.token + 1 + _NEAR]
    if words_of("again").isdisjoint(after):
        return False
    return frame_of(view, trigger) == "future" or decided_status(view, _alone(number)) is Status.PLANNED


def _alone(number: int) -> Told:
    return Told((number,), frozenset())


def _named(view: View, event: Event, row: Row, number: int) -> list[str]:
    """The parties whom the sentence of the trigger names and whom it may well tell of."""
    sentence = view.triggers[number].sentence
    likely = (candidate for candidate, score in row if score >= _NAMED and candidate.link.sentence == sentence)
    return [candidate.entity_id for candidate in likely if candidate.entity_id in event.parties]
