"""Meetings that are told, but not as facts: hoped for, asked for, possible, conditional, refused, or ruled out.

What governs the trigger decides: دعا X إلى لقاء, احتمال عقد قمة, يريد أن يلتقي, رفض لقاء. The groups ``hoped``,
``refused`` and ``ruled_out`` of ``lexicons/meeting_words.tsv`` hold such words, each with the preposition that leads
on to the meeting.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.folded import fold_word
from pipeline.meetings.cues import cue_of
from pipeline.meetings.triggers import lemmas_of, read_form
from pipeline.meetings.view import Trigger, View
from pipeline.meetings.wording import is_in, since_mark, words_of

HOPED, REFUSED, RULED_OUT = "hoped", "refused", "ruled_out"

_REACH = 9  # words between a trigger and the word that it hangs on
_LEADS = frozenset({"to", "in", "on", "of", "with"})  # cues of the prepositions that a governing word may take
_SCENES = frozenset({"during", "after", "beforehand", "at", "that", "which"})


def mood_of(view: View, trigger: Trigger) -> str:
    """Whether the meeting is ``hoped`` for, ``refused`` or ``ruled_out``; empty where nothing such governs the trigger.

    A verb is after أن (not قبل أن, استطاع أن), after a word of possibility in the present and after one of condition.
    A noun hangs on a listed word, over words of happening and whoever is named between: دعا الوزير X إلى عقد لقاء.
    """
    row = view.words[trigger.sentence][: trigger.token]
    clause = since_mark(row)
    form = trigger.form
    if form.pos == "noun":
        return _mood_of_noun(clause, form.clitic)
    if form.tense == "past":
        return HOPED if _ends_with(clause, "condition") else ""
    if _ends_with(clause, "may"):
        return HOPED
    if form.tense == "present" and clause[-1:] == [fold_word("أن")]:
        return _mood_after_that(clause[:-1])
    return ""


def _mood_of_noun(clause: Sequence[str], clitic: str) -> str:
    before = _without_happening(clause)
    governed = clause[len(before)] if len(before) < len(clause) else ""
    lead = "ل" if governed.startswith("ل") else clitic.strip("و")[-1:]
    if not lead and before and cue_of(before[-1]) in _LEADS:
        *before, lead = before
    for back, word in enumerate(reversed(before)):
        if back > _REACH or cue_of(word) in _SCENES or (not lead and cue_of(word) in _LEADS):
            break
        told = f"{word} {lead}".strip()
        ahead = before[: -1 - back]
        against = next((mood for mood in (REFUSED, RULED_OUT) if is_in(told, words_of(mood))), "")
        if against:
            return HOPED if _ends_with(ahead, "not") or _ends_with(ahead, "will_not") else against  # لا يستبعد
        if is_in(told, words_of(HOPED)):
            failed = words_of(REFUSED) | words_of("calls_off")
            return REFUSED if any(is_in(one, failed) for one in ahead[-_REACH:]) else HOPED
        form = read_form(word)
        if form is not None and form.lemma in lemmas_of("opens"):  # another meeting stands between
            break
    return ""


def _mood_after_that(before: Sequence[str]) -> str:
    near = before[-_REACH:]
    if _ends_with(before, "narrates") or any(is_in(word, words_of("managed")) for word in near):
        return ""
    return REFUSED if any(is_in(word, words_of(REFUSED)) for word in near) else HOPED


def _without_happening(clause: Sequence[str]) -> Sequence[str]:
    end = len(clause)
    while end and clause[end - 1] in words_of("happens"):
        end -= 1
    return clause[:end]


def _ends_with(words: Sequence[str], group: str) -> bool:
    return bool(words) and is_in(words[-1], words_of(group))
