"""The noun phrase of a name: the words before it that belong to it, its titles and what they are of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from pipeline.folded import fold_word
from pipeline.gazetteer import find_nisba, title_heads
from pipeline.meetings.cues import cue_of, words_in
from pipeline.meetings.triggers import read_form

_LONGEST = 14  # words before a name
_PUNCTUATION = frozenset("،,؛;:.!?؟()[]«»\"“”'…-–—/|")
STOP_CUES = frozenset(
    {"with", "between", "to", "from", "in", "of", "on", "during", "after", "beforehand", "each", "that", "at", "report"}
    | {"accompany", "attend", "head", "which", "then", "or", "among", "take_part"}
)
_SENT_TO = ("to", "in", "at")  # cues of the prepositions in an envoy's title


def phrase_start(row: list[str], first: int, left: int, titled: Mapping[int, int], inside: Mapping[int, str]) -> int:
    """The token that opens the noun phrase of a name at ``first``: its titles are walked back over, as far as ``left``.

    ``inside`` maps the tokens of bodies and places to the letters glued before them: the titles of a person hold such
    (محافظ البنك المركزي X), those of an envoy with a preposition (السفير لدى تركيا X). What is walked over counts only
    where a title opens it.
    """
    start = at = first
    sent = False  # whether a preposition was walked over
    while at > max(left, first - _LONGEST):
        at -= 1
        word = row[at]
        if at in titled:
            start = at
        elif at in inside:
            if inside[at].strip("لب"):
                break
            sent = sent or (start == first and inside[at] != "")
        elif start == first and at + 1 in inside and cue_of(word) in _SENT_TO:
            sent = True
        elif start == first and word.startswith("وال") and find_nisba(word) is not None:
            return at  # الرئيسان المصري X والروسي Y
        else:
            clitic = title_clitic(word)
            if _closes(word) if clitic is None else sent and not _is_envoy(word):
                break
            if clitic is not None:
                start, sent = at, False
                if clitic[:1] == "و":
                    break
    return start


def phrase_clitic(word: str) -> str:
    """The proclitic letters of the word that opens a noun phrase with titles."""
    clitic = title_clitic(word)
    return clitic if clitic is not None else "و" if word.startswith("وال") else ""


def _closes(word: str) -> bool:
    """Whether a word that is no title cannot stand between a title and its name."""
    if is_mark(word):
        return word not in '"«“('
    return cue_of(word) in STOP_CUES or (read_form(word) is not None and word[:2] != "ال")


def _is_envoy(word: str) -> bool:
    head = title_heads(fold_word).get(word)
    return head is not None and head.category in ("diplomat", "envoy", "official")


@lru_cache(maxsize=30_000)
def title_clitic(word: str) -> str | None:
    """The proclitic letters of a title word (بسفير -> ب, ووزير -> و); None for a word that is no title."""
    head = title_heads(fold_word).get(word)
    if head is not None:
        return head.prefix
    for length in (0, 1, 2):
        clitic, rest = word[:length], word[length:]
        if any(letter not in "وفبلك" for letter in clitic):
            break
        bare = rest[1:] if clitic[-1:] == rest[:1] == "ل" else rest.removeprefix("ال")
        if not words_in("title_words", "honorific").isdisjoint((rest, bare, "ال" + bare)) or cue_of(rest) == "peer":
            return clitic
    return None


@lru_cache(maxsize=30_000)
def is_mark(word: str) -> bool:
    """True for a token of punctuation."""
    return bool(word) and all(letter in _PUNCTUATION for letter in word)
