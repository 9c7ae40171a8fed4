"""Fitting the tagger's network to labelled and softly labelled sentences; :mod:`pipeline.training.recipe` calls it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from pipeline.training.examples import LABELS, Batch, Example, Noise, batches, collate
from pipeline.training.network import Network, Shape
from pipeline.training.precision import lower_precision
from pipeline.training.streams import IGNORED

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Schedule:
    """How a network is fitted; ``pretrained_rate`` is the share of the rate that the pretrained layers get."""

    epochs: float = 6
    words: int = 3000
    rate: float = 2e-3
    pretrained_rate: float = 0.3
    dropout: float = 0.3
    noise: Noise = field(default_factory=Noise)
    seed: int = 0
    warm_up: int = 50
    average: float = 0.998


@dataclass(frozen=True, slots=True)
class Source:
    """A set of examples and how often each is seen in an epoch (1.5: once, and half of them twice)."""

    examples: Sequence[Example]
    weight: float = 1.0


def tensors(batch: Batch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The network's four inputs."""
    arrays = (batch.vectors, batch.knowledge, batch.affixes, batch.lengths)
    vectors, knowledge, affixes, lengths = (torch.from_numpy(array) for array in arrays)
    return vectors, knowledge, affixes, lengths


def loss_of(scores: Tensor, batch: Batch) -> Tensor:
    """Cross entropy against the labels, or against soft labels where the batch has them."""
    heads = torch.from_numpy(batch.heads)
    index = heads[None, :, None, None].expand(scores.shape[0], -1, 1, scores.shape[3])
    picked = scores.float().gather(2, index).squeeze(2)
    if batch.soft is not None:
        soft = torch.from_numpy(batch.soft)
        return -(soft * picked.log_softmax(-1)).sum() / soft.sum().clamp(min=1)
    labels = torch.from_numpy(batch.labels)
    return functional.cross_entropy(picked.flatten(0, 1), labels.flatten(), ignore_index=IGNORED)


def stream(sources: Sequence[Source], schedule: Schedule, rng: np.random.Generator) -> Iterator[list[Example]]:
    """Batches without end; hard and soft examples never share one."""
    while True:
        picked: list[Example] = []
        for source in sources:
            whole = int(source.weight)
            picked.extend(example for example in source.examples for _ in range(whole))
            share = source.weight - whole
            picked.extend(example for example in source.examples if share and rng.random() < share)
        hard = [e for e in picked if e.soft is None]
        soft = [e for e in picked if e.soft is not None]
        groups = [batches(group, schedule.words, rng) for group in (hard, soft) if group]
        mixed = [batch for group in groups for batch in group]
        rng.shuffle(mixed)  # in place
        yield from mixed


class Average:
    """The running mean of a network's weights, which tags better than the last weights."""

    def __init__(self, network: Network, decay: float) -> None:
        self._decay, self._steps = decay, 0
        self.state = {name: value.clone() for name, value in network.state_dict().items()}

    @torch.no_grad()  # type: ignore[untyped-decorator]  # torch ships no types here
    def update(self, network: Network) -> None:
        """Move the mean towards the network."""
        self._steps += 1
        decay = min(self._decay, self._steps / (self._steps + 20))
        for name, value in network.state_dict().items():
            self.state[name].mul_(decay).add_(value, alpha=1 - decay)


def _optimizer(network: Network, schedule: Schedule) -> torch.optim.Optimizer:
    first = ("f.", "b.", "m1.", "m2.", "sep")
    pretrained = [p for name, p in network.named_parameters() if name.startswith(first)]
    fresh = [p for name, p in network.named_parameters() if not name.startswith(first)]
    groups = [{"params": pretrained, "scale": schedule.pretrained_rate}, {"params": fresh, "scale": 1.0}]
    return torch.optim.AdamW(groups, lr=schedule.rate, weight_decay=0.01, betas=(0.9, 0.98))


def fit(
    network: Network,
    sources: Sequence[Source],
    arrays: tuple[npt.NDArray[np.float16], npt.NDArray[np.int64]],
    schedule: Schedule,
) -> Network:
    """The network with the averaged weights after the schedule; torch's generator is seeded from it."""
    torch.manual_seed(schedule.seed)
    rng = np.random.default_rng(schedule.seed)
    optimizer = _optimizer(network, schedule)
    average = Average(network, schedule.average)
    n_words = sum(source.weight * sum(len(e.words) for e in source.examples) for source in sources)
    n_steps = max(1, int(schedule.epochs * n_words / schedule.words))
    began = time.monotonic()
    network.train()
    for step, examples in zip(range(1, n_steps + 1), stream(sources, schedule, rng), strict=False):
        share = max(min(1.0, step / schedule.warm_up) * (1 - step / n_steps), 0.01)
        for group in optimizer.param_groups:
            group["lr"] = schedule.rate * group["scale"] * share
        batch = collate(examples, *arrays, noise=schedule.noise, rng=rng)
        with lower_precision():
            scores = network(*tensors(batch))
        loss = loss_of(scores, batch)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        average.update(network)
        if step % max(1, n_steps // 10) == 0:
            print(f"step {step} of {n_steps}, loss {loss.item():.4f}, {time.monotonic() - began:.0f} s", flush=True)
    network.load_state_dict(average.state)
    return network


def opinions(
    network: Network,
    examples: Sequence[Example],
    arrays: tuple[npt.NDArray[np.float16], npt.NDArray[np.int64]],
    head: int,
) -> list[Floats]:
    """The probabilities (words x labels) that a network gives each example, in their order."""
    network.eval()
    found: dict[int, Floats] = {}
    with torch.no_grad(), lower_precision():
        for batch in batches(examples, 6000):
            scores = network(*tensors(collate(batch, *arrays)))[:, :, head].float().softmax(-1).numpy()
            for i, example in enumerate(batch):
                found[id(example)] = scores[: len(example.words), i]
    network.train()
    return [found[id(example)] for example in examples]


def save_checkpoint(path: Path, network: Network, shape: Shape, **notes: Any) -> None:
    """Write the weights with what is needed to rebuild the network."""
    heads = {"n_labels": network.n_labels, "n_heads": network.n_heads}
    torch.save({"weights": network.state_dict(), "shape": asdict(shape), **heads, **notes}, path)


def load_checkpoint(path: Path) -> Network:
    """The network of a checkpoint."""
    stored = torch.load(path)
    network = Network(Shape(**stored["shape"]), stored["n_labels"], stored["n_heads"])
    network.load_state_dict(stored["weights"])
    return network


def from_pretrained(path: Path, shape: Shape, n_heads: int, dropout: float) -> Network:
    """A new network whose towers come from a pretrained checkpoint."""
    network = Network(shape, len(LABELS), n_heads, dropout)
    network.load_state_dict(torch.load(path)["m"], strict=False)
    return network
