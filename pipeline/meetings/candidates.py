"""Who might be a party of what: every trigger with the entities around it, chosen for recall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.folded import fold_word
from pipeline.gazetteer import read_groups
from pipeline.meetings.chains import find_chains
from pipeline.meetings.cues import cue_of
from pipeline.meetings.phrases import is_mark
from pipeline.meetings.view import Link, Trigger, View
from pipeline.schema import EntityType

_OPENING = 4  # words of a sentence that may tell that it is about something else
_GOVERN = frozenset({"to", "with", "that", "from", "report"})  # cues after which a title is somebody else's
REACH = 2  # sentences before the trigger whose persons may be its parties


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that may be a party of the event that the trigger tells; ``link`` is its nearest telling."""

    trigger: int
    entity_id: str
    link: Link
    where: str
    both_sides: bool = False


def find_candidates(view: View) -> list[list[Candidate]]:
    """The candidates of each trigger: entities of its sentence, persons of the sentences near and of the headline."""
    links = [_present(view, index) for index in range(len(view.links))]
    return [_candidates(view, links, number, trigger) for number, trigger in enumerate(view.triggers)]


def _present(view: View, sentence: int) -> Sequence[Link]:
    """The links of a sentence but for persons who are away, who send a letter, are stood in for, or told as kin.

    Whoever stands in a list with one of them is away as well, and so is the title after a name.
    """
    row, words = view.links[sentence], view.words[sentence]
    persons = [link for link in row if link.type is EntityType.PER]
    if not any(_is_away(words, link) for link in persons):
        return row
    heads = {at: head.first for at, (head, _) in find_chains(view, sentence).items()}
    away: set[Link] = set()
    gone: set[int] = set()  # where their names begin
    before: Link | None = None
    for link in persons:
        titled = before is not None and before in away and _is_title_of(words, before, link)
        if _is_away(words, link) or heads.get(link.first) in gone or titled:
            away.add(link)
            gone.add(link.first)
        before = link
    return [link for link in row if link not in away]


def _is_title_of(words: Sequence[str], before: Link, link: Link) -> bool:
    """Whether a person is told again right after the name, or a title stands there that belongs to it."""
    between = words[before.last + 1 : link.start]
    if before.entity_id == link.entity_id:
        return True
    return link.kind == "title" and not link.clitic and not any(is_mark(w) or cue_of(w) in _GOVERN for w in between)


def _is_away(words: Sequence[str], link: Link) -> bool:
    """Whether the words before a person keep him away (غاب, نيابة عن, رسالة من), or he wrote it (- من فلان -)."""
    before = words[max(0, link.start - 2) : link.start]
    around = [*before, *words[link.last + 1 : link.last + 2]]
    if len(around) == 3 and around[1] == "من" and is_mark(around[0]) and is_mark(around[2]):
        return link.start == link.first
    return not read_groups("meeting_words", "away", fold_word).isdisjoint((*before[-1:], " ".join(before)))


def _candidates(view: View, links: Sequence[Sequence[Link]], number: int, trigger: Trigger) -> list[Candidate]:
    found: dict[str, Candidate] = {}
    sides: dict[str, set[bool]] = {}
    for link in sorted(links[trigger.sentence], key=lambda link: (distance(trigger, link), link.kind != "name")):
        after = link.start > trigger.token
        sides.setdefault(link.entity_id, set()).add(after)
        where = "at" if link.first <= trigger.token <= link.last else "after" if after else "before"
        found.setdefault(link.entity_id, Candidate(number, link.entity_id, link, where))
    for entity_id, seen in sides.items():
        if len(seen) == 2:
            one = found[entity_id]
            found[entity_id] = Candidate(number, entity_id, one.link, one.where, True)
    for back in range(1, REACH + 1):
        if trigger.sentence - back >= 0:
            if turns_away(view.words[trigger.sentence - back + 1]):
                break
            for link in reversed(links[trigger.sentence - back]):
                if link.type is EntityType.PER:
                    found.setdefault(link.entity_id, Candidate(number, link.entity_id, link, f"prev{back}"))
    if trigger.sentence + 1 < len(links) and not turns_away(view.words[trigger.sentence + 1]):
        for link in links[trigger.sentence + 1]:
            if link.type is EntityType.PER:
                found.setdefault(link.entity_id, Candidate(number, link.entity_id, link, "next"))
    for row in links[: 0 if turns_away(view.words[trigger.sentence]) else 2]:
        for link in row:
            if link.type is EntityType.PER:
                found.setdefault(link.entity_id, Candidate(number, link.entity_id, link, "head"))
    return list(found.values())


def turns_away(row: Sequence[str]) -> bool:
    """Whether a sentence begins with words such as وفي سياق منفصل, after which something else is told."""
    turns = read_groups("meeting_words", "elsewhere", fold_word)
    return any(f"{one} {other}" in turns for one, other in pairwise(row[:_OPENING]))


def distance(trigger: Trigger, link: Link) -> int:
    """Tokens between the trigger and the noun phrase, 0 where they touch or overlap."""
    if link.start > trigger.token:
        return link.start - trigger.token - 1
    if link.last < trigger.token:
        return trigger.token - link.last - 1
    return 0
