"""Fit taggers to labelled sentences from a pretrained transformer: ``python -m pipeline.training.finetune_gpu --help``.

Reads the folder of :mod:`pipeline.training.carried` and a checkpoint of :mod:`pipeline.training.pretrain_gpu`. One
tagger a seed is fitted (bf16 on a GPU, full precision on a CPU), each with its share of ``--seconds``, and written to
``--output/tagger-SEED``; a seed that lies there already is not fitted again. Their mean opinion on the raw sentences is
written to ``--output/silver.npz`` as ``recipe annotate`` writes it, so that ``recipe teach --silver`` learns from it:
the transformer teaches, and the small network that it teaches is what tags. Prints how many words of the held-out
documents are right. Needs torch and NumPy alone.
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

from pipeline.taggers.wordpieces import END, PAD
from pipeline.training.cuts import Cut, read_cuts, read_heads, read_text
from pipeline.training.examples import IGNORED, LABELS
from pipeline.training.precision import lower_precision
from pipeline.training.transformer import Encoder, PieceTagger, load_parts, load_tagger, pretrained, save_tagger

Floats = npt.NDArray[np.float32]

BATCH = 8192  # pieces of a batch, padding included


@dataclass(frozen=True, slots=True)
class Fit:
    """How a tagger is fitted: for ``epochs`` or ``seconds``, whichever end comes first; the rate falls to it."""

    seconds: float
    epochs: float = 6
    rate: float = 2e-4
    batch: int = BATCH
    device: str = "cuda"
    seed: int = 1


def collate(cuts: Sequence[Cut], device: str) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Ids, which of them are no padding, first pieces, labels and heads of a batch; the device gets them at once."""
    n_pieces = max(sum(map(len, cut.words)) for cut in cuts) + 2
    n_words = max(len(cut.words) for cut in cuts)
    ids = np.full((len(cuts), n_pieces), PAD, np.int64)
    firsts = np.zeros((len(cuts), n_words), np.int64)
    labels = np.full((len(cuts), n_words), IGNORED, np.int64)
    for i, cut in enumerate(cuts):
        row = [END, *(piece for word in cut.words for piece in word), END]
        ids[i, : len(row)] = row
        firsts[i, : len(cut.words)] = np.cumsum([1, *(len(word) for word in cut.words[:-1])])
        labels[i, : len(cut.labels)] = cut.labels
    heads = np.array([cut.head for cut in cuts], np.int64)
    arrays = (ids, ids != PAD, firsts, labels, heads)
    on_device = [torch.from_numpy(array).to(device, non_blocking=True) for array in arrays]
    return on_device[0], on_device[1], on_device[2], on_device[3], on_device[4]


def batches(cuts: Sequence[Cut], size: int, rng: np.random.Generator | None = None) -> Iterator[list[Cut]]:
    """Sentences of like length together, at most ``size`` pieces with their padding; in random order with ``rng``."""
    lengths = np.array([sum(map(len, cut.words)) + 2 for cut in cuts])
    jitter = rng.random(len(cuts)) * 8 if rng is not None else 0.0
    made: list[list[Cut]] = []
    widest = 0
    for at in np.argsort(lengths + jitter, kind="stable"):
        widest = max(widest, int(lengths[at]))
        if not made or (len(made[-1]) + 1) * widest > size:
            made.append([])
            widest = int(lengths[at])
        made[-1].append(cuts[at])
    for number in rng.permutation(len(made)) if rng is not None else range(len(made)):
        yield made[number]


def _stream(cuts: Sequence[Cut], fit: Fit, rng: np.random.Generator) -> Iterator[list[Cut]]:
    """Batches without end; a sentence of weight 1.5 is seen once an epoch, and every other time twice."""
    while True:
        times = [int(cut.weight) + (rng.random() < cut.weight % 1) for cut in cuts]
        yield from batches([cut for cut, n in zip(cuts, times, strict=True) for _ in range(n)], fit.batch, rng)


def loss_of(tagger: PieceTagger, batch: Sequence[Cut], device: str) -> Tensor:
    """Cross entropy of the labels, each sentence by the head of its corpus."""
    ids, seen, firsts, labels, heads = collate(batch, device)
    with lower_precision(device):
        scores = tagger(ids, seen, firsts)
    picked = scores.float().gather(2, heads[:, None, None, None].expand(-1, scores.shape[1], 1, scores.shape[3]))
    return functional.cross_entropy(picked.flatten(0, 2), labels.flatten(), ignore_index=IGNORED)


