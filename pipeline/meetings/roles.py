"""What part the best telling gives each party: host and visitor, caller and callee, attendee; else participant."""

from __future__ import annotations

from pipeline.folded import fold_word
from pipeline.gazetteer import read_groups
from pipeline.meetings.events import Event
from pipeline.meetings.triggers import lemmas_of
from pipeline.meetings.view import Trigger, View

_OTHER = {"host": "visitor", "visitor": "host", "caller": "callee", "callee": "caller"}
"""The part of the subject, a group of ``lexicons/meeting_forms.tsv``, to the part of whom the subject met."""


def find_roles(view: View, event: Event) -> dict[str, str]:
    """Entity to role; only a verb whose subject stands after it gives parts, a trigger with several lists none."""
    trigger = _verb(view, event)
    roles = dict.fromkeys(event.parties, "participant")
    for entity_id, candidate in event.parties.items():
        if view.triggers[candidate.trigger].form.lemma in lemmas_of("guests") and candidate.where == "after":
            roles[entity_id] = "attendee"
    parts = _parts(view, trigger)
    after = sorted(
        (link.first, link.entity_id)
        for link in view.links[trigger.sentence]
        if link.entity_id in event.parties and link.first > trigger.token
    )
    if parts is None or trigger.form.pronoun or len(after) < 2:
        return roles
    main = list(dict.fromkeys(entity_id for _, entity_id in after))[:2]
    if len(main) == 2:
        roles[main[0]], roles[main[1]] = parts
    return roles


def _verb(view: View, event: Event) -> Trigger:
    """The trigger that gives parts in the sentence that tells best (تلقى for اتصالا); where none does, the surest.

    A verb of calls gives them whether or not it tells of the event itself: تلقى اتصالا is told by the call.
    """
    best = view.triggers[event.triggers[0]]
    told = (one for number in event.triggers if (one := view.triggers[number]).sentence == best.sentence)
    calls = (one for one in view.triggers_in[best.sentence] if one.form.lemma in lemmas_of("by_call"))
    return next((one for one in (*told, *calls) if _parts(view, one)), best)


def _parts(view: View, trigger: Trigger) -> tuple[str, str] | None:
    if trigger.form.pos != "verb":
        return None
    first = next((part for part in _OTHER if trigger.form.lemma in lemmas_of(part)), None)
    if first is None:
        return None
    near = view.words[trigger.sentence][trigger.token + 1 : trigger.token + 14]
    if trigger.form.lemma in lemmas_of("by_call") and read_groups("meeting_words", "call", fold_word).isdisjoint(near):
        return None
    return first, _OTHER[first]
