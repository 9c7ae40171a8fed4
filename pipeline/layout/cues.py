"""The cues of ``lexicons/layout_cues.tsv``: words and patterns that tell boilerplate from article.

Their scopes:

``line``    a line that begins with it, of at most ``max_words`` words
``block``   the same, and the headlines that follow it (related links, most read)
``story``   'read also': as block, but after the end of the article a second story may follow
``end``     the same as line, and the article is over (source, keywords)
``cut``     from it to the end of its line, where it follows the end of a sentence
``tags``    the same, where no full stop follows
``exact``   a line of nothing else (sections, buttons)
``site``    a line of nothing else, or either end of the title beside a dash
``credit``  agencies: a line of nothing else, or of sites and agencies between dashes
``clock``   words of time lines: a line of these and numbers
``pattern`` a regular expression; what it matches in a line
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.lexicon import read_rows
from pipeline.normalize import MARKS, fold

_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{MARKS}])*(?:[.][^\W_]+)*|[:/|]")


@dataclass(frozen=True, slots=True)
class Cues:
    """The lexicon by first word for prefixes, and as sets for whole lines."""

    prefixes: dict[str, tuple[tuple[tuple[str, ...], str, int], ...]]
    whole: frozenset[tuple[str, ...]]
    sites: frozenset[tuple[str, ...]]
    credits: frozenset[tuple[str, ...]]
    clock: frozenset[str]
    patterns: re.Pattern[str]
    cuts: re.Pattern[str]


@cache
def load_cues() -> Cues:
    """The lexicon, read once."""
    prefixes: dict[str, list[tuple[tuple[str, ...], str, int]]] = {}
    by_scope: dict[str, list[tuple[str, ...]]] = {}
    raw_cuts, patterns = [], []
    for row in read_rows("layout_cues"):
        words, scope = folded(row["cue"]), row["scope"]
        if scope == "pattern":
            patterns.append(row["cue"])
        elif scope in ("line", "block", "story", "end"):
            prefixes.setdefault(words[0], []).append((words, scope, int(row["max_words"])))
        elif scope in ("cut", "tags"):
            phrase = r"\s+".join(map(re.escape, row["cue"].split()))
            raw_cuts.append(phrase if scope == "cut" else rf"{phrase}(?=[^.،؟]{{0,200}}$)")
        else:
            by_scope.setdefault(scope, []).append(words)
    longest_first = {
        word: tuple(sorted(found, key=lambda cue: (-len(cue[0]), cue))) for word, found in prefixes.items()
    }
    return Cues(
        longest_first,
        frozenset(by_scope["exact"]),
        frozenset(by_scope["site"]),
        frozenset(by_scope["credit"]),
        frozenset(words[0] for words in by_scope["clock"]),
        re.compile("|".join(patterns)),
        re.compile(rf"(?:(?<=[.!؟?»”\")\]])|(?<=[.!؟?»”\")\]] ))[*\s]*\b(?:{'|'.join(raw_cuts)})\b"),
    )


def folded(string: str, n_words: int = 99) -> tuple[str, ...]:
    """The first words of a string as cues are compared: folded, with the colon, slash and bar as words."""
    found = []
    for match in _WORD.finditer(string):
        word = match[0]
        found.append(fold(word) or word)
        if len(found) == n_words:
            break
    return tuple(found)
