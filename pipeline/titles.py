"""Title phrases of a sentence (head, complements, country, body), before it is decided who bears them.

A sentence is seen as units: names that are mentions, and the words and marks between them. A phrase starts at a
title head of ``lexicons/title_heads.tsv`` and runs on over complements, adjectives and the name of a body or place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.gazetteer import Nisba, TitleHead, find_nisba, title_heads, words_of
from pipeline.normalize import fold
from pipeline.schema import Analysis, EntityType, Sentence, Span

MAX_COMPLEMENT = 14
"""Words of a title after its head; the longest ministries of the Maghreb have twelve."""
_CONJUNCTIONS = ("و", "ف")
_PREPOSITIONS = ("ب", "ل", "ك")


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, a mark or a whole name. ``folded`` is empty for marks and names; ``prefix`` is a name's proclitics."""

    span: Span
    folded: str
    mark: str = ""
    mention: int | None = None
    type: EntityType | None = None
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word taken apart: proclitics, article, and what is left."""

    prefix: str
    definite: bool
    stem: str


@dataclass(frozen=True, slots=True)
class TitlePhrase:
    """A title as it stands in a sentence; ``first`` and ``last`` are unit indices, ``last`` included.

    ``nisba`` is the nationality adjective and ``body`` the mention index of the body or place that it names;
    ``nisba_at`` and ``body_at`` are unit indices; ``words`` are the unit indices that make the title itself.
    """

    first: int
    last: int
    head: TitleHead
    prefix: str
    definite: bool
    words: tuple[int, ...]
    nisba: Nisba | None
    nisba_at: int | None
    body: int | None
    body_at: int | None
    body_prefix: str
    holder: int | None
    former: bool


def units_of(analysis: Analysis, sentence_index: int, mention_starts: Sequence[int]) -> tuple[Unit, ...]:
    """The units of a sentence in order; ``mention_starts`` are the starts of all mentions, ascending."""
    sentence: Sentence = analysis.sentences[sentence_index]
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
        folded = fold(token.norm)
        units.append(Unit(token.span, folded, "" if folded else token.norm))
    return tuple(units)


@lru_cache(maxsize=1 << 16)
def split_word(folded: str) -> Word:
    """A folded word's proclitics and article, guessed from its letters alone: for looking up title words.

    >>> split_word("وللرييس").stem
    'رييس'
    """
    rest, prefix = folded, ""
    if len(rest) > 3 and rest[0] in _CONJUNCTIONS:
        prefix, rest = rest[0], rest[1:]
    if len(rest) > 4 and rest.startswith("لل"):
        return Word(prefix + "ل", True, rest[2:])
    if len(rest) > 4 and rest[0] in _PREPOSITIONS and rest[1:3] == "ال":
        return Word(prefix + rest[0], True, rest[3:])
    if len(rest) > 4 and rest.startswith("ال"):
        return Word(prefix, True, rest[2:])
    return Word(prefix, False, rest)


@lru_cache(maxsize=1 << 16)
def find_head(folded: str) -> tuple[TitleHead, str, bool] | None:
    """The title head that a folded word is, with its proclitics and whether it is definite; None for other words."""
    heads = title_heads()
    if folded in heads:
        return heads[folded], "", False
    word = split_word(folded)
    if word.stem in heads:
        return heads[word.stem], word.prefix, word.definite
    if not word.definite and len(word.stem) > 4 and word.stem[0] in "بلك" and word.stem[1:] in heads:
        return heads[word.stem[1:]], word.prefix + word.stem[0], False
    for suffix in ("ه", "ها", "هم", "هما"):
        if word.stem.endswith(suffix) and heads.get(word.stem.removesuffix(suffix), _NO_HEAD).category == "peer":
            return heads[word.stem.removesuffix(suffix)], word.prefix, True
    return None


_NO_HEAD = TitleHead("", "", "singular")


def find_titles(units: Sequence[Unit]) -> tuple[TitlePhrase, ...]:
    """The title phrases of a sentence in order; a head inside another's construct (نائب رئيس) opens none."""
    phrases = []
    at = 0
    while at < len(units):
        found = find_head(units[at].folded) if units[at].folded else None
        if found is None:
            at += 1
            continue
        phrase = _read_phrase(units, at, *found)
        phrases.append(phrase)
        at = max(phrase.words[-1], phrase.body_at or 0, phrase.nisba_at or 0) + 1
    return tuple(phrases)


