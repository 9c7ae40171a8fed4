"""From a tagger's labels to mentions: alignment, BIO decoding, proclitics, and consistency within a document."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.bare_titles import without_titles
from pipeline.bodies import with_known_bodies
from pipeline.consistency import Name, find_again
from pipeline.edges import glued, mend_edges, without_marks
from pipeline.errors import AlignmentError
from pipeline.joined_names import part_names
from pipeline.normalize import TATWEEL
from pipeline.proclitics import count_proclitics
from pipeline.schema import Analysis, EntityType, Mention, Sentence, Span, Token
from pipeline.taggers.features import word_key

_TYPES = frozenset(EntityType)


@dataclass(frozen=True, slots=True)
class Prediction:
    """The labels of one sentence (``O``, ``B-PER``, ``I-PER`` ...) and the probability of each, 0 to 1."""

    labels: tuple[str, ...]
    confidences: tuple[float, ...]


class Tagger(Protocol):
    """Labels words: one prediction a sentence, one label a word."""

    name: str

    def predict(self, sentences: Sequence[Sequence[str]]) -> Sequence[Prediction]:
        """The labels of sentences of normalised words; no word is empty, though a sentence may be."""
        ...


def decode_bio(labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Token ranges (start, end excluded, type) of the names in one sentence, left to right.

    An ``I-`` that continues nothing of its own type opens a name, as in conlleval.

    >>> list(decode_bio(["B-PER", "I-PER", "O", "I-LOC"]))
    [(0, 2, 'PER'), (3, 4, 'LOC')]
    """
    start, kind = 0, ""
    for i, label in enumerate(labels):
        prefix, _, own = label.partition("-")
        if prefix == "I" and own == kind:
            continue
        if kind:
            yield start, i, kind
        start, kind = i, own if prefix in ("B", "I") else ""
    if kind:
        yield start, len(labels), kind


def find_mentions(analyses: Sequence[Analysis], tagger: Tagger) -> list[tuple[Mention, ...]]:
    """The mentions of each document in text order, all documents' sentences tagged in one call.

    Spans are in the raw text, without proclitics. A mention's confidence is that of its least certain label.
    Raises AlignmentError where the tagger does not answer one label a word.
    """
    words = [[token.norm for token in _words_of(sentence)] for analysis in analyses for sentence in analysis.sentences]
    predictions = tagger.predict(words)
    if len(predictions) != len(words):
        raise AlignmentError(f"tagger {tagger.name!r}: {len(predictions)} answers to {len(words)} sentences; report it")
    found, first = [], 0
    for analysis in analyses:
        own = predictions[first : first + len(analysis.sentences)]
        first += len(analysis.sentences)
        found.append(_mentions_of(analysis, own, tagger.name))
    return found


def _mentions_of(analysis: Analysis, predictions: Sequence[Prediction], tagger: str) -> tuple[Mention, ...]:
    sentences = [_words_of(sentence) for sentence in analysis.sentences]
    names: list[Name] = []
    for index, (tokens, prediction) in enumerate(zip(sentences, predictions, strict=True)):
        if not len(prediction.labels) == len(prediction.confidences) == len(tokens):
            raise AlignmentError(
                f"{analysis.document.doc_id}: tagger {tagger!r} gave {len(prediction.labels)} labels and "
                f"{len(prediction.confidences)} confidences for the {len(tokens)} words of sentence {index}; "
                "take another tagger for this document and report it"
            )
        for start, end, kind in decode_bio(prediction.labels):
            start, end = without_marks(tokens, start, end)
            if start < end and kind in _TYPES:
                names.append(Name(index, start, end, kind, min(prediction.confidences[start:end])))
    words = [[token.norm for token in tokens] for tokens in sentences]
    names += find_again(names, words, _outside(predictions, names))
    names.sort(key=lambda name: (name.sentence, name.start))
    names = with_known_bodies(names, words, _outside(predictions, names))
    names = mend_edges(part_names(names, sentences), sentences)
    whole = _later_words(names, sentences)
    names = without_titles(names, sentences, whole)
    firsts = {sentences[name.sentence][name.start].norm for name in names}
    seen = {word_key(word) for word in firsts if not count_proclitics(word)}
    of_persons = seen | whole
    return tuple(
        _mention(
            analysis.document.text,
            name,
            sentences[name.sentence],
            of_persons if name.type == EntityType.PER else seen,
            whole,
        )
        for name in names
    )


def _later_words(names: Sequence[Name], sentences: Sequence[Sequence[Token]]) -> set[str]:
    """Words of persons' names after the first, which carry no proclitic, so that كالوييروس alone keeps its letters."""
    words = (
        word_key(token.norm)
        for name in names
        if name.type == EntityType.PER
        for token in sentences[name.sentence][name.start + 1 : name.end]
    )
    return {word for word in words if not word.startswith("و")}


def _words_of(sentence: Sentence) -> list[Token]:
    """The tokens that the tagger reads: none empty, without the underscores that join the words of a hashtag."""
    tokens = [token for token in sentence.tokens if token.norm]
    return [
        token
        for at, token in enumerate(tokens)
        if token.norm != "_" or not 0 < at < len(tokens) - 1 or not glued(tokens, at - 1, at + 1)
    ]


def _outside(predictions: Sequence[Prediction], names: Sequence[Name]) -> list[list[float]]:
    """For each word the probability of ``O``; 0 where it bears another label or lies in a name."""
    rows = [
        [p if label == "O" else 0.0 for label, p in zip(prediction.labels, prediction.confidences, strict=True)]
        for prediction in predictions
    ]
    for name in names:
        rows[name.sentence][name.start : name.end] = [0.0] * (name.end - name.start)
    return rows


def _mention(text: str, name: Name, tokens: Sequence[Token], bare: Container[str], whole: Container[str]) -> Mention:
    """The mention without the letters glued before it: ``bare`` are words that stand without, ``whole`` bear none."""
    first, last = tokens[name.start], tokens[name.end - 1]
    start = first.span.start
    following = tokens[name.start + 1].norm if name.start + 1 < name.end else ""
    n_letters = count_proclitics(first.norm, bare, following, kind=name.type, whole=whole)
    for _ in range(n_letters):
        start += 1
        while text[start] == TATWEEL or not text[start].isalpha():  # the letter's own vowel signs
            start += 1
    return Mention(Span(start, last.span.end), EntityType(name.type), name.sentence, name.confidence)
