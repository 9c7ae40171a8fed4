"""A CRF that reads a second time: what the first reading thought of the same words elsewhere is among its features.

The second reading learns from first readings of sentences that their tagger had not learned from: each part of the
sentences, a stretch of the text, is read by a tagger of the other parts. A tagger of all parts reads first later.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.taggers.crf import CrfTagger
from pipeline.taggers.crf_features import FeatureMaker
from pipeline.taggers.elsewhere import Rows, TopicFeatures, elsewhere, in_order
from pipeline.training.corpora import LabelledSentence
from pipeline.training.crf_code import Featured, Weights, fitted
from pipeline.training.crf_fit import Settings

PARTS = 3

Floats = npt.NDArray[np.float32]


def fit_twice(
    sentences: Sequence[tuple[LabelledSentence, float]],
    features: FeatureMaker,
    topics: TopicFeatures,
    settings: Settings,
    least_sights: int,
) -> tuple[Weights, Weights]:
    """The weights of the first and of the second reading; the sentences stand in the order of their text."""
    words = [row.words for row, _ in sentences]
    plain = [_joined(features.sentence(own), more) for own, more in zip(words, topics.features(words), strict=True)]
    once = _featured(plain, sentences)
    labels = in_order([label for row, _ in sentences for label in row.labels])
    chances: list[Floats] = []
    for part in range(PARTS):
        start, end = len(once) * part // PARTS, len(once) * (part + 1) // PARTS
        weights = fitted(once[:start] + once[end:], settings, least_sights)
        tagger = CrfTagger(f"without part {part}", features, weights, topics)
        chances += tagger.probabilities(words[start:end], labels)
    again = [_joined(own, more) for own, more in zip(plain, elsewhere(words, chances), strict=True)]
    return fitted(once, settings, least_sights), fitted(_featured(again, sentences), settings, least_sights)


def _joined(own: Rows, more: Rows) -> Rows:
    return [a + b for a, b in zip(own, more, strict=True)]


def _featured(rows: Sequence[Rows], sentences: Sequence[tuple[LabelledSentence, float]]) -> list[Featured]:
    return [(own, sentence.labels, weight) for own, (sentence, weight) in zip(rows, sentences, strict=True)]
