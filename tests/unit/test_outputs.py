"""Whose fault it is that a file cannot be had."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from pipeline.errors import ModelError, OutputError
from pipeline.models import load_tagger
from pipeline.outputs import disk_faults_told

MODEL = "/models/weights.bin"


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        PermissionError(errno.EACCES, "Permission denied", "out/.work/shards"),
        PermissionError(errno.EACCES, "Permission denied", str(Path.cwd())),
        sqlite3.OperationalError("database or disk is full"),
    ],
)
def test_faults_of_the_output_folder_ask_for_another_or_for_room(error: Exception) -> None:
    with pytest.raises(OutputError, match=r"^out: cannot be written"), disk_faults_told(Path("out")):
        raise error


@pytest.mark.parametrize(
    "error", [FileNotFoundError(errno.ENOENT, "No such file", MODEL), OSError(errno.EMFILE, "Too many open files")]
)
def test_faults_elsewhere_are_not_put_on_the_output_folder(error: OSError) -> None:
    with pytest.raises(OSError, match=r"No such file|Too many") as raised, disk_faults_told(Path("out")):
        raise error
    assert raised.value is error


def test_a_file_that_a_tagger_misses_is_a_fault_of_the_tagger(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_: str) -> object:
        raise FileNotFoundError(errno.ENOENT, "No such file", MODEL)

    monkeypatch.setattr("pipeline.taggers.gazetteer.load_gazetteer", load)
    with pytest.raises(ModelError, match=rf"gazetteer:mine.*{MODEL}"):
        load_tagger("gazetteer:mine")
