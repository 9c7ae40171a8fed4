"""Inputs that are no local path: ``s3://bucket/articles/*.jsonl.gz`` and whatever else fsspec can open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from pipeline.errors import InputError


def is_remote(name: str) -> bool:
    """True for a URL that fsspec is to open.

    >>> is_remote("s3://bucket/a.txt"), is_remote("data/a.txt")
    (True, False)
    """
    return "://" in name


def list_remote(url: str) -> Iterator[tuple[str, str, int]]:
    """(URL, path below the given folder, bytes) of each file behind a URL: a file, a folder or a glob; in order.

    Raises InputError where nothing is there, or the file system's library is missing.
    """
    files, path = _file_system(url)
    try:
        places = _places(files, path)
    except OSError as error:
        raise InputError(f"{url}: {error}; check the address and your rights to it") from error
    if not places:
        raise InputError(f"{url}: nothing there; check the address")
    folder = path.rstrip("/") + "/"
    for place in places:
        below = place.removeprefix(folder) if place.startswith(folder) else place.rpartition("/")[2]
        yield files.unstrip_protocol(place), below, int(files.size(place) or 0)


def open_remote(url: str) -> IO[bytes]:
    """The file opened for reading; the caller closes it."""
    files, path = _file_system(url)
    stream: IO[bytes] = files.open(path, "rb")
    return stream


def _places(files: Any, path: str) -> list[str]:
    if any(character in path for character in "*?["):
        return sorted(place for place in files.glob(path) if files.isfile(place))
    return sorted(files.find(path)) if files.isdir(path) else [path] if files.exists(path) else []


def _file_system(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise InputError(f"{url}: addresses need fsspec; run: pip install 'liqa[dask]'") from error
    try:
        files, path = url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise InputError(f"{url}: {error}; install what it names, or fetch the files first") from error
    return files, path
