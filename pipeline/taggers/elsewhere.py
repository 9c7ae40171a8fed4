"""What a CRF may know of a word beside its sentence: the sentence's topic, and the word where else it stands.

A city in news of a match is a club, and a name that one sentence leaves open is plain in another. Both are features
like those of :mod:`pipeline.taggers.crf_features`; the second kind needs the sentences in the order of their text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipeline.errors import ModelError
from pipeline.taggers.crf_features import FeatureMaker, of_marks
from pipeline.taggers.evidence import TYPES, step_of
from pipeline.taggers.features import bare_forms, word_key
from pipeline.taggers.inputs import word_form
from pipeline.taggers.vectors import Vectors

TOPICS_FILE = "topics.npz"
NEAR = 25
"""How many sentences before and after are read for the same word."""

Floats = npt.NDArray[np.float32]
Words = Sequence[str]
Rows = list[list[str]]

_FREQUENT = 150  # words that tell no topic
_SHORTEST = 3
_LIKELY = 0.3
_ENDS = 0.4
_MANY = 4


class Around(Protocol):
    """Makes features of words from all the sentences at hand."""

    def features(self, sentences: Sequence[Words]) -> list[Rows]:
        """For each sentence one list of feature names a word."""
        ...


class Topics:
    """The nearest centre of a sentence's mean word vector, in each of several sets of centres."""

    def __init__(self, vectors: Vectors, mean: Floats, centres: Sequence[Floats]) -> None:
        self._vectors, self._mean, self._centres = vectors, mean, tuple(centres)
        self._frequent = vectors.frequent(_FREQUENT)

    def of(self, sentences: Sequence[Words]) -> list[tuple[str, ...]]:
        """The names of each sentence's topics, one a set of centres."""
        rows = np.stack([self.vector(words) for words in sentences]) - self._mean
        best = [(rows @ centres.T).argmax(1).tolist() for centres in self._centres]
        return [tuple(f"t{i}.{topic}" for i, topic in enumerate(own)) for own in zip(*best, strict=True)]

    def vector(self, words: Words) -> Floats:
        """The mean vector of the listed words that tell a topic; zeros where none does."""
        forms = [word_form(word) for word in words]
        long = [form for form in forms if len(form) >= _SHORTEST and form.isalpha()]
        telling = [form for form in long if form not in self._frequent and self._vectors.lists(form)]
        zeros = np.zeros(self._vectors.size, np.float32)
        return np.mean([self._vectors.of(form) for form in telling], 0) if telling else zeros


class TopicFeatures:
    """A sentence's topics, alone and with the group of each word and with the gazetteer marks about it."""

    def __init__(self, features: FeatureMaker, topics: Topics) -> None:
        self._features, self._topics = features, topics

    def features(self, sentences: Sequence[Words]) -> list[Rows]:
        """As :class:`Around` says."""
        if not sentences:
            return []
        return [self._rows(words, own) for words, own in zip(sentences, self._topics.of(sentences), strict=True)]

    def _rows(self, words: Words, topics: Sequence[str]) -> Rows:
        keys = [word_key(word) for word in words]
        views = [of_marks(row) for row in self._features.marks(keys)]
        rows: Rows = []
        for at, key in enumerate(keys):
            before = views[at - 1][1] if at else ()
            after = views[at + 1][3] if at + 1 < len(keys) else ()
            marks = [name for name in (*before, *views[at][2], *after) if "g=" in name]
            with_what = ["", f"c={self._features.group(key)}", *marks]
            rows.append([topic + name for topic in topics for name in with_what])
        return rows


class Reader(Protocol):
    """The tagger of the first reading."""

    labels: tuple[str, ...]

    def probabilities(self, sentences: Sequence[Words], labels: Sequence[str]) -> list[Floats]:
        """One array a sentence, a row a word, a column a label."""
        ...


class SecondReading:
    """What a first tagger thinks of the same words in the sentences about."""

    def __init__(self, first: Reader) -> None:
        self._first = first

    def features(self, sentences: Sequence[Words]) -> list[Rows]:
        """As :class:`Around` says."""
        return elsewhere(sentences, self._first.probabilities(sentences, in_order(self._first.labels)))


class Joined:
    """The features of several makers together."""

    def __init__(self, *parts: Around) -> None:
        self._parts = parts

    def features(self, sentences: Sequence[Words]) -> list[Rows]:
        """As :class:`Around` says."""
        answers = [part.features(sentences) for part in self._parts]
        return [[list(chain(*words)) for words in zip(*rows, strict=True)] for rows in zip(*answers, strict=True)]


def in_order(labels: Sequence[str]) -> tuple[str, ...]:
    """``O``, then ``B-`` and ``I-`` of each type, the types as :data:`pipeline.taggers.evidence.TYPES` has them.

    >>> in_order(("B-LOC", "B-PER", "I-LOC", "I-PER", "O"))
    ('O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC')
    """
    types = sorted({label[2:] for label in labels if label != "O"}, key=lambda name: TYPES.index(name[0]))
    return ("O", *(f"{prefix}-{kind}" for kind in types for prefix in "BI"))


