"""Sentences as the network reads them: ids into a table of words, knowledge bits, labels; and batches of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipeline.taggers.inputs import N_AFFIXES, N_KNOWLEDGE, Gazetteer, affix_ids, knowledge_matrix, word_form
from pipeline.training.streams import IGNORED

TYPES = ("PER", "LOC", "ORG", "MISC")
LABELS = ("O", *(f"{prefix}-{kind}" for kind in TYPES for prefix in "BI"))
LABEL_IDS = {label: i for i, label in enumerate(LABELS)}
#: Knowledge features that come from the gazetteers; the rest is the word's shape and is never hidden.
N_GAZETTEER = 23

Floats = npt.NDArray[np.float32]


class WordVectors(Protocol):
    """Anything that gives a word form its vector."""

    def of(self, form: str) -> Floats:
        """The vector of one word form."""
        ...


@dataclass(slots=True)
class Example:
    """One sentence: word ids, packed knowledge bits, label ids (or soft labels), its head and its group (document)."""

    words: npt.NDArray[np.int32]
    knowledge: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int8] | None
    head: int = 0
    group: str = ""
    soft: npt.NDArray[np.float16] | None = None


@dataclass(slots=True)
class Table:
    """The distinct word forms of a set of examples, with their vectors and affix ids."""

    vectors: WordVectors
    gazetteer: Gazetteer
    index: dict[str, int] = field(default_factory=dict)
    _rows: list[Floats] = field(default_factory=list)
    _affixes: list[tuple[int, ...]] = field(default_factory=list)

    def example(
        self,
        words: Sequence[str],
        labels: Sequence[str] | None,
        head: int = 0,
        group: str = "",
        hidden: Sequence[bool] = (),
    ) -> Example:
        """The sentence as the network reads it; unknown types count as ``O``; ``hidden`` words are in no gazetteer."""
        forms = [word_form(word) or "." for word in words]
        for form in forms:
            if form not in self.index:
                self.index[form] = len(self.index)
                self._rows.append(self.vectors.of(form).astype(np.float16))
                self._affixes.append(affix_ids(form))
        knowledge = np.zeros((len(forms), N_KNOWLEDGE), np.float32)
        knowledge_matrix(forms, self.gazetteer, knowledge)
        if any(hidden):
            knowledge[np.asarray(hidden), :N_GAZETTEER] = 0
        ids = np.array([self.index[form] for form in forms], np.int32)
        gold = None if labels is None else np.array([LABEL_IDS.get(label, 0) for label in labels], np.int8)
        return Example(ids, np.packbits(knowledge.astype(np.uint8), axis=1), gold, head, group)

    def arrays(self) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.int64]]:
        """The vectors and the affix ids of all words so far."""
        return np.stack(self._rows), np.array(self._affixes, np.int64)


@dataclass(slots=True)
class Batch:
    """Padded arrays, words first; ``labels`` is IGNORED and ``soft`` zero on padding."""

    vectors: Floats
    knowledge: Floats
    affixes: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    heads: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    soft: Floats | None


@dataclass(frozen=True, slots=True)
class Noise:
    """Shares of words whose vector and whose gazetteer features are hidden while training."""

    words: float = 0.03
    gazetteer: float = 0.1


def collate(
    examples: Sequence[Example],
    vectors: npt.NDArray[np.float16],
    affixes: npt.NDArray[np.int64],
    noise: Noise | None = None,
    rng: np.random.Generator | None = None,
) -> Batch:
    """The examples as one batch; with ``noise`` and ``rng`` some of what is known is hidden."""
    longest, n = max(len(e.words) for e in examples), len(examples)
    batch = Batch(
        np.zeros((longest, n, vectors.shape[1]), np.float32),
        np.zeros((longest, n, N_KNOWLEDGE), np.float32),
        np.zeros((longest, n, N_AFFIXES), np.int64),
        np.array([len(e.words) for e in examples]),
        np.array([e.head for e in examples]),
        np.full((longest, n), IGNORED, np.int64),
        np.zeros((longest, n, len(LABELS)), np.float32) if examples[0].soft is not None else None,
    )
    for i, example in enumerate(examples):
        size = len(example.words)
        batch.vectors[:size, i] = vectors[example.words]
        batch.affixes[:size, i] = affixes[example.words]
        batch.knowledge[:size, i] = np.unpackbits(example.knowledge, axis=1, count=N_KNOWLEDGE)
        if example.labels is not None:
            batch.labels[:size, i] = example.labels
        if batch.soft is not None and example.soft is not None:
            batch.soft[:size, i] = example.soft
    if noise is not None and rng is not None:
        batch.vectors *= rng.random((longest, n, 1)) >= noise.words
        batch.knowledge[:, :, :N_GAZETTEER] *= rng.random((longest, n, 1)) >= noise.gazetteer
    return batch


def batches(examples: Iterable[Example], words: int, rng: np.random.Generator | None = None) -> Iterator[list[Example]]:
    """Examples of like length together, at most ``words`` padded words a batch; in random order with ``rng``."""
    pool = [example for example in examples if len(example.words)]
    jitter = rng.random(len(pool)) * 6 if rng is not None else np.zeros(len(pool))
    order = np.argsort([len(example.words) for example in pool] + jitter, kind="stable")
    cuts: list[list[Example]] = []
    for at in order:
        if not cuts or (len(cuts[-1]) + 1) * len(pool[at].words) > words:
            cuts.append([])
        cuts[-1].append(pool[at])
    if rng is not None:
        rng.shuffle(cuts)  # in place
    yield from cuts
