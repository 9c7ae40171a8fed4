"""Title phrases of a sentence (head, complements, country, body), before it is decided who bears them.

A sentence is seen as units: names that are mentions, and the words and marks between them. A phrase starts at a
title head of ``lexicons/title_heads.tsv`` and runs on over complements, adjectives and the names of bodies or places.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.gazetteer import Nisba, TitleHead, find_nisba, suffixed_heads, title_heads, words_of
from pipeline.normalize import fold
from pipeline.schema import Analysis, EntityType, Span

MAX_COMPLEMENT = 14
"""Words of a title after its head; the longest ministries of the Maghreb have twelve."""
_NISBA_KINDS = frozenset({"country", "region", "bloc", "subnational", "former"})
_QUOTES = frozenset("\"'«»“”()#")


class Unit(NamedTuple):
    """A word, a mark or a whole name. ``folded`` is empty for marks and names; ``prefix`` is a name's proclitics.

    ``ending`` is a word's last letter as written: folding makes ha one with ta marbuta, and drops a hamza.
    """

    span: Span
    folded: str
    mark: str = ""
    mention: int | None = None
    type: EntityType | None = None
    prefix: str = ""
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word taken apart: proclitics, article, and what is left."""

    prefix: str
    definite: bool
    stem: str


@dataclass(frozen=True, slots=True)
class Body:
    """A named body or place inside a title phrase: its unit index and the preposition that leads to it, if any."""

    at: int
    mention: int
    preposition: str


@dataclass(frozen=True, slots=True)
class TitlePhrase:
    """A title as it stands in a sentence; all numbers are unit indices, ``last`` included.

    ``words`` make the title itself, head first; ``inner`` is a definite title head inside it (مستشار الرئيس).
    """

    first: int
    last: int
    head: TitleHead
    words: tuple[int, ...]
    nisbas: tuple[tuple[int, Nisba], ...]
    bodies: tuple[Body, ...]
    former: bool
    inner: int | None


def units_of(analysis: Analysis, sentence_index: int, mention_starts: Sequence[int]) -> tuple[Unit, ...]:
    """The units of a sentence in order; ``mention_starts`` are the starts of all mentions, ascending."""
    sentence = analysis.sentences[sentence_index]
    mentions, text = analysis.mentions, analysis.document.text
    at = bisect_left(mention_starts, sentence.span.start)
    units: list[Unit] = []
    covered = sentence.span.start
    for token in sentence.tokens:
        if token.span.start < covered:
            continue
        while at < len(mentions) and mentions[at].span.end <= token.span.start:
            at += 1
        if at < len(mentions) and mentions[at].span.start < token.span.end:
            mention = mentions[at]
            prefix = text[token.span.start : mention.span.start]
            units.append(Unit(mention.span, "", "", at, mention.type, fold(prefix)))
            covered = mention.span.end
            at += 1
            continue
        folded = _fold_word(token.norm)
        units.append(Unit(token.span, folded, "" if folded else token.norm, ending=token.norm[-1:]))
    return tuple(units)


def _fold_word(norm: str) -> str:
    """A word folded with its conjunction kept: ``fold`` makes one letter of two (ووزير)."""
    return "و" + fold(norm[1:]) if norm.startswith("وو") and len(norm) > 3 else fold(norm)


@lru_cache(maxsize=1 << 14)
def split_word(folded: str) -> Word:
    """A folded word's proclitics and article, guessed from its letters alone.

    >>> split_word("والتعاون").stem
    'تعاون'
    """
    rest, prefix = folded, ""
    if len(rest) > 3 and rest[0] in "وف":
        prefix, rest = rest[0], rest[1:]
    if len(rest) > 4 and rest.startswith("لل"):
        return Word(prefix + "ل", True, rest[2:])
    if len(rest) > 4 and rest[0] in "بلك" and rest[1:3] == "ال":
        return Word(prefix + rest[0], True, rest[3:])
    if len(rest) > 4 and rest.startswith("ال"):
        return Word(prefix, True, rest[2:])
    return Word(prefix, False, rest)


def find_titles(units: Sequence[Unit]) -> tuple[TitlePhrase, ...]:
    """The title phrases of a sentence in order; one inside another's construct (مستشار الرئيس) comes after it."""
    heads = title_heads()
    phrases = []
    at = 0
    while at < len(units):
        folded = units[at].folded
        head = heads.get(folded) if folded else None
        if head is not None and units[at].ending == "ه":
            head = suffixed_heads(fold).get(folded, head)
        if head is None or not _is_head(units, at, head):
            at += 1
            continue
        phrase = _read_phrase(units, at, head)
        phrases.append(phrase)
        taken = max(phrase.words[-1], *(body.at for body in phrase.bodies), *(at for at, _ in phrase.nisbas), at)
        at = phrase.inner if phrase.inner is not None else taken + 1
    return tuple(phrases)