def elsewhere(sentences: Sequence[Words], chances: Sequence[Floats]) -> list[Rows]:
    """For each word features of what ``chances`` say of it, and of it with the next word, in the sentences about.

    The columns of ``chances`` are those of :func:`in_order`; a word's own row is never read for its own features.
    """
    if not any(map(len, sentences)):
        return [[] for _ in sentences]
    table = np.concatenate([rows for rows in chances if len(rows)])
    keys = [[word_key(word) for word in words] for words in sentences]
    stems = [[bare_forms(key)[-1] for key in row] for row in keys]
    pairs = [[f"{stem}|{key}" for stem, key in zip(a, b[1:], strict=False)] for a, b in zip(stems, keys, strict=True)]
    alone, tied = _Places(stems, keys), _Places(pairs, keys)
    return [
        _spread(
            [_of_word(table[alone.others(stem, at, sentence)]) for at, stem in enumerate(stems[sentence])],
            [_of_pair(table, tied.others(pair, at, sentence)) for at, pair in enumerate(pairs[sentence])],
        )
        for sentence in range(len(sentences))
    ]


class _Places:
    """Where each key stands, as numbers of words and of their sentences; a sentence has as many words as ``words``."""

    def __init__(self, keys: Sequence[Words], words: Sequence[Words]) -> None:
        self._starts = np.cumsum([0, *map(len, words)]).tolist()
        self._words: dict[str, list[int]] = defaultdict(list)
        self._sentences: dict[str, list[int]] = defaultdict(list)
        for sentence, row in enumerate(keys):
            for at, key in enumerate(row):
                self._words[key].append(self._starts[sentence] + at)
                self._sentences[key].append(sentence)

    def others(self, key: str, at: int, sentence: int) -> list[int]:
        """The numbers of the words of that key in the sentences about, without the one that asks."""
        where, own = self._sentences[key], self._starts[sentence] + at
        first, last = bisect_left(where, sentence - NEAR), bisect_left(where, sentence + NEAR + 1)
        return [word for word in self._words[key][first:last] if word != own]


def _of_word(rows: Floats) -> list[str]:
    """What the probabilities of a word elsewhere, a row a place, tell of it."""
    if not len(rows):
        return ["d?"]
    kinds = rows[:, 1::2] + rows[:, 2::2]
    most, means = kinds.max(0), kinds.mean(0)
    names: list[str] = []
    for kind, high, mean in zip(TYPES, most, means, strict=False):
        if step_of(high):
            names += [f"d{kind}={step_of(high)}", f"dm{kind}={step_of(mean)}"]
    best = int(most.argmax())
    if most[best] <= _LIKELY:
        return [*names, "d0"]
    plainest = rows[int(kinds[:, best].argmax())]
    begins = "IB"[int(plainest[1 + 2 * best] > plainest[2 + 2 * best])]
    often = min(len(rows), _MANY)
    return [*names, f"dB{TYPES[best]}{begins}", f"dn{often}{step_of(1 - rows[:, 0].mean())}"]


def _of_pair(table: Floats, firsts: Sequence[int]) -> list[str]:
    """What the places where the two words stand together tell of them: inside one name, or at its end."""
    if not firsts:
        return []
    name = float(1 - table[firsts, 0].mean())
    inside = table[[first + 1 for first in firsts], 2::2].mean(0)
    names = [f"dk{kind}={step_of(one)}" for kind, one in zip(TYPES, inside, strict=False) if step_of(one)]
    return [*names, f"dkE={step_of(name - inside.sum())}"] if name > _ENDS else names


def _spread(words: Sequence[list[str]], pairs: Sequence[list[str]]) -> Rows:
    """The features of a sentence's words: each one's own, its neighbours', and those of the pairs that it is in."""
    rows = [list(own) for own in words]
    for at, pair in enumerate(pairs):
        rows[at] += [*(f"+{name}" for name in pair), *(f"+1{name}" for name in words[at + 1])]
        rows[at + 1] += [*(f"-{name}" for name in pair), *(f"-1{name}" for name in words[at])]
    return rows


def read_topics(path: Path, vectors: Vectors) -> Topics:
    """The topics of a file of :func:`write_topics`; ModelError where it cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            mean, *centres = (stored[name].astype(np.float32) for name in sorted(stored.files, reverse=True))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: cannot be read ({error}); restore it with 'git checkout -- models'") from error
    return Topics(vectors, mean, centres[::-1])


def write_topics(mean: Floats, centres: Sequence[Floats], path: Path) -> None:
    """Write the centres, coarse ones first, and the mean that is taken off before."""
    arrays = {"mean": mean, **{f"centres{i}": rows for i, rows in enumerate(centres)}}
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # numpy's stub takes them for its own option
