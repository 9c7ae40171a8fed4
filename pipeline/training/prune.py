"""Make a fitted transformer narrower: ``python -m pipeline.training.prune --help``.

Structured pruning: of each layer of the shipped tagger, read back from its bytes, the heads and the inner units of
feed-forward stay that weigh most on a sample of raw text. What is left learns again to do what all did (Hinton et al.,
2015; its states too, as in Jiao et al., 2020): everywhere the other's last states, on raw text its labels, on the
labelled streams the annotated ones, as far as it tells such labels. A CPU is enough, for it begins close to its
teacher. Needs the folder of :mod:`pipeline.training.carried`; writes ``--output`` for
:mod:`pipeline.training.transformer_export`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from pipeline.errors import InputError, ModelError
from pipeline.models import file_digest, models_folder
from pipeline.taggers.default import PIECES_FOLDER
from pipeline.taggers.transformer import GRAPH_FILE, PIECES_FILE, ROWS_FILE, SETTINGS_FILE, load_pieces
from pipeline.taggers.wordpieces import END, LENGTH
from pipeline.training.distil_gpu import words_begin
from pipeline.training.finetune_gpu import Rows, drawn_streams, f1_of, opinions
from pipeline.training.pieces import read_parts
from pipeline.training.streams import Stream, read_streams
from pipeline.training.transformer import Layer, PieceTagger, Sizes, load_tagger, save_tagger
from pipeline.training.transformer_export import read_back

_SAMPLE = 64  # windows on which is seen what heads and units weigh
_PULSE = 50  # steps between two lines printed
_UNTOLD = -2  # instead of a label: the teacher's opinion is learned


@dataclass(frozen=True, slots=True)
class Lesson:
    """How the narrower one learns; ``labelled`` is the share of the labelled streams in what it reads."""

    seconds: float
    rate: float
    batch: int = 2048
    labelled: float = 0.1


def tagger_in(graph: Path, pieces: Path) -> PieceTagger:
    """The tagger of a packed graph, with the vectors of a folder of pieces.

    ModelError where it was made with others.
    """
    (sizes, stored), vectors = read_back(graph), load_pieces(pieces)
    if json.loads((graph.parent / SETTINGS_FILE).read_text("utf-8"))["pieces"] != file_digest(pieces / ROWS_FILE):
        raise ModelError(f"{graph}: made with other pieces than those in {pieces}; name them with --pieces")
    rows = vectors.of(np.arange(len(vectors)))
    tagger = PieceTagger(replace(sizes, pieces=len(rows)), len(stored["out.bias"]), 1)
    weights = tagger.state_dict() | {"encoder.pieces.weight": torch.from_numpy(rows)}
    for name, value in stored.items():
        weights[name if name.startswith("out.") else f"encoder.{name}"] = torch.from_numpy(value)
    tagger.load_state_dict(weights)
    tagger.eval()
    return tagger


@contextmanager
def _watched(layers: Sequence[Layer], part: str) -> Iterator[list[list[Tensor]]]:
    """What comes into a part of each layer while it lasts: for each layer, one array (pieces x numbers) a reading."""
    seen: list[list[Tensor]] = [[] for _ in layers]

    def watch(kept: list[Tensor]) -> Any:
        return lambda _module, inputs, _output: kept.append(inputs[0].flatten(0, -2))

    hooks = [getattr(layer, part).register_forward_hook(watch(kept)) for layer, kept in zip(layers, seen, strict=True)]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()


@torch.no_grad()  # type: ignore[untyped-decorator]  # torch ships no types here
def narrowed_weights(
    model: nn.Module, encoder: str, read: Callable[[], object], heads: int, inner: int
) -> tuple[Sizes, dict[str, Tensor]]:
    """The shape and the weights of a model whose layers keep ``heads`` and ``inner`` units each: what ``read`` needs.

    ``encoder`` is the name of the part that has the layers, empty where that is the model itself.

    A head or unit weighs what it adds to the states: of a head the mean length over the pieces that ``read`` puts
    through all layers, of a unit the root of the mean square. Raises ModelError where more are asked for than there
    are, or none.
    """
    part = model.get_submodule(encoder)
    layers, sizes = part.layers, part.sizes
    there, size = layers[0].down.in_features, sizes.head_size
    if not (1 <= heads <= sizes.heads and 1 <= inner <= there):
        raise ModelError(f"{heads} heads and {inner} units are wanted; ask for 1 to {sizes.heads} and 1 to {there}")
    with _watched(layers, "joined") as mixed, _watched(layers, "down") as fed:
        read()
    weights: dict[str, Tensor] = model.state_dict()
    for number, (layer, into_joined, into_down) in enumerate(zip(layers, mixed, fed, strict=True)):
        columns = layer.joined.weight.view(sizes.width, sizes.heads, size)
        added = torch.einsum("phs,whs->phw", torch.cat(into_joined).view(-1, sizes.heads, size), columns)
        units = torch.cat(into_down).pow(2).mean(0).sqrt() * layer.down.weight.norm(dim=0)
        kept = _cut(layer, _heaviest(added.norm(dim=2).mean(0), heads), _heaviest(units, inner), size)
        start = f"{encoder}.layers.{number}.".removeprefix(".")
        weights |= {f"{start}{name}": value for name, value in kept.items()}
    return replace(sizes, heads=heads, size=size, inner=inner), weights


def narrowed(teacher: PieceTagger, ids: Tensor, heads: int, inner: int) -> PieceTagger:
    """The teacher with so many heads and inner units a layer, chosen where it reads ``ids`` (rows)."""
    sizes, weights = narrowed_weights(teacher, "encoder", lambda: teacher(ids), heads, inner)
    student = PieceTagger(sizes, teacher.n_labels, 1)
    student.load_state_dict(weights)
    student.encoder.pieces.weight.requires_grad_(False)
    return student


def _heaviest(weights: Tensor, number: int) -> Tensor:
    """Places of the greatest numbers, in order."""
    return weights.topk(number).indices.sort().values


def _cut(layer: Layer, heads: Tensor, units: Tensor, size: int) -> dict[str, Tensor]:
    """The weights of a layer that has those heads and units alone."""
    weights: dict[str, Tensor] = layer.state_dict()
    across = (heads[:, None] * size + torch.arange(size)).flatten()
    rows = (torch.arange(3)[:, None] * layer.joined.in_features + across).flatten()
    return weights | {
        "qkv.weight": weights["qkv.weight"][rows],
        "qkv.bias": weights["qkv.bias"][rows],
        "joined.weight": weights["joined.weight"][:, across],
        "up.weight": weights["up.weight"][units],
        "up.bias": weights["up.bias"][units],
        "down.weight": weights["down.weight"][:, units],
    }


def teach(
    student: PieceTagger, teacher: PieceTagger, raw: Tensor, labelled: tuple[Sequence[Stream], Sequence[float]],
    pieces: Sequence[str], lesson: Lesson,
) -> PieceTagger:  # fmt: skip
    """The student after its time is up; ``raw`` are the ids of a text.

    What is learned by heart helps nobody here, for hardly any text is read twice: nothing is dropped.
    """
    streams, weights = labelled
    ids = torch.cat([raw, *(torch.from_numpy(stream.ids.astype(np.int32)) for stream in streams)])
    untold = torch.full(raw.shape, _UNTOLD, dtype=torch.int8)
    told = torch.cat([untold, *(torch.from_numpy(stream.labels) for stream in streams)])
    told[told >= teacher.n_labels] = _UNTOLD
    first = words_begin(ids, pieces)
    often = lesson.labelled / (1 - lesson.labelled) * len(raw)
    often /= max(1.0, sum(len(s.ids) * w for s, w in zip(streams, weights, strict=True)))
    rows = Rows([len(raw), *(len(s.ids) for s in streams)], [1.0, *(often * w for w in weights)],
                torch.nonzero(ids == END)[:, 0])  # fmt: skip
    trained = [value for value in student.parameters() if value.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=lesson.rate, weight_decay=0.01)
    teacher.eval()
    student.eval()
    began, now, step, read = time.monotonic(), 0.0, 0, 0
    while now < lesson.seconds:
        set_rate(optimizer, lesson.rate, now / lesson.seconds)
        at = rows.draw(lesson.batch, "cpu")
        loss, apart = _losses(student, teacher, ids[at].long(), told[at].long(), first[at])
        optimizer.zero_grad(set_to_none=True)
        (loss + apart).backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        step, read, now = step + 1, read + at.numel(), time.monotonic() - began
        if step % _PULSE == 0:
            print(f"{now:.0f} s, step {step}, loss {loss.item():.4f}, states {apart.item():.4f}, "
                  f"{read / now:,.0f} pieces a second", flush=True)  # fmt: skip
    return student


def sample_of(raw: Tensor) -> Tensor:
    """Windows from all over a text (rows x LENGTH); InputError where it has none."""
    whole = raw[: len(raw) // LENGTH * LENGTH].view(-1, LENGTH)
    if not len(whole):
        raise InputError(f"the raw text has {len(raw)} pieces, where {LENGTH} are needed; raise --limit")
    return whole[torch.linspace(0, len(whole) - 1, min(_SAMPLE, len(whole))).long()].long()


def set_rate(optimizer: Any, rate: float, share: float) -> None:
    """Set the rate for what share of the time is over: it rises in the first fiftieth and falls to a fiftieth."""
    for group in optimizer.param_groups:
        group["lr"] = rate * min(1.0, 50 * share + 0.02) * max(0.02, 1 - share)


def _losses(student: PieceTagger, teacher: PieceTagger, ids: Tensor, told: Tensor, first: Tensor) -> tuple[Any, Any]:
    """Of rows of pieces: cross entropy of the labels of words, and how far the last states are from the teacher's."""
    with torch.no_grad():
        known = teacher.encoder(ids)
        chances = teacher.out(known).softmax(-1)
    sure = functional.one_hot(told.clamp(min=0), teacher.n_labels).to(chances.dtype)
    wanted = torch.where((told == _UNTOLD)[..., None], chances, sure)
    states = student.encoder(ids)
    scores = student.out(states).log_softmax(-1)
    loss = -(wanted * scores).sum(-1)[first].mean()
    return loss, functional.mse_loss(states, known)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--carried", type=Path, required=True, help="folder written by pipeline.training.carried")
    parser.add_argument("--teacher", type=Path, default=models_folder() / "default", help="folder of a packed graph")
    parser.add_argument("--pieces", type=Path, default=models_folder() / PIECES_FOLDER, help="its vectors of pieces")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--inner", type=int, default=512, help="units of feed-forward")
    parser.add_argument("--sources", nargs="+", default=["gold:2", "gold~1", "cleananercorp"])
    parser.add_argument("--measure", nargs="*", default=["gold-held", "gold-dev"])
    parser.add_argument("--start", type=Path, help="go on with a narrow one that was written before")
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--limit", type=int, help="read so many pieces of the raw text, not all")
    parser.add_argument("--threads", type=int, default=2)
    return parser


