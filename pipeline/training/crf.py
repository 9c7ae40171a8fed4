"""Train the CRF tagger: ``python -m pipeline.training.crf --gold DIR --conll FILE ... --clusters FILE --output DIR``.

``DIR`` and each ``FILE`` may be followed by ``:weight``, how much a sentence of it counts. An ``evidence.tsv.xz`` in
the output folder is read for features; ``--twice`` needs the ``topics.npz`` of :mod:`pipeline.training.topics` there.
The clusters are copied there, but models that are shipped together read one file of them.
Ten minutes of one core with the corpora of the model card.
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.models import models_folder
from pipeline.taggers.crf import CLUSTERS_FILE, CLUSTERS_FOLDER, FIRST_FILE, MODEL_FILE
from pipeline.taggers.crf_features import FeatureMaker, read_clusters
from pipeline.taggers.elsewhere import TOPICS_FILE, TopicFeatures, read_topics
from pipeline.taggers.evidence import EVIDENCE_FILE, read_evidence
from pipeline.taggers.features import gazetteer
from pipeline.taggers.vectors import Vectors
from pipeline.training.cards import write_card
from pipeline.training.corpora import CONVENTIONS, LabelledSentence, read_conll, read_gold_sentences
from pipeline.training.crf_code import fitted, write_weights
from pipeline.training.crf_fit import Settings
from pipeline.training.crf_twice import fit_twice
from pipeline.training.sources import held_out

LEAST_SIGHTS = 3
"""Features that were seen less often in training are left out."""

Weighted = Iterator[tuple[LabelledSentence, float]]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a model reads: features seen less often are left out; ``twice`` needs topics and the word vectors."""

    least_sights: int = LEAST_SIGHTS
    twice: bool = False
    words: Path = Path("models/words")


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


def train(sentences: Weighted, clusters: Path, output: Path, settings: Settings, reading: Reading) -> int:
    """The number of words learned from; writes the model's files into ``output``."""
    output.mkdir(parents=True, exist_ok=True)
    _place_clusters(clusters.resolve(), output.resolve())
    evidence = read_evidence(output / EVIDENCE_FILE)
    features = FeatureMaker(read_clusters(clusters), gazetteer(), evidence)
    rows = list(sentences)
    if reading.twice:
        topics = TopicFeatures(features, read_topics(output / TOPICS_FILE, Vectors.load(reading.words, subwords=False)))
        first, weights = fit_twice(rows, features, topics, settings, reading.least_sights)
        write_weights(first, output / FIRST_FILE)
    else:
        featured = ((features.sentence(row.words), row.labels, weight) for row, weight in rows)
        weights = fitted(featured, settings, reading.least_sights)
    write_weights(weights, output / MODEL_FILE)
    return sum(len(row.words) for row, _ in rows)


def _place_clusters(clusters: Path, output: Path) -> None:
    """Copy the clusters into a model's folder, unless it lies in ``models/`` and shares those that lie there."""
    own, models = output / CLUSTERS_FILE, models_folder().resolve()
    if output.parent == models and clusters == models / CLUSTERS_FOLDER / CLUSTERS_FILE:
        own.unlink(missing_ok=True)
    elif clusters != own:
        shutil.copyfile(clusters, own)


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
    parser.add_argument("--twice", action="store_true", help="read a second time, with what the first reading thought")
    parser.add_argument("--words", type=Path, default=Reading().words, help="word vectors, of the topics")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    began = time.perf_counter()
    settings = Settings(passes=options.passes)
    sentences = read_training(options.gold, options.conll, options.silver, own_types=options.own_types)
    reading = Reading(options.least_sights, options.twice, options.words)
    n_words = train(sentences, options.clusters, options.output, settings, reading)
    evidence = (options.output / EVIDENCE_FILE).exists()
    write_card(
        options.output,
        kind="crf",
        trained_on=[
            *(["gold/train"] if options.gold else []),
            *("/".join(weighted(name)[0].with_suffix("").parts[-2:]) for name in options.conll),
            *(["corpora/raw"] if options.silver or options.twice or evidence else []),
        ],
        notes=f"linear-chain CRF{', reads twice' * options.twice}, {n_words} words, {asdict(settings)}, "
        f"features seen {options.least_sights} times{', evidence of words and pairs of raw text' * evidence}",
    )
    print(f"{n_words} words, {time.perf_counter() - began:.0f} s, {options.output}")


if __name__ == "__main__":
    main()