class _Reader:
    """Reads one phrase unit by unit; kept small so that each rule is one branch."""

    def __init__(self, units: Sequence[Unit], at: int, head: TitleHead, definite: bool) -> None:
        self.units, self.head, self.definite = units, head, definite
        self.words = [at]
        self.nisba: Nisba | None = None
        self.nisba_at: int | None = None
        self.body: int | None = None
        self.body_at: int | None = None
        self.body_prefix = ""
        self.preposition = ""
        self.former = False
        self.construct_open = not definite
        self.last = at

    def read(self) -> None:
        """Consume units up to the first that cannot belong to the phrase."""
        at = self.words[0] + 1
        while at < len(self.units) and len(self.words) <= MAX_COMPLEMENT:
            unit = self.units[at]
            accepted = self._name(at, unit) if unit.mention is not None else self._word(at, unit)
            if not accepted:
                return
            self.last = at
            at += 1

    def _name(self, at: int, unit: Unit) -> bool:
        if unit.type is EntityType.PER or unit.prefix.startswith("و"):
            return False
        if self.body is None:
            self.body, self.body_at = unit.mention, at
            self.body_prefix = self.preposition or unit.prefix
        elif not (self.preposition or unit.prefix):
            return False
        self.construct_open = False
        self.preposition = ""
        return True

    def _word(self, at: int, unit: Unit) -> bool:
        folded = unit.folded
        if not folded:
            return unit.mark in "\"'«»“”()" and self._quoted_body(at)
        if folded in words_of("former"):
            self.former = True
            return True
        nisba = find_nisba(folded)
        if (
            nisba is not None
            and nisba.kind in ("country", "region", "bloc", "subnational", "former")
            and self._takes(nisba, folded)
        ):
            if self.nisba is None or (self.nisba.iso is None and nisba.iso):
                self.nisba, self.nisba_at = nisba, at
            self.construct_open = False
            return True
        if folded in words_of("honorific_only"):
            return False
        if folded in words_of("of_preposition"):
            self.preposition = folded
            self.words.append(at)
            return True
        return self._complement(at, folded)

    def _takes(self, nisba: Nisba, folded: str) -> bool:
        if (
            nisba.ambiguous
            and self.construct_open
            and self.head.category in ("minister", "deputy", "manager", "official")
        ):
            return split_word(folded).definite and folded not in words_of("portfolio_nisba")
        return not folded.startswith("و") or self.nisba is None

    def _quoted_body(self, at: int) -> bool:
        following = self.units[at + 1] if at + 1 < len(self.units) else None
        if following is None:
            return False
        if self.body_at == at - 1:
            return self.units[at].mark in "\"'»”)"
        return following.mention is not None and following.type is not EntityType.PER and self.body is None

    def _complement(self, at: int, folded: str) -> bool:
        if folded in words_of("stop"):
            return False
        head = find_head(folded)
        if head is not None and not self.construct_open and not head[2] and not self.preposition:
            return False  # ولي العهد | نائب رئيس: the construct is closed, a bare head opens a new title
        if head is not None and head[1].startswith("و") and not (self.construct_open and not head[2]):
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


def _read_phrase(units: Sequence[Unit], at: int, head: TitleHead, prefix: str, definite: bool) -> TitlePhrase:
    reader = _Reader(units, at, head, definite)
    reader.read()
    holder = _holder_after(units, reader.last)
    return TitlePhrase(
        at,
        reader.last,
        head,
        prefix,
        definite,
        tuple(reader.words),
        reader.nisba,
        reader.nisba_at,
        reader.body,
        reader.body_at,
        reader.body_prefix,
        holder,
        reader.former,
    )


def _holder_after(units: Sequence[Unit], last: int) -> int | None:
    """Unit index of the person right after a phrase, past honorifics, quotes and a comma."""
    at = last + 1
    while at < len(units) and at - last <= 7:
        unit = units[at]
        if unit.mention is not None:
            return at if unit.type is EntityType.PER and not unit.prefix else None
        if unit.folded and unit.folded not in words_of("honorific"):
            return None
        if not unit.folded and unit.mark not in "،,\"'«»“”-–:()":
            return None
        at += 1
    return None
