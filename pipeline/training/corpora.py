"""Annotated corpora as labelled sentences in one convention: that of the annotation guidelines.

Each corpus is read as it is; :data:`CONVENTIONS` tells what its types become, and a re-cut by
:func:`pipeline.segment.tokenize` brings its words to ours, so that ``أ)`` or ``2006م`` are cut as in a running text.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.schema import Analysis, Document, Sentence
from pipeline.segment import split_sentences, tokenize
from pipeline.training.gold import GoldDocument, GoldMention, read_gold

CONVENTIONS: Mapping[str, Mapping[str, str]] = {
    "anercorp": {"PERS": "PER", "MISC": ""},
    "cleananercorp": {"MISC": ""},  # nationality adjectives, currencies, events
    "caraner": {"MISC": "", "MIS": ""},  # acting countries are ORG there; see the recipe before mixing it in
    "newsfane_on_anercorp": {"MISC": ""},
    "aqmar": {"MISC": ""},
}
"""What each corpus calls what; an empty string means that the guidelines mark no such name."""


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """Normalised words and their BIO labels, one each; ``source`` is the corpus or the gold document's id."""

    words: tuple[str, ...]
    labels: tuple[str, ...]
    source: str


def read_conll(path: Path, types: Mapping[str, str] | None = None) -> Iterator[LabelledSentence]:
    """The sentences of a ``word TAB label`` file (plain or .gz), re-cut into our tokens, types mapped by ``types``.

    Raises InputError, with the line's number, where a line has no label.
    """
    words: list[str] = []
    labels: list[str] = []
    for number, line in enumerate(_lines(path), 1):
        if line.strip():
            fields = line.split("\t")
            if len(fields) < 2:
                raise InputError(f"{path}:{number}: no label beside {fields[0]!r}; write word, tab, label")
            for piece, label in _recut(fields[0], fields[1], types or {}):
                words.append(piece)
                labels.append(label)
        elif words:
            yield LabelledSentence(tuple(words), tuple(labels), path.parent.name)
            words, labels = [], []
    if words:
        yield LabelledSentence(tuple(words), tuple(labels), path.parent.name)


def _lines(path: Path) -> Iterator[str]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield from (line.rstrip("\n") for line in file)
    else:
        with path.open(encoding="utf-8") as file:
            yield from (line.rstrip("\n") for line in file)


def _recut(word: str, label: str, types: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    prefix, _, kind = label.partition("-")
    kind = types.get(kind, kind)
    for token in tokenize(word):
        if prefix == "O" or not kind:
            yield token.norm, "O"
        else:
            yield token.norm, f"{prefix}-{kind}"
            prefix = "I"


def read_gold_sentences(folder: Path) -> Iterator[tuple[GoldDocument, tuple[Sentence, ...], list[LabelledSentence]]]:
    """Each gold document with its sentences (boilerplate left out) and their labels."""
    for gold in read_gold(folder):
        sentences = split_sentences(Analysis(Document(gold.doc_id, gold.text), gold.segments))
        yield gold, sentences, [label_sentence(sentence, gold.mentions, gold.doc_id) for sentence in sentences]


def label_sentence(sentence: Sentence, mentions: Sequence[GoldMention], source: str) -> LabelledSentence:
    """The sentence's words with the labels that the mentions give them; a proclitic's word belongs to its name."""
    labels = ["O"] * len(sentence.tokens)
    for mention in mentions:
        if not mention.span.overlaps(sentence.span):
            continue
        prefix = "B-"
        for i, token in enumerate(sentence.tokens):
            if token.span.overlaps(mention.span):
                labels[i] = prefix + mention.type
                prefix = "I-"
    return LabelledSentence(tuple(token.norm for token in sentence.tokens), tuple(labels), source)
