"""Subjects that a sentence leaves unsaid or tells only later.

A verb of meeting may open a sentence without one: استقبل X السفير Y. كما التقى الوزير Z. A pronoun may stand before
the person it is of: خلال لقائه X، أكد الوزير Y.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.folded import fold_word
from pipeline.gazetteer import read_groups
from pipeline.holders import holder_after
from pipeline.normalize import fold
from pipeline.schema import Entity, EntityType, Reference, Span
from pipeline.titles import TitlePhrase
from pipeline.units import Unit, split_word

_DOING = 20  # units between two nouns that tell of one person's doings
_SCENE = 3  # units before a noun of meeting that opens a sentence: وفي ختام لقائه


def find_implied(
    index: int,
    units: Sequence[Unit],
    phrases: Sequence[TitlePhrase],
    owner: Mapping[int, Entity],
    subject: str | None,
) -> Iterator[Reference]:
    """The reference of a sentence's verb to ``subject``, the person spoken of before, where it leaves that unsaid."""
    verb, met = find_bare_verb(units, phrases) or (0, 0)
    mention = units[met].mention if met else None
    if subject and mention is not None and owner[mention].entity_id != subject:
        yield Reference(units[verb].span, subject, "pronoun", index, "the subject of the sentence before")


def find_bare_verb(units: Sequence[Unit], phrases: Sequence[TitlePhrase]) -> tuple[int, int] | None:
    """The unit of such a verb and of whoever is met, who is named right after it, with or without a title.

    None where the sentence names anybody else who might be the subject, but for those in a list with the one met, or
    an object behind him (والتقى X وفدا): then he is the subject.
    """
    verb = next((at for at in range(min(2, len(units))) if _opens(units, at)), None)
    if verb is None:
        return None
    start = verb + 1 + (verb + 1 < len(units) and units[verb + 1].folded == "مع")
    persons = [at for at, unit in enumerate(units) if unit.type is EntityType.PER]
    holders = {phrase.first: holder[0] for phrase in phrases if (holder := holder_after(units, phrase)) is not None}
    joined = {holders[phrase.first] for phrase in phrases if phrase.first in holders and phrase.head.prefix == "و"}
    met = holders.get(start, start)
    others = [at for at in persons[1:] if at not in joined and not units[at].prefix.startswith("و")]
    if not persons or persons[0] != met or others:
        return None
    behind = next((unit.folded for unit in units[persons[-1] + 1 : persons[-1] + 2]), "")
    return None if behind and behind not in read_groups("reference_words", "behind", fold) else (verb, met)


def find_ahead(
    units: Sequence[Unit], phrases: Sequence[TitlePhrase], found: Sequence[Reference], noun: int
) -> Span | None:
    """Where the person is named or meant whom the pronoun of a noun that opens the sentence looks ahead to.

    That is the subject of the verb right after a comma: عقب اجتماعه مع X، أكد الوزير Y. None where there is none, or
    where somebody is spoken of before the noun.
    """
    start = units[noun].span.start
    spoken = any(unit.type is EntityType.PER for unit in units[:noun]) or any(r.span.start < start for r in found)
    if noun > _SCENE or spoken:
        return None
    holders = {phrase.first: holder_after(units, phrase) for phrase in phrases}
    titles = {one.span.start: one.span for one in found}
    for at in range(noun + 1, len(units) - 2):
        if units[at].mark not in ("،", ",") or not _may_be_verb(units[at + 1]) or at + 1 in holders:
            continue
        subject = units[at + 2]
        if subject.type is EntityType.PER:
            return None if subject.prefix else subject.span
        if holder := holders.get(at + 2):
            return units[holder[0]].span
        if subject.span.start in titles:
            return titles[subject.span.start]
    return None


def find_owner(units: Sequence[Unit], phrases: Sequence[TitlePhrase], noun: int) -> Span | None:
    """Where the person is named whose doings a noun with و goes on with: زيارة الوزير X المدينة ولقائه Y."""
    if not units[noun].folded.startswith("و"):
        return None
    nouns = read_groups("reference_words", "noun_of_doing", fold)
    holders = {phrase.first: holder_after(units, phrase) for phrase in phrases}
    for at in range(noun - 1, max(-1, noun - 1 - _DOING), -1):
        word = split_word(units[at].folded)
        if word.definite or not {word.stem, word.stem[1:]} & nouns:
            continue
        holder = holders.get(at + 1)
        owner = units[holder[0] if holder else at + 1]
        return owner.span if owner.type is EntityType.PER and not owner.prefix else None
    return None


def _may_be_verb(unit: Unit) -> bool:
    """Whether a word has neither article nor proclitic, and is none of those that govern a name."""
    word = split_word(unit.folded)
    governs = read_groups("reference_words", "governs", fold)
    return bool(unit.folded) and not word.definite and not word.prefix and unit.folded not in governs


def _opens(units: Sequence[Unit], at: int) -> bool:
    """Whether a verb of meeting stands first, after a glued و, or second, after a word such as كما."""
    verbs = read_groups("reference_words", "bare_verb", fold_word)
    word = fold_word(units[at].folded)
    if at == 0:
        return word.startswith("و") and word[1:] in verbs
    return word in verbs and fold_word(units[0].folded) in read_groups("meeting_words", "next_meeting", fold_word)
