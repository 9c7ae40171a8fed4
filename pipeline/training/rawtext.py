"""Raw text as word ids: ``python -m pipeline.training.rawtext --raw DIR --output DIR``.

Writes ``vocabulary.txt`` (word forms, most frequent first), ``counts.npy`` and ``corpus.npy``, a run of int32 ids in
which -1 ends a sentence and -2 starts a document. One minute on two cores for 50 million words.
"""

from __future__ import annotations

import argparse
import html
import lzma
import multiprocessing
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.errors import InputError
from pipeline.taggers.inputs import fold_line

SENTENCE_END, DOCUMENT_START = -1, -2

Ids = npt.NDArray[np.int32]

_HEAD = re.compile(r'<doc id="([^"]*)" date="[^"]*" title="([^"]*)">')
_WORD = re.compile(r"[\u0621-\u063a\u0641-\u064a\u0671-\u06d3\u06fa-\u06ff]+|0+|[a-z\u00c0-\u024f]+|\S")
_BREAK = re.compile(r"([.!?؟؛…]+[\"»”)]*)\s+(?=\S)")


def read_documents(path: Path) -> Iterator[str]:
    """The text of each document of an xz shard, with its line breaks."""
    return (text for _, _, text in read_headed(path))


def read_headed(path: Path) -> Iterator[tuple[str, str, str]]:
    """Id, title and text of each document of an xz shard; the first two are empty where its head does not tell them."""
    doc_id, title = "", ""
    lines: list[str] = []
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            if line.startswith("<doc "):
                head = _HEAD.match(line)
                doc_id, title = (head[1], html.unescape(head[2]).strip()) if head else ("", "")
                lines = []
            elif line.startswith("</doc>"):
                yield doc_id, title, "".join(lines)
            else:
                lines.append(line)


def read_shard(path: Path) -> Iterator[list[str]]:
    """The sentences of an xz shard as word forms; an empty list where a document starts."""
    with lzma.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            if line.startswith("<doc "):
                yield []
            elif not line.startswith("</doc>"):
                yield from split_line(line)


def split_line(line: str) -> Iterator[list[str]]:
    """The sentences of a line of raw text as word forms, none empty.

    >>> list(split_line("وصل إلى 12 مدينة. ثم عاد"))
    [['وصل', 'الي', '00', 'مدينة', '.'], ['ثم', 'عاد']]
    """
    for sentence in _BREAK.sub(r"\1\n", fold_line(line)).split("\n"):
        words = _WORD.findall(sentence)
        if words:
            yield words


def encode(sentences: Iterator[list[str]]) -> tuple[list[str], Ids]:
    """The words in order of first sight, and the ids of the text."""
    index: dict[str, int] = {}
    ids: list[Ids] = []
    for words in sentences:
        row = [index.setdefault(word, len(index)) for word in words]
        row.append(SENTENCE_END if words else DOCUMENT_START)
        ids.append(np.array(row, np.int32))
    return list(index), np.concatenate(ids) if ids else np.zeros(0, np.int32)


def encode_shard(path: Path) -> tuple[list[str], Ids]:
    """The words and ids of one shard."""
    return encode(read_shard(path))


def merge(parts: list[tuple[list[str], Ids]]) -> tuple[list[str], npt.NDArray[np.int64], Ids]:
    """One vocabulary by falling count (ties in order of first sight), the counts, and the ids in it."""
    index: dict[str, int] = {}
    texts = []
    for words, ids in parts:
        mapped = np.array([index.setdefault(word, len(index)) for word in words] or [0], np.int32)
        texts.append(np.where(ids >= 0, mapped[np.maximum(ids, 0)], ids))
    text = np.concatenate(texts)
    counts = np.bincount(text[text >= 0], minlength=len(index))
    order = np.argsort(-counts, kind="stable")
    rank = np.empty(len(index), np.int32)
    rank[order] = np.arange(len(index), dtype=np.int32)
    text = np.where(text >= 0, rank[np.maximum(text, 0)], text).astype(np.int32)
    words = list(index)
    return [words[i] for i in order], counts[order], text


def main() -> None:
    """Encode the shards named on the command line, two at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    shards = sorted(options.raw.glob("*.txt.xz"))
    if not shards:
        raise InputError(f"{options.raw}: no *.txt.xz shard there; name the folder of raw text with --raw")
    with multiprocessing.Pool(2) as pool:
        words, counts, text = merge(pool.map(encode_shard, shards, chunksize=1))
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "vocabulary.txt").write_text("\n".join(words), "utf-8")
    np.save(options.output / "counts.npy", counts)
    np.save(options.output / "corpus.npy", text)
    print(f"{int(counts.sum())} words, {len(words)} forms, {options.output}")


if __name__ == "__main__":
    main()
