"""Evidence for the CRF: ``python -m pipeline.training.evidence --raw DIR --tagger NAME --output DIR --silver FILE``.

Tags raw text, mostly news of many outlets first, and writes what the tagger thought of each word and of each two
neighbours, added up (:mod:`pipeline.taggers.evidence`), and sentences of which it was sure, to learn from. All of 43
million words take about half an hour of two fast cores.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.models import load_tagger
from pipeline.schema import Analysis, Document
from pipeline.segment import split_sentences
from pipeline.taggers.evidence import EVIDENCE_FILE, step_of, write_evidence
from pipeline.taggers.features import word_key
from pipeline.taggers.joint import JointTagger
from pipeline.training.rawtext import read_documents

Floats = npt.NDArray[np.float32]
Opinion = tuple[Sequence[str], Floats]

#: Shards of the raw text, with how often each is drawn from.
SHARES = {
    "news-2018-antcorpus": 0.33,
    "news-web-mixed": 0.33,
    "news-2015-saudi": 0.17,
    "news-khaleej": 0.1,
    "wikipedia-2017": 0.07,
}
SILVER_LENGTHS, SURE = (6, 90), 0.6
_LONGEST_TEXT = 12_000
_LENGTHS = (3, 150)
_OUTSIDE = 0.9  # of a word that was seen once, the probability of no name counts as much again
_LEAST_WORD, _LEAST_PAIR = 5, 4
_LIKELY = 0.15  # a pair counts where one of its two is a name with that probability
_DOUBT = 0.7


def draw(raw: Path, seed: int, part: int = 0, parts: int = 1) -> Iterator[list[list[str]]]:
    """The sentences of documents drawn from the shards without end of one before the others; in words.

    Of every ``parts`` documents in the order in which they are drawn, only one is given.
    """
    rng = random.Random(seed)  # noqa: S311  # not for secrets
    shards = {name: read_documents(raw / f"{name}.txt.xz") for name in SHARES}
    count = 0
    while shards:
        name = rng.choices(list(shards), [SHARES[name] for name in shards])[0]
        text = next(shards[name], None)
        if text is None:
            del shards[name]
        elif len(text) < _LONGEST_TEXT:
            count += 1
            if count % parts != part:
                continue
            sentences = split_sentences(Analysis(Document(name, text)))
            words = [[token.norm for token in sentence.tokens] for sentence in sentences]
            yield [row for row in words if _LENGTHS[0] <= len(row) <= _LENGTHS[1]]


def opinions(documents: Iterable[list[list[str]]], tagger: JointTagger, n_words: int) -> Iterator[Opinion]:
    """The words of each sentence with the tagger's probabilities, until ``n_words`` have been read."""
    read = 0
    for sentences in documents:
        yield from zip(sentences, tagger.probabilities(sentences), strict=True)
        read += sum(map(len, sentences))
        if read >= n_words:
            return


class Silver:
    """Gathers sentences with names, of whose labels the tagger is sure, as ``word TAB label`` lines."""

    def __init__(self, tagger: JointTagger, n_words: int, seed: int, share: float) -> None:
        self.lines: list[str] = []
        self._tagger, self._left, self._share = tagger, n_words, share
        self._rng = random.Random(seed)  # noqa: S311  # not for secrets

    def add(self, words: Sequence[str], chances: Floats) -> None:
        """Take in one sentence, or pass it over."""
        if self._left <= 0 or not SILVER_LENGTHS[0] <= len(words) <= SILVER_LENGTHS[1]:
            return
        if chances[:, 0].min() >= 0.5 or self._rng.random() >= self._share:
            return
        prediction = self._tagger.decide([chances])[0]
        if min(prediction.confidences) > SURE:
            self.lines += [f"{word}\t{label}\n" for word, label in zip(words, prediction.labels, strict=True)] + ["\n"]
            self._left -= len(words)


