"""The recipe of the shipped taggers, step by step: ``python -m pipeline.training.recipe COMMAND --help``.

``words`` compiles the name lists beside the vectors; ``teach`` fits a network to labelled corpora; ``annotate`` writes
the mean opinion of networks on raw text; ``ship`` calibrates on held-out documents, quantises, and writes the model
folder with its card. ``teach --silver`` also learns from such opinions. docs/models.md has the shipped files' commands.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from pipeline.taggers.crf import load_crf
from pipeline.taggers.default import NAMES_FILE, load_words, write_names
from pipeline.training.calibrate import calibration_of
from pipeline.training.cards import write_card
from pipeline.training.corpora import LabelledSentence
from pipeline.training.examples import LABELS, Example, Table
from pipeline.training.export import write_folder
from pipeline.training.gazetteers import name_lists
from pipeline.training.network import Shape
from pipeline.training.neural import (
    Schedule,
    Source,
    fit,
    from_pretrained,
    load_checkpoint,
    opinions,
    save_checkpoint,
)
from pipeline.training.sources import HEADS, held_out, labelled_words, raw_sentences
from pipeline.training.swap import Names, swapped

PER_LOC_ORG = LABELS[:7]
#: Share of the words of put-in names whose gazetteer features are hidden, for most names of the world are in no list.
HIDDEN_NAMES = 0.4


def words(options: argparse.Namespace) -> None:
    """Compile the name lists into the folder of the word vectors and write its card."""
    write_names(*name_lists(options.gazetteers), options.output / NAMES_FILE)
    notes = "subword skip-gram vectors of 128 numbers, one byte each; name lists of pipeline/lexicons"
    write_card(options.output, kind="words", trained_on=["corpora/raw", "pipeline/lexicons"], notes=notes)


def _sources(table: Table, spec: str, names: Names, options: argparse.Namespace) -> Iterator[Source]:
    """The training examples of ``corpus[:weight]``, and copies with other names; held-out documents are left out."""
    name, _, weight = spec.partition(":")
    rows = labelled_words(name, options.corpora, options.gold)
    head = HEADS.index(name.removesuffix("+dev"))
    kept = [row for row in rows if not held_out(row.source)]
    yield Source([table.example(row.words, row.labels, head, row.source) for row in kept], float(weight or 1))
    rng = random.Random(options.seed)  # noqa: S311  # not for secrets
    for copy in range(options.swap):
        examples = [_hiding(table, row, head, rng) for row in swapped(kept, names, 100 * options.seed + copy)]
        yield Source(examples, float(weight or 1) / 2)


def _hiding(table: Table, row: LabelledSentence, head: int, rng: random.Random) -> Example:
    hidden = [label != "O" and rng.random() < HIDDEN_NAMES for label in row.labels]
    return table.example(row.words, row.labels, head, row.source, hidden)


def _silver(table: Table, path: Path, head: int) -> Source:
    with np.load(path, allow_pickle=False) as stored:
        text, ends, soft = stored["text"], stored["ends"], stored["soft"]
    sentences = str(text).split("\n")
    examples: list[Example] = []
    for sentence, start, end in zip(sentences, [0, *ends[:-1]], ends, strict=True):
        example = table.example(sentence.split(" "), None, head)
        example.soft = soft[start:end].astype(np.float16) / np.float16(255)
        examples.append(example)
    return Source(examples)


def teach(options: argparse.Namespace) -> None:
    """Fit a network and write its checkpoint."""
    torch.set_num_threads(options.threads)
    table = Table(*load_words(options.words))
    names = Names.load(options.gazetteers, options.more_names)
    sources = [source for spec in options.sources for source in _sources(table, spec, names, options)]
    if options.silver is not None:
        sources.append(_silver(table, options.silver, HEADS.index(options.silver_head)))
    shape = Shape()
    schedule = Schedule(
        epochs=options.epochs, seed=options.seed, words=options.batch, pretrained_rate=options.pretrained_rate
    )
    torch.manual_seed(options.seed)
    if options.start is not None:
        network = load_checkpoint(options.start)
    else:
        network = from_pretrained(options.pretrained, shape, len(HEADS), schedule.dropout)
    fit(network, sources, table.arrays(), schedule)
    save_checkpoint(options.output, network, shape, sources=list(options.sources))


def annotate(options: argparse.Namespace) -> None:
    """Write raw sentences with the mean opinion of the networks, one byte a label."""
    torch.set_num_threads(options.threads)
    table = Table(*load_words(options.words))
    sentences = list(raw_sentences(options.text, options.limit, options.seed))
    examples = [table.example(sentence, None) for sentence in sentences]
    arrays, head = table.arrays(), HEADS.index(options.head)
    mean: list[np.ndarray] = [np.zeros((len(e.words), len(LABELS)), np.float32) for e in examples]
    for path in options.networks:
        for total, one in zip(mean, opinions(load_checkpoint(path), examples, arrays, head), strict=True):
            total += one / len(options.networks)
    if options.crf:
        _add_crf(mean, sentences)
    soft = np.rint(np.concatenate(mean) * 255).astype(np.uint8)
    ends = np.cumsum([len(e.words) for e in examples])
    text = "\n".join(" ".join(sentence) for sentence in sentences)
    np.savez(options.output, text=np.array(text), ends=ends, soft=soft)


def _add_crf(mean: list[np.ndarray], sentences: Sequence[Sequence[str]]) -> None:
    """Let the shipped CRF have half of the opinion."""
    for total, chances in zip(mean, load_crf().probabilities(sentences, PER_LOC_ORG), strict=True):
        total *= 0.5
        total[:, : len(PER_LOC_ORG)] += 0.5 * chances


def ship(options: argparse.Namespace) -> None:
    """Write a model folder: quantised graphs, settings with the calibration, card."""
    networks = [load_checkpoint(path) for path in options.networks]
    labels = PER_LOC_ORG if options.head == "gold" else LABELS
    write_folder(networks, options.output, labels, HEADS.index(options.head))
    calibration = calibration_of(options.output, options.words, _calibration_rows(options))
    write_folder(networks, options.output, labels, HEADS.index(options.head), calibration)
    write_card(options.output, kind=options.output.name, trained_on=options.trained_on, notes=options.notes)


def _calibration_rows(options: argparse.Namespace) -> Sequence[tuple[Sequence[str], Sequence[str]]]:
    rows = labelled_words(options.head, options.corpora, options.gold)
    return [(row.words, row.labels) for row in rows if held_out(row.source)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--words", type=Path, default=Path("build/words"))
    shared.add_argument("--corpora", type=Path, default=Path("../shared/corpora/ner"))
    shared.add_argument("--gold", type=Path, default=Path("../shared/gold/train"))
    shared.add_argument("--threads", type=int, default=1)
    shared.add_argument("--seed", type=int, default=0)
    shared.add_argument("--gazetteers", type=Path, default=Path("pipeline/lexicons"))
    shared.add_argument("--output", type=Path, required=True)
    command = commands.add_parser("words", parents=[shared])
    command.set_defaults(run=words)
    command = commands.add_parser("teach", parents=[shared])
    command.add_argument("--sources", nargs="+", required=True, help="corpus[:weight] ...; gold is the gold folder")
    command.add_argument("--pretrained", type=Path)
    command.add_argument("--start", type=Path, help="start from this checkpoint, not from pretrained towers")
    command.add_argument("--silver", type=Path)
    command.add_argument("--silver-head", default="gold")
    command.add_argument("--swap", type=int, default=1, help="copies of each sentence with other names")
    command.add_argument(
        "--more-names", type=Path, nargs="*", default=[], help="further files of persons, for training"
    )
    command.add_argument("--epochs", type=float, default=6)
    command.add_argument("--batch", type=int, default=3000)
    command.add_argument("--pretrained-rate", type=float, default=0.3)
    command.set_defaults(run=teach)
    command = commands.add_parser("annotate", parents=[shared])
    command.add_argument("--text", type=Path, required=True)
    command.add_argument("--networks", type=Path, nargs="+", required=True)
    command.add_argument("--head", default="gold")
    command.add_argument("--crf", action="store_true", help="let the shipped CRF have half of the opinion")
    command.add_argument("--limit", type=int, default=3_000_000)
    command.set_defaults(run=annotate)
    command = commands.add_parser("ship", parents=[shared])
    command.add_argument("--networks", type=Path, nargs="+", required=True)
    command.add_argument("--head", default="gold")
    command.add_argument("--trained-on", nargs="+", required=True)
    command.add_argument("--notes", default="")
    command.set_defaults(run=ship)
    return parser


def main() -> None:
    """Run one step of the recipe."""
    options = _parser().parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
