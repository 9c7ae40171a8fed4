"""A subword vocabulary and a text in its ids, small enough to carry: ``python -m pipeline.training.pieces --help``.

Words are cut greedily into the longest pieces known, as WordPiece does; a piece that goes on with a word starts with
``+``. The ids are written as xz parts; ``--limit`` keeps as many as may be carried, spread over the whole text.
"""

from __future__ import annotations

import argparse
import lzma
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

PAD, UNKNOWN, MASK, END = range(4)
SPECIAL = ("<pad>", "<unknown>", "<mask>", "<end>")
_LONGEST = 12
_PART = 7_000_000  # ids of a part: under 16 MB even if nothing could be compressed


def build_pieces(words: Sequence[str], counts: Sequence[int], size: int) -> list[str]:
    """Special pieces, letters, the most frequent words, and the most frequent beginnings and endings of the others."""
    letters = sorted({letter for word in words[:100_000] for letter in word})
    pieces = dict.fromkeys([*SPECIAL, *letters, *(f"+{letter}" for letter in letters)])
    whole = (size - len(pieces)) * 2 // 3
    pieces.update(dict.fromkeys(words[: max(0, whole)]))
    parts: Counter[str] = Counter()
    for word, count in zip(words[max(0, whole) : 200_000], counts[max(0, whole) : 200_000], strict=True):
        for cut in range(1, len(word)):
            parts[word[:cut]] += int(count) * cut
            parts[f"+{word[cut:]}"] += int(count) * (len(word) - cut)
    for part, _ in parts.most_common(size):
        if len(pieces) >= size:
            break
        pieces[part] = None
    return list(pieces)[:size]


def cut_word(word: str, known: dict[str, int]) -> list[int]:
    """The ids of the pieces of a word, longest first from its start; one UNKNOWN where a letter is in no piece.

    >>> cut_word("بيت", {"بي": 4, "+ت": 5})
    [4, 5]
    """
    ids: list[int] = []
    at = 0
    while at < len(word):
        mark = "+" if at else ""
        for end in range(min(len(word), at + _LONGEST), at, -1):
            found = known.get(mark + word[at:end])
            if found is not None:
                ids.append(found)
                at = end
                break
        else:
            return [UNKNOWN]
    return ids


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


def main() -> None:
    """Build the vocabulary and encode the text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, required=True, help="folder written by pipeline.training.rawtext")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--size", type=int, default=16_000)
    parser.add_argument("--limit", type=int, default=40_000_000, help="words kept, in eight stretches of the text")
    options = parser.parse_args()
    words = (options.text / "vocabulary.txt").read_text("utf-8").split("\n")
    counts = np.load(options.text / "counts.npy").tolist()
    pieces = build_pieces(words, counts, options.size)
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "pieces.txt").write_text("\n".join(pieces), "utf-8")
    text = np.load(options.text / "corpus.npy")
    stretches = [part[: options.limit // 8] for part in np.array_split(text, 8)]
    paths = write_parts(encode_text(np.concatenate(stretches), words, pieces), options.output)
    print(f"{len(pieces)} pieces, {len(paths)} parts, {sum(path.stat().st_size for path in paths)} bytes")


if __name__ == "__main__":
    main()