def _is_head(units: Sequence[Unit], at: int, head: TitleHead) -> bool:
    """False for words that are titles only before certain others: القائم بأعمال."""
    following = units[at + 1].folded if at + 1 < len(units) else ""
    if head.number == "plural" and not head.suffixed and units[at].ending == "ا":
        return False  # خبرا is no خبراء
    if head.category == "lady":
        return following == fold("الأولى")
    if head.category != "acting":
        return True
    return following.startswith(tuple(words_of("acting_for")))


class _Reader:
    """Reads one phrase unit by unit; kept small so that each rule is one branch."""

    def __init__(self, units: Sequence[Unit], at: int, head: TitleHead) -> None:
        self.units, self.head = units, head
        self.words = [at]
        self.nisbas: list[tuple[int, Nisba]] = []
        self.bodies: list[Body] = []
        self.preposition = ""
        self.former = False
        self.construct_open = not head.definite
        self.last = at
        self.inner: int | None = None

    def read(self) -> None:
        """Consume units up to the first that cannot belong to the phrase."""
        at = self.words[0] + 1
        while at < len(self.units) and len(self.words) <= MAX_COMPLEMENT:
            unit = self.units[at]
            accepted = self._name(at, unit) if unit.mention is not None else self._word(at, unit)
            if not accepted:
                return
            if unit.folded or unit.mention is not None:
                self.last = at
            at += 1

    def _name(self, at: int, unit: Unit) -> bool:
        if unit.type is EntityType.PER or unit.prefix.startswith("و"):
            return False
        preposition = self.preposition or unit.prefix
        if self.bodies and not preposition:
            return self.units[at - 1].mark in '("«“'  # an alias beside the name
        self.bodies.append(Body(at, unit.mention or 0, preposition))
        self.construct_open = False
        self.preposition = ""
        return True

    def _word(self, at: int, unit: Unit) -> bool:
        folded = unit.folded
        if not folded:
            return unit.mark in _QUOTES and self._quoted(at)
        if folded in words_of("former"):
            self.former = True
            return True
        nisba = self._nisba(at, folded)
        if nisba is not None and nisba.kind in _NISBA_KINDS and self._takes(nisba, folded):
            self.nisbas.append((at, nisba))
            self.construct_open = False
            return True
        if folded in words_of("honorific_only") or folded in words_of("aside"):
            return False
        if folded[0] in "لب" and folded[1:] in words_of("honorific_only"):
            return False  # الرئيس المصري لصاحب السمو: another's
        if folded in words_of("of_preposition"):
            self.preposition = folded
            self.words.append(at)
            return True
        return self._complement(at, folded)

    def _nisba(self, at: int, folded: str) -> Nisba | None:
        """The adjective that starts or ends here: الكوري الشمالي is one of two words."""
        following = self.units[at + 1].folded if at + 1 < len(self.units) else ""
        if following:
            both = find_nisba(f"{split_word(folded).stem} {split_word(following).stem}")
            if both is not None:
                return both
        before = split_word(self.units[at - 1].folded).stem
        return find_nisba(f"{before} {split_word(folded).stem}") or find_nisba(folded)

    def _takes(self, nisba: Nisba, folded: str) -> bool:
        if nisba.ambiguous and self.construct_open and folded in words_of("portfolio_nisba"):
            return False
        return not (folded.startswith("و") and self.nisbas)

    def _quoted(self, at: int) -> bool:
        """True for a mark beside a body's name: an opening one before it, a closing one after it."""
        if self.bodies and self.bodies[-1].at == at - 1:
            return True
        following = self.units[at + 1] if at + 1 < len(self.units) else None
        return following is not None and following.mention is not None and following.type is not EntityType.PER

    def _complement(self, at: int, folded: str) -> bool:
        if folded in words_of("stop"):
            return False
        head = title_heads().get(folded)
        if head is not None and not self._takes_head(at, head):
            return False
        word = split_word(folded)
        joined = word.definite or word.prefix.startswith("و") or folded.startswith(("ل", "ب"))
        if not (joined or self.construct_open or self.preposition):
            return False
        if word.definite:
            self.construct_open = False
        self.preposition = "ل" if folded.startswith("ل") and not word.definite else ""
        self.words.append(at)
        return True

    def _takes_head(self, at: int, head: TitleHead) -> bool:
        """True for a head inside this title: نائب رئيس, النائب الثاني لرئيس, مستشار الرئيس."""
        if head.prefix == "ل" and not head.definite:
            return self.head.category in ("deputy", "adviser", "secretary")
        if head.prefix or head.accusative or head.suffixed:
            return False
        if head.definite:
            inside = self.construct_open or self.preposition != ""
            if inside and self.inner is None and head.number == "singular":
                self.inner = at
            return inside or split_word(self.units[at].folded).stem in words_of("inner_head")
        return self.construct_open or self.preposition != ""


def _read_phrase(units: Sequence[Unit], at: int, head: TitleHead) -> TitlePhrase:
    reader = _Reader(units, at, head)
    reader.read()
    return TitlePhrase(
        at,
        reader.last,
        head,
        tuple(reader.words),
        tuple(reader.nisbas),
        tuple(reader.bodies),
        reader.former,
        reader.inner,
    )
