"""Guests whom a host met one after another, told in one sentence: استقبل X السفير Y، ثم الوزير Z."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.meetings.chains import find_chains
from pipeline.meetings.clauses import first_subject, part_of, persons_in, with_mates
from pipeline.meetings.cues import cue_of
from pipeline.meetings.triggers import read_form
from pipeline.meetings.view import Link, View
from pipeline.meetings.wording import words_of

_OBJECT = 25  # words of a subject and its place between a verb of meeting and the list of its guests
_EACH = ("كلا", "كل", "بكل")
_ONE_BY_ONE = frozenset({"استقبل", "التقى", "قابل"})  # verbs whose object may be a list of guests, each received apart


def find_turns(view: View, sentence: int) -> dict[str, int]:
    """Whose turn it was, by guest, where they came one after another: استقبل X السفير Y، ثم الوزير Z, or كلا من Y وZ.

    So too where ف joins them (استقبل X السفير Y فالوزير Z) or a preposition is said again (اجتمع X مع Y، ثم مع Z; مع Y
    ومع Z). Empty where they did not. The host is none of them.
    """
    row = view.words[sentence]
    persons = persons_in(view, sentence)
    turns = _next_guests(row, persons) or _each_of(view, sentence, persons)
    first = [link for link in persons if turns and link.first < turns[0]]
    chains = find_chains(view, sentence) if first else {}
    host = first_subject(row, turns[0], first, chains) if first else None
    if host is None:
        return {}
    hosts = with_mates(host, first, chains)
    return {link.entity_id: part_of(turns, link.first) for link in persons if link.entity_id not in hosts}


def _next_guests(row: Sequence[str], persons: Sequence[Link]) -> list[int]:
    """Where the next guest is named: after ثم or the like, glued to ف, or where a preposition is said again (ومع Z)."""
    openers = {link.start for link in persons if link.clitic in ("", "ب")}
    preposed = {at for link in persons for at in _prepositions(row, link)}
    turns = [at for at, word in enumerate(row) if word in words_of("next_guest") and at + 1 in openers | preposed]
    turns = sorted([*turns, *(link.start for link in persons[1:] if link.clitic == "ف")])
    if turns or not any(row[at] in words_of("guest_again") for at in sorted(preposed)[1:]):
        return turns
    return sorted(preposed)


def _prepositions(row: Sequence[str], link: Link) -> Iterator[int]:
    """Where مع or من قبل stands right before a person."""
    if link.start and cue_of(row[link.start - 1]) == "with":
        yield link.start - 1
    elif link.start > 1 and row[link.start - 1] in words_of("agent") and row[link.start - 2] in ("من", "ومن"):
        yield link.start - 2


def _each_of(view: View, sentence: int, persons: Sequence[Link]) -> list[int]:
    """Where each guest of a list is named whom someone received or met one by one: استقبل X كلا من Y وZ.

    Nowhere where they are of one delegation, or where all are spoken of together after it (وبحث معهم). Words behind a
    list may say it of any meeting: التقى X الوزيرين Y وZ كلا على حدة.
    """
    row = view.words[sentence]
    apart = _each_apart(view, sentence, persons)
    if apart:
        return apart
    each = next((at for at in range(1, len(row) - 1) if row[at] in _EACH and row[at + 1] == "من"), None)
    guests = [link for link in persons if each is not None and link.first > each]
    if each is None or not guests:
        return []
    before = [form for word in row[max(0, each - _OBJECT) : each] if (form := read_form(word)) is not None]
    verb = next((form for form in reversed(before) if form.pos == "verb"), None)
    if verb is None or verb.lemma not in _ONE_BY_ONE or any(form.lemma == "وفد" for form in before):
        return []
    if not words_of("together").isdisjoint(row[guests[0].last + 1 :]):
        return []
    listed = with_mates(guests[0], guests, find_chains(view, sentence))
    return sorted({link.entity_id: link.start for link in reversed(guests) if link.entity_id in listed}.values())


def _each_apart(view: View, sentence: int, persons: Sequence[Link]) -> list[int]:
    """Where each person of the list is named that words such as كلا على حدة follow."""
    row = view.words[sentence]
    told = words_of("each_apart")
    end = next((at for at, pair in enumerate(pairwise(row)) if " ".join(pair) in told), None)
    before = [link for link in persons if end is not None and link.last < end]
    if not before:
        return []
    chains = find_chains(view, sentence)
    listed = with_mates(before[-1], before, chains)
    return sorted({link.entity_id: link.start for link in reversed(before) if link.entity_id in listed}.values())
