"""What the neural tagger learns from: each corpus by name, the held-out part for calibration, and raw sentences."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pipeline.errors import ConfigError
from pipeline.taggers.inputs import word_form
from pipeline.training.corpora import LabelledSentence, read_conll, read_gold_sentences
from pipeline.training.declared import read_declared

#: Output heads: one a convention. ``gold`` is the guidelines' own, and the only one the default tagger answers with.
HEADS = (
    "gold",
    "anercorp",
    "cleananercorp",
    "newsfane_on_anercorp",
    "wikifane_gold",
    "caraner",
    "aqmar",
    "wojood_sample",
    "newsfane_gold",
)

#: Words that tell news of politics and meetings, of which raw sentences are mostly drawn.
_CUES = (
    "التقى لقاء اجتماع الاجتماع وزير الرئيس زيارة مباحثات محادثات استقبل بحث الخارجية رئيس السفير القمة قمة "
    "الحكومة والتقى واستقبل"
)
_HELD_OUT_SHARE = 25


def held_out(source: str) -> bool:
    """True for one document in 25, by its name: kept from training, for calibration."""
    return zlib.crc32(source.encode()) % _HELD_OUT_SHARE == 0


def labelled_words(name: str, corpora: Path, gold: Path, *, mapped: bool = False) -> Iterator[LabelledSentence]:
    """The training sentences of a corpus in its own convention; ``+dev`` after the name adds its development part.

    ``mapped`` brings its types to the guidelines' own, as far as types go. ANERcorp else keeps its own tokens, on which
    it is scored; its blocks of 40 sentences stand for documents.
    """
    plain = name.removesuffix("+dev")
    if plain not in HEADS:
        raise ConfigError(f"unknown corpus {name!r}; choose one of {', '.join(HEADS)}")
    if plain == "gold":
        for _, _, labelled in read_gold_sentences(gold):
            yield from labelled
        return
    declared = read_declared()[plain]
    for part in ("train", "dev") if name != plain else ("train",):
        path = corpora / plain / f"{part}.conll"
        if not path.exists():
            path = path.with_suffix(".conll.gz")
        if plain == "anercorp" and not mapped:
            yield from read_rows(path, f"{plain}-{part}")
        else:
            types = declared.types if mapped else {"PERS": "PER"}
            yield from read_conll(path, types, tokens=declared.tokens, split=declared.clitics == "split")


def read_rows(path: Path, source: str) -> Iterator[LabelledSentence]:
    """The sentences of a CoNLL file, one word a line as they stand."""
    opener = gzip.open if path.suffix == ".gz" else open
    words: list[str] = []
    labels: list[str] = []
    count = 0
    with opener(path, "rt", encoding="utf-8") as stream:
        for line in [*stream, "\n"]:
            fields = line.rstrip("\n").split("\t")
            if len(fields) > 1:
                words.append(fields[0])
                labels.append(fields[1].replace("PERS", "PER"))
            elif words:
                yield LabelledSentence(tuple(words), tuple(labels), f"{source}-{count // 40}")
                words, labels, count = [], [], count + 1


def raw_sentences(text: Path, limit: int, seed: int) -> Iterator[list[str]]:
    """Sentences of 4 to 90 word forms, about ``limit`` words of them, from random documents rich in political news.

    Three documents in four without at least three cue words are passed over, and long ones.
    """
    ids = np.load(text / "corpus.npy", mmap_mode="r")
    vocabulary = (text / "vocabulary.txt").read_text("utf-8").split("\n")
    cues = {word_form(word) for word in _CUES.split()}
    cue_ids = {i for i, word in enumerate(vocabulary[:20_000]) if word in cues}
    starts = np.flatnonzero(ids[:] == -2)
    ends = np.append(starts[1:], len(ids))
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(np.flatnonzero(ends - starts < 1500))
    total = 0
    for at in chosen:
        document = np.array(ids[starts[at] + 1 : ends[at]])
        if sum(int(i) in cue_ids for i in document) < 3 and rng.random() > 0.25:
            continue
        for sentence in np.split(document, np.flatnonzero(document == -1) + 1):
            if 5 <= len(sentence) <= 91:
                total += len(sentence) - 1
                yield [vocabulary[i] for i in sentence[:-1]]
        if total >= limit:
            return
