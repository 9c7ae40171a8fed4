"""The linear-chain CRF: a small, fast tagger on word forms, affixes, word clusters and gazetteers.

Its features are made here, for training and for tagging alike; python-crfsuite holds the weights.
"""

from __future__ import annotations

import lzma
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.models import models_folder, verify_model
from pipeline.taggers.features import Gazetteer, bare_forms, gazetteer, word_key
from pipeline.tagging import Prediction

MODEL_FILE = "crf.model"
CLUSTERS_FILE = "clusters.tsv.xz"

_OFFSETS = (-2, -1, 0, 1, 2)


class FeatureMaker:
    """Makes the features of a sentence; keeps those of each word, so that a frequent word costs a look-up."""

    def __init__(self, clusters: Mapping[str, str], known: Gazetteer) -> None:
        self._clusters = clusters
        self._gazetteer = known
        self._word_features = lru_cache(maxsize=60_000)(self._make_word_features)
        self._mark_features = lru_cache(maxsize=4096)(_make_mark_features)

    def sentence(self, words: Sequence[str]) -> list[list[str]]:
        """One list of feature names a word."""
        keys = [word_key(word) for word in words]
        parts = [self._word_features(key) for key in keys]
        marks = [self._mark_features(tuple(row)) for row in self._gazetteer.tag(keys)]
        n = len(words)
        rows: list[list[str]] = []
        for i in range(n):
            row = list(parts[i][2])
            row += marks[i][2]
            if i:
                row += parts[i - 1][1]
                row += marks[i - 1][1]
                row.append(f"-+{keys[i - 1]}|{keys[i]}")
                row.append(f"-c{parts[i - 1][5][0]}|{parts[i][5][0]}")
            else:
                row.append("first")
            if i + 1 < n:
                row += parts[i + 1][3]
                row += marks[i + 1][3]
                row.append(f"++{keys[i]}|{keys[i + 1]}")
                row.append(f"+c{parts[i][5][0]}|{parts[i + 1][5][0]}")
            else:
                row.append("last")
            if i > 1:
                row += parts[i - 2][0]
                row += marks[i - 2][0]
            if i + 2 < n:
                row += parts[i + 2][4]
                row += marks[i + 2][4]
            rows.append(row)
        return rows

    def _make_word_features(self, key: str) -> tuple[tuple[str, ...], ...]:
        """The word's features as seen from two words after, one after, itself, one before, two before; its cluster."""
        forms = bare_forms(key)
        stem = forms[-1]
        cluster = next((self._clusters[form] for form in forms if form in self._clusters), "")
        path = cluster.split(".") if cluster else []
        near = [f"w={key}", f"s={stem}", f"x={key[-2:]}", f"h={_shape(key)}"]
        near += [f"c{depth}={name}" for depth, name in enumerate(path)]
        far = [f"w={key}", *(f"c{depth}={name}" for depth, name in enumerate(path))]
        own = [*near, f"n={len(key) if len(key) < 9 else 9}"]
        own += [f"p{n}={key[:n]}" for n in (1, 2, 3, 4) if len(key) > n]
        own += [f"x{n}={key[-n:]}" for n in (1, 3, 4) if len(key) > n]
        own += [f"sp={stem[:3]}", f"sl={len(forms)}"]
        if len(forms) > 2:
            own += [f"m={form}" for form in forms[1:-1]]
        return (
            tuple("-2" + name for name in far),
            tuple("-1" + name for name in near),
            tuple(own),
            tuple("+1" + name for name in near),
            tuple("+2" + name for name in far),
            (path[0] if path else _shape(key),),
        )


def _make_mark_features(marks: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    names = ["g=" + mark for mark in marks]
    joined = ["G=" + "+".join(marks)] if len(marks) > 1 else []
    return (
        tuple("-2" + name for name in names),
        tuple("-1" + name for name in names + joined),
        (*names, *joined),
        tuple("+1" + name for name in names + joined),
        tuple("+2" + name for name in names),
    )


def _shape(key: str) -> str:
    first = key[:1]
    if "\u0620" <= first <= "\u06ff":
        return "ا" if key.startswith("ال") else "ع"
    if first == "0":
        return "0" * min(len(key), 5)
    return "a" if first.isalpha() else first


def read_clusters(path: Path) -> dict[str, str]:
    """The cluster path of each word key, coarse to fine with dots between; one word and path a line."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return dict(line.rstrip("\n").split("\t") for line in lines)


class CrfTagger:
    """A trained CRF from a folder with its weights and its word clusters; confidences are marginal probabilities."""

    def __init__(self, folder: Path, name: str = "crf") -> None:
        import pycrfsuite

        self.name = name
        self._features = FeatureMaker(read_clusters(folder / CLUSTERS_FILE), gazetteer())
        self._crf = pycrfsuite.Tagger()
        self._crf.open(str(folder / MODEL_FILE))

    def predict(self, sentences: Sequence[Sequence[str]]) -> list[Prediction]:
        """The most probable labels of each sentence, with the probability of each label."""
        return [self._predict_one(words) for words in sentences]

    def probabilities(self, sentences: Sequence[Sequence[str]], labels: Sequence[str]) -> list[npt.NDArray[np.float32]]:
        """The marginal probability of each of ``labels``: one array a sentence, a row a word."""
        return [self._marginals(words, labels) for words in sentences]

    def _marginals(self, words: Sequence[str], labels: Sequence[str]) -> npt.NDArray[np.float32]:
        import pycrfsuite

        if not words:
            return np.zeros((0, len(labels)), np.float32)
        self._crf.set(pycrfsuite.ItemSequence(self._features.sentence(words)))
        marginal = self._crf.marginal
        rows = [[marginal(label, i) for label in labels] for i in range(len(words))]
        return np.array(rows, np.float32)

    def _predict_one(self, words: Sequence[str]) -> Prediction:
        if not words:
            return Prediction((), ())
        import pycrfsuite

        self._crf.set(pycrfsuite.ItemSequence(self._features.sentence(words)))
        labels = tuple(self._crf.tag())
        return Prediction(labels, tuple(self._crf.marginal(label, i) for i, label in enumerate(labels)))


def load_crf(argument: str = "") -> CrfTagger:
    """The shipped CRF, or the one in the folder ``argument``; its files are verified first."""
    folder = Path(argument) if argument else models_folder() / "crf"
    verify_model(folder)
    return CrfTagger(folder)
