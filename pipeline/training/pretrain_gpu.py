"""Pretrain a compact transformer on one GPU: ``python -m pipeline.training.pretrain_gpu --text DIR --output DIR``.

A masked-piece objective (Devlin et al., 2019, with 30 % masked as in Wettig et al., 2023) over the files of
:mod:`pipeline.training.pieces`, in bf16. The defaults are for about twenty minutes of an H100-class GPU; ``--device cpu
--width 32 --layers 1 --seconds 5`` tries every step without one. The run ends by the clock and goes on from its own
checkpoint, which is written in parts under 16 MB.
"""

from __future__ import annotations

import argparse
import io
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from pipeline.training.pieces import MASK, read_parts

LENGTH = 128  # pieces of a training chunk
MASKED = 0.3
_PART = 15_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Sizes:
    """The transformer's shape: about 20 million numbers as it stands."""

    pieces: int
    width: int = 384
    layers: int = 8
    heads: int = 6


class Encoder(nn.Module):  # type: ignore[misc]  # torch ships no types here
    """A pre-norm transformer encoder whose input and output pieces share their vectors."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.pieces = nn.Embedding(sizes.pieces, sizes.width)
        self.places = nn.Embedding(LENGTH, sizes.width)
        nn.init.normal_(self.pieces.weight, std=0.02)
        nn.init.normal_(self.places.weight, std=0.02)
        layer = nn.TransformerEncoderLayer(
            sizes.width, sizes.heads, 4 * sizes.width, 0.1, "gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, sizes.layers, nn.LayerNorm(sizes.width), enable_nested_tensor=False)
        self.bias = nn.Parameter(torch.zeros(sizes.pieces))

    def forward(self, ids: Tensor) -> Tensor:
        """The state of every piece (batch x pieces x width)."""
        places = torch.arange(ids.shape[1], device=ids.device)
        return self.layers(self.pieces(ids) + self.places(places))

    def loss(self, ids: Tensor, hidden: Tensor) -> Tensor:
        """Mean cross entropy of the hidden pieces."""
        states = self(torch.where(hidden, MASK, ids))[hidden]
        return functional.cross_entropy((states @ self.pieces.weight.T + self.bias).float(), ids[hidden])


def save_parts(folder: Path, state: dict[str, object]) -> None:
    """Write a checkpoint as ``checkpoint-000.bin`` and so on; older parts that are not needed go."""
    buffer = io.BytesIO()
    torch.save(state, buffer)
    content = buffer.getvalue()
    parts = [content[at : at + _PART] for at in range(0, len(content), _PART)]
    for number, part in enumerate(parts):
        partial = folder / f"checkpoint-{number:03}.partial"
        partial.write_bytes(part)
    for number in range(len(parts)):
        (folder / f"checkpoint-{number:03}.partial").replace(folder / f"checkpoint-{number:03}.bin")
    for path in sorted(folder.glob("checkpoint-*.bin"))[len(parts) :]:
        path.unlink()


def load_parts(folder: Path) -> dict[str, object] | None:
    """The checkpoint of a folder; None where there is none."""
    paths = sorted(folder.glob("checkpoint-*.bin"))
    if not paths:
        return None
    stored: dict[str, object] = torch.load(io.BytesIO(b"".join(path.read_bytes() for path in paths)))
    return stored


def chunk_batch(ids: npt.NDArray[np.uint16], batch: int, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Random chunks of the text and which of their pieces are hidden."""
    starts = rng.integers(0, max(1, len(ids) - LENGTH), batch)
    chunks = ids[np.minimum(starts[:, None] + np.arange(LENGTH), len(ids) - 1)].astype(np.int64)
    return torch.from_numpy(chunks), torch.from_numpy(rng.random(chunks.shape) < MASKED)


def pretrain(
    ids: npt.NDArray[np.uint16], sizes: Sizes, folder: Path, *, seconds: float, batch: int, device: str, rate: float
) -> int:
    """Train until the time is up, from the folder's checkpoint where it has one; returns the steps of the whole run."""
    torch.manual_seed(0)
    encoder = Encoder(sizes).to(device)
    stored = load_parts(folder)
    step = 0
    if stored is not None:
        encoder.load_state_dict(stored["weights"])
        step = int(str(stored["step"]))
    optimizer = torch.optim.AdamW(encoder.parameters(), lr=rate, weight_decay=0.01, betas=(0.9, 0.98))
    rng = np.random.default_rng(step)
    began, saved = time.monotonic(), 0.0
    while (passed := time.monotonic() - began) < seconds:
        step += 1
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, step / 500, passed / 20 + 0.01) * max(0.02, 1 - passed / seconds)
        chunks, hidden = chunk_batch(ids, batch, rng)
        with torch.autocast(device, torch.bfloat16):
            loss = encoder.loss(chunks.to(device), hidden.to(device))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimizer.step()
        if passed - saved > 120:
            saved = passed
            save_parts(folder, {"weights": encoder.state_dict(), "step": step})
            print(f"{passed:.0f} s, step {step}, loss {loss.item():.3f}", flush=True)
    save_parts(folder, {"weights": encoder.state_dict(), "step": step})
    return step


def main() -> None:
    """Pretrain on the encoded text named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, required=True, help="folder written by pipeline.training.pieces")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=1200)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--device", default="cuda", choices=("cuda", "cpu"))
    parser.add_argument("--width", type=int, default=384)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--heads", type=int, default=6)
    options = parser.parse_args()
    n_pieces = len((options.text / "pieces.txt").read_text("utf-8").split("\n"))
    sizes = Sizes(n_pieces, options.width, options.layers, options.heads)
    options.output.mkdir(parents=True, exist_ok=True)
    settings = {name: getattr(options, name) for name in ("seconds", "batch", "device", "rate")}
    steps = pretrain(read_parts(options.text), sizes, options.output, **settings)
    print(f"{steps} steps, {steps * options.batch * LENGTH} pieces, {options.output}")


if __name__ == "__main__":
    main()
