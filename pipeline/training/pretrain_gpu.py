"""Pretrain a compact transformer on one GPU: ``python -m pipeline.training.pretrain_gpu --text DIR --output DIR``.

A masked-piece objective (Devlin et al., 2019) over whole words, 30 % of the pieces hidden (Wettig et al., 2023), on the
files of :mod:`pipeline.training.pieces`, in bf16. The text lies on the device, batches are full chunks without padding,
and nothing waits for the device between two looks at the clock. The run ends by the clock; where it is called again
with the same ``--output``, it goes on from the checkpoint, which is written in parts under 16 MB. ``--total`` is the
time of all calls together, by which the rate falls. ``--device cpu --width 32 --layers 1 --heads 2 --batch 4 --seconds
5`` tries every step without a GPU; ``--plan`` prints what a run would see.
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from pipeline.taggers.wordpieces import LENGTH
from pipeline.training.pieces import read_parts
from pipeline.training.precision import lower_precision
from pipeline.training.transformer import Encoder, Sizes, load_parts, save_parts

MASKED = 0.3
RISE = 1000  # steps over which the rate rises
_PULSE = 50  # steps between two looks at the clock and the loss
_SAVED = 60.0  # seconds between two checkpoints


@dataclass(frozen=True, slots=True)
class Run:
    """How long and how to pretrain; ``total`` is the time of all calls together, in seconds as ``seconds`` is."""

    seconds: float
    total: float
    batch: int = 256
    rate: float = 8e-4
    device: str = "cuda"
    compiled: bool = False


def hidden_places(ids: Tensor, goes_on: Tensor, count: int) -> Tensor:
    """Places of ``count`` pieces in every row, whole words at a time but for the last word chosen."""
    word = (~goes_on[ids]).cumsum(1).clamp(max=ids.shape[1] - 1)
    chance = torch.rand(ids.shape, device=ids.device).gather(1, word)
    return chance.topk(count, dim=1).indices


def rate_share(passed: float, total: float, step: int, fresh: int) -> float:
    """The share of the rate after ``passed`` of ``total`` seconds; it rises in the first steps of all and of a call."""
    return min(1.0, (step + 1) / RISE, 10 * (fresh + 1) / RISE) * max(0.02, 1 - passed / total)


class Chunks:
    """Random chunks of the text, which lies on the device."""

    def __init__(self, ids: npt.NDArray[np.uint16], pieces: list[str], run: Run, seed: int) -> None:
        self._ids = torch.from_numpy(np.resize(ids, max(len(ids), LENGTH + 1)).astype(np.int32)).to(run.device)
        self._goes_on = torch.tensor([piece.startswith("+") and len(piece) > 1 for piece in pieces], device=run.device)
        self._within, self._batch = torch.arange(LENGTH, device=run.device), run.batch
        torch.manual_seed(seed)

    def next(self) -> tuple[Tensor, Tensor]:
        """Chunks (batch x LENGTH) and the places that are hidden in them."""
        starts = torch.randint(len(self._ids) - LENGTH, (self._batch, 1), device=self._ids.device)
        ids = self._ids[starts + self._within].long()
        return ids, hidden_places(ids, self._goes_on, int(MASKED * LENGTH))


def _optimizer(encoder: Encoder, run: Run) -> torch.optim.Optimizer:
    flat = [p for p in encoder.parameters() if p.ndim < 2]
    matrices = [p for p in encoder.parameters() if p.ndim >= 2]
    groups = [{"params": matrices, "weight_decay": 0.01}, {"params": flat, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=run.rate, betas=(0.9, 0.98), fused=run.device == "cuda")


def pretrain(ids: npt.NDArray[np.uint16], pieces: list[str], sizes: Sizes, folder: Path, run: Run) -> dict[str, Any]:
    """Train until the time is up, from the folder's checkpoint where it has one; what the checkpoint says of itself.

    Where the loss is no number, the weights of the last look at it come back and the rate is halved.
    """
    stored = load_parts(folder) or {"step": 0, "passed": 0.0, "seen": 0}
    torch.manual_seed(stored["step"])
    torch.set_float32_matmul_precision("high")
    encoder = Encoder(sizes, dropout=0.0).to(run.device)
    if "weights" in stored:
        encoder.load_state_dict(stored.pop("weights"))
    began = time.monotonic()
    optimizer, chunks = _optimizer(encoder, run), Chunks(ids, pieces, run, stored["step"])
    loss_of = _compiled(encoder, chunks, run)
    step, rate = stored["step"], run.rate
    good, saved, first = _copy(encoder), 0.0, step
    now, told = 0.0, {name: stored[name] for name in ("step", "passed", "seen")}
    while now < run.seconds:
        for group in optimizer.param_groups:
            group["lr"] = rate * rate_share(stored["passed"] + now, run.total, step, step - first)
        with lower_precision(run.device):
            loss = loss_of(*chunks.next())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimizer.step()
        step += 1
        if run.device == "cpu" or step % _PULSE == 0:
            value = loss.item()  # waits for the device, so that the clock is true
            if math.isfinite(value) and bool(encoder.bias.isfinite().all()):
                good = _copy(encoder) if step % (10 * _PULSE) == 0 else good
            else:
                encoder.load_state_dict(good)
                optimizer, rate = _optimizer(encoder, run), rate / 2
            now = time.monotonic() - began
            if now - saved > _SAVED or now >= run.seconds:
                saved = now
                seen = (step - first) * run.batch * LENGTH
                told = {"step": step, "passed": stored["passed"] + now, "seen": stored["seen"] + seen}
                save_parts(folder, {"weights": encoder.state_dict(), "sizes": asdict(sizes), **told})
                print(f"{now:.0f} s, step {step}, loss {value:.3f}, {seen / now:,.0f} pieces a second", flush=True)
    return told


def _compiled(encoder: Encoder, chunks: Chunks, run: Run) -> Any:
    """The encoder's loss, compiled where that is asked for and works."""
    if not run.compiled:
        return encoder.loss
    faster: Any = torch.compile(encoder.loss)
    try:
        with lower_precision(run.device):
            faster(*chunks.next()).backward()
    except Exception as error:  # noqa: BLE001  # whatever that machine's compiler raises; slower beats nothing
        print(f"not compiled: {error!r}"[:500], flush=True)
        return encoder.loss
    return faster


