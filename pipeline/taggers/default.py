"""The networks that are shipped trained, and those of the recipe without a GPU.

The shipped ones, ``default`` in the guidelines' convention and ``anercorp`` in its corpus's own, are small transformers
that read the same pieces, from the folder ``pieces`` beside their own. The recurrent networks that are trained without
a GPU read word vectors and name lists, from the folder ``words``.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from pipeline.errors import ConfigError, ModelError
from pipeline.models import models_folder, verify_model
from pipeline.taggers.inputs import SPAN_LISTS, WORD_LISTS, Gazetteer
from pipeline.taggers.neural import NeuralTagger, load_neural
from pipeline.taggers.transformer import TransformerTagger, open_transformer
from pipeline.taggers.vectors import Vectors

WORDS_FOLDER, PIECES_FOLDER = "words", "pieces"
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


def load_shipped(name: str) -> TransformerTagger:
    """The shipped network of that name; ModelError where its files are missing or damaged."""
    return open_transformer(models_folder() / name, name, models_folder() / PIECES_FOLDER)


def load_network(argument: str) -> TransformerTagger:
    """The network of the guidelines' convention alone; it takes no argument."""
    if argument:
        raise ConfigError(f"tagger 'network' takes nothing after a colon, but {argument!r} stands there")
    return load_shipped("default")


def load_recurrent(argument: str) -> NeuralTagger:
    """The recurrent networks of a folder that ``recipe ship`` wrote; ConfigError where none is named.

    Their word vectors and name lists are those of the folder ``words`` beside it.
    """
    if not argument:
        raise ConfigError("tagger 'recurrent' needs a folder; write recurrent:FOLDER")
    folder = Path(argument)
    verify_model(folder)
    words = load_words(folder.parent / WORDS_FOLDER)
    threads = int(os.environ.get("LIQA_THREADS", "2"))
    return load_neural(folder, f"recurrent:{argument}", *words, threads=threads)
