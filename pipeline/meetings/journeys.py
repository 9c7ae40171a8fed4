"""On which leg of a journey a place lies: where the talks were, or where someone went afterwards or came from."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipeline.folded import fold_word
from pipeline.meetings.cues import cue_of
from pipeline.meetings.happening import tells_of_future, without_names
from pipeline.meetings.standings import governed_by
from pipeline.meetings.triggers import lemmas_of, read_form
from pipeline.meetings.view import Link, Trigger, View
from pipeline.meetings.wording import is_in, since_mark, words_of

_WAY = 8  # words before a place in which the word of a journey to it is looked for
_DUE = 6  # words before a place in which it is told that something is to be held there
_ORDER = 3  # words before that in which its order is told
_ORDERS = ("beforehand", "after", "then", "at")


def describe_leg(view: View, trigger: Trigger, link: Link) -> set[str]:
    """Features of a name of a place: its leg, and whether what is to come is told between the trigger and it."""
    same = link.sentence == trigger.sentence
    side = ("after" if link.first > trigger.token else "before") if same else "other"
    governor = governed_by(view, link)
    out = {f"leg={leg_of(view, link)}+{side}", f"leg={leg_of(view, link)}+{governor}"}
    if side == "after":
        between = without_names(view, link.sentence)[trigger.token + 1 : link.first]
        said = any(cue_of(word) in ("that", "report") for word in between)
        out.add(f"said={said}+{tells_of_future(between)}+{trigger.form.tense}+{governor}")
    return out


def lies_ahead(view: View, trigger: Trigger, entity_id: str) -> bool:
    """Whether a place is only told as where someone went after the meeting (التقاه قبيل مغادرته إلى X).

    After a past verb of meeting so is one to which a journey is announced (التقاه، ومن المقرر أن يزور X), or where
    another meeting is to be held (بحثا القمة المقرر عقدها في X). One that was only passed through (وصل عبر X) is no
    place of a meeting either, nor is the outlet that someone spoke to (صرح لـX أن).
    """
    names = [link for link in view.tellings[entity_id] if link.kind == "name"]
    if names and all(_is_passed(view, link) or _is_outlet(view, link) for link in names):
        return True
    if trigger.form.kind == "visit" or len(names) > 1:
        return False
    past = trigger.form.tense == "past"
    return all(
        link.sentence == trigger.sentence
        and link.first > trigger.token
        and (leg_of(view, link) == "beforehand" or (past and (_is_announced(view, link) or _is_due(view, link))))
        for link in names
    )


def leg_of(view: View, link: Link) -> str:
    """When someone went to the place or left it: beforehand, after, then, future; plain without order, else empty."""
    before, way = _way_to(view, link)
    if not way:
        return ""
    order = next((cue for word in reversed(before[-_ORDER:]) if (cue := cue_of(word)) in _ORDERS), "")
    return order or ("future" if _is_to_come(way) else "plain")


def _is_passed(view: View, link: Link) -> bool:
    before = view.words[link.sentence][max(0, link.start - 1) : link.start]
    return any(is_in(word, words_of("passed")) for word in before)


def _is_outlet(view: View, link: Link) -> bool:
    """Whether what someone told follows the name, which stands under ل: كشف فلان للخليج أن."""
    after = view.words[link.sentence][link.last + 1 : link.last + 2]
    return link.clitic.endswith("ل") and any(cue_of(word) == "that" for word in after)


def _is_due(view: View, link: Link) -> bool:
    """Whether words right before the place and its head noun say that something is to be held there."""
    clause = since_mark(without_names(view, link.sentence)[max(0, link.start - _DUE) : link.start])
    told = words_of("scheduled")
    return any(
        word in told or " ".join(pair) in told for word, pair in zip(clause, pairwise([*clause, ""]), strict=True)
    )


def _is_announced(view: View, link: Link) -> bool:
    """Whether a journey to the place is to come: its verb is of the future or stands under أن."""
    before, way = _way_to(view, link)
    form = read_form(way[0]) if way else None
    if form is None or form.pos != "verb":
        return False
    return form.tense == "future" or (form.tense == "present" and before[-1:] == [fold_word("أن")])


def _way_to(view: View, link: Link) -> tuple[Sequence[str], Sequence[str]]:
    """The clause before a place, parted where the nearest word of a journey stands; the second is empty without one."""
    clause = since_mark(without_names(view, link.sentence)[max(0, link.start - _WAY) : link.start])
    at = next((at for at, word in reversed(list(enumerate(clause))) if _is_journey(word)), len(clause))
    return clause[:at], clause[at:]


def _is_journey(word: str) -> bool:
    form = read_form(word)
    if form is not None and form.kind == "visit" and form.lemma in lemmas_of("travel"):
        return True
    return is_in(word, words_of("journey"))


def _is_to_come(words: Sequence[str]) -> bool:
    form = read_form(words[0])
    return (form is not None and form.tense in ("present", "future")) or any(cue_of(word) == "future" for word in words)
