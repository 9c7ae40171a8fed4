"""Pretrain the towers on raw text without a GPU: ``python -m pipeline.training.pretrain --text DIR ...``.

Every word of the text is predicted from the words before and the words after it (a cloze task, as in context2vec,
Melamud et al., 2016; Baevski et al., 2019), by sampled softmax. Workers share the weights without locks (Recht et
al., 2011). The schedule is in seconds, so that a run ends when it must; the rate falls to its end whatever the machine
did meanwhile. About 9,000 words a second and core; the shipped towers saw what their card says.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from pipeline.errors import PipelineError
from pipeline.training.network import VECTOR_SIZE, Shape, Towers
from pipeline.training.precision import has_bf16, lower_precision

CHUNK = 48  # words of a training chunk, over sentence borders
BATCH = 256
TARGETS = 100_000  # words that can be predicted by name; the rest are one class
SAMPLES = 2048  # negatives shared by a batch
RATE = 1.6e-3


@dataclass(slots=True)
class Corpus:
    """The text as ids in which sentence and document ends are ``separator``, the row after the last vector."""

    ids: npt.NDArray[np.int32]
    vectors: Tensor
    separator: int
    noise: npt.NDArray[np.float64]
    log_noise: Tensor

    def share_memory(self) -> None:
        """Let worker processes read the vectors without a copy."""
        self.vectors.share_memory_()


def load_corpus(text: Path, vectors: Path) -> Corpus:
    """The encoded text of a folder and the vectors of all its forms."""
    rows = np.load(vectors)
    ids = np.load(text / "corpus.npy").astype(np.int32)
    counts = np.load(text / "counts.npy").astype(np.float64)
    separator = len(rows)
    ids[ids < 0] = separator
    noise = (
        np.concatenate([counts[:TARGETS], np.zeros(max(0, TARGETS - len(counts))), [counts[TARGETS:].sum()]]) ** 0.75
    )
    noise /= noise.sum()
    table = torch.from_numpy(np.concatenate([rows, np.zeros((1, VECTOR_SIZE), np.float32)])).bfloat16()
    return Corpus(
        ids, table, separator, np.cumsum(noise), torch.from_numpy(np.log(np.maximum(noise * SAMPLES, 1e-12))).float()
    )


class Targets(nn.Module):  # type: ignore[misc]  # torch ships no types here
    """Output vectors and biases of the predicted words, updated sparsely."""

    def __init__(self, corpus: Corpus) -> None:
        super().__init__()
        self.rows = nn.Embedding(TARGETS + 1, VECTOR_SIZE, sparse=True)
        self.bias = nn.Embedding(TARGETS + 1, 1, sparse=True)
        known = min(TARGETS, corpus.separator)
        with torch.no_grad():
            self.rows.weight.zero_()
            self.rows.weight[:known] = corpus.vectors[:known].float() * 0.1
            self.bias.weight.zero_()

    def loss(self, slots: Tensor, targets: Tensor, samples: Tensor, log_noise: Tensor) -> Tensor:
        """Mean sampled-softmax loss of the targets, with the correction for how often each word is sampled."""
        offset = self.bias(samples).squeeze(1) - log_noise[samples]
        kind = torch.bfloat16 if has_bf16() else torch.float32
        wrong = torch.addmm(offset.to(kind), slots.to(kind), self.rows(samples).t().to(kind))
        right = (slots.float() * self.rows(targets)).sum(-1) + self.bias(targets).squeeze(1) - log_noise[targets]
        return (torch.logaddexp(torch.logsumexp(wrong, 1).float(), right) - right).mean()


def step_loss(towers: Towers, targets: Targets, corpus: Corpus, ids: Tensor, samples: Tensor) -> Tensor:
    """The loss of one batch of chunks (words x batch)."""
    edge = (ids == corpus.separator).unsqueeze(-1)
    vectors = corpus.vectors[ids].float() + edge * towers.sep
    wanted = ids[1:-1].reshape(-1)
    kept = wanted != corpus.separator
    wanted = wanted[kept].clamp(max=TARGETS)
    with lower_precision():
        slots = towers.expect(vectors).reshape(-1, VECTOR_SIZE)[kept]
        return targets.loss(slots, wanted, samples, corpus.log_noise)


class Chunks:
    """Random chunks of a worker's part of the text; each pass starts at another offset."""

    def __init__(self, corpus: Corpus, worker: int, workers: int, batch: int) -> None:
        self._ids, self._batch = corpus.ids, batch
        self._low, self._high = len(corpus.ids) * worker // workers, len(corpus.ids) * (worker + 1) // workers
        self.rng = np.random.default_rng(worker + 1)
        self._n = max(1, (self._high - self._low) // CHUNK - 1)
        self._order, self._at, self._offset = self.rng.permutation(self._n), 0, 0

    def next(self) -> Tensor:
        """The next batch of ids (words x batch)."""
        if self._at + self._batch > self._n:
            self._order, self._at = self.rng.permutation(self._n), 0
            self._offset = int(self.rng.integers(CHUNK))
        picked = self._order[self._at : self._at + self._batch].astype(np.int64)
        self._at += self._batch
        places = self._low + self._offset + (picked * CHUNK)[None, :] + np.arange(CHUNK)[:, None]
        return torch.from_numpy(self._ids[np.minimum(places, self._high - 1)].astype(np.int64))


def work(
    worker: int,
    workers: int,
    towers: Towers,
    targets: Targets,
    corpus: Corpus,
    seconds: float,
    output: Path,
    batch: int,
) -> int:
    """Train until the time is up; returns the words seen. Worker 0 prints and saves."""
    torch.set_num_threads(1)
    dense = torch.optim.AdamW(towers.parameters(), lr=RATE, weight_decay=0.01, betas=(0.9, 0.98))
    sparse = torch.optim.SparseAdam(list(targets.parameters()), lr=RATE)
    chunks, began, saved, seen, step = Chunks(corpus, worker, workers, batch), time.monotonic(), 0.0, 0, 0
    while (passed := time.monotonic() - began) < seconds:
        step += 1
        rate = RATE * min(1.0, step / 200) * max(0.02, min(1.0, 1.15 * (1 - passed / seconds)))
        samples = np.minimum(np.searchsorted(corpus.noise, chunks.rng.random(SAMPLES)), TARGETS)
        ids = chunks.next()
        loss = step_loss(towers, targets, corpus, ids, torch.from_numpy(samples))
        for optimizer in (dense, sparse):
            optimizer.param_groups[0]["lr"] = rate
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(towers.parameters(), 1.0)
        dense.step()
        sparse.step()
        seen += ids.numel()
        if worker == 0 and passed - saved > 240:
            saved = passed
            save(output, towers, seen * workers)
            print(f"{passed:.0f} s, about {seen * workers} words, loss {loss.item():.3f}", flush=True)
    return seen


def save(path: Path, towers: Towers, seen: int) -> None:
    """Write the towers so that a reader never meets half a file."""
    partial = path.with_suffix(".partial")
    torch.save({"m": towers.state_dict(), "H": towers.f.hidden_size, "seen": seen}, partial)
    partial.replace(path)


def pretrain(
    corpus: Corpus, output: Path, *, seconds: float, workers: int, hidden: int, batch: int, resume: Path | None
) -> None:
    """Train the towers in ``workers`` processes and write them to ``output``."""
    torch.manual_seed(0)
    towers, targets = Towers(hidden), Targets(corpus)
    if resume is not None:
        towers.load_state_dict(torch.load(resume)["m"])
    arguments: tuple[Any, ...] = (workers, towers, targets, corpus, seconds, output, batch)
    if workers == 1:
        save(output, towers, work(0, *arguments))
        return
    for module in (towers, targets, corpus):
        module.share_memory()
    context = torch.multiprocessing.get_context("fork")
    processes = [context.Process(target=work, args=(worker, *arguments)) for worker in range(workers)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise PipelineError(
            "pretraining: a worker failed, so nothing was written; mend what it printed and start again"
        )
    save(output, towers, 0)


def main() -> None:
    """Pretrain on the text named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, required=True, help="folder written by pipeline.training.rawtext")
    parser.add_argument("--vectors", type=Path, required=True, help="full.npy, which skipgram writes beside the text")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=3000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--hidden", type=int, default=Shape().towers)
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--resume", type=Path, help="start from these towers")
    options = parser.parse_args()
    torch.set_num_threads(1)
    corpus = load_corpus(options.text, options.vectors)
    settings = {name: getattr(options, name) for name in ("seconds", "workers", "hidden", "batch", "resume")}
    pretrain(corpus, options.output, **settings)


if __name__ == "__main__":
    main()