def main() -> None:
    """Cut, teach, measure."""
    options = _parser().parse_args()
    torch.manual_seed(2 if options.start else 1)  # another text is drawn than before
    torch.set_num_threads(options.threads)
    pieces = (options.carried / PIECES_FILE).read_text("utf-8").split("\n")
    if pieces != (options.pieces / PIECES_FILE).read_text("utf-8").split("\n"):
        raise ModelError(f"{options.carried}: cut into other pieces than those in {options.pieces}; carry it anew")
    streams, _ = read_streams(options.carried / "labelled.npz")
    raw = torch.from_numpy(read_parts(options.carried)[: options.limit].astype(np.int32))
    teacher = tagger_in(options.teacher / GRAPH_FILE, options.pieces)
    if options.start:
        student = load_tagger(options.start)
        student.encoder.pieces.weight.requires_grad_(False)
    else:
        student = narrowed(teacher, sample_of(raw), options.heads, options.inner)
    drawn = drawn_streams(streams, options.sources)
    teach(student, teacher, raw, drawn, pieces, Lesson(options.seconds, options.rate))
    save_tagger(options.output, student)
    for name in options.measure:
        for who, tagger in (("teacher", teacher), ("student", student)):
            chances = torch.cat([*opinions(tagger, streams[name].ids, "cpu", 0)]).numpy()
            print(f"{who} on {name}: {f1_of(chances, streams[name])}", flush=True)


if __name__ == "__main__":
    main()
