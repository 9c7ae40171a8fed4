"""Files that appear whole or not at all: written beside their place, flushed to disk, then renamed."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pipeline.errors import OutputError


@contextmanager
def whole_path(path: str | Path) -> Iterator[Path]:
    """A temporary path beside ``path`` to write a file or folder to; it takes the name of ``path`` when all is done.

    Where the writing fails nothing is left behind and an older ``path`` stays as it was. Raises OutputError where the
    folder cannot be written.
    """
    path = Path(path)
    # the ending stays last, for libraries that look at it
    beside = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield beside
        for written in (*sorted(beside.rglob("*")), beside):
            _flush(written)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        beside.replace(path)
        _flush(path.parent)
    except OSError as error:
        reason = error.strerror or error
        raise OutputError(
            f"{path}: cannot be written ({reason}); check the disk and the rights of the folder"
        ) from error
    finally:
        if beside.is_dir():
            shutil.rmtree(beside, ignore_errors=True)
        elif beside.exists():
            beside.unlink()


@contextmanager
def whole_file(path: str | Path, *, byte_order_mark: bool = False) -> Iterator[IO[str]]:
    """A UTF-8 text file to write to, line ends kept as they are; see :func:`whole_path`."""
    encoding = "utf-8-sig" if byte_order_mark else "utf-8"
    with whole_path(path) as beside, beside.open("w", encoding=encoding, newline="") as out:
        yield out


def _flush(path: Path) -> None:
    """Force a file, or a folder's list of its files, to disk, where the system can."""
    if os.name == "nt" and path.is_dir():  # a folder cannot be opened there
        return
    descriptor = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
