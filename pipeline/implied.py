"""A verb of meeting that opens a sentence and leaves its subject unsaid: استقبل X السفير Y. كما التقى الوزير Z."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.folded import fold_word
from pipeline.gazetteer import read_groups
from pipeline.holders import holder_after
from pipeline.normalize import fold
from pipeline.schema import Entity, EntityType, Reference
from pipeline.titles import TitlePhrase
from pipeline.units import Unit


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


def _opens(units: Sequence[Unit], at: int) -> bool:
    """Whether a verb of meeting stands first, after a glued و, or second, after a word such as كما."""
    verbs = read_groups("reference_words", "bare_verb", fold_word)
    word = fold_word(units[at].folded)
    if at == 0:
        return word.startswith("و") and word[1:] in verbs
    return word in verbs and fold_word(units[0].folded) in read_groups("meeting_words", "next_meeting", fold_word)
