"""The reader as torch fits it and as ONNX Runtime runs it; see :mod:`pipeline.meetings.reader`.

Its layers begin as the first ones of the shipped tagger, read back from their bytes, so that no GPU is needed; the
lower ones stay as they are. What each piece belongs to is told between the two.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from onnx import TensorProto, helper
from torch import Tensor, nn
from torch.nn import functional

from pipeline.errors import ModelError
from pipeline.meetings.reader import HEAD_FILE, HEADS, KINDS
from pipeline.meetings.windows import N_MARKS, Stretch
from pipeline.models import file_digest
from pipeline.taggers.transformer import GRAPH_FILE, ROWS_FILE, SETTINGS_FILE
from pipeline.taggers.vectors import SCALES, from_bytes, quantize
from pipeline.training.export import Graph
from pipeline.training.transformer import DROPOUT, Layer, Sizes, turns_of
from pipeline.training.transformer_export import (
    MARK_VECTORS,
    add_layer,
    add_norm,
    add_turns,
    read_back,
    write_bytes,
)

LEARNING = HEADS | {"pair": ("trigger", "both", "product", "match", "apart")}
"""What each head reads; that of pairs only helps in learning."""
FROZEN, LAYERS = 2, 4
_NORMS = {"first_norm": "norm", "norm": "last_norm"}  # here and in the tagger's graph
HIDDEN = 128  # numbers between the vectors and the answer of a head


@dataclass(slots=True)
class Asked:
    """What is asked of one window: stretches of pieces, and rows of their numbers with answers; how much it weighs.

    A row of ``parties`` is a trigger and a candidate; one of ``pairs`` a trigger and two candidates; one of ``sites`` a
    trigger that tells of a known event and a place name; one of ``days`` such a trigger and words that give a date. A
    row of ``told`` is such a trigger, and which of :data:`pipeline.meetings.reader.KINDS` its event is.
    """

    doc_id: str
    ids: npt.NDArray[np.int64]
    marks: npt.NDArray[np.int64]
    stretches: Sequence[Stretch]
    parties: npt.NDArray[np.int64]
    party_answers: npt.NDArray[np.float32]
    pairs: npt.NDArray[np.int64]
    pair_answers: npt.NDArray[np.float32]
    sites: npt.NDArray[np.int64]
    site_answers: npt.NDArray[np.float32]
    days: npt.NDArray[np.int64]
    day_answers: npt.NDArray[np.float32]
    told: npt.NDArray[np.int64]
    weight: float = 1.0
    states: npt.NDArray[np.float16] | None = None


class ReaderNet(nn.Module):  # type: ignore[misc]  # torch ships no types here
    """Pieces to log odds; :meth:`lower` gives what the frozen layers make of a window, which is computed once.

    Its layers are as wide as ``sizes`` tells; how many they are and of how many pieces it tells plays no part.
    """

    def __init__(self, sizes: Sizes, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.sizes, width = sizes, sizes.width
        self.first_norm, self.norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.layers = nn.ModuleList([Layer(sizes, DROPOUT) for _ in range(LAYERS)])
        self.marks = nn.Embedding(N_MARKS, width)
        nn.init.zeros_(self.marks.weight)
        self.inner = nn.ModuleDict(
            {
                f"{head}_{part}": nn.Linear(width, hidden, bias=part == parts[0])
                for head, parts in LEARNING.items()
                for part in parts
            }
        )
        self.out = nn.ModuleDict({head: nn.Linear(hidden, len(KINDS) if head == "kind" else 1) for head in LEARNING})
        self.register_buffer("turns", torch.from_numpy(turns_of(sizes.head_size)), persistent=False)

    def upper_weights(self) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
        """Weights that are fitted: of the upper layers, and of marks and heads."""
        layers = [p for layer in self.layers[FROZEN:] for p in layer.parameters()]
        heads = [p for part in (self.marks, self.inner, self.out) for p in part.parameters()]
        return [*layers, *self.norm.parameters()], heads

    def lower(self, vectors: Tensor) -> Tensor:
        """States (pieces x width) after the frozen layers."""
        with torch.no_grad():
            return self._through(self.first_norm(vectors), slice(FROZEN))

    def states(self, vectors: Tensor, marks: Tensor) -> Tensor:
        """What all layers make of a window (pieces x width), as the heads read it; every weight may be fitted."""
        return self._upper(self._through(self.first_norm(vectors), slice(FROZEN)), marks)

    def _upper(self, states: Tensor, marks: Tensor) -> Tensor:
        return self.norm(self._through(states + self.marks(marks), slice(FROZEN, None)))

    def _through(self, states: Tensor, part: slice) -> Tensor:
        turns, states = (self.turns[0, : len(states)], self.turns[1, : len(states)]), states[None]
        for layer in self.layers[part]:
            states = layer(states, turns)
        return states[0]

    def forward(self, asked: Asked) -> dict[str, Tensor]:
        """Answers by head: log odds of rows of ``parties``, ``pairs``, ``sites`` and ``days``, scores of ``told``."""
        states = self._upper(torch.from_numpy(asked.states).float(), torch.from_numpy(asked.marks))
        states = functional.dropout(states, DROPOUT, self.training)
        pool = torch.zeros(len(asked.stretches), len(states))
        for row, (start, end) in enumerate(asked.stretches):
            pool[row, start:end] = 1.0 / (end - start)
        spans = pool @ states
        found = {}
        for head, rows in (("party", asked.parties), ("place", asked.sites), ("date", asked.days)):
            trigger, link = (spans[rows[:, i]] for i in range(2))
            found[head] = self._answer(head, (trigger, link, trigger * link))[:, 0]
        trigger, one, other = (spans[asked.pairs[:, i]] for i in range(3))
        both = one + other
        inputs = (trigger, both, trigger * both, one * other, (one - other).abs())
        found["pair"] = self._answer("pair", inputs)[:, 0]
        return found | {"kind": self._answer("kind", (spans[asked.told[:, 0]],))}

    def _answer(self, head: str, inputs: Sequence[Tensor]) -> Tensor:
        parts = zip(LEARNING[head], inputs, strict=True)
        hidden = sum(self.inner[f"{head}_{part}"](vectors) for part, vectors in parts)
        hidden = functional.gelu(hidden, approximate="tanh")
        return self.out[head](functional.dropout(hidden, DROPOUT, self.training))


def start_from(graph: Path) -> ReaderNet:
    """A reader whose layers are the first ones of a tagger's packed graph; ModelError where it has too few."""
    sizes, stored = read_back(graph)
    if sizes.layers < LAYERS:
        raise ModelError(f"{graph}: {sizes.layers} layers, where a reader needs {LAYERS}; train a deeper tagger")
    net = ReaderNet(sizes)
    weights = net.state_dict()
    for name in weights:
        base, part = name.rsplit(".", 1)
        if base in _NORMS or base.startswith("layers."):
            weights[name] = torch.from_numpy(stored[f"{_NORMS.get(base, base)}.{part}"])
    net.load_state_dict(weights)
    return net


