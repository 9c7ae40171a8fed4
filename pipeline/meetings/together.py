"""Which two a trigger may tell of as having met: not those whom its sentence or the one before tells apart."""

from __future__ import annotations

from functools import cache, partial

from pipeline.meetings.candidates import Candidate
from pipeline.meetings.clauses import find_clauses, find_left
from pipeline.meetings.cues import cue_of
from pipeline.meetings.turns import find_turns
from pipeline.meetings.view import Trigger, View


def _bilaterals(view: View) -> dict[int, int]:
    """Sentence -> the first token that names several meetings of two sides each (لقاءات ثنائية، اجتماعان منفصلان)."""
    found: dict[int, int] = {}
    for trigger in view.triggers:
        if trigger.form.pos != "noun":
            continue
        near = {cue_of(word) for word in view.words[trigger.sentence][trigger.token + 1 : trigger.token + 4]}
        several = trigger.form.lemma in ("لقاء", "اجتماع") and trigger.word.endswith("ات")
        if "apart" in near or (several and "joint" in near):
            found.setdefault(trigger.sentence, trigger.token)
    return found


class Together:
    """What the sentences of a document tell apart: meetings of two sides each (see :func:`_bilaterals`), parts, turns.

    A sentence is looked at when it is first asked of, and only once. ``left`` is whom one leaves behind as it opens
    with another meeting.
    """

    def __init__(self, view: View) -> None:
        self.bilateral = _bilaterals(view)
        self.clauses = cache(partial(find_clauses, view))
        self.turns = cache(partial(find_turns, view))
        self.left = cache(partial(find_left, view))

    def opens(self, trigger: Trigger) -> bool:
        """Whether the trigger opens a part of its sentence: those after it are guests of no meeting told before."""
        parts = self.clauses(trigger.sentence)
        return parts is not None and trigger.token in parts.starts

    def may_join(self, trigger: Trigger, *candidates: Candidate) -> bool:
        """Whether the trigger may tell of one meeting of both.

        It does not where both stand after the word that names several meetings, for each meets the one named before
        it in turn, nor where one is named in another part of the sentence, came after the other or was left behind.
        """
        if any(self._is_elsewhere(trigger, candidate) for candidate in candidates):
            return False
        turns = {self.turns(trigger.sentence).get(candidate.entity_id) for candidate in candidates}
        if len(turns - {None}) > 1:
            return False
        parts = self.clauses(trigger.sentence)
        if parts is not None and not parts.tell(trigger, *candidates):
            return False
        start = self.bilateral.get(trigger.sentence)
        return start is None or not all(
            c.link.sentence == trigger.sentence and c.link.first > start for c in candidates
        )

    def _is_elsewhere(self, trigger: Trigger, candidate: Candidate) -> bool:
        """Whether someone is left behind, or met only in the next sentence, which opens with another meeting."""
        at = trigger.sentence
        later = candidate.link.sentence == at + 1 and bool(self.left(at + 1))
        return later or candidate.entity_id in self.left(at)
