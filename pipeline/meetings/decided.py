"""What the words alone settle of an event's status, before any scorer is asked."""

from __future__ import annotations

import re

from pipeline.folded import fold_word
from pipeline.meetings.attributes import Told, cues_of
from pipeline.meetings.cues import cue_of
from pipeline.meetings.happening import (
    calls_off,
    frame_of,
    is_ahead,
    is_kept,
    is_negated,
    is_scene,
    is_under_way,
    tells_of_future,
    took_place,
    without_names,
)
from pipeline.meetings.moods import HOPED, REFUSED, RULED_OUT, mood_of
from pipeline.meetings.triggers import lemmas_of
from pipeline.meetings.view import Trigger, View
from pipeline.meetings.wording import words_of
from pipeline.schema import Status

_UNREAL = {HOPED: Status.PLANNED, REFUSED: Status.CANCELLED, RULED_OUT: Status.DENIED}
_PRESENT = re.compile(r"[وف]?ي\w{3,}")


def decided_status(view: View, told: Told) -> Status | None:
    """The status where the words around the surest trigger leave no doubt of it, else None.

    A negated word after it tells of the meeting as well (انتهت القمة دون لقاء), unless other words settle it.
    """
    best = view.triggers[told.triggers[0]]
    frames = {number: frame_of(view, view.triggers[number]) for number in told.triggers}
    here = [one for one in map(view.triggers.__getitem__, told.triggers) if one.sentence == best.sentence]
    denied = any(is_negated(view, one) for one in here if one.token > best.token)
    settled = {frame for number, frame in frames.items() if not is_under_way(view, view.triggers[number])}
    ahead = set(frames.values()) <= {"future", "open"}
    if "cancel" in cues_of(view.words[best.sentence]):
        return Status.PLANNED if ahead and is_kept(view, best) else None
    if _is_affirmed(view, best):
        return Status.HELD
    if is_negated(view, best) or (denied and settled.isdisjoint(("held", "cancel", "future"))):
        return Status.DENIED
    if frames[told.triggers[0]] == "held" and _happened(view, best):
        return Status.HELD
    if _is_narrated(view, best):
        return Status.HELD
    travels = best.form.lemma in lemmas_of("travel") and best.form.tense == "past"
    if travels and any(frame_of(view, one) == "future" for one in here if one.form.pos == "noun"):
        return Status.PLANNED  # سافر للقاء
    return Status.PLANNED if ahead and is_ahead(view, best) else _unreal_status(view, told)


def _unreal_status(view: View, told: Told) -> Status | None:
    """The status where the surest trigger is only hoped for, refused or ruled out, and nothing says it was held."""
    best, *others = (view.triggers[number] for number in told.triggers)
    near = (one for one in others if one.sentence == best.sentence and _hang_together(view, one, best))
    mood = mood_of(view, best) or next(filter(None, (mood_of(view, one) for one in near)), "")
    called_off = any("cancel" in cues_of(view.words[one.sentence]) for one in others)
    if not mood or called_off or any(_is_fact(view, one, best) for one in others):
        return None
    return _UNREAL[mood]


def possible_statuses(view: View, told: Told) -> frozenset[Status]:
    """All but denied where no word of the sentences denies the event, and but cancelled where none calls anything off.

    A negation of something else denies none; it calls off what was to come (كان من المقرر أن يلتقيا ولم يلتقيا).
    """
    rows = [view.words[index] for index in {view.triggers[number].sentence for number in told.triggers}]
    frames = {frame_of(view, view.triggers[number]) for number in told.triggers}
    cues = [cues_of(row) for row in rows]
    ruled_out = set()
    if frames.isdisjoint(("deny", "refuse")) and not any("deny" in found for found in cues):
        ruled_out.add(Status.DENIED)
    called_off = any("cancel" in found or {"negation", "future"} <= found for found in cues)
    if frames.isdisjoint(("cancel", "deny", "refuse")) and not called_off and not any(map(calls_off, rows)):
        ruled_out.add(Status.CANCELLED)
    return frozenset(Status) - ruled_out


def _hang_together(view: View, one: Trigger, best: Trigger) -> bool:
    """Whether one of two triggers is a verb and the other the noun after it (يعقد لقاء), which is no scene."""
    verb, noun = sorted((one, best), key=lambda trigger: trigger.token)
    return (
        (verb.form.pos, noun.form.pos) == ("verb", "noun")
        and best.form.lemma not in lemmas_of("opens") - lemmas_of("travel")
        and not is_scene(view, noun)
    )


def _is_fact(view: View, trigger: Trigger, best: Trigger) -> bool:
    """Whether a trigger tells that its meeting took place: a verb of meeting, a scene, or a past verb over مع."""
    if mood_of(view, trigger):
        return False
    occurred = words_of("occurred")
    before = view.words[trigger.sentence][max(0, trigger.token - 1) : trigger.token]
    if is_met(trigger) or _past_scene(view, trigger) or any(word.lstrip("وف") in occurred for word in before):
        return True
    beside = view.words[trigger.sentence][trigger.token : best.token] if trigger.sentence == best.sentence else ()
    return trigger.form.tense == "past" and "with" in cues_of(beside)


def _happened(view: View, trigger: Trigger) -> bool:
    """Whether the words leave no doubt that what the trigger tells of has happened."""
    return is_met(trigger) or is_under_way(view, trigger) or took_place(view, trigger) or _past_scene(view, trigger)


def _is_affirmed(view: View, trigger: Trigger) -> bool:
    """Whether it is denied that there was no meeting: نفى الأخبار حول عدم اجتماعه."""
    before = view.words[trigger.sentence][: trigger.token]
    return before[-1:] == [fold_word("عدم")] and any(cue_of(word) == "deny" for word in before)


def _is_narrated(view: View, trigger: Trigger) -> bool:
    """Whether the trigger is what came next in a story of the past (عاد X إلى المدينة قبل أن يلتقي Y)."""
    before = without_names(view, trigger.sentence)[: trigger.token]
    if trigger.form.tense != "present" or " ".join(before[-2:]) not in words_of("came_next"):
        return False
    signals = cues_of(before).isdisjoint(("future", "plan", "hypothesis")) and not tells_of_future(before)
    return signals and not any(_PRESENT.fullmatch(word) for word in before)


def is_met(trigger: Trigger) -> bool:
    """Whether the trigger is a past verb that itself says that people met or called one another."""
    form = trigger.form
    known = form.lemma in lemmas_of("opens") - lemmas_of("travel") and form.kind in ("meeting", "call")
    return known and form.tense == "past"


def _past_scene(view: View, trigger: Trigger) -> bool:
    """Whether the trigger is a scene and nothing before it in its sentence tells of what is to come."""
    before = without_names(view, trigger.sentence)[: trigger.token]
    ahead = not cues_of(before).isdisjoint(("future", "plan", "hypothesis")) or tells_of_future(before)
    return is_scene(view, trigger) and not ahead
