"""Annotated corpora as labelled sentences in one convention: that of the annotation guidelines.

Each corpus is read as it is; :mod:`pipeline.training.declared` tells what its types and odd tokens become and whether
its clitics stand apart, and a re-cut by :func:`pipeline.segment.tokenize` brings its words to ours, so that ``أ)`` or
``2006م`` are cut as in a running text.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.evaluation.gold import GoldDocument, GoldMention, read_gold
from pipeline.schema import Analysis, Document, Sentence
from pipeline.segment import split_sentences, tokenize
from pipeline.training.declared import read_declared

CONVENTIONS: Mapping[str, Mapping[str, str]] = {name: row.types for name, row in read_declared().items()}
"""What each corpus calls what (``corpora.tsv``); an empty string means that the guidelines mark no such name."""

_PROCLITICS = frozenset("وفبلك")
#: Endings that are no words of their own; of those that may be (هم), nobody can tell, so they stay as they are.
_ENCLITICS = frozenset({"ه", "ها", "نا"})


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """Normalised words and their BIO labels, one each; ``source`` is the corpus or the gold document's id."""

    words: tuple[str, ...]
    labels: tuple[str, ...]
    source: str


def read_conll(
    path: Path, types: Mapping[str, str] | None = None, *, tokens: Mapping[str, str] | None = None, split: bool = False
) -> Iterator[LabelledSentence]:
    """The sentences of a ``word TAB label`` file (plain or .gz), re-cut into our tokens, types mapped by ``types``.

    ``tokens`` puts one token in the place of another, or nothing; ``split`` joins clitics that are tokens of their own.
    Raises InputError, with the line's number, where a line has no label.
    """
    for rows in _sentences(path):
        rows = [((tokens or {}).get(word, word), label) for word, label in rows]
        whole = join_clitics(rows) if split else rows
        cut = [piece for word, label in whole for piece in _recut(word, label, types or {})]
        if cut:
            words, labels = zip(*cut, strict=True)
            yield LabelledSentence(words, with_beginnings(labels), path.parent.name)


def _sentences(path: Path) -> Iterator[list[tuple[str, str]]]:
    rows: list[tuple[str, str]] = []
    for number, line in enumerate(_lines(path), 1):
        if line.strip():
            fields = line.split("\t")
            if len(fields) < 2:
                raise InputError(f"{path}:{number}: no label beside {fields[0]!r}; write word, tab, label")
            rows.append((fields[0], fields[1]))
        elif rows:
            yield rows
            rows = []
    if rows:
        yield rows


def with_beginnings(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels with ``B-`` for an ``I-`` that continues nothing of its own type, as conlleval counts it.

    >>> with_beginnings(["O", "I-LOC", "I-LOC", "I-ORG"])
    ('O', 'B-LOC', 'I-LOC', 'B-ORG')
    """
    return tuple(
        f"B-{label[2:]}" if label.startswith("I-") and before[2:] != label[2:] else label
        for before, label in zip(("O", *labels), labels, strict=False)
    )


def join_clitics(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The words of a sentence whose clitics were cut off, put together; a word's label is that of its stem.

    >>> join_clitics([("و", "O"), ("ل", "O"), ("النهر", "B-LOC"), ("ضفاف", "O"), ("ه", "O")])
    [('وللنهر', 'B-LOC'), ('ضفافه', 'O')]
    """
    whole: list[tuple[str, str]] = []
    before = ""
    for at, (word, label) in enumerate(rows):
        after = rows[at + 1][0] if at + 1 < len(rows) else ""
        if word in _PROCLITICS and after[:1].isalpha():
            before += word
        elif word in _ENCLITICS and whole and not before and whole[-1][0][-1:].isalpha():
            whole[-1] = whole[-1][0] + word, whole[-1][1]
        else:
            stem = f"ل{word[2:]}" if before.endswith("ل") and word.startswith("ال") else word
            whole.append((before + stem, label))
            before = ""
    return whole


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
