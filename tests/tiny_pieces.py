"""A tiny vocabulary of pieces and labelled sentences of its words, for tests of the networks and their recipes."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.training.examples import LABEL_IDS
from pipeline.training.pieces import build_pieces
from pipeline.training.sources import HEADS
from pipeline.training.streams import Stream, make_stream

WORDS = ["نهر", "نهري", "وداد", "ودادي", "سمهر", "زار", "درنوس"]
PIECES = build_pieces(WORDS, [70, 60, 50, 40, 30, 20, 10], 44)
KNOWN = {piece: i for i, piece in enumerate(PIECES)}
SENTENCES = [("زار", "سمهر", "درنوس"), ("سمهر", "نهري"), ("درنوس", "وداد"), ("زار", "سمهر", "ودادي", "نهر")]
TYPES = {"سمهر": "B-PER", "درنوس": "B-LOC"}


def labels_of(sentence: tuple[str, ...]) -> list[str]:
    return [TYPES.get(word, "O") for word in sentence]


def stream_of(name: str, sentences: Sequence[tuple[str, ...]]) -> Stream:
    rows = [(s, [LABEL_IDS[label] for label in labels_of(s)]) for s in sentences]
    return make_stream(name, HEADS.index("gold"), rows, KNOWN)