def _copy(encoder: Encoder) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in encoder.state_dict().items()}


def plan(sizes: Sizes, run: Run, n_ids: int, speed: float) -> str:
    """What a run sees on a device that keeps up ``speed`` million million operations a second."""
    n_weights = sum(p.numel() for p in Encoder(sizes).parameters())
    body = 12 * sizes.width**2 * sizes.layers + 2 * LENGTH * sizes.width * sizes.layers
    piece = 6 * (body + MASKED * sizes.width * (sizes.pieces + sizes.width))
    seen = speed * 1e12 / piece * run.total
    return (
        f"{n_weights / 1e6:.1f} million weights, {piece / 1e6:.0f} million operations a piece; at {speed:.0f} TFLOP/s "
        f"{speed * 1e6 / (piece / 1e6) / 1e6:.2f} million pieces a second, {seen / 1e9:.2f} billion in "
        f"{run.total:.0f} s, {seen / max(1, n_ids):.0f} passes over {n_ids} ids"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, required=True, help="folder written by pipeline.training.pieces")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=540, help="of this call")
    parser.add_argument("--total", type=float, help="of all calls together; those of this call where it is left out")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--rate", type=float, default=8e-4)
    parser.add_argument("--device", default="cuda", choices=("cuda", "cpu"))
    parser.add_argument("--compile", action="store_true", help="compile the network first: a minute, then faster steps")
    parser.add_argument("--width", type=int, default=384)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--heads", type=int, default=6)
    parser.add_argument(
        "--plan", type=float, metavar="TFLOPS", help="print what a run would see at this speed, and stop"
    )
    return parser


def main() -> None:
    """Pretrain on the encoded text named on the command line."""
    options = _parser().parse_args()
    pieces = (options.text / "pieces.txt").read_text("utf-8").split("\n")
    sizes = Sizes(len(pieces), options.width, options.layers, options.heads)
    total = options.total or options.seconds
    run = Run(options.seconds, total, options.batch, options.rate, options.device, options.compile)
    ids = read_parts(options.text)
    if options.plan:
        print(plan(sizes, run, len(ids), options.plan))
        return
    told = pretrain(ids, pieces, sizes, options.output, run)
    print(f"{told['step']} steps, {told['seen']} pieces in {told['passed']:.0f} s, {options.output}")


if __name__ == "__main__":
    main()
