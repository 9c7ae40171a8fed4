"""Function words and signal words around a meeting word, by ``lexicons/meeting_cues.tsv``."""

from __future__ import annotations

from functools import cache, lru_cache

from pipeline.folded import fold_word
from pipeline.gazetteer import read_rows


@cache
def _cues() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in read_rows("meeting_cues"):
        for word in row["words"].split():
            found.setdefault(fold_word(word), row["cue"])
    return found


@lru_cache(maxsize=30_000)
def cue_of(word: str) -> str:
    """The cue that a folded word is, with or without a conjunction before it; empty for any other word.

    >>> cue_of("ومع"), cue_of("بحضور"), cue_of("كتاب العلم")
    ('with', 'attend', '')
    """
    cues = _cues()
    if word in cues:
        return cues[word]
    if len(word) > 2 and word[0] in "وف" and word[1:] in cues:
        return cues[word[1:]]
    if len(word) > 3 and word[0] in "بلك" and word[1:] in cues and cues[word[1:]] not in ("with", "in", "on", "of"):
        return cues[word[1:]]
    return ""
