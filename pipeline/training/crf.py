"""Train the CRF tagger: ``python -m pipeline.training.crf --gold DIR --conll FILE ... --clusters FILE --output DIR``.

``DIR`` and each ``FILE`` may be followed by ``:weight``, how much a sentence of it counts. An ``evidence.tsv.gz`` in
the output folder is read for features. Ten minutes of one core with the corpora of the model card.
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.taggers.crf import CLUSTERS_FILE, MODEL_FILE
from pipeline.taggers.crf_features import FeatureMaker, read_clusters
from pipeline.taggers.evidence import EVIDENCE_FILE, read_evidence
from pipeline.taggers.features import gazetteer
from pipeline.training.cards import write_card
from pipeline.training.corpora import CONVENTIONS, LabelledSentence, read_conll, read_gold_sentences
from pipeline.training.crf_fit import Coded, Settings, fit
from pipeline.training.sources import held_out

LEAST_SIGHTS = 3
"""Features that were seen less often in training are left out."""
LEAST_WEIGHT = 0.03
"""Features none of whose weights is as large are left out of the file."""

Weighted = Iterator[tuple[LabelledSentence, float]]


def read_training(gold: str, conll: Sequence[str], silver: str, *, own_types: bool = False) -> Weighted:
    """The labelled sentences of the gold folder, then of each CoNLL file in the convention of its folder's name.

    Gold documents that the networks do not learn from are left out too. With ``own_types`` a CoNLL file keeps its
    types, MISC too. ``silver`` is a CoNLL file in the wanted convention.
    """
    if gold:
        folder, weight = weighted(gold)
        for document, _, labelled in read_gold_sentences(folder):
            if not held_out(document.doc_id):
                yield from ((sentence, weight) for sentence in labelled)
    for name in conll:
        path, weight = weighted(name)
        types = {"PERS": "PER"} if own_types else CONVENTIONS.get(path.parent.name)
        yield from ((sentence, weight) for sentence in read_conll(path, types))
    if silver:
        path, weight = weighted(silver)
        yield from ((sentence, weight) for sentence in read_conll(path))


def weighted(name: str) -> tuple[Path, float]:
    """A path and its weight.

    >>> weighted("train:2")[1], weighted("train")[1]
    (2.0, 1.0)
    """
    path, _, weight = name.partition(":")
    return Path(path), float(weight or 1)


def train(sentences: Weighted, clusters: Path, output: Path, settings: Settings, least_sights: int) -> int:
    """The number of words learned from; writes the model's files into ``output``."""
    output.mkdir(parents=True, exist_ok=True)
    if clusters.resolve() != (output / CLUSTERS_FILE).resolve():
        shutil.copyfile(clusters, output / CLUSTERS_FILE)
    evidence = read_evidence(output / EVIDENCE_FILE)
    features = FeatureMaker(read_clusters(clusters), gazetteer(), evidence)
    names, labels, coded = encode(sentences, features, least_sights)
    state, follow = fit(coded, len(names), len(labels), settings)
    write_weights(names, labels, state, follow, output / MODEL_FILE)
    return sum(len(sentence.labels) for sentence in coded)


def encode(sentences: Weighted, features: FeatureMaker, least_sights: int) -> tuple[list[str], list[str], list[Coded]]:
    """The names of the features that were seen often enough, the labels, and the sentences in their numbers."""
    index: dict[str, int] = {}
    labels: dict[str, int] = {}
    coded: list[Coded] = []
    for sentence, weight in sentences:
        if not sentence.words:
            continue
        rows = features.sentence(sentence.words)
        ids = np.array([index.setdefault(name, len(index)) for row in rows for name in row], np.int32)
        own = np.array([labels.setdefault(label, len(labels)) for label in sentence.labels], np.int32)
        coded.append(Coded(ids, np.array([len(row) for row in rows], np.int32), own, weight))
    sights = np.zeros(len(index), np.int64)
    for one in coded:
        np.add.at(sights, one.features, 1)
    kept = sights >= least_sights
    number = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    names = [name for name, keep in zip(index, kept.tolist(), strict=True) if keep]
    return names, list(labels), [_only(one, number) for one in coded]


def _only(sentence: Coded, number: npt.NDArray[np.int32]) -> Coded:
    """The sentence with its features renumbered, those without a number left out."""
    features = number[sentence.features]
    words = np.repeat(np.arange(len(sentence.counts)), sentence.counts)[features >= 0]
    counts = np.bincount(words, minlength=len(sentence.counts)).astype(np.int32)
    return Coded(features[features >= 0], counts, sentence.labels, sentence.weight)


def write_weights(
    names: Sequence[str],
    labels: Sequence[str],
    state: npt.NDArray[np.float32],
    follow: npt.NDArray[np.float32],
    output: Path,
) -> None:
    """Write the weights, features by name and labels by name; features that hardly matter are left out."""
    columns: list[int] = np.argsort(labels).tolist()
    kept: list[int] = np.flatnonzero(np.abs(state).max(1) >= LEAST_WEIGHT).tolist()
    rows = sorted(kept, key=lambda i: names[i])
    np.savez_compressed(
        output,
        labels=np.array([labels[i] for i in columns]),
        attributes=np.frombuffer("\n".join(names[i] for i in rows).encode(), np.uint8),
        state=state[rows][:, columns].astype(np.float16),
        transitions=follow[columns][:, columns],
    )


def main() -> None:
    """Read the corpora named on the command line, train, and write the model with its card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", default="")
    parser.add_argument("--conll", nargs="*", default=[])
    parser.add_argument("--silver", default="", help="sentences that pipeline.training.evidence wrote")
    parser.add_argument("--own-types", action="store_true", help="keep the types of the CoNLL files, MISC too")
    parser.add_argument("--clusters", type=Path, required=True)
    parser.add_argument("--passes", type=int, default=Settings().passes)
    parser.add_argument("--least-sights", type=int, default=LEAST_SIGHTS)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    began = time.perf_counter()
    settings = Settings(passes=options.passes)
    sentences = read_training(options.gold, options.conll, options.silver, own_types=options.own_types)
    n_words = train(sentences, options.clusters, options.output, settings, options.least_sights)
    write_card(
        options.output,
        kind="crf",
        trained_on=[
            *(["gold/train"] if options.gold else []),
            *("/".join(weighted(name)[0].with_suffix("").parts[-2:]) for name in options.conll),
            *(["corpora/raw"] if options.silver else []),
        ],
        notes=f"linear-chain CRF, {n_words} words, {asdict(settings)}, features seen {options.least_sights} times",
    )
    print(f"{n_words} words, {time.perf_counter() - began:.0f} s, {options.output}")


if __name__ == "__main__":
    main()