def fit_tagger(encoder: Encoder, cuts: Sequence[Cut], fit: Fit, n_heads: int) -> PieceTagger:
    """A tagger fitted to the sentences, from a pretrained encoder."""
    torch.manual_seed(fit.seed)
    rng = np.random.default_rng(fit.seed)
    tagger = PieceTagger(encoder.sizes, len(LABELS), n_heads)
    tagger.encoder.load_state_dict(encoder.state_dict())
    tagger.to(fit.device).train()
    weighted = sum(cut.weight * (sum(map(len, cut.words)) + 2) for cut in cuts)
    n_steps = max(1, int(fit.epochs * weighted / fit.batch))
    optimizer = torch.optim.AdamW(tagger.parameters(), lr=fit.rate, weight_decay=0.01, fused=fit.device == "cuda")
    began = time.monotonic()
    for step, batch in zip(range(n_steps), _stream(cuts, fit, rng), strict=False):
        done = max(step / n_steps, (time.monotonic() - began) / fit.seconds)
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = fit.rate * min(1.0, 10 * (done + 1 / n_steps)) * max(0.02, 1 - done)
        loss = loss_of(tagger, batch, fit.device)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
        optimizer.step()
        if step % max(1, n_steps // 10) == 0:
            passed = time.monotonic() - began
            print(f"seed {fit.seed}, {passed:.0f} s, step {step} of {n_steps}, loss {loss.item():.4f}", flush=True)
    return tagger


@torch.no_grad()  # type: ignore[untyped-decorator]  # torch ships no types here
def opinions(tagger: PieceTagger, cuts: Sequence[Cut], device: str, head: int) -> list[Floats]:
    """The probabilities (words x labels) that a tagger gives each sentence, in their order."""
    tagger.to(device).eval()
    found: dict[int, Floats] = {}
    for batch in batches(cuts, 4 * BATCH):
        ids, seen, firsts, _, _ = collate(batch, device)
        with lower_precision(device):
            scores = tagger(ids, seen, firsts)
        chances = scores[:, :, head].float().softmax(-1).cpu().numpy()
        for i, cut in enumerate(batch):
            found[id(cut)] = chances[i, : len(cut.words)]
    return [found[id(cut)] for cut in cuts]


def held_out_shares(chances: Sequence[Floats], cuts: Sequence[Cut]) -> tuple[float, float]:
    """Of the words of names, and of those that are labelled as such, the share whose label is right."""
    told = np.concatenate([rows.argmax(1) for rows in chances])
    gold = np.array([label for cut in cuts for label in cut.labels])
    right = (told == gold) & (gold > 0)
    return float(right.sum() / max(1, (gold > 0).sum())), float(right.sum() / max(1, (told > 0).sum()))


def write_silver(path: Path, sentences: Sequence[Sequence[str]], chances: Sequence[Floats]) -> None:
    """Write raw sentences with an opinion on each word, one byte a label, as ``recipe annotate`` does."""
    soft = np.rint(np.concatenate(chances) * 255).astype(np.uint8)
    ends = np.cumsum([len(sentence) for sentence in sentences])
    text = "\n".join(" ".join(sentence) for sentence in sentences)
    np.savez(path, text=np.array(text), ends=ends, soft=soft)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--carried", type=Path, required=True, help="folder written by pipeline.training.carried")
    parser.add_argument("--pretrained", type=Path, required=True, help="folder written by pretrain_gpu")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--seconds", type=float, default=420, help="of all seeds together; opinions come after them")
    parser.add_argument("--epochs", type=float, default=6)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--device", default="cuda", choices=("cuda", "cpu"))
    return parser


def main() -> None:
    """Fit, measure, give opinions."""
    options = _parser().parse_args()
    heads = read_heads(options.carried / "labelled.npz")
    answered, share = heads.index("gold"), 1 / len(options.seeds)
    cuts, raw = (read_cuts(options.carried / f"{name}.npz") for name in ("labelled", "raw"))
    kept, held = [cut for cut in cuts if not cut.held], [cut for cut in cuts if cut.held and cut.head == answered]
    encoder = pretrained(options.pretrained)
    means = [[np.zeros((len(cut.words), len(LABELS)), np.float32) for cut in told] for told in (raw, held)]
    for seed in options.seeds:
        place = options.output / f"tagger-{seed}"
        if load_parts(place) is None:
            settings = (options.seconds * share, options.epochs, options.rate, options.batch, options.device, seed)
            save_tagger(place, fit_tagger(encoder, kept, Fit(*settings), len(heads)))
        tagger = load_tagger(place)
        for mean, told in zip(means, (raw, held), strict=True):
            for total, one in zip(mean, opinions(tagger, told, options.device, answered), strict=True):
                total += share * one
    recall, precision = held_out_shares(means[1], held)
    print(
        f"held-out documents: {100 * recall:.1f} % of the words of names right, {100 * precision:.1f} % of those said"
    )
    write_silver(options.output / "silver.npz", read_text(options.carried / "raw.npz"), means[0])


if __name__ == "__main__":
    main()
