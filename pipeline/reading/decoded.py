"""Bytes to decoded lines, for the formats that hold one record after the other."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from pipeline.errors import InputError
from pipeline.reading import decoding
from pipeline.reading.records import Limits
from pipeline.reading.streams import LINE_FEED, lines

Line = tuple[str | None, str, str]
"""Line, encoding and problem; the line is None where there is a problem with it."""


def chain(head: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces with ``head`` before them."""
    yield head
    yield from pieces


def decoded_lines(pieces: Iterator[bytes], limits: Limits, *, ends: re.Pattern[bytes] = LINE_FEED) -> Iterator[Line]:
    """The lines of a stream with what ends them, without a byte-order mark."""
    head = next(pieces, b"")
    encoding = decoding.detect(head, whole=False)
    stream = chain(head, pieces)
    if encoding.startswith(("utf-16", "utf-32")):
        stream = _recoded(stream, encoding)
        inner = "utf-8"
    else:
        inner = encoding
    for number, line in enumerate(lines(stream, limits.max_bytes, ends=ends)):
        if line is None:
            yield None, encoding, limits.over_long
            continue
        try:
            text = decoding.decode_as(line, inner)
        except InputError:
            try:
                text, encoding = decoding.decode(line)  # the lines before it were ASCII alone, or it is damaged
            except InputError as error:
                yield None, encoding, str(error)
                continue
            inner = encoding
        yield (text.removeprefix("\ufeff") if number == 0 else text), encoding, ""


def _recoded(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for piece in pieces:
        yield decoder.decode(piece).encode("utf-8")
    yield decoder.decode(b"", final=True).encode("utf-8")
