"""The noun phrase of a name: the words before it that belong to it, its titles and what they are of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from pipeline.folded import fold_word
from pipeline.gazetteer import find_nisba, read_groups, title_heads
from pipeline.meetings.cues import cue_of
from pipeline.meetings.triggers import read_form

_LONGEST = 14  # words before a name
_PUNCTUATION = frozenset("،,؛;:.!?؟()[]«»\"“”'…-–—/|")
STOP_CUES = frozenset(
    {"with", "between", "to", "from", "in", "of", "on", "during", "after", "beforehand", "each", "that", "at", "report"}
    | {"accompany", "attend", "head", "which", "then", "or", "among", "take_part"}
)
_SENT_TO = ("to", "in", "at")  # cues of the prepositions in an envoy's title


def phrase_start(
    row: list[str], first: int, left: int, titled: Mapping[int, int], inside: Mapping[int, str] | None
) -> int:
    """The token that opens the noun phrase of a name at ``first``: its titles are walked back over, as far as ``left``.

    Words of a found position (``titled``) always belong to it. Of a person ``inside`` maps the tokens of bodies and
    places to the letters glued before them: titles hold such (محافظ البنك المركزي X), those of envoys and officials
    behind a preposition as well (السفير لدى تركيا X); they count only where a title opens them. A nationality alone
    stands for a title that was said before (الرئيسان المصري X والروسي Y).
    """
    names = inside or {}
    start = at = first
    sent = False  # whether a preposition was walked over
    while at > max(left, first - _LONGEST):
        at -= 1
        word = row[at]
        if at in titled:
            start = at
        elif at in names:
            if names[at].strip("لب"):
                break
            sent = sent or (start == first and names[at] != "")
        elif start == first and at + 1 in names and cue_of(word) in _SENT_TO:
            sent = True
        elif inside is not None and at == first - 1 and _is_joined_nisba(word):
            return at
        else:
            clitic = title_clitic(word)
            if _closes(word) if clitic is None else sent and not _takes_preposition(word):
                break
            if clitic is not None:
                start, sent = at, False
                if clitic[:1] in ("و", "ف"):
                    break
    return start


def phrase_clitic(word: str) -> str:
    """The proclitic letters of the word that opens a noun phrase before its name."""
    clitic = title_clitic(word)
    return clitic if clitic is not None else "و" if _is_joined_nisba(word) else ""


def _is_joined_nisba(word: str) -> bool:
    return word.startswith("وال") and find_nisba(word) is not None


def _closes(word: str) -> bool:
    """Whether a word that is no title cannot stand between a title and its name."""
    if is_mark(word):
        return word not in '"«“('
    return cue_of(word) in STOP_CUES or (read_form(word) is not None and word[:2] != "ال")


def _takes_preposition(word: str) -> bool:
    head = title_heads(fold_word).get(word)
    return head is not None and head.category in ("diplomat", "envoy", "official")


@lru_cache(maxsize=30_000)
def title_clitic(word: str) -> str | None:
    """The proclitic letters of a title word (بسفير -> ب, ووزير -> و); None for a word that is no title."""
    head = title_heads(fold_word).get(word)
    if head is not None:
        return head.prefix
    honorifics = read_groups("title_words", "honorific", fold_word)
    if word in honorifics or cue_of(word) == "peer":
        return ""
    for length in (1, 2):
        clitic, rest = word[:length], word[length:]
        if any(letter not in "وفبلك" for letter in clitic):
            break
        whole = "ال" + rest[1:] if clitic[-1] == rest[:1] == "ل" else rest  # للسيد is ل with السيد
        found = next((form for form in (whole, rest) if len(form) > 1 and form in honorifics), "")
        if (found and (length == 1 or found.startswith("ال"))) or cue_of(rest) == "peer":
            return clitic
    return None


@lru_cache(maxsize=30_000)
def is_mark(word: str) -> bool:
    """True for a token of punctuation."""
    return bool(word) and all(letter in _PUNCTUATION for letter in word)
