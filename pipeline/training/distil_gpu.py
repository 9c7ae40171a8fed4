"""Teach a small transformer what fitted ones think of raw text: ``python -m pipeline.training.distil_gpu --help``.

The taggers of :mod:`pipeline.training.finetune_gpu` give their mean opinion on every word of the packed raw text. The
student, made of some of the layers of the first (Sanh et al., 2019) and of the same vectors of pieces, learns it there
and on the labelled streams. Half of the raw rows lack sentences, and a few pieces are hidden from the student. It is
written to ``--output/student`` and, with ``--keep``, the likeliest label of each piece of the raw text and how likely
it is as ``labels-*.xz``. Needs torch and NumPy alone.
"""

from __future__ import annotations

import argparse
import lzma
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from pipeline.errors import ModelError
from pipeline.taggers.wordpieces import END, LENGTH, MASK, SPECIAL, UNKNOWN
from pipeline.training.examples import LABELS
from pipeline.training.finetune_gpu import Rows, drawn_streams, f1_of, opinions
from pipeline.training.pieces import read_parts
from pipeline.training.precision import lower_precision
from pipeline.training.streams import Stream, read_streams
from pipeline.training.transformer import PieceTagger, load_tagger, save_tagger

_PULSE = 50  # steps between two looks at the clock
_DROPPED = 0.4  # share of the sentences that the second reading of the raw text lacks
_HIDDEN = 0.03  # share of the pieces that are hidden from the student
_PART = 16_000_000  # labels of a file


@dataclass(frozen=True, slots=True)
class Lesson:
    """How a student is taught; ``labelled`` is the share of the labelled streams in what it reads."""

    seconds: float
    rate: float = 5e-4
    batch: int = 65_536
    labelled: float = 0.1
    device: str = "cuda"
    compiled: bool = False


def words_begin(ids: Tensor, pieces: Sequence[str]) -> Tensor:
    """True for the pieces that begin a word."""
    begins = [i == UNKNOWN or (i >= len(SPECIAL) and not (len(p) > 1 and p[0] == "+")) for i, p in enumerate(pieces)]
    return torch.tensor(begins, device=ids.device)[ids.long()]


def mean_opinion(taggers: Sequence[PieceTagger], ids: npt.NDArray[np.uint16], device: str, head: int) -> Tensor:
    """What the taggers think of the pieces of a text, one byte a label: pieces x labels."""
    found = torch.zeros((len(ids), len(LABELS)), dtype=torch.uint8, device=device)
    at = 0
    for told in zip(*(opinions(tagger, ids, device, head) for tagger in taggers), strict=True):
        found[at : at + len(told[0])] = (torch.stack(told).mean(0) * 255).round().to(torch.uint8)
        at += len(told[0])
    return found


def student_of(teacher: PieceTagger, layers: Sequence[int], head: int) -> PieceTagger:
    """A tagger with one head and some of the layers of another, whose vectors of pieces it keeps."""
    n_layers = teacher.encoder.sizes.layers
    if max(layers) >= n_layers:
        raise ModelError(f"layer {max(layers)} is not among the teacher's {n_layers}, counted from 0; change --layers")
    student = PieceTagger(replace(teacher.encoder.sizes, layers=len(layers)), teacher.n_labels, 1)
    weights = teacher.state_dict()
    own = {name: value for name, value in weights.items() if ".layers." not in name and not name.startswith("out.")}
    for new, old in enumerate(layers):
        mark = f"encoder.layers.{old}."
        for name, value in weights.items():
            if name.startswith(mark):
                own[f"encoder.layers.{new}." + name.removeprefix(mark)] = value
    kept = slice(head * teacher.n_labels, (head + 1) * teacher.n_labels)
    own |= {name: weights[name][kept] for name in ("out.weight", "out.bias")}
    student.load_state_dict(own)
    student.encoder.pieces.weight.requires_grad_(False)
    return student


def _lacking(ids: Tensor) -> Tensor:
    """Places of a text without some of its sentences."""
    sentence = (ids == END).cumsum(0)
    kept = torch.rand(int(sentence[-1]) + 1, device=ids.device) >= _DROPPED
    return torch.nonzero(kept[sentence])[:, 0]


def _known(stream: Stream, device: str) -> Tensor:
    """The labels of a stream as one byte a label."""
    labels = torch.from_numpy(np.maximum(stream.labels, 0).astype(np.int64)).to(device)
    return (torch.nn.functional.one_hot(labels, len(LABELS)) * 255).to(torch.uint8)


