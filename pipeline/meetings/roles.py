"""What part the best telling gives each party: host and visitor, caller and callee, attendee; else participant."""

from __future__ import annotations

from pipeline.meetings.events import Event
from pipeline.meetings.pairs import LISTS
from pipeline.meetings.view import Trigger, View

_FIRST_AND_OTHER = {"استقبل": ("host", "visitor"), "زار": ("visitor", "host"), "اتصل": ("caller", "callee")}
_CALLS = {"أجرى": ("caller", "callee"), "تلقى": ("callee", "caller")}
_CALL_WORDS = frozenset({"اتصالا", "اتصال", "مكالمه", "مهاتفه"})


def find_roles(view: View, event: Event) -> dict[str, str]:
    """Entity to role. Only a verb whose subject stands after it gives parts; a trigger with several lists gives none.

    >>> _FIRST_AND_OTHER["استقبل"]
    ('host', 'visitor')
    """
    trigger = _verb(view, event)
    roles = dict.fromkeys(event.parties, "participant")
    for entity_id, candidate in event.parties.items():
        if view.triggers[candidate.trigger].form.lemma in LISTS and candidate.where == "after":
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
    """The trigger that gives parts in the sentence that tells best (تلقى for اتصالا); where none does, the surest."""
    best = view.triggers[event.triggers[0]]
    told = (view.triggers[number] for number in event.triggers)
    return next((one for one in told if one.sentence == best.sentence and _parts(view, one)), best)


def _parts(view: View, trigger: Trigger) -> tuple[str, str] | None:
    if trigger.form.pos != "verb":
        return None
    if trigger.form.lemma in _CALLS:
        near = view.words[trigger.sentence][trigger.token + 1 : trigger.token + 14]
        return _CALLS[trigger.form.lemma] if _CALL_WORDS & set(near) else None
    return _FIRST_AND_OTHER.get(trigger.form.lemma)
