"""A title as it is written down: in the singular, without article, nationality and what only leads on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.gazetteer import strip_article, title_heads, words_of
from pipeline.normalize import fold, normalize
from pipeline.titles import TitlePhrase
from pipeline.units import Unit, split_word


def title_words(text: str, units: Sequence[Unit], phrase: TitlePhrase) -> str:
    """The title as written, in the singular, without article, nationality adjective and trailing preposition."""
    words = [phrase.head.lemma]
    body_at = phrase.bodies[0].at if phrase.bodies else len(units)
    for index in phrase.words[1:]:
        if index > body_at or (index == phrase.inner and phrase.head.category != "deputy"):
            break
        if units[index].folded not in words_of("passing"):  # الحالي, الجديد
            words.append(bare_word(text, units[index]))
    if phrase.head.accusative:
        words = [words[0], *_nominative(words[1:])]
    return " ".join(without_trailing(words)).replace(" و ", " و")


def without_trailing(words: Sequence[str]) -> Sequence[str]:
    """The words of a title without those at its end that only lead on to what it is of (عضو في)."""
    end = len(words)
    while end > 1 and strip_article(fold(words[end - 1])) in words_of("trailing"):
        end -= 1
    return words[:end]


def in_gender(title: str, *, feminine: bool) -> str:
    """The title of a woman or of a man: its head and the adjectives right after it agree.

    >>> in_gender("مدير عام", feminine=True), in_gender("وزيرة خارجية", feminine=False)
    ('مديرة عامة', 'وزير خارجية')
    """
    head, *words = title.split()
    form = _in_gender(head, feminine)[0]
    known = title_heads().get(fold(form))
    found = [head if known is None or known.suffixed else form]
    for at, word in enumerate(words):
        if fold(f"ال{word}") not in words_of("modifier"):
            return " ".join([*found, *words[at:]])
        forms = _in_gender(word, feminine)
        found.append(next((form for form in forms if fold(f"ال{form}") in words_of("modifier")), word))
    return " ".join(found)


def _in_gender(word: str, feminine: bool) -> tuple[str, ...]:
    """What a word may be in a gender, the usual form first: عامة, and أولى."""
    if word.endswith(("ة", "ى")):
        return (word,) if feminine else (word[:-1],)
    return (word + "ة", word + "ى") if feminine else (word,)


def _nominative(words: Sequence[str]) -> Iterator[str]:
    """The words after a head in the accusative, its adjectives without their ending: عين مديرا تنفيذيا."""
    adjectives = True
    for word in words:
        bare = word.removesuffix("\u064b").removesuffix("ا").removesuffix("\u064b")  # the sign of tanwin on either side
        adjectives = adjectives and bare != word and len(bare) > 2
        yield bare if adjectives else word


def bare_word(text: str, unit: Unit) -> str:
    """A word in its usual spelling, without its article."""
    word = normalize(unit.span.of(text))  # without vowel signs
    folded = split_word(unit.folded)
    if word.endswith("ها") and len(word) > 4:  # وزير خارجيتها, وزير دفاعها
        return word[:-3] + "ة" if word.endswith("تها") else word[:-2]
    if folded.definite and word.startswith("ال"):
        return word[2:]
    if folded.definite and folded.prefix == "و" and word.startswith("وال"):
        return "و" + word[3:]
    return word