def teach(
    student: PieceTagger, raw: tuple[Tensor, Tensor], labelled: tuple[Sequence[Stream], Sequence[float]],
    pieces: Sequence[str], lesson: Lesson,
) -> PieceTagger:  # fmt: skip
    """The student after its time is up; ``raw`` is a text and what was thought of it (pieces, and pieces x labels)."""
    device = lesson.device
    streams, weights = labelled
    less = _lacking(raw[0])
    ids = torch.cat([raw[0], raw[0][less], *(torch.from_numpy(s.ids.astype(np.int32)).to(device) for s in streams)])
    soft = torch.cat([raw[1], raw[1][less], *(_known(stream, device) for stream in streams)])
    first = words_begin(ids, pieces)
    sizes = [len(raw[0]), len(less), *(len(stream.ids) for stream in streams)]
    n_labelled = sum(len(s.ids) * w for s, w in zip(streams, weights, strict=True))
    often = lesson.labelled / (1 - lesson.labelled) * (2 * len(raw[0])) / max(1.0, n_labelled)
    rows = Rows(
        sizes, [1.0, len(raw[0]) / max(1, len(less)), *(often * w for w in weights)], torch.nonzero(ids == END)[:, 0]
    )
    student.to(device).train()
    trained = [p for p in student.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=lesson.rate, weight_decay=0.01, fused=device == "cuda")
    fast: Any = torch.compile(student, dynamic=False) if lesson.compiled else student
    began, now, step = time.monotonic(), 0.0, 0
    while now < lesson.seconds:
        share = now / lesson.seconds
        for group in optimizer.param_groups:
            group["lr"] = lesson.rate * min(1.0, 20 * share + 0.01) * max(0.02, 1 - share)
        at = rows.draw(lesson.batch, device)
        seen = ids[at].long()
        shown = torch.where(torch.rand(seen.shape, device=device) < _HIDDEN, MASK, seen)
        with lower_precision(device):
            scores = (fast if seen.shape[1] == LENGTH else student)(shown)[:, :, 0]
        told = soft[at].float() * first[at][:, :, None]
        loss = -(told * scores.float().log_softmax(-1)).sum() / told.sum().clamp(min=1)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        step += 1
        if device == "cpu" or step % _PULSE == 0:
            value = loss.item()
            now = time.monotonic() - began
            if step % (10 * _PULSE) == 0 or now >= lesson.seconds:
                speed = step * lesson.batch / now
                print(f"{now:.0f} s, step {step}, loss {value:.4f}, {speed:,.0f} pieces a second", flush=True)
    return student


def write_labels(folder: Path, opinion: Tensor) -> None:
    """Write the likeliest label of each piece (low 4 bits) and how likely it is (high 4 bits) as ``labels-*.xz``."""
    best, label = opinion.max(1)
    packed = (label.to(torch.uint8) | ((best // 16) << 4)).cpu().numpy()
    for number, start in enumerate(range(0, len(packed), _PART)):
        content = lzma.compress(packed[start : start + _PART].tobytes(), preset=1)
        (folder / f"labels-{number:03}.xz").write_bytes(content)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--carried", type=Path, required=True, help="folder written by pipeline.training.carried")
    parser.add_argument("--teachers", type=Path, nargs="+", required=True, help="folders tagger-SEED of finetune_gpu")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--layers", type=int, nargs="+", default=[0, 2, 4, 7, 9, 11], help="of the first teacher")
    parser.add_argument("--sources", nargs="+", default=["gold:2", "gold~1", "cleananercorp"])
    parser.add_argument("--measure", nargs="*", default=["gold-held", "gold-dev"])
    parser.add_argument("--seconds", type=float, default=120, help="of the lessons; opinions come before them")
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--batch", type=int, default=65_536)
    parser.add_argument("--limit", type=int, help="read so many pieces of the raw text, not all")
    parser.add_argument("--keep", action="store_true", help="write the labels of the raw text too")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--device", default="cuda", choices=("cuda", "cpu"))
    return parser


def main() -> None:
    """Ask the teachers, teach, measure."""
    options = _parser().parse_args()
    torch.manual_seed(1)
    torch.set_float32_matmul_precision("high")
    pieces = (options.carried / "pieces.txt").read_text("utf-8").split("\n")
    streams, _ = read_streams(options.carried / "labelled.npz")
    drawn = drawn_streams(streams, options.sources)
    text = read_parts(options.carried)[: options.limit]
    teachers = [load_tagger(folder) for folder in options.teachers]
    head, began = drawn[0][0].head, time.monotonic()
    student = student_of(teachers[0], options.layers, head)
    opinion = mean_opinion(teachers, text, options.device, head)
    print(f"{len(teachers)} teachers read {len(text)} pieces in {time.monotonic() - began:.0f} s", flush=True)
    options.output.mkdir(parents=True, exist_ok=True)
    raw = torch.from_numpy(text.astype(np.int32)).to(options.device), opinion
    lesson = Lesson(
        options.seconds,
        options.rate,
        options.batch,
        device=options.device,
        compiled=options.compile,
    )
    student = teach(student, raw, drawn, pieces, lesson)
    save_tagger(options.output / "student", student)
    for name in options.measure:
        told = torch.cat([*opinions(student, streams[name].ids, options.device, 0)]).cpu().numpy()
        print(f"student on {name}: {f1_of(told, streams[name])}", flush=True)
    if options.keep:
        write_labels(options.output, opinion)


if __name__ == "__main__":
    main()