def reader_in(folder: Path) -> ReaderNet:
    """The reader of a folder, as its bytes tell it; the head of pairs, which is not written, is as by chance."""
    sizes, stored = read_back(folder / GRAPH_FILE)
    heads = from_bytes(folder / HEAD_FILE)
    for head, parts in HEADS.items():
        stored |= {f"out.{head}.weight": heads[f"{head}_out"], f"out.{head}.bias": heads[f"{head}_out_bias"]}
        stored |= {f"inner.{head}_{part}.weight": heads[f"{head}_{part}"] for part in parts}
        stored[f"inner.{head}_{parts[0]}.bias"] = heads[f"{head}_bias"]
    net = ReaderNet(sizes, len(heads["party_bias"]))
    weights = net.state_dict()
    for name in weights:
        if not name.startswith(("inner.pair_", "out.pair.")):
            weights[name] = torch.from_numpy(stored[name])
    net.load_state_dict(weights)
    return net


def write_reader(net: ReaderNet, folder: Path, pieces: Path) -> None:
    """Write the packed graph and the heads, one byte a number; ``pieces`` is the folder it was made with."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = folder / "graph.onnx"
    write_bytes(build_reader(net), plain)
    (folder / GRAPH_FILE).write_bytes(gzip.compress(plain.read_bytes(), mtime=0))
    plain.unlink()
    weights = {name: value.float().numpy() for name, value in net.state_dict().items()}
    stored: dict[str, Any] = {}
    for head, parts in HEADS.items():
        stored[f"{head}_bias"] = weights[f"inner.{head}_{parts[0]}.bias"]
        stored |= {f"{head}_out": weights[f"out.{head}.weight"], f"{head}_out_bias": weights[f"out.{head}.bias"]}
        for name in (f"{head}_{part}" for part in parts):
            stored[name], stored[f"{name}{SCALES}"] = quantize(weights[f"inner.{name}.weight"])
    np.savez_compressed(folder / HEAD_FILE, **stored)
    (folder / SETTINGS_FILE).write_text(json.dumps({"pieces": file_digest(pieces / ROWS_FILE)}) + "\n", "utf-8")


def build_reader(net: ReaderNet) -> Any:
    """The ONNX model of a reader without vectors of pieces and heads.

    Inputs: ``vectors`` (1, pieces, width) and ``marks`` (1, pieces). Output: ``states`` (1, pieces, width).
    """
    weights = {name: value.float().numpy() for name, value in net.state_dict().items()}
    width, g = len(weights["norm.weight"]), Graph()
    states, turns = add_norm(g, "vectors", weights, "first_norm"), add_turns(g, net.sizes.head_size)
    for number in range(LAYERS):
        if number == FROZEN:
            table = g.constant(MARK_VECTORS, weights["marks.weight"])
            states = g.add("Add", [states, g.add("Gather", [table, "marks"], "mark_states", axis=0)], "marked")
        states = add_layer(g, states, turns, weights, number, net.sizes.heads)
    g.add("Identity", [add_norm(g, states, weights, "norm")], "states")
    inputs = [
        helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", "pieces", width]),
        helper.make_tensor_value_info("marks", TensorProto.INT64, ["batch", "pieces"]),
    ]
    outputs = [helper.make_tensor_value_info("states", TensorProto.FLOAT, ["batch", "pieces", width])]
    return g.model("reader", inputs, outputs)
