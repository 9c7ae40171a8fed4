"""Train the CRF tagger: ``python -m pipeline.training.crf --gold DIR --conll FILE ... --clusters FILE --output DIR``.

Two minutes on two cores with the corpora of the model card.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from pipeline.taggers.crf import CLUSTERS_FILE, MODEL_FILE
from pipeline.taggers.crf_features import FeatureMaker, read_clusters
from pipeline.taggers.features import gazetteer
from pipeline.training.cards import write_card
from pipeline.training.corpora import CONVENTIONS, LabelledSentence, read_conll, read_gold_sentences

SETTINGS = {
    "c1": 0.1,
    "c2": 0.5,
    "max_iterations": 80,
    "feature.minfreq": 2,
    "feature.possible_transitions": True,
}


LEFT_OUT = (7, 10)
"""Documents whose index leaves 7 when divided by 10 stay out: thresholds and confidences are checked on them."""


def read_training(gold: Path | None, conll: Sequence[Path], *, own_types: bool = False) -> Iterator[LabelledSentence]:
    """The labelled sentences of the gold folder, then of each CoNLL file in the convention of its folder's name.

    With ``own_types`` a CoNLL file keeps its types, MISC too.
    """
    if gold is not None:
        for index, (_, _, labelled) in enumerate(read_gold_sentences(gold)):
            if index % LEFT_OUT[1] != LEFT_OUT[0]:
                yield from labelled
    for path in conll:
        yield from read_conll(path, {"PERS": "PER"} if own_types else CONVENTIONS.get(path.parent.name))


def train(sentences: Iterator[LabelledSentence], clusters: Path, output: Path) -> int:
    """The number of words learned from; writes the model's files into ``output``."""
    import pycrfsuite

    output.mkdir(parents=True, exist_ok=True)
    if clusters.resolve() != (output / CLUSTERS_FILE).resolve():
        shutil.copyfile(clusters, output / CLUSTERS_FILE)
    features = FeatureMaker(read_clusters(clusters), gazetteer())
    trainer = pycrfsuite.Trainer(verbose=False)
    n_words = 0
    for sentence in sentences:
        trainer.append(pycrfsuite.ItemSequence(features.sentence(sentence.words)), sentence.labels)
        n_words += len(sentence.words)
    trainer.set_params(SETTINGS)
    with tempfile.TemporaryDirectory() as folder:
        learned = Path(folder) / "learned.crfsuite"
        trainer.train(str(learned))
        write_weights(learned, output / MODEL_FILE)
    return n_words


def write_weights(learned: Path, output: Path) -> None:
    """Write the weights of a crfsuite model as arrays: a row an attribute, a column a label; zeros are left out."""
    import pycrfsuite

    tagger = pycrfsuite.Tagger()
    tagger.open(str(learned))
    model = tagger.info()
    labels = sorted(model.labels)
    column = {label: i for i, label in enumerate(labels)}
    attributes = sorted({attribute for (attribute, _), weight in model.state_features.items() if weight})
    row = {attribute: i for i, attribute in enumerate(attributes)}
    state = np.zeros((len(attributes), len(labels)), np.float32)
    for (attribute, label), weight in model.state_features.items():
        if weight:
            state[row[attribute], column[label]] = weight
    transitions = np.zeros((len(labels), len(labels)), np.float32)
    for (before, after), weight in model.transitions.items():
        transitions[column[before], column[after]] = weight
    names = np.frombuffer("\n".join(attributes).encode(), np.uint8)
    np.savez_compressed(output, labels=np.array(labels), attributes=names, state=state, transitions=transitions)


def main() -> None:
    """Read the corpora named on the command line, train, and write the model with its card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--conll", type=Path, nargs="*", default=[])
    parser.add_argument("--own-types", action="store_true", help="keep the types of the CoNLL files, MISC too")
    parser.add_argument("--clusters", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    began = time.perf_counter()
    sentences = read_training(options.gold, options.conll, own_types=options.own_types)
    n_words = train(sentences, options.clusters, options.output)
    sources = [*(["gold/" + options.gold.name] if options.gold else []), *(path.parent.name for path in options.conll)]
    write_card(
        options.output,
        kind="crf",
        trained_on=sources,
        notes=f"linear-chain CRF, {n_words} words, settings {SETTINGS}",
    )
    print(f"{n_words} words, {time.perf_counter() - began:.0f} s, {options.output}")


if __name__ == "__main__":
    main()
