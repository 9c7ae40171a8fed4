"""The default tagger: a CRF and a transformer, the best sequence of both by Viterbi.

They err differently: the transformer knows contexts from raw news, the CRF knows spellings, lists, and which label
follows which. The transformer costs several times what the CRF does, so it reads only the clauses where the CRF is in
doubt. On gold/dev and on unseen train documents that loses nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from pipeline.errors import ConfigError
from pipeline.models import models_folder
from pipeline.taggers.lattice import Lattice
from pipeline.taggers.neural import best_paths, transition_costs
from pipeline.tagging import Prediction

if TYPE_CHECKING:
    from pipeline.taggers.crf import CrfTagger
    from pipeline.taggers.transformer import TransformerTagger

Floats = npt.NDArray[np.float32]
Words = Sequence[str]

LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")
#: Of the CRF and of the transformer in the default tagger; chosen on dev and unseen train documents (docs/models.md).
WEIGHTS = (0.35, 0.65)
#: A clause goes to the next member where those before it give the best label of some word less than 1 less this.
DOUBTS = (0.1,)
#: The words around such a word that are read with it: those less certain than 1 - _UNCLEAR, and _CONTEXT on each side.
_UNCLEAR = 0.05
_CONTEXT = 8
_BATCH_WORDS = 4096
_LEAST = np.float32(1e-9)
_UNHEARD = np.float32(1e-4)  # the least probability of a label, beside the CRF's own scores


class ProbableTagger(Protocol):
    """A tagger that also tells the probability of every label."""

    def probabilities(self, sentences: Sequence[Words], labels: Sequence[str]) -> list[Floats]:
        """One array a sentence, a row a word, a column for each of ``labels``, each row summing to one."""
        ...


@runtime_checkable
class ChainTagger(ProbableTagger, Protocol):
    """A tagger that scores labels and their sequence."""

    def lattice(self, sentences: Sequence[Words], labels: Sequence[str]) -> Lattice:
        """The scores of ``labels``, and their probabilities."""
        ...


def open_stretches(rows: Floats, words: Words, doubt: float) -> list[tuple[int, int]]:
    """The stretches of a sentence (start, end excluded) in which some word's best label has less than 1 - ``doubt``.

    Each holds whole clauses, from mark to mark, so that a reader of it alone misses little; with a doubt of 0 the
    sentence is one stretch, and one without words is none.

    >>> rows = np.array([[0.99, 0.01], [0.99, 0.01], [0.6, 0.4], [1.0, 0.0]], np.float32)
    >>> open_stretches(rows, ["قال", "،", "سالم", "."], 0.15)
    [(0, 4)]
    """
    if not len(rows):
        return []
    if doubt <= 0:
        return [(0, len(rows))]
    unsure = 1 - rows.max(1)
    if unsure.max() <= doubt:
        return []
    marks = [-1, *(at for at, word in enumerate(words) if not any(map(str.isalnum, word))), len(words) - 1]
    found: list[tuple[int, int]] = []
    for at in np.flatnonzero(unsure > min(_UNCLEAR, doubt)).tolist():
        start = marks[bisect_right(marks, max(at - _CONTEXT, 0) - 1) - 1] + 1
        end = marks[bisect_left(marks, min(at + _CONTEXT, len(words) - 1))] + 1
        if found and start <= found[-1][1]:
            start, end = found[-1][0], max(end, found.pop()[1])
        found.append((start, end))
    return [(start, end) for start, end in found if unsure[start:end].max() > doubt]


class JointTagger:
    """Averages its members by ``weights`` (alike where none are given); a word's confidence is its label's mean.

    The first member reads everything; each other one, by its share of ``doubts`` (0, which is everything, where none is
    given), what those before it leave open: see :func:`open_stretches`. Where the first scores sequences, its scores
    count among the logarithms of what the others say, else the mean decides.
    """

    def __init__(
        self,
        name: str,
        members: Sequence[ProbableTagger],
        labels: Sequence[str] = LABELS,
        weights: Sequence[float] = (),
        doubts: Sequence[float] = (),
    ) -> None:
        self.name = name
        self._members = tuple(members)
        shares = weights or [1.0] * len(self._members)
        self._weights = [np.float32(share / sum(shares)) for share in shares]
        self._labels = tuple(labels)
        self._doubts = doubts or [0.0] * len(self._members[1:])
        self._start, self._follow = transition_costs(self._labels)

    def predict(self, sentences: Sequence[Words]) -> list[Prediction]:
        """The best labels of each sentence that BIO allows, with the mean probability of each."""
        first = self._members[0]
        if not isinstance(first, ChainTagger):
            return self.decide(self.probabilities(sentences))
        lattice = first.lattice(sentences, self._labels)
        means, heard = self._ask(sentences, lattice.chances)
        share = self._weights[0]
        scores = [
            share * own + (1 - share) * np.log(others + _UNHEARD)
            for own, others in zip(lattice.scores, heard, strict=True)
        ]
        return self._best(scores, share * lattice.follow + self._follow, means)

    def decide(self, means: Sequence[Floats]) -> list[Prediction]:
        """As :meth:`predict`, from the probabilities of the labels alone."""
        return self._best([np.log(rows + _LEAST) for rows in means], self._follow, means)

    def probabilities(self, sentences: Sequence[Words]) -> list[Floats]:
        """The mean probability of each label: one array a sentence, a row a word."""
        return self._ask(sentences, self._members[0].probabilities(sentences, self._labels))[0]

    def _ask(self, sentences: Sequence[Words], first: Sequence[Floats]) -> tuple[list[Floats], list[Floats]]:
        """The mean of all members, and that of all but the first, whose answer stands where no other is asked."""
        means, heard = [rows.copy() for rows in first], [rows.copy() for rows in first]
        taken = self._weights[0]
        for member, weight, doubt in zip(self._members[1:], self._weights[1:], self._doubts, strict=True):
            taken += weight
            stretches = [
                (index, start, end)
                for index, rows in enumerate(means)
                for start, end in open_stretches(rows, sentences[index], doubt)
            ]
            answers = member.probabilities([sentences[i][start:end] for i, start, end in stretches], self._labels)
            for (index, start, end), rows in zip(stretches, answers, strict=True):
                for total, share in ((means, weight / taken), (heard, weight / (taken - self._weights[0]))):
                    total[index][start:end] += share * (rows - total[index][start:end])
        return means, heard

    def _best(self, scores: Sequence[Floats], follow: Floats, means: Sequence[Floats]) -> list[Prediction]:
        """The best labels of each sentence, batch by batch; confidences are from ``means``."""
        found = [Prediction((), ())] * len(scores)
        for batch in _batches([len(rows) for rows in scores]):
            lengths = np.array([len(scores[i]) for i in batch], np.int32)
            padded = np.zeros((int(lengths.max()), len(batch), len(self._labels)), np.float32)
            for column, index in enumerate(batch):
                padded[: lengths[column], column] = scores[index]
            for index, path in zip(batch, best_paths(padded, lengths, self._start, follow), strict=True):
                confidences = means[index][np.arange(len(path)), path]
                found[index] = Prediction(tuple(self._labels[label] for label in path), tuple(confidences.tolist()))
        return found


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices of the sentences that have words, the shortest first, in batches of bounded size."""
    batch: list[int] = []
    for index in sorted((i for i, n in enumerate(lengths) if n), key=lambda i: (lengths[i], i)):
        if batch and (len(batch) + 1) * lengths[index] > _BATCH_WORDS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def load_joint(argument: str = "") -> JointTagger:
    """The shipped network and the shipped CRF together; takes no argument."""
    _take_nothing("default", argument)
    crf, network = _load_both("", "default")
    return JointTagger("default", (crf, network), weights=WEIGHTS, doubts=DOUBTS)


def load_anercorp(argument: str = "") -> JointTagger:
    """The benchmark tagger: a network and a CRF trained on ANERcorp alone, with its four types; takes no argument."""
    _take_nothing("anercorp", argument)
    crf, network = _load_both(str(models_folder() / "anercorp-crf"), "anercorp")
    return JointTagger("anercorp", (crf, network), network.labels)


def _take_nothing(name: str, argument: str) -> None:
    if argument:
        raise ConfigError(f"tagger {name!r} takes nothing after a colon, but {argument!r} stands there")


def _load_both(crf: str, network: str) -> tuple[CrfTagger, TransformerTagger]:
    """A CRF and a shipped network, read at the same time, for unpacking keeps no other thread waiting."""
    from pipeline.taggers.crf import load_crf
    from pipeline.taggers.default import load_shipped

    with ThreadPoolExecutor(max_workers=1) as beside:
        loading = beside.submit(load_shipped, network)
        return load_crf(crf), loading.result()
