"""The transformer of the way with a GPU: normalised before each layer, places by rotation.

Attention is torch's fused one. A sentence stands between two END pieces; the tagger's heads read the first piece of
each word. Checkpoints are 16-bit and lie in parts under 16 MB.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from pipeline.errors import ModelError
from pipeline.taggers.wordpieces import LENGTH, MASK

_PART = 15_000_000  # bytes
DROPOUT = 0.1


@dataclass(frozen=True, slots=True)
class Sizes:
    """The transformer's shape: about 28 million numbers as it stands.

    ``size`` numbers make a head, all heads together as many as ``width`` where none is given; ``inner`` numbers stand
    between the two products of feed-forward, four times ``width`` where none is given.
    """

    pieces: int
    width: int = 384
    layers: int = 12
    heads: int = 6
    size: int | None = None
    inner: int | None = None

    @property
    def head_size(self) -> int:
        """Numbers of a head."""
        return self.width // self.heads if self.size is None else self.size


class Layer(nn.Module):  # type: ignore[misc]  # torch ships no types here
    """Attention and feed-forward, each normalised before and added to its input.

    Places are told by rotation (Su et al., 2021). With learned vectors of places, ten minutes of pretraining never got
    beyond what the frequencies of pieces tell.
    """

    def __init__(self, sizes: Sizes, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = sizes.heads, dropout
        width, across = sizes.width, sizes.heads * sizes.head_size
        inner = 4 * width if sizes.inner is None else sizes.inner
        self.qkv, self.joined = nn.Linear(width, 3 * across), nn.Linear(across, width)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, states: Tensor, turns: tuple[Tensor, Tensor]) -> Tensor:
        """The next states (batch x pieces x width); ``turns`` are the rows of :func:`turns_of` for these places."""
        n_rows, n_pieces, _ = states.shape
        split = self.qkv(self.norm1(states)).view(n_rows, n_pieces, 3, self.heads, -1)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        query, key = turned(query, turns), turned(key, turns)
        mixed = functional.scaled_dot_product_attention(query, key, value)
        mixed = self.joined(mixed.transpose(1, 2).flatten(2))
        states = states + functional.dropout(mixed, self.dropout, self.training)
        fed = self.down(functional.gelu(self.up(self.norm2(states))))
        return states + functional.dropout(fed, self.dropout, self.training)


def turns_of(size: int, length: int = LENGTH) -> npt.NDArray[np.float32]:
    """Cosines and sines (2 x places x size) of the angles by which a query or key of a place is turned."""
    angles = np.arange(length)[:, None] / 10_000 ** (np.arange(0, size, 2)[None] / size)
    both = np.concatenate([angles, angles], 1)
    return np.stack([np.cos(both), np.sin(both)]).astype(np.float32)


def turned(vectors: Tensor, turns: tuple[Tensor, Tensor]) -> Tensor:
    """The vectors (... x places x size), of which each number and the one half a size on are turned together."""
    first, second = vectors.chunk(2, -1)
    return vectors * turns[0].to(vectors.dtype) + torch.cat([-second, first], -1) * turns[1].to(vectors.dtype)


class Encoder(nn.Module):  # type: ignore[misc]  # torch ships no types here
    """Pieces to states; the pieces that are guessed in pretraining share their vectors with the input.

    What the layers add starts the smaller the more of them there are, so that deep ones can be trained at a high rate.
    """

    def __init__(self, sizes: Sizes, dropout: float = DROPOUT) -> None:
        super().__init__()
        self.sizes, self.dropout = sizes, dropout
        self.pieces, self.norm = nn.Embedding(sizes.pieces, sizes.width), nn.LayerNorm(sizes.width)
        self.layers = nn.ModuleList([Layer(sizes, dropout) for _ in range(sizes.layers)])
        self.last_norm = nn.LayerNorm(sizes.width)
        self.guess = nn.Linear(sizes.width, sizes.width)
        self.guess_norm = nn.LayerNorm(sizes.width)
        self.bias = nn.Parameter(torch.zeros(sizes.pieces))
        self.register_buffer("turns", torch.from_numpy(turns_of(sizes.head_size)), persistent=False)
        for module in self.modules():
            if isinstance(module, nn.Linear | nn.Embedding):
                nn.init.normal_(module.weight, std=0.02)
            if isinstance(module, nn.Linear):
                nn.init.zeros_(module.bias)
        for layer in self.layers:
            for added in (layer.joined, layer.down):
                nn.init.normal_(added.weight, std=0.02 / math.sqrt(2 * sizes.layers))

    def forward(self, ids: Tensor) -> Tensor:
        """The state of every piece: batch x pieces x width."""
        states = functional.dropout(self.norm(self.pieces(ids)), self.dropout, self.training)
        turns = self.turns[0, : ids.shape[1]], self.turns[1, : ids.shape[1]]
        for layer in self.layers:
            states = layer(states, turns)
        return self.last_norm(states)

    def loss(self, ids: Tensor, hidden: Tensor) -> Tensor:
        """Mean cross entropy of hidden pieces; ``hidden`` (batch x some) are their places, as many in every row."""
        states = self(ids.scatter(1, hidden, MASK)).gather(1, hidden[:, :, None].expand(-1, -1, self.sizes.width))
        guesses = self.guess_norm(functional.gelu(self.guess(states)))
        scores = functional.linear(guesses, self.pieces.weight, self.bias)
        return functional.cross_entropy(scores.flatten(0, 1).float(), ids.gather(1, hidden).flatten())


class PieceTagger(nn.Module):  # type: ignore[misc]  # torch ships no types here
    """The encoder with one output head a corpus convention, as :class:`pipeline.training.network.Network` has."""

    def __init__(self, sizes: Sizes, n_labels: int, n_heads: int) -> None:
        super().__init__()
        self.n_labels, self.n_heads = n_labels, n_heads
        self.encoder = Encoder(sizes)
        self.out = nn.Linear(sizes.width, n_labels * n_heads)

    def forward(self, ids: Tensor) -> Tensor:
        """Scores (batch x pieces x heads x labels) of every piece; only those of the first piece of a word count."""
        states = self.encoder(ids)
        states = functional.dropout(states, self.encoder.dropout, self.training)
        return self.out(states).view(*ids.shape, self.n_heads, self.n_labels)


def save_parts(folder: Path, state: Mapping[str, Any]) -> None:
    """Write a checkpoint as ``checkpoint-000.bin`` and so on, weights in 16 bits; parts that are not needed go."""
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    weights = {name: value.detach().cpu().to(torch.float16) for name, value in state["weights"].items()}
    torch.save({**state, "weights": weights}, buffer)
    content = buffer.getvalue()
    parts = [content[at : at + _PART] for at in range(0, len(content), _PART)]
    for number, part in enumerate(parts):
        (folder / f"checkpoint-{number:03}.partial").write_bytes(part)
    for number in range(len(parts)):
        (folder / f"checkpoint-{number:03}.partial").replace(folder / f"checkpoint-{number:03}.bin")
    for path in sorted(folder.glob("checkpoint-*.bin"))[len(parts) :]:
        path.unlink()


def load_parts(folder: Path) -> dict[str, Any] | None:
    """The checkpoint of a folder, its weights in 32 bits; None where there is none."""
    paths = sorted(folder.glob("checkpoint-*.bin"))
    if not paths:
        return None
    stored: dict[str, Any] = torch.load(io.BytesIO(b"".join(path.read_bytes() for path in paths)), weights_only=True)
    stored["weights"] = {name: value.float() for name, value in stored["weights"].items()}
    return stored


def pretrained(folder: Path) -> Encoder:
    """The encoder of a checkpoint of :mod:`pipeline.training.pretrain_gpu`; raises ModelError where there is none."""
    stored = load_parts(folder)
    if stored is None:
        raise ModelError(f"{folder}: no checkpoint there; run pipeline.training.pretrain_gpu with this --output first")
    encoder = Encoder(Sizes(**stored["sizes"]))
    encoder.load_state_dict(stored["weights"])
    return encoder


def save_tagger(folder: Path, tagger: PieceTagger) -> None:
    """Write a fitted tagger with what rebuilds it."""
    heads = {"n_labels": tagger.n_labels, "n_heads": tagger.n_heads}
    save_parts(folder, {"weights": tagger.state_dict(), "sizes": asdict(tagger.encoder.sizes), **heads})


def load_tagger(folder: Path) -> PieceTagger:
    """The fitted tagger of a folder; raises ModelError where there is none."""
    stored = load_parts(folder)
    if stored is None:
        raise ModelError(f"{folder}: no checkpoint there; run pipeline.training.finetune_gpu with this --output first")
    tagger = PieceTagger(Sizes(**stored["sizes"]), stored["n_labels"], stored["n_heads"])
    tagger.load_state_dict(stored["weights"])
    return tagger
