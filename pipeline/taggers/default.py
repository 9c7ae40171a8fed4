"""The taggers that are shipped trained: ``default`` in the guidelines' convention, ``anercorp`` in its corpus's own.

Both read the same word vectors and name lists, from the folder ``words`` beside their own.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from pipeline.errors import ConfigError, ModelError
from pipeline.models import models_folder, verify_model
from pipeline.taggers.inputs import SPAN_LISTS, WORD_LISTS, Gazetteer
from pipeline.taggers.neural import NeuralTagger, load_neural
from pipeline.taggers.vectors import Vectors

WORDS_FOLDER = "words"
NAMES_FILE = "names.tsv"


def read_names(path: Path) -> Gazetteer:
    """The gazetteer of a file of ``list TAB name`` lines; ModelError where it cannot be read."""
    lists: dict[str, list[str]] = {name: [] for name in (*SPAN_LISTS, *WORD_LISTS)}
    try:
        cells = path.read_text("utf-8").removesuffix("\n").replace("\n", "\t").split("\t")
        for kind, name in zip(cells[::2], cells[1::2], strict=True):
            lists[kind].append(name)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path}: cannot be read: {error!r}; restore it with 'git checkout -- models'") from error
    return Gazetteer(lists, lists)


def write_names(spans: dict[str, set[str]], words: dict[str, set[str]], path: Path) -> None:
    """Write the lists of :func:`pipeline.training.gazetteers.name_lists`, sorted."""
    lines = [f"{kind}\t{name}" for lists in (spans, words) for kind in sorted(lists) for name in sorted(lists[kind])]
    path.write_text("\n".join(lines) + "\n", "utf-8")


@lru_cache(maxsize=2)
def load_words(folder: Path) -> tuple[Vectors, Gazetteer]:
    """The word vectors and name lists of a folder, read once a process."""
    verify_model(folder)
    return Vectors.load(folder), read_names(folder / NAMES_FILE)


def load_shipped(name: str) -> NeuralTagger:
    """The shipped tagger of that name; ModelError where its files are missing or damaged."""
    folder = models_folder() / name
    verify_model(folder)
    threads = int(os.environ.get("LIQA_THREADS", "2"))  # the engine gives each of its workers one
    return load_neural(folder, name, *load_words(models_folder() / WORDS_FOLDER), threads=threads)


def load_default(argument: str) -> NeuralTagger:
    """The tagger of the guidelines' convention; it takes no argument."""
    return _without_argument("default", argument)


def _without_argument(name: str, argument: str) -> NeuralTagger:
    if argument:
        raise ConfigError(f"tagger {name!r} takes nothing after a colon, but {argument!r} stands there; write {name!r}")
    return load_shipped(name)
