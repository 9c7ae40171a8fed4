"""Fit the reader: ``python -m pipeline.training.reader GOLD_DIR --raw RAW_DIR --folds DIR``.

It begins as a tagger's lower layers, by default the shipped one's, learns first from what the shipped scorers say of
raw news, with ``--teachers`` from what they and earlier readers together say of other raw news, then from the annotated
documents. Beside the reader that is shipped, one a fold is made that in its last stage did not see the fold's
documents: :mod:`pipeline.training.meetings` learns from those how far a reader is to be trusted. Of one core each stage
of raw news takes half an hour to an hour, each reader after that ten to twenty minutes; a window takes 150 KB.
"""

from __future__ import annotations

import argparse
import copy
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from pipeline.errors import InputError, ModelError
from pipeline.meetings.reader import KINDS, Reader, load_reader
from pipeline.models import models_folder
from pipeline.taggers.transformer import GRAPH_FILE, PieceVectors, load_pieces
from pipeline.training.annotated import read_with_pages
from pipeline.training.cards import write_card
from pipeline.training.meeting_examples import FEW, collect, read_all, with_gold_entities
from pipeline.training.meetings import SETTINGS
from pipeline.training.reader_examples import gold_examples, raw_examples
from pipeline.training.reader_net import Asked, ReaderNet, start_from, write_reader
from pipeline.training.tasks import FOLDS, fold_of, held_out

TRAINED_ON = ["gold/train", "cleananercorp", "corpora/raw"]  # the second by the tagger's layers alone
BATCH = 8  # windows a step
RATES = {"raw": (3e-4, 1e-3), "gold": (1.5e-4, 5e-4)}  # of the layers, of marks and heads
PASSES = {"raw": 1, "gold": 2}
_RISE = 0.1  # share of the steps in which the rate rises
_DECAY = 0.05
_SCALE = 20  # answers of a window, about: each window weighs by how much it is asked


def loss_of(net: ReaderNet, asked: Asked) -> Tensor:
    """Cross entropy of all that is asked of a window; a rare kind weighs more."""
    found = net(asked)
    answers = {
        "party": asked.party_answers,
        "pair": asked.pair_answers,
        "place": asked.site_answers,
        "date": asked.day_answers,
    }
    losses = [
        functional.binary_cross_entropy_with_logits(found[head], torch.from_numpy(right), reduction="sum")
        for head, right in answers.items()
    ]
    rare = torch.tensor([FEW.get(kind, 1.0) for kind in KINDS])
    losses.append(functional.cross_entropy(found["kind"], torch.from_numpy(asked.told[:, 1]), rare, reduction="sum"))
    return sum(losses) * asked.weight / _SCALE


def fit(net: ReaderNet, examples: Sequence[Asked], stage: str, seed: int = 0) -> None:
    """Go over the examples as often as the stage says, the rate rising and then falling to nothing."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    groups = [{"params": part, "lr": rate} for part, rate in zip(net.upper_weights(), RATES[stage], strict=True)]
    optimizer = torch.optim.AdamW(groups, weight_decay=_DECAY)
    per_pass = math.ceil(len(examples) / BATCH)
    steps = PASSES[stage] * per_pass
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (_RISE * steps), 1.0) * max(0.02, 1 - step / steps)
    )
    net.train()
    for number in range(PASSES[stage]):
        order, total = rng.permutation(len(examples)), 0.0
        for at in range(0, len(order), BATCH):
            optimizer.zero_grad()
            for index in order[at : at + BATCH]:
                loss = loss_of(net, examples[index]) / BATCH
                loss.backward()
                total += float(loss.detach())
            torch.nn.utils.clip_grad_norm_([p for part in net.upper_weights() for p in part], 1.0)
            optimizer.step()
            schedule.step()
        print(f"{stage} pass {number + 1} of {PASSES[stage]}: loss {total / per_pass:.4f}", flush=True)


def with_states(net: ReaderNet, pieces: PieceVectors, examples: Iterable[Asked]) -> list[Asked]:
    """The examples with what the frozen layers make of them, which no fold changes."""
    net.eval()
    ready = []
    for asked in examples:
        vectors = torch.from_numpy(pieces.of(asked.ids))
        asked.states = net.lower(vectors).half().numpy()
        ready.append(asked)
    return ready


def main() -> None:
    """Fit on raw news, then on each fold's others and on all annotated documents."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, help="folder of annotated documents")
    parser.add_argument("--raw", type=Path, required=True, help="folder of raw news")
    parser.add_argument("--pages", type=int, default=16_000, help="pages of raw news that are looked at")
    parser.add_argument("--folds", type=Path, required=True, help="where the readers of the folds go")
    parser.add_argument("--teachers", type=Path, nargs="+", help="readers with the same heads, who teach raw news")
    parser.add_argument("--tagger", type=Path, default=models_folder() / "default", help="whose lower layers it takes")
    parser.add_argument("--output", type=Path, default=models_folder() / "reader")
    parser.add_argument("--only", nargs="+", type=int, default=[*range(FOLDS), FOLDS], help=f"folds; {FOLDS}: none")
    options = parser.parse_args()
    pieces = load_pieces(models_folder() / "pieces")
    first = _begun(options, pieces)
    documents = read_all((gold, with_gold_entities(gold)) for gold in read_with_pages(options.gold, options.raw))
    scores = held_out(collect(documents)["parties"], *SETTINGS["parties"][:2])
    examples = with_states(first, pieces, gold_examples(documents, scores, pieces))
    for fold in options.only:
        net = copy.deepcopy(first)
        fit(net, [asked for asked in examples if fold_of(asked.doc_id) != fold], "gold")
        folder = options.output if fold == FOLDS else options.folds / f"fold-{fold}"
        write_reader(net, folder, models_folder() / "pieces")
        notes = "transformer of 4 layers from the shipped tagger's: who is a party of what, where, when, of what kind"
        write_card(folder, kind="reader", trained_on=TRAINED_ON, notes=notes)


def _begun(options: argparse.Namespace, pieces: PieceVectors) -> ReaderNet:
    """The reader after raw news; read back where it was made before."""
    torch.manual_seed(0)  # what is not read back from the tagger begins by chance
    net = start_from(options.tagger / GRAPH_FILE)
    taught = options.folds / "raw-taught.pt"
    if not (options.teachers and taught.exists()):
        _learn_raw(net, options, pieces, options.folds / "raw.pt")
    if options.teachers:
        teachers = [load_reader(folder) for folder in options.teachers]
        _learn_raw(net, options, pieces, taught, teachers)
    return net


def _learn_raw(
    net: ReaderNet, options: argparse.Namespace, pieces: PieceVectors, stored: Path, teachers: Sequence[Reader] = ()
) -> None:
    """Learn raw news, or read back what was learned; a head that the file does not know stays as it is."""
    if stored.exists():
        missing, other = net.load_state_dict(torch.load(stored, weights_only=True), strict=False)
        if other or not all(name.startswith(("inner.", "out.")) for name in missing):
            raise ModelError(f"{stored}: not of such a reader; remove it to learn from raw news anew")
        print(f"{stored} is read back; remove it to learn from raw news anew", flush=True)
        return
    examples = with_states(net, pieces, raw_examples(options.raw, options.pages, pieces, teachers))
    if not examples:
        raise InputError(f"{options.raw}: nobody may have met on {options.pages} pages; raise --pages")
    print(f"{len(examples)} windows of raw news", flush=True)
    fit(net, examples, "raw", seed=int(bool(teachers)))
    stored.parent.mkdir(parents=True, exist_ok=True)
    torch.save(net.state_dict(), stored)


if __name__ == "__main__":
    main()
