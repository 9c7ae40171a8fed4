"""Names that a tagger saw once in a document and passed over elsewhere, found again by their spelling.

A name is looked for in full, and a person of several names also by what follows the first (``بن سلمان``, ``سلمان``);
never by a word that is no name alone (الله in نصر الله, على) nor by the second half of a compound (عبد العزيز).
Words are compared as they are spelled, since ``علي`` is a name and ``على`` is not. The thresholds are for probabilities
of the label ``O``, chosen on articles of the annotated train folder that the tagger had not learned from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.gazetteer import find_nisba, read_spellings, words_of
from pipeline.normalize import fold
from pipeline.proclitics import strip_one
from pipeline.taggers.features import PROCLITICS

_LONGEST = 8
_SURE = 0.5
_SURE_PHRASE = 0.8
# A passed-over occurrence is taken up only where the tagger was not certain that it is no name.
_OUTSIDE_SHORT = 0.997
_OUTSIDE_WORD = 0.975
_OUTSIDE_PHRASE = 0.95
_FOUND_AGAIN = 0.9
"""Confidence of a name found again, where that of its source is higher."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in one sentence: indices of its first word and of the word after its last, type and confidence."""

    sentence: int
    start: int
    end: int
    type: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Target:
    """What to look for: its type, the confidence to give, and the highest probability of ``O`` that it may override."""

    type: str
    confidence: float
    outside: float


def find_again(
    names: Sequence[Name], sentences: Sequence[Sequence[str]], outside: Sequence[Sequence[float]]
) -> list[Name]:
    """The further occurrences of ``names`` in the document's sentences of normalised words.

    ``outside`` holds for each word the probability that it is no part of a name, and 0 where it already is.
    """
    targets = _targets(names, sentences)
    firsts = {words[0] for words in targets}
    found = []
    for index, (words, probabilities) in enumerate(zip(sentences, outside, strict=True)):
        start = 0
        while start < len(words):
            forms = bare_spellings(words[start]) if probabilities[start] else ()
            hit = None
            if not firsts.isdisjoint(forms):
                hit = _match(words, probabilities, start, [form for form in forms if form in firsts], targets)
            if hit is None:
                start += 1
                continue
            end, target = hit
            found.append(Name(index, start, end, target.type, target.confidence))
            start = end
    return found


def _targets(names: Sequence[Name], sentences: Sequence[Sequence[str]]) -> dict[tuple[str, ...], _Target]:
    targets: dict[tuple[str, ...], _Target] = {}
    for name in sorted(names, key=lambda name: -name.confidence):
        words = tuple(sentences[name.sentence][name.start : name.end])
        confidence = min(name.confidence, _FOUND_AGAIN)
        if name.confidence < _SURE or len(words) > _LONGEST:
            continue
        if len(words) == 1:
            for form in bare_spellings(words[0]):
                targets.setdefault((form,), _Target(name.type, confidence, _OUTSIDE_WORD))
        elif name.confidence >= _SURE_PHRASE:
            for form in bare_spellings(words[0]):
                targets.setdefault((form, *words[1:]), _Target(name.type, confidence, _OUTSIDE_PHRASE))
        if name.type == "PER":
            for first in range(1, len(words)):
                if words[first - 1] not in read_spellings("name_edges", "compound"):
                    targets.setdefault(words[first:], _Target(name.type, confidence, _OUTSIDE_SHORT))
    never = read_spellings("name_edges", "never")
    return {words: target for words, target in targets.items() if len(words) > 1 or words[0] not in never}


@lru_cache(maxsize=30_000)
def bare_spellings(word: str) -> tuple[str, ...]:
    """The word, then what is left of it after each proclitic letter that it may carry.

    >>> bare_spellings("وبغداد")
    ('وبغداد', 'بغداد', 'غداد')
    """
    forms = [word]
    while len(forms) < 4 and len(forms[-1]) > 3 and forms[-1][0] in PROCLITICS:
        forms.append(strip_one(forms[-1]))
    return tuple(forms)


def _match(
    words: Sequence[str],
    outside: Sequence[float],
    start: int,
    forms: Sequence[str],
    targets: dict[tuple[str, ...], _Target],
) -> tuple[int, _Target] | None:
    """The end and the target of the longest name that starts at ``start`` and may be taken up."""
    for end in range(min(len(words), start + _LONGEST), start, -1):
        if not all(outside[start:end]):
            continue
        for form in forms:
            target = targets.get((form, *words[start + 1 : end]))
            if target is not None and min(outside[start:end]) < target.outside and not _describes(words, start, end):
                return end, target
    return None


def _describes(words: Sequence[str], start: int, end: int) -> bool:
    """Whether a word is the adjective of the noun before it: العربي in الوطن العربي, but not in الدكتور العربي.

    Nor after a verb that begins like a noun (التقى السوداني), nor after another such adjective (العراقي السوداني).
    """
    if end - start > 1 or start == 0 or not words[start].startswith("ال") or find_nisba(fold(words[start])) is None:
        return False
    before = words[start - 1]
    if not any(form.startswith("ال") for form in bare_spellings(before)) or find_nisba(fold(before)) is not None:
        return False
    return fold(before) not in words_of("honorific") and read_spellings("name_edges", "verb").isdisjoint(
        bare_spellings(before)
    )
