"""The default tagger: the network and the CRF, their probabilities averaged word by word, the best sequence by Viterbi.

The two err differently: the network knows contexts from raw news, the CRF knows spellings and lists. On gold/dev the
mean is better than either alone by more than one point of F1, mostly in precision.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipeline.errors import ConfigError
from pipeline.models import models_folder
from pipeline.taggers.neural import best_paths, transition_costs
from pipeline.tagging import Prediction

Floats = npt.NDArray[np.float32]
Words = Sequence[str]

LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")
#: Of the network and of the CRF in the default tagger. The network has learned from the CRF too; chosen on gold/dev.
WEIGHTS = (0.6, 0.4)
_BATCH_WORDS = 4096
_LEAST = np.float32(1e-9)


class ProbableTagger(Protocol):
    """A tagger that also tells the probability of every label."""

    def probabilities(self, sentences: Sequence[Words], labels: Sequence[str]) -> list[Floats]:
        """One array a sentence, a row a word, a column for each of ``labels``, each row summing to one."""
        ...


class JointTagger:
    """Averages its members by ``weights`` (alike where none are given); a word's confidence is its label's mean."""

    def __init__(
        self,
        name: str,
        members: Sequence[ProbableTagger],
        labels: Sequence[str] = LABELS,
        weights: Sequence[float] = (),
    ) -> None:
        self.name = name
        self._members = tuple(members)
        shares = weights or [1.0] * len(self._members)
        self._weights = [np.float32(share / sum(shares)) for share in shares]
        self._labels = tuple(labels)
        self._start, self._follow = transition_costs(self._labels)

    def predict(self, sentences: Sequence[Words]) -> list[Prediction]:
        """The best labels of each sentence that BIO allows, with the mean probability of each."""
        return self.decide(self.probabilities(sentences))

    def decide(self, means: Sequence[Floats]) -> list[Prediction]:
        """As :meth:`predict`, from the probabilities of the labels."""
        found = [Prediction((), ())] * len(means)
        for batch in _batches([len(rows) for rows in means]):
            for index, path in zip(batch, self._paths([means[i] for i in batch]), strict=True):
                confidences = means[index][np.arange(len(path)), path]
                found[index] = Prediction(tuple(self._labels[label] for label in path), tuple(confidences.tolist()))
        return found

    def probabilities(self, sentences: Sequence[Words]) -> list[Floats]:
        """The mean probability of each label: one array a sentence, a row a word."""
        answers = [member.probabilities(sentences, self._labels) for member in self._members]
        return [self._mean(rows) for rows in zip(*answers, strict=True)]

    def _mean(self, rows: Sequence[Floats]) -> Floats:
        total = np.zeros_like(rows[0])
        for weight, one in zip(self._weights, rows, strict=True):
            total += weight * one
        return total

    def _paths(self, means: Sequence[Floats]) -> list[list[int]]:
        lengths = np.array([len(rows) for rows in means], np.int32)
        scores = np.zeros((int(lengths.max()), len(means), len(self._labels)), np.float32)
        for column, rows in enumerate(means):
            scores[: len(rows), column] = np.log(rows + _LEAST)
        return best_paths(scores, lengths, self._start, self._follow)


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
    from pipeline.taggers.crf import load_crf
    from pipeline.taggers.default import load_shipped

    if argument:
        raise ConfigError(f"tagger 'default' takes nothing after a colon, but {argument!r} stands there")
    return JointTagger("default", (load_shipped("default"), load_crf()), weights=WEIGHTS)


def load_anercorp(argument: str = "") -> JointTagger:
    """The benchmark tagger: a network and a CRF trained on ANERcorp alone, with its four types; takes no argument."""
    from pipeline.taggers.crf import load_crf
    from pipeline.taggers.default import load_shipped

    if argument:
        raise ConfigError(f"tagger 'anercorp' takes nothing after a colon, but {argument!r} stands there")
    network = load_shipped("anercorp")
    return JointTagger("anercorp", (network, load_crf(str(models_folder() / "anercorp-crf"))), network.labels)
