"""Byte streams out of plain, compressed and archived files, at a bounded cost.

A hostile file may promise terabytes: every stream has a :class:`Budget` by the size of the file that it comes from,
lines have a greatest length, and decoders have a memory limit.
"""

from __future__ import annotations

import gzip
import lzma
import os
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from typing import IO

from pipeline.errors import InputError
from pipeline.reading.remote import is_remote, open_remote

CHUNK = 1 << 16
FREE_BYTES = 64 << 20
"""A file may always unpack to this much."""
MAX_RATIO = 200
"""Beyond :data:`FREE_BYTES`, unpacked to packed size; news text packs 4 to 10 times."""
MAX_MEMBERS = 1_000_000
LINE_FEED = re.compile(rb"\n")
ANY_END = re.compile(rb"\r\n|\r|\n")
"""What ends a line of a table: old spreadsheets write a carriage return alone."""
_MAX_DECODER_MEMORY = 256 << 20
_DIRECTORY_ENTRY = 46  # least bytes of an entry in a zip file's directory

DAMAGED = (EOFError, OSError, RuntimeError, ValueError, struct.error, zlib.error, lzma.LZMAError, zipfile.BadZipFile)
"""What the standard decoders raise on damaged, encrypted or unreadable files; ``NotImplementedError`` among them."""


class Budget:
    """How many more bytes may be unpacked from one file; where its size is unknown (0), by what was read of it."""

    def __init__(self, packed_size: int) -> None:
        self.packed_size = packed_size
        self._spent = 0

    def spend(self, n_bytes: int, n_read: int = 0) -> None:
        """``n_bytes`` less, ``n_read`` packed ones read until now; :class:`InputError` when the budget is used up."""
        self._spent += n_bytes
        if self._spent > FREE_BYTES + MAX_RATIO * max(self.packed_size, n_read):
            raise InputError("unpacks to far more than text does; unpack it by hand and look at it")


def open_regular(path: str) -> IO[bytes]:
    """The file opened for reading; pipes and devices, which may never end, raise :class:`InputError`."""
    if is_remote(path):
        return open_remote(path)
    if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116  paths are plain strings here, a million at a time
        raise InputError("not a regular file; give a file or folder")
    return open(path, "rb")  # noqa: PTH123  the caller closes it


def chunks(stream: IO[bytes], compression: str, budget: Budget) -> Generator[bytes]:
    """The unpacked bytes of ``stream`` in pieces; raises one of :data:`DAMAGED` or :class:`InputError`."""
    for piece in _UNPACK[compression](stream):
        budget.spend(len(piece), 0 if budget.packed_size else stream.tell())
        yield piece


def _plain(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(CHUNK):
        yield piece


def _gz(stream: IO[bytes]) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=stream) as unpacked:
        while piece := unpacked.read(CHUNK):
            yield piece


def _xz(stream: IO[bytes]) -> Iterator[bytes]:
    packed = stream.read(CHUNK)
    while packed:
        decoder = lzma.LZMADecompressor(lzma.FORMAT_AUTO, memlimit=_MAX_DECODER_MEMORY)
        while not decoder.eof:
            if decoder.needs_input and not packed:
                packed = stream.read(CHUNK)
                if not packed:
                    raise EOFError("the file ends in the middle")
            piece = decoder.decompress(packed, max_length=CHUNK)
            packed = b""
            if piece:
                yield piece
        packed = (decoder.unused_data or stream.read(CHUNK)).lstrip(b"\0")


def _zst(stream: IO[bytes]) -> Iterator[bytes]:
    import zstandard

    decoder = zstandard.ZstdDecompressor(max_window_size=_MAX_DECODER_MEMORY)
    try:
        with decoder.stream_reader(stream, read_across_frames=True) as unpacked:
            while piece := unpacked.read(CHUNK):
                yield piece
    except zstandard.ZstdError as error:
        raise OSError(str(error)) from error


_UNPACK = {"": _plain, "gz": _gz, "xz": _xz, "zst": _zst}


def first_bytes(pieces: Iterator[bytes], limit: int) -> bytes:
    """At most ``limit`` bytes, or a piece more, from the front of ``pieces``."""
    found = bytearray()
    for piece in pieces:
        found += piece
        if len(found) >= limit:
            break
    return bytes(found)


def lines(pieces: Iterator[bytes], max_length: int, *, ends: re.Pattern[bytes] = LINE_FEED) -> Iterator[bytes | None]:
    """The lines with what ends them; None stands for one of more than ``max_length`` bytes, which is passed over."""
    rest: list[bytes] = []
    length = 0
    for piece in pieces if ends is LINE_FEED else _ends_whole(pieces):
        start = 0
        for match in ends.finditer(piece):
            length += match.end() - start
            yield None if length > max_length else b"".join((*rest, piece[start : match.end()]))
            rest, length, start = [], 0, match.end()
        length += len(piece) - start
        if length <= max_length:
            rest.append(piece[start:])
        else:
            rest = []
    if length:
        yield None if length > max_length else b"".join(rest)


def _ends_whole(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes, cut so that no carriage return is parted from the line feed after it."""
    held = b""
    for piece in pieces:
        joined = held + piece
        held = b"\r" if joined.endswith(b"\r") else b""
        yield joined.removesuffix(held)
    yield held


class Archive:
    """An open zip file whose members are read in place: nothing is ever written to disk."""

    def __init__(self, path: str) -> None:
        with ExitStack() as stack:
            stream = stack.enter_context(open_regular(path))
            size = os.fstat(stream.fileno()).st_size
            _check_directory(stream, size)
            self._zip = stack.enter_context(zipfile.ZipFile(stream))
            self.budget = Budget(size)
            self._close = stack.pop_all().close

    def members(self) -> list[str]:
        """The names of the files in it, sorted."""
        return sorted({entry.filename for entry in self._zip.infolist() if not entry.is_dir()})

    def repeated(self) -> list[str]:
        """Names that several files in it have, sorted: only the last of them can be read."""
        counts = Counter(entry.filename for entry in self._zip.infolist() if not entry.is_dir())
        return sorted(name for name, n_files in counts.items() if n_files > 1)

    def open(self, member: str) -> IO[bytes]:
        """A member's bytes; :class:`InputError` for names that lead outside, links, and encrypted members."""
        entry = self._zip.getinfo(member)
        parts = member.replace("\\", "/").split("/")
        if ".." in parts or not parts[0] or parts[0].endswith(":"):
            raise InputError("its name leads out of the archive; pack it again under a plain name")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise InputError("a link inside an archive; pack the file itself")
        if entry.flag_bits & 1:
            raise InputError("encrypted; unpack it first")
        return self._zip.open(entry)

    def close(self) -> None:
        """Close the file."""
        self._close()


def _check_directory(stream: IO[bytes], size: int) -> None:
    """:class:`InputError` where the directory alone, which is read whole, is too large."""
    stream.seek(max(0, size - CHUNK - 22))
    tail = stream.read()
    at = tail.rfind(b"PK\5\6")
    if at >= 0:
        directory = int.from_bytes(tail[at + 12 : at + 16], "little")
        if directory != 0xFFFFFFFF and directory > MAX_MEMBERS * _DIRECTORY_ENTRY * 2:
            raise InputError("too many files in one archive; pack them into several")
    stream.seek(0)
