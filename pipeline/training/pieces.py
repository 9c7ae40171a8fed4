"""A subword vocabulary and a text in its ids, small enough to carry: ``python -m pipeline.training.pieces --help``.

Words are cut as :mod:`pipeline.taggers.wordpieces` tells. The ids are written as xz parts; ``--megabytes`` bounds what
they take, packed, and then of each of the text's eight stretches the same share is kept.
"""

from __future__ import annotations

import argparse
import lzma
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.taggers.wordpieces import END, LONGEST, SPECIAL, cut_word

_PART = 7_000_000  # ids of a part: under 16 MB even if nothing could be compressed
_SAFETY = 0.97  # parts may pack a little worse than the sample


def build_pieces(words: Sequence[str], counts: Sequence[int], size: int) -> list[str]:
    """Special pieces, letters, the most frequent words, and the most frequent beginnings and endings of the others."""
    letters = sorted({letter for word in words[:100_000] for letter in word})
    pieces = dict.fromkeys([*SPECIAL, *letters, *(f"+{letter}" for letter in letters)])
    whole = (size - len(pieces)) * 2 // 3
    pieces.update(dict.fromkeys(word for word in words[: max(0, whole)] if len(word) <= LONGEST))
    parts: Counter[str] = Counter()
    for word, count in zip(words[max(0, whole) : 200_000], counts[max(0, whole) : 200_000], strict=True):
        for cut in range(max(1, len(word) - LONGEST), min(len(word), LONGEST + 1)):
            parts[word[:cut]] += int(count) * cut
            parts[f"+{word[cut:]}"] += int(count) * (len(word) - cut)
    for part, _ in parts.most_common(size):
        if len(pieces) >= size:
            break
        pieces[part] = None
    return list(pieces)[:size]


def encode_text(text: npt.NDArray[np.int32], words: Sequence[str], pieces: Sequence[str]) -> npt.NDArray[np.uint16]:
    """The text (ids of :mod:`pipeline.training.rawtext`) in ids of pieces, END after each sentence."""
    known = {piece: i for i, piece in enumerate(pieces)}
    cut = [np.array(cut_word(word, known), np.uint16) for word in words]
    end = np.array([END], np.uint16)
    parts = [cut[i] if i >= 0 else end for i in text.tolist() if i != -2]
    return np.concatenate(parts) if parts else np.zeros(0, np.uint16)


def write_parts(ids: npt.NDArray[np.uint16], folder: Path) -> list[Path]:
    """Write the ids as ``ids-000.xz`` and so on."""
    paths = []
    for number, start in enumerate(range(0, len(ids), _PART)):
        paths.append(folder / f"ids-{number:03}.xz")
        paths[-1].write_bytes(lzma.compress(ids[start : start + _PART].tobytes(), preset=3))
    return paths


def read_parts(folder: Path) -> npt.NDArray[np.uint16]:
    """The ids of all parts of a folder, in order."""

    def parts() -> Iterator[npt.NDArray[np.uint16]]:
        for path in sorted(folder.glob("ids-*.xz")):
            yield np.frombuffer(lzma.decompress(path.read_bytes()), np.uint16)

    return np.concatenate(list(parts()))


def bounded(ids: npt.NDArray[np.uint16], megabytes: float) -> npt.NDArray[np.uint16]:
    """As many ids as fit into the megabytes once packed, the beginning of each of eight stretches of the text."""
    sample = ids[len(ids) // 2 :][:1_000_000]
    packed = len(lzma.compress(sample.tobytes(), preset=3)) / max(1, len(sample))
    share = min(1.0, megabytes * 1e6 * _SAFETY / (packed * len(ids)))
    return np.concatenate([part[: int(len(part) * share)] for part in np.array_split(ids, 8)])


def write_text(text: Path, output: Path, *, size: int, megabytes: float) -> str:
    """Write the vocabulary and the ids of an encoded text; returns what was written in a line."""
    words = (text / "vocabulary.txt").read_text("utf-8").split("\n")
    pieces = build_pieces(words, np.load(text / "counts.npy").tolist(), size)
    output.mkdir(parents=True, exist_ok=True)
    (output / "pieces.txt").write_text("\n".join(pieces), "utf-8")
    every = encode_text(np.load(text / "corpus.npy"), words, pieces)
    kept = bounded(every, megabytes)
    for path in output.glob("ids-*.xz"):
        path.unlink()
    n_bytes = sum(path.stat().st_size for path in write_parts(kept, output))
    return f"{len(pieces)} pieces, {len(kept)} of {len(every)} ids, {n_bytes} bytes"


def main() -> None:
    """Build the vocabulary and encode the text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, required=True, help="folder written by pipeline.training.rawtext")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--size", type=int, default=16_000)
    parser.add_argument("--megabytes", type=float, default=52, help="of the packed ids, at most")
    options = parser.parse_args()
    print(write_text(options.text, options.output, size=options.size, megabytes=options.megabytes))


if __name__ == "__main__":
    main()
