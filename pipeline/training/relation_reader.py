"""Fit the reader's head of relations: ``python -m pipeline.training.relation_reader GOLD_DIR --raw RAW_DIR``.

The reader stays as it is; what it makes of the names of annotated sentences is computed once, and a small network
learns the relations from that. ``--held-out`` prints, instead of writing, what it and the scorer reach together on
documents that neither learned from. Five minutes of one core.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from pipeline.evaluation.gold import GoldDocument, read_gold
from pipeline.meetings.reader import Floats, load_reader
from pipeline.models import file_digest, models_folder
from pipeline.relation_pairs import find_pairs
from pipeline.relation_reader import HEAD_FILE, PARTS, RelationReader, pair_vectors
from pipeline.taggers.transformer import GRAPH_FILE, SETTINGS_FILE
from pipeline.taggers.vectors import as_bytes
from pipeline.training.annotated import read_annotated
from pipeline.training.cards import write_card
from pipeline.training.meeting_examples import with_gold_entities
from pipeline.training.relations import answers_of, measure_held_out, print_counts, read_options
from pipeline.training.tasks import fold_of

HIDDEN = 128
EPOCHS = 6
_BATCH = 256
_RATE, _DECAY = 1e-3, 0.05
_DROPPED = (0.1, 0.4)  # shares of the inputs and of the hidden layer that are left out in training
_NOTES = (
    "a head of one hidden layer on the reader's vectors of two names and of the words between them; annotated pages of "
    "raw news are read beside gold/train; the scorer that it is asked beside is models/meetings/relations.tsv"
)
_LEAST = 1e-3  # spread below which an input counts as constant


@dataclass(frozen=True, slots=True)
class Examples:
    """Pairs of names as the head reads them (pairs x parts * width), their answers, and the document of each."""

    inputs: npt.NDArray[np.float16]
    answers: list[str]
    groups: list[str]

    def of(self, chosen: npt.NDArray[np.bool_]) -> Examples:
        """Some of them."""
        kept = np.flatnonzero(chosen)
        return Examples(self.inputs[kept], [self.answers[at] for at in kept], [self.groups[at] for at in kept])


def collect(documents: Iterable[GoldDocument]) -> Examples:
    """One example a pair of names of a sentence that is read whole; positions and references are our own."""
    reader = load_reader()
    inputs: list[npt.NDArray[np.float16]] = []
    answers: list[str] = []
    groups: list[str] = []
    for gold in documents:
        analysis = with_gold_entities(gold)
        pairs = list(find_pairs(analysis))
        vectors = [pair_vectors(reader, analysis, [pair])[0] for pair in pairs]  # seldom two are asked of at once
        for row, answer in zip(vectors, answers_of(gold, pairs), strict=True):
            if row is not None:
                inputs.append(row.reshape(-1).astype(np.float16))
                answers.append(answer)
                groups.append(gold.doc_id)
    return Examples(np.array(inputs, np.float16), answers, groups)


def fit_head(examples: Examples, seed: int = 0) -> tuple[dict[str, Floats], tuple[str, ...]]:
    """The matrices of the head, as :class:`pipeline.relation_reader.RelationReader` reads them, and its answers."""
    torch.manual_seed(seed)
    names = tuple(sorted(set(examples.answers)))
    inputs = torch.from_numpy(examples.inputs).float()
    mean, spread = inputs.mean(0), inputs.std(0) + _LEAST
    inputs = (inputs - mean) / spread
    wanted = torch.tensor([names.index(answer) for answer in examples.answers])
    net = nn.Sequential(
        nn.Dropout(_DROPPED[0]),
        nn.Linear(inputs.shape[1], HIDDEN),
        nn.GELU(approximate="tanh"),
        nn.Dropout(_DROPPED[1]),
        nn.Linear(HIDDEN, len(names)),
    )
    _train(net, inputs, wanted)
    inner, outer = net[1], net[4]
    matrix = (inner.weight / spread).detach()
    bias = (inner.bias - matrix @ mean).detach()
    width = matrix.shape[1] // len(PARTS)
    weights = {f"relation_{part}": matrix[:, at * width : (at + 1) * width].numpy() for at, part in enumerate(PARTS)}
    rest = {"bias": bias, "out": outer.weight.detach(), "out_bias": outer.bias.detach()}
    return weights | {f"relation_{name}": value.numpy() for name, value in rest.items()}, names


def _train(net: nn.Module, inputs: torch.Tensor, wanted: torch.Tensor) -> None:
    """Cross-entropy by AdamW, its rate falling to nothing."""
    optimiser = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=_DECAY)
    steps = EPOCHS * -(-len(wanted) // _BATCH)
    rate = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / steps)
    net.train()
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(wanted)).split(_BATCH):
            loss = nn.functional.cross_entropy(net(inputs[rows]), wanted[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            rate.step()
    net.eval()


def write_head(weights: dict[str, Floats], answers: Sequence[str], folder: Path) -> None:
    """Write the head, one byte a number, with its answers and the digest of the reader that it was fitted on."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / HEAD_FILE, **as_bytes(weights))
    settings = {"answers": list(answers), "reader": file_digest(models_folder() / "reader" / GRAPH_FILE)}
    (folder / SETTINGS_FILE).write_text(json.dumps(settings) + "\n", "utf-8")


def main() -> None:
    """Read the annotated documents, then fit and write the head, or measure."""
    arguments = read_options(__doc__, "relations")
    documents, more = read_gold(arguments.gold), read_annotated(arguments.raw) if arguments.raw else []
    examples = collect([*documents, *more])
    if arguments.held_out:
        judged = {gold.doc_id for gold in documents}

        def without(fold: int) -> RelationReader:
            seen = np.array([group not in judged or fold_of(group) != fold for group in examples.groups])
            return RelationReader(load_reader(), *fit_head(examples.of(seen)))

        print_counts(measure_held_out(documents, more, without))
        return
    weights, answers = fit_head(examples)
    write_head(weights, answers, arguments.models)
    write_card(
        arguments.models,
        kind="relations",
        trained_on=["gold/train", *(["corpora/raw"] if arguments.raw else [])],
        notes=_NOTES,
    )
    print(f"{arguments.models}: {len(examples.answers)} pairs of names, {len(answers)} answers")


if __name__ == "__main__":
    main()