class Sums:
    """Probabilities added up; a column a label, ``O`` first, then ``B-`` and ``I-`` of each type."""

    def __init__(self) -> None:
        self._words: dict[str, npt.NDArray[np.float64]] = {}
        self._pairs: dict[str, npt.NDArray[np.float64]] = {}

    def add(self, words: Sequence[str], chances: Floats) -> None:
        """Take in one sentence."""
        keys = [word_key(word) for word in words]
        rows = np.concatenate([np.ones((len(keys), 1)), chances], 1)
        for key, row in zip(keys, rows, strict=True):
            known = self._words.setdefault(key, np.zeros(rows.shape[1]))
            known += row
        inside, names = chances[:, 2::2], 1 - chances[:, 0]
        likely = (names[:-1] > _LIKELY) | (names[1:] > _LIKELY)
        for at in range(len(keys) - 1):
            pair = f"{keys[at]}|{keys[at + 1]}"
            if likely[at]:
                known = self._pairs.setdefault(pair, np.zeros(3 + inside.shape[1]))
                known += (1, 1, *inside[at + 1], names[at])
            elif pair in self._pairs:
                self._pairs[pair][0] += 1

    def merge(self, other: Sums) -> None:
        """Take in what another has added up; each counts a pair from the first time on that it was likely a name."""
        for own, others in ((self._words, other._words), (self._pairs, other._pairs)):
            for key, row in others.items():
                known = own.get(key)
                if known is None:
                    own[key] = row
                else:
                    known += row

    def words(self) -> dict[str, str]:
        """The codes of the words that were seen often enough."""
        return {key: _word_code(row[0], row[1:]) for key, row in self._words.items() if row[0] >= _LEAST_WORD}

    def pairs(self) -> dict[str, str]:
        """The codes of the pairs that were likely names often enough and say anything."""
        codes = {key: _pair_code(row) for key, row in self._pairs.items() if row[1] >= _LEAST_PAIR}
        return {key: code for key, code in codes.items() if code[:-1].strip("0") != "-"}


def _word_code(count: float, sums: npt.NDArray[np.float64]) -> str:
    prior = np.full(len(sums), (1 - _OUTSIDE) / (len(sums) - 1))
    prior[0] = _OUTSIDE
    means = (sums + prior) / (count + 1)
    kinds = means[1::2] + means[2::2]
    begins = int(means[1::2].sum() / max(kinds.sum(), 1e-6) * 3.99)
    often = min(4, int(np.log10(count) * 1.5))
    return "".join(str(step_of(kind)) for kind in kinds) + f"{begins}{often}"


def _pair_code(row: npt.NDArray[np.float64]) -> str:
    total, _, *inside, name = row.tolist()
    ends = str(step_of((name - sum(inside)) / (total + _DOUBT))) if name / total > 0.4 else "-"
    often = "a" if total < 4 else "b" if total < 10 else "c"
    return "".join(str(step_of(one / (total + _DOUBT))) for one in inside) + ends + often


def _tagger(name: str) -> JointTagger:
    tagger = load_tagger(name)
    if not isinstance(tagger, JointTagger):
        raise TypeError(f"{name} tells no probabilities of every label")
    return tagger


def read_part(options: argparse.Namespace, part: int) -> tuple[Sums, list[str]]:
    """What the tagger thinks of one part of the documents, and the sure sentences among them."""
    if options.workers > 1:
        os.environ["LIQA_THREADS"] = "1"
    tagger, share = _tagger(options.tagger), 1 / options.workers
    sums, silver = Sums(), Silver(tagger, int(options.silver_words * share), options.seed + part, options.silver_share)
    documents = draw(options.raw, options.seed, part, options.workers)
    for words, chances in opinions(documents, tagger, int(options.words * share)):
        sums.add(words, chances)
        silver.add(words, chances)
    return sums, silver.lines


def main() -> None:
    """Tag, add up and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--tagger", default="default", choices=["default", "anercorp"])
    parser.add_argument("--words", type=int, default=4_400_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--silver", type=Path, required=True, help="where to write sentences to learn from")
    parser.add_argument("--silver-words", type=int, default=600_000)
    parser.add_argument("--silver-share", type=float, default=0.33, help="of the sentences with names that are sure")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    with ProcessPoolExecutor(options.workers) as pool:
        answers = list(pool.map(read_part, [options] * options.workers, range(options.workers)))
    sums, lines = answers[0]
    for more, others in answers[1:]:
        sums.merge(more)
        lines += others
    options.output.mkdir(parents=True, exist_ok=True)
    write_evidence(sums.words(), sums.pairs(), options.output / EVIDENCE_FILE)
    options.silver.parent.mkdir(parents=True, exist_ok=True)
    options.silver.write_text("".join(lines), "utf-8")
    print(f"{len(sums.words())} words, {len(sums.pairs())} pairs, {options.output}")


if __name__ == "__main__":
    main()
