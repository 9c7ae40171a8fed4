"""Inputs to sources: which files hold documents, in what order, under what ids."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import InputError
from pipeline.reading.own_files import own_files
from pipeline.reading.remote import is_remote, list_remote
from pipeline.reading.streams import DAMAGED, Archive
from pipeline.schema import Rejected

STAGE = "read"
STDIN = "-"
FORMATS = ("txt", "jsonl", "ndjson", "csv", "tsv", "parquet")
COMPRESSIONS = ("gz", "xz", "zst")
ENDINGS = ".txt .jsonl .ndjson .csv .tsv (each also .gz .xz .zst), .parquet and .zip"


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a member of a zip file, that holds one document or many.

    ``doc_id`` is its name without ending, longer where two sources would share it; ``size`` is in bytes as stored.
    ``below`` is the path below the folder that was given, so that it does not tell from where the run was started.
    """

    path: str
    member: str | None
    format: str
    compression: str
    size: int
    doc_id: str
    below: str

    @property
    def name(self) -> str:
        """What the source is called in tables: the path below the input, and after ``#`` the member."""
        return printable(self.below if self.member is None else f"{self.below}#{self.member}")


@dataclass(frozen=True, slots=True)
class SourceList:
    """What the inputs hold: sources in order, what cannot be read, and the number of other files by ending."""

    sources: tuple[Source, ...]
    rejected: tuple[Rejected, ...] = ()
    passed_over: dict[str, int] = field(default_factory=dict)

    @property
    def other_files(self) -> str:
        """How many of each ending were passed over, in words."""
        return ", ".join(f"{n:,} {ending or 'without ending'}" for ending, n in self.passed_over.items())

    @property
    def n_bytes(self) -> int:
        """Bytes as stored, of all sources."""
        return sum(source.size for source in self.sources)


_Entry = tuple[str, str | None, str, str, int, tuple[str, ...], str]
"""Path, member, format, compression, size, the ids to choose from, shortest first, and the path below the input."""


@dataclass(slots=True)
class _Found:
    """Gathers the files."""

    files: list[_Entry] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)

    def reject(self, name: str, reason: str) -> None:
        name = printable(name)
        self.rejected.append(Rejected(_split(name.rpartition("/")[2])[0], name, STAGE, reason))


def printable(name: str) -> str:
    r"""``name`` as it can be written in UTF-8; bytes that are no text and lone surrogates become ``\..`` escapes."""
    if name.isascii():
        return name
    try:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # of a JSON string: no file name's surrogates, which stand for bytes
        return name.encode("utf-8", "backslashreplace").decode("utf-8")


def list_sources(inputs: Sequence[str | Path]) -> SourceList:
    """The sources behind files, folders, glob patterns and ``-`` (standard input), each once.

    Folders are searched through in the order of names, without entering linked or hidden folders. An input that does
    not exist, matches nothing or has an unknown ending raises :class:`InputError`; inside folders, files of other
    endings are passed over and counted.
    """
    found = _Found()
    for name in map(str, inputs):
        if name == STDIN:
            found.files.append((STDIN, None, "stdin", "", 0, ("stdin",), STDIN))
        elif is_remote(name):
            _add_remote(found, name)
        elif os.path.isdir(name):  # noqa: PTH112  Path.is_dir raises where a name is too long or its folder closed
            _add_folder(found, name)
        elif os.path.lexists(name):
            last = os.path.basename(name)  # noqa: PTH119  strings throughout
            _add_file(found, name, last, last, given=True)
        else:
            _add_pattern(found, name)
    return SourceList(tuple(_with_ids(found)), tuple(found.rejected), dict(sorted(found.passed_over.items())))


def _add_pattern(found: _Found, pattern: str) -> None:
    paths = sorted(glob.glob(pattern, recursive=True)) if glob.has_magic(pattern) else []  # noqa: PTH207
    if not paths:
        raise InputError(f"{printable(pattern)}: no such file or folder; give a path, a pattern in quotes, or -")
    fixed = os.path.dirname(pattern[: min(pattern.find(mark) for mark in "*?[" if mark in pattern)])  # noqa: PTH120
    written: dict[str, frozenset[str]] = {}
    for path in paths:
        parent, name = os.path.split(path)
        if os.path.isdir(path):  # noqa: PTH112  as above
            if not Path(path).is_symlink():
                _add_folder(found, path, fixed)
            continue
        if parent not in written:
            written[parent] = own_files(parent, _names_in(parent))
        if name not in written[parent]:
            below = _below(path, fixed)
            _add_file(found, path, below, below)


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder or ".")  # noqa: PTH208  as above
    except OSError:  # a folder that may be entered and not listed
        return []


def _below(path: str, folder: str) -> str:
    """The path below a folder, with slashes; the last part of the path where that is the folder itself."""
    relative = os.path.relpath(path, folder or ".")
    return (os.path.basename(os.path.abspath(path)) if relative == "." else relative).replace(os.sep, "/")  # noqa: PTH100, PTH119


