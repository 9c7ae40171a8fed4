"""Fit taggers to labelled text from a pretrained transformer: ``python -m pipeline.training.finetune_gpu --help``.

Reads ``labelled.npz`` of :mod:`pipeline.training.carried` and a checkpoint of :mod:`pipeline.training.pretrain_gpu`.
One tagger a seed is fitted (bf16 on a GPU, full precision on a CPU) and written to ``--output/tagger-SEED``. Like the
pretraining, it reads stretches of a text, not sentences alone, so that a name is seen with what stands before and after
its sentence. ``--sources gold:2 gold~1 cleananercorp`` names the streams and how often each is drawn. Prints the F1 of
whole names on the streams of ``--measure``, of each tagger and of the mean of all. Needs torch and NumPy alone.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from pipeline.taggers.wordpieces import END, LENGTH
from pipeline.training.examples import LABELS
from pipeline.training.precision import lower_precision
from pipeline.training.streams import IGNORED, Stream, read_streams
from pipeline.training.transformer import Encoder, PieceTagger, load_parts, load_tagger, pretrained, save_tagger

Floats = npt.NDArray[np.float32]

BATCH = 12_288  # pieces of a batch
_ROWS_AT_ONCE = 512  # windows that an opinion is asked on at once
#: Pieces of the rows of a batch and how often: sentences are read alone too, short ones among them.
_LENGTHS = (LENGTH, LENGTH, LENGTH, LENGTH // 2, LENGTH // 4, LENGTH // 8)


@dataclass(frozen=True, slots=True)
class Fit:
    """How a tagger is fitted: for ``epochs`` of what is drawn, or ``seconds``; the rate falls to the nearer end."""

    seconds: float
    epochs: float = 8
    rate: float = 2e-4
    batch: int = BATCH
    device: str = "cuda"
    seed: int = 1


class Rows:
    """Random rows of a text, half of them from the end of a sentence on."""

    def __init__(self, sizes: Sequence[int], weights: Sequence[float], ends: Tensor) -> None:
        self._chances = torch.tensor([n * w for n, w in zip(sizes, weights, strict=True)])
        self._firsts = torch.tensor([0, *np.cumsum(sizes)[:-1].tolist()])
        self._sizes, self._ends = torch.tensor(sizes), ends
        self.drawn = float(self._chances.sum())  # pieces of an epoch

    def draw(self, pieces: int, device: str) -> Tensor:
        """Places in the text (rows x length) of a batch of about so many pieces."""
        length = min(_LENGTHS[int(torch.randint(len(_LENGTHS), ()))], int(self._sizes.min()))
        part = torch.multinomial(self._chances, max(1, pieces // length), replacement=True)
        chance = torch.rand(len(part), dtype=torch.float64)
        starts = (self._firsts[part] + (chance * (self._sizes[part] - length + 1)).long()).to(device)
        last = (self._firsts[part] + self._sizes[part]).to(device) - length
        if len(self._ends):
            nearest = self._ends[torch.searchsorted(self._ends, starts).clamp(max=len(self._ends) - 1)]
            aligned = (torch.rand(len(part), device=device) < 0.5) & (nearest - starts < LENGTH)
            starts = torch.where(aligned & (nearest <= last), nearest, starts)
        return starts[:, None] + torch.arange(length, device=device)


def drawn_streams(streams: dict[str, Stream], specs: Sequence[str]) -> tuple[list[Stream], list[float]]:
    """The streams of ``name[:weight]``."""
    pairs = [spec.partition(":") for spec in specs]
    return [streams[name] for name, _, _ in pairs], [float(weight or 1) for _, _, weight in pairs]


def fit_tagger(
    encoder: Encoder, streams: Sequence[Stream], weights: Sequence[float], fit: Fit, n_heads: int
) -> PieceTagger:
    """A tagger fitted to the streams, from a pretrained encoder, whose vectors of pieces stay as they are."""
    torch.manual_seed(fit.seed)
    tagger = PieceTagger(encoder.sizes, len(LABELS), n_heads)
    tagger.encoder.load_state_dict(encoder.state_dict())
    tagger.encoder.pieces.weight.requires_grad_(False)
    tagger.to(fit.device).train()
    ids = torch.from_numpy(np.concatenate([s.ids for s in streams]).astype(np.int64)).to(fit.device)
    labels = torch.from_numpy(np.concatenate([s.labels for s in streams]).astype(np.int64)).to(fit.device)
    heads = torch.from_numpy(np.concatenate([np.full(len(s.ids), s.head) for s in streams])).to(fit.device)
    rows = Rows([len(s.ids) for s in streams], weights, torch.nonzero(ids == END)[:, 0])
    n_steps = max(1, int(fit.epochs * rows.drawn / fit.batch))
    trained = [p for p in tagger.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=fit.rate, weight_decay=0.01, fused=fit.device == "cuda")
    began = time.monotonic()
    for step in range(n_steps):
        done = max(step / n_steps, (time.monotonic() - began) / fit.seconds)
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = fit.rate * min(1.0, 10 * (done + 1 / n_steps)) * max(0.02, 1 - done)
        at = rows.draw(fit.batch, fit.device)
        with lower_precision(fit.device):
            scores = tagger(ids[at])
        own = heads[at][:, :, None, None].expand(-1, -1, 1, len(LABELS))
        picked = scores.float().gather(2, own).flatten(0, 2)
        loss = functional.cross_entropy(picked, labels[at].flatten(), ignore_index=IGNORED)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        if step % max(1, n_steps // 4) == 0:
            passed = time.monotonic() - began
            print(f"seed {fit.seed}, {passed:.0f} s, step {step} of {n_steps}, loss {loss.item():.4f}", flush=True)
    return tagger


@torch.no_grad()  # type: ignore[untyped-decorator]  # torch ships no types here
def opinions(
    tagger: PieceTagger, ids: npt.NDArray[np.uint16], device: str, head: int, margin: int = 32
) -> Iterator[Tensor]:
    """The probabilities of labels (pieces x labels) all over a text, a stretch at a time and in order.

    The text is read in windows that overlap, and of each only what is ``margin`` pieces from its ends is taken.
    """
    tagger.to(device).eval()
    inner = LENGTH - 2 * margin
    n_rows = max(1, -(-len(ids) // inner))
    padded = np.full(n_rows * inner + 2 * margin, END, np.int32)
    padded[margin : margin + len(ids)] = ids
    text = torch.from_numpy(padded).to(device)
    within, left = torch.arange(LENGTH, device=device), len(ids)
    for first in range(0, n_rows, _ROWS_AT_ONCE):
        starts = torch.arange(first, min(first + _ROWS_AT_ONCE, n_rows), device=device) * inner
        with lower_precision(device):
            scores = tagger(text[starts[:, None] + within].long())[:, margin : margin + inner, head]
        chances = scores.float().softmax(-1).flatten(0, 1)
        yield chances[:left]
        left -= len(chances)


def name_spans(labels: Sequence[int]) -> set[tuple[int, int, str]]:
    """The names (start, end excluded, type) that numbers of labels tell."""
    found: set[tuple[int, int, str]] = set()
    start, kind = 0, ""
    for at, label in enumerate([*labels, 0]):
        prefix, _, own = LABELS[label].partition("-")
        if prefix == "I" and own == kind:
            continue
        if kind:
            found.add((start, at, kind))
        start, kind = at, own
    return found


def f1_of(chances: Floats, stream: Stream) -> str:
    """Precision, recall and F1 of whole names of a stream, and F1 by type, in a line."""
    firsts = np.flatnonzero((stream.labels != IGNORED) | (stream.ids == END))  # an END parts what it stands between
    gold = name_spans(np.maximum(stream.labels[firsts], 0).tolist())
    told = name_spans(np.where(stream.labels[firsts] == IGNORED, 0, chances[firsts].argmax(1)).tolist())
    told_of = []
    for kind in ("", *sorted({kind for _, _, kind in gold})):
        own, said = ([name for name in names if kind in ("", name[2])] for names in (gold, told))
        right = len(set(own) & set(said))
        told_of.append(f"{kind or 'all'} {200 * right / max(1, len(own) + len(said)):.2f}")
    return ", ".join(told_of)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--carried", type=Path, required=True, help="folder written by pipeline.training.carried")
    parser.add_argument("--pretrained", type=Path, required=True, help="folder written by pretrain_gpu")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--sources", nargs="+", default=["gold:2", "gold~1", "cleananercorp"])
    parser.add_argument("--measure", nargs="*", default=["gold-held", "gold-dev"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--seconds", type=float, default=420, help="of all seeds together")
    parser.add_argument("--epochs", type=float, default=8)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--device", default="cuda", choices=("cuda", "cpu"))
    return parser


def main() -> None:
    """Fit and measure; a seed that lies there already is not fitted again."""
    options = _parser().parse_args()
    streams, heads = read_streams(options.carried / "labelled.npz")
    drawn, weights = drawn_streams(streams, options.sources)
    encoder, share = pretrained(options.pretrained), 1 / len(options.seeds)
    means = {name: np.zeros((len(streams[name].ids), len(LABELS)), np.float32) for name in options.measure}
    for seed in options.seeds:
        place = options.output / f"tagger-{seed}"
        if load_parts(place) is None:
            settings = (options.seconds * share, options.epochs, options.rate, options.batch, options.device, seed)
            save_tagger(place, fit_tagger(encoder, drawn, weights, Fit(*settings), len(heads)))
        tagger = load_tagger(place)
        for name, mean in means.items():
            told = torch.cat([*opinions(tagger, streams[name].ids, options.device, drawn[0].head)]).cpu().numpy()
            mean += share * told
            print(f"{place.name} on {name}: {f1_of(told, streams[name])}", flush=True)
    for name, mean in means.items():
        print(f"mean of {len(options.seeds)} on {name}: {f1_of(mean, streams[name])}", flush=True)


if __name__ == "__main__":
    main()
