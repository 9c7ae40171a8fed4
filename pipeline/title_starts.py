"""Where a title begins: which words that may be title heads are heads in their place, and of how many."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.gazetteer import TitleHead, words_of
from pipeline.schema import EntityType
from pipeline.units import Unit, split_word


def is_head(units: Sequence[Unit], at: int, head: TitleHead) -> bool:
    """False for words that are titles only before certain others: القائم بأعمال."""
    following = units[at + 1].folded if at + 1 < len(units) else ""
    if head.number == "plural" and not head.suffixed and units[at].ending == "ا":
        return False  # خبرا is no خبراء
    before = split_word(units[at - 1].folded) if at > 0 else None
    if (
        units[at].folded in words_of("ruling")
        and before
        and before.definite
        and before.stem in words_of("ruling_house")
    ):
        return False  # الأسرة المالكة
    if units[at].folded in words_of("rank"):
        return not head.definite and _is_guild(units[at + 1] if at + 1 < len(units) else None)  # النقيب سالم
    if head.category not in ("acting", "lady", "rapporteur"):
        return True
    return following.startswith(tuple(words_of(f"{head.category}_for")))


def _is_guild(unit: Unit | None) -> bool:
    """True for a body and for a plural with its article: الصحفيين, الأطباء."""
    if unit is None or unit.mention is not None:
        return unit is not None and unit.type is EntityType.ORG
    word = split_word(unit.folded)
    return word.definite and (word.stem.endswith(("ين", "ون", "ات")) or word.stem in words_of("guild"))


def is_construct(units: Sequence[Unit], at: int) -> bool:
    """True where what follows رئيسا makes two of it (البرلمان, خارجية مصر), not one in the accusative (لـ, جديدا)."""
    following = [unit for unit in units[at + 1 : at + 3] if not unit.mark]
    for unit in following:
        if unit.mention is not None:
            return unit.type is not EntityType.PER and unit.prefix == ""
        word = split_word(unit.folded)
        if word.prefix or unit.folded in words_of("honorific") or unit.folded in words_of("stop"):
            return False
        if word.definite:
            return True
        if unit.ending == "ا" or unit.folded[0] in "لب" or unit.folded in words_of("of_preposition"):
            return False
    return False