def _add_folder(found: _Found, folder: str, top: str | None = None) -> None:
    top = folder if top is None else top

    def refuse(error: OSError) -> None:
        found.reject(_below(str(error.filename), top), f"{why(error)}; make the folder readable or leave it out")

    for parent, folders, files in os.walk(folder, onerror=refuse):
        written = own_files(parent, [*folders, *files])
        for name in sorted(folders):
            path = os.path.join(parent, name)  # noqa: PTH118
            if name.startswith("."):
                folders.remove(name)
            elif os.path.islink(path):  # noqa: PTH114
                folders.remove(name)
                found.reject(_below(path, top), "a link to a folder; give that folder as an input")
        folders.sort()
        for name in sorted(files):
            if name in written:
                continue
            path = os.path.join(parent, name)  # noqa: PTH118
            _add_file(found, path, os.path.relpath(path, folder), _below(path, top))


def _add_file(found: _Found, path: str, relative: str, below: str, *, given: bool = False) -> None:
    name = relative.replace(os.sep, "/")
    stem, form, compression = _split(name)
    if not form or name.rpartition("/")[2].startswith("."):
        if given:
            raise InputError(
                f"{printable(path)}: unknown kind of file; leave it out, or give the folder it is in, or {ENDINGS}"
            )
        found.passed_over[Path(name).suffix] += 1
        return
    try:
        size = os.stat(path).st_size  # noqa: PTH116
    except OSError as error:
        found.reject(below, f"{why(error)}; mend the link or remove it")
        return
    if form == "zip":
        _add_archive(found, path, stem, size, below)
    else:
        found.files.append((path, None, form, compression, size, _ids(stem, name, below, path), below))


def _add_remote(found: _Found, url: str) -> None:
    for path, relative, size in list_remote(url):
        stem, form, compression = _split(relative)
        if not form or form == "zip":
            found.passed_over[Path(relative).suffix] += 1
        else:
            found.files.append((path, None, form, compression, size, _ids(stem, relative, relative, path), relative))


def _add_archive(found: _Found, path: str, stem: str, size: int, below: str) -> None:
    try:
        archive = Archive(path)
        members, repeated = archive.members(), archive.repeated()
        archive.close()
    except InputError as error:
        found.reject(below, str(error))
        return
    except DAMAGED as error:
        found.reject(below, f"{why(error)}; fetch or pack the archive again")
        return
    for member in repeated:
        found.reject(
            f"{below}#{member}", "several files of one name in the archive, the last is read; pack them under two"
        )
    for member in members:
        member_stem, form, compression = _split(member)
        hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in member.split("/"))
        if not form or form == "zip" or hidden:
            found.passed_over[Path(member).suffix] += 1
            continue
        short, long, full = _ids(member_stem, member, member, member)[:3]
        ids = (short, long, full, f"{stem}/{long}", f"{_plain(path)}#{member}")
        found.files.append((path, member, form, compression, size // max(1, len(members)), ids, below))


def _ids(stem: str, name: str, below: str, path: str) -> tuple[str, ...]:
    return (stem.rpartition("/")[2], stem, name, below, _plain(path))


def _plain(path: str) -> str:
    """The path as given, without the ways to write one place in two (``./a``, ``a//b``)."""
    return path if is_remote(path) else os.path.normpath(path)


def _split(name: str) -> tuple[str, str, str]:
    """Name without endings, format and compression; the format is empty where the ending is none of ours."""
    stem, _, ending = name.rpartition(".")
    compression = ""
    if ending.lower() in COMPRESSIONS:
        compression = ending.lower()
        stem, _, ending = stem.rpartition(".")
    form = ending.lower()
    known = form in FORMATS or (form == "zip" and not compression)
    if not stem or not known or (form == "parquet" and compression):
        return name, "", ""
    return stem, form, compression


def _with_ids(found: _Found) -> Iterator[Source]:
    """Each file once, under the shortest of its ids that no other file wants."""
    by_place: dict[tuple[str, str | None], _Entry] = {}
    for entry in found.files:
        by_place.setdefault((os.path.abspath(entry[0]), entry[1]), entry)  # noqa: PTH100  links stay what they are
    files = list(by_place.values())
    chosen = [printable(entry[5][0]) for entry in files]
    for level in range(1, 5):
        shared = {doc_id for doc_id, n_files in Counter(chosen).items() if n_files > 1}
        if not shared:
            break
        chosen = [
            printable(entry[5][min(level, len(entry[5]) - 1)]) if doc_id in shared else doc_id
            for doc_id, entry in zip(chosen, files, strict=True)
        ]
    n_below = Counter((entry[6], entry[1]) for entry in files)
    for (path, member, form, compression, size, _, below), doc_id in zip(files, chosen, strict=True):
        told = below if n_below[below, member] == 1 else _plain(path)  # of two inputs with files of one name
        yield Source(path, member, form, compression, size, doc_id, told)


def why(error: BaseException) -> str:
    """The reason that an operating system or decoder gives, without the path."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"unreadable: {text or type(error).__name__}".rstrip(".")
