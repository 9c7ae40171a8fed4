"""Make the reader narrower: ``python -m pipeline.training.prune_reader GOLD_DIR --raw RAW_DIR --output FOLDER``.

As :mod:`pipeline.training.prune` does with the tagger: of each layer of the reader the heads and inner units
stay that weigh most, and what is left learns to make the same states of what the reader is given to read, on the
annotated documents and pages. The heads of answers stay as they are, and so does the scorers' trust in them.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from pipeline.errors import InputError
from pipeline.meetings.reader import Reader, load_reader
from pipeline.meetings.stage import find_meetings
from pipeline.meetings.windows import Window
from pipeline.models import load_tagger, models_folder, read_card
from pipeline.run import analyse
from pipeline.schema import Document, Rejected
from pipeline.taggers.default import PIECES_FOLDER
from pipeline.taggers.transformer import PieceVectors, load_pieces
from pipeline.training.annotated import read_with_pages
from pipeline.training.cards import write_card
from pipeline.training.prune import narrowed_weights, set_rate
from pipeline.training.reader_net import ReaderNet, reader_in, write_reader

Given = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
"""What is read at once: ids of pieces, and as many marks."""

_SAMPLE = 100  # windows on which is seen what heads and units weigh
_PARTS = 40  # of the documents, each read by one process; of the first nothing is learned
_HELD_OUT = 100  # windows at most on which is measured
_BATCH = 8  # windows a step
_RATE = 4e-4
_PULSE = 100  # steps between two lines printed


class _Listener(Reader):
    """A reader that keeps what it is given to read."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader.session, reader.pieces, reader.heads)
        self.heard: list[Given] = []

    def states(self, window: Window, marks: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        self.heard.append((np.array(window.ids), marks))
        return super().states(window, marks)


def given_in(reader: Path, documents: Sequence[tuple[str, str]]) -> list[Given]:
    """What the reader of a folder is given to read in documents, given as ids and texts."""
    listener = _Listener(load_reader(reader))
    texts = (Document(doc_id, text) for doc_id, text in documents)
    for told in analyse(texts, load_tagger("default"), instead={"meetings": partial(find_meetings, reader=listener)}):
        if isinstance(told, Rejected):
            raise InputError(f"{told.doc_id}: not analysed: {told.reason}")
    return listener.heard


def narrowed_reader(
    teacher: ReaderNet, pieces: PieceVectors, sample: Sequence[Given], heads: int, inner: int
) -> ReaderNet:
    """The reader with so many heads and inner units a layer, chosen where it reads the sample."""

    def read() -> None:
        for given in sample:
            teacher.states(*_tensors(pieces, given))

    sizes, weights = narrowed_weights(teacher, "", read, heads, inner)
    student = ReaderNet(sizes, teacher.out["party"].in_features)
    student.load_state_dict(weights)
    return student


def _tensors(pieces: PieceVectors, given: Given) -> tuple[Tensor, Tensor]:
    ids, marks = given
    return torch.from_numpy(pieces.of(ids)), torch.from_numpy(marks)


def teach(
    student: ReaderNet, teacher: ReaderNet, pieces: PieceVectors, windows: Sequence[Given], seconds: float
) -> None:
    """Bring the student's states near the teacher's; those that are asked about count as much again as all together."""
    rng = np.random.default_rng(1)
    trained = [p for name, p in student.named_parameters() if not name.startswith(("inner.", "out."))]
    optimizer = torch.optim.AdamW(trained, lr=_RATE, weight_decay=0.01)
    student.eval()
    began, now, step = time.monotonic(), 0.0, 0
    while now < seconds:
        set_rate(optimizer, _RATE, now / seconds)
        optimizer.zero_grad(set_to_none=True)
        total = 0.0
        for index in rng.integers(len(windows), size=_BATCH):
            loss = _apart(student, teacher, pieces, windows[index]) / _BATCH
            loss.backward()
            total += loss.item()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        step, now = step + 1, time.monotonic() - began
        if step % _PULSE == 0:
            print(f"{now:.0f} s, step {step}, apart {total:.4f}", flush=True)


def _apart(student: ReaderNet, teacher: ReaderNet, pieces: PieceVectors, given: Given) -> Tensor:
    vectors, marks = _tensors(pieces, given)
    with torch.no_grad():
        known = teacher.states(vectors, marks)
    states = student.states(vectors, marks)
    marked = marks > 0
    return functional.mse_loss(states, known) + functional.mse_loss(states[marked], known[marked])


def main() -> None:
    """Hear what is read, cut, teach, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, help="folder of annotated documents")
    parser.add_argument("--raw", type=Path, required=True, help="folder of raw news, for the annotated pages")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--teacher", type=Path, default=models_folder() / "reader", help="folder of the whole one")
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--inner", type=int, default=512, help="units of feed-forward")
    parser.add_argument("--seconds", type=float, default=900, help="of the lesson; what is read is heard before it")
    parser.add_argument("--threads", type=int, default=2, help="of the lesson; as many processes hear")
    parser.add_argument("--limit", type=int, help="hear so many documents, not all")
    options = parser.parse_args()
    documents = [(gold.doc_id, gold.text) for gold in read_with_pages(options.gold, options.raw)][: options.limit]
    torch.set_num_threads(options.threads)
    with multiprocessing.get_context("spawn").Pool(options.threads) as pool:
        parts = [documents[at::_PARTS] for at in range(_PARTS)]
        heard = pool.map(partial(given_in, options.teacher), parts, chunksize=1)
    held, learned = heard[0][:_HELD_OUT], [given for part in heard[1:] for given in part]
    print(f"{len(learned)} windows of {len(documents)} documents, {len(held)} held out", flush=True)
    if not learned:
        raise InputError(f"{options.gold}: the reader is asked about nothing there; name more documents")
    pieces = load_pieces(models_folder() / PIECES_FOLDER)
    torch.manual_seed(1)
    teacher = reader_in(options.teacher).eval()
    sample = learned[:: -(-len(learned) // _SAMPLE)]
    student = narrowed_reader(teacher, pieces, sample, options.heads, options.inner)
    teach(student, teacher, pieces, learned, options.seconds)
    with torch.no_grad():
        apart = [float(_apart(student, teacher, pieces, given)) for given in held]
    if apart:
        print(f"apart on the {len(held)} windows held out: {np.mean(apart):.4f}", flush=True)
    write_reader(student, options.output, models_folder() / PIECES_FOLDER)
    card = read_card(options.teacher)
    notes = f"{card.notes}; then cut to {options.heads} heads and {options.inner} inner units a layer"
    write_card(options.output, kind="reader", trained_on=card.trained_on, notes=notes)


if __name__ == "__main__":
    main()
