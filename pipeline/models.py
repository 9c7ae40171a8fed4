"""The taggers there are, the files each needs, and whether those are the files that were tested.

A model is a folder with a ``card.json`` that names its kind and the digest of each of its files. Models are looked for
in the folder that ``LIQA_MODELS`` names, else in ``models/`` beside the package (a checkout), else in
``share/liqa/models`` of the Python installation (a wheel).
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigError, ModelError
from pipeline.tagging import Tagger

CARD_FILE = "card.json"
DEFAULT_TAGGER = "default"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a model's folder says of itself; ``files`` maps each file's name to its BLAKE2b digest (16 bytes, hex).

    ``licences`` maps each corpus of ``trained_on`` to its terms; ``recipe`` is the last command that made the files;
    ``scores`` are rows of :mod:`pipeline.training.cards`, which measures them.
    """

    kind: str
    files: Mapping[str, str]
    trained_on: tuple[str, ...] = ()
    notes: str = ""
    licences: Mapping[str, str] = field(default_factory=dict)
    recipe: str = ""
    scores: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """A tagger, its files, and ``problem``: None where there is none, else one line that says what to do.

    ``needs`` is what the user has to bring and how the tagger is then named; empty where it is ready as it is.
    """

    name: str
    summary: str
    files: tuple[Path, ...]
    problem: str | None
    digest: str | None = None
    needs: str = ""


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a kind of tagger is made: ``module:function`` taking what stands after the colon of its name."""

    summary: str
    factory: str
    shipped: bool
    folders: tuple[str, ...] = ()  # of the models that it is made of, where that is not one of its own name
    forms: tuple[str, ...] = ()  # how it is named, where that is not by its name alone
    needs: str = ""


_KINDS: Mapping[str, _Kind] = {
    "default": _Kind(
        "transformer and CRF together, the most accurate",
        "joint:load_joint",
        shipped=True,
        folders=("default", "pieces", "crf", "clusters"),
    ),
    "network": _Kind(
        "small transformer pretrained on raw news",
        "default:load_network",
        shipped=True,
        folders=("default", "pieces"),
    ),
    "anercorp": _Kind(
        "transformer and CRF trained on ANERcorp alone, with its four types, for the benchmark",
        "joint:load_anercorp",
        shipped=True,
        folders=("anercorp", "pieces", "words", "anercorp-crf", "clusters"),
    ),
    "camel": _Kind(
        "CAMeL's NERecognizer on a BERT model",
        "camel:load_camel",
        shipped=False,
        forms=("camel:FOLDER",),
        needs="the folder of a model, or 'liqa models fetch camel' for the library's own",
    ),
    "ensemble": _Kind(
        "several taggers: merge for recall, vote for precision",
        "ensemble:load_ensemble",
        shipped=False,
        forms=("ensemble:merge:A,B", "ensemble:vote:A,B,C"),
        needs="the names of two taggers or more",
    ),
    "gazetteer": _Kind("the lists of names alone, for comparison", "gazetteer:load_gazetteer", shipped=False),
    "python": _Kind(
        "your own tagger, which a function makes (docs/extend.md)",
        "own:load_own",
        shipped=False,
        forms=("python:MODULE:FUNCTION",),
        needs="a module that can be imported",
    ),
    "recurrent": _Kind(
        "recurrent networks trained by the recipe without a GPU",
        "default:load_recurrent",
        shipped=False,
        forms=("recurrent:FOLDER",),
        needs="the folder of a model",
    ),
    "stanza": _Kind(
        "stanza's tagger, trained for this project; also stanza:MODEL.pt, and stanza:fetched for the library's own",
        "stanza:load_stanza",
        shipped=True,
        folders=("stanza", "words"),
        forms=("stanza", "stanza:MODEL.pt", "stanza:fetched"),
    ),
    "transformer": _Kind(
        "a transformer trained by the recipe for a GPU",
        "transformer:load_transformer",
        shipped=False,
        forms=("transformer:FOLDER",),
        needs="the folder of a model",
    ),
    "crf": _Kind(
        "conditional random field trained for this project, the fastest",
        "crf:load_crf",
        shipped=True,
        folders=("crf", "clusters"),
    ),
}


def models_folder() -> Path:
    """The folder that holds the models; it need not exist."""
    named = os.environ.get("LIQA_MODELS")
    if named:
        return Path(named)
    return _installed_folder()


@cache
def _installed_folder() -> Path:
    checkout = Path(__file__).resolve().parent.parent / "models"
    return checkout if checkout.is_dir() else Path(sys.prefix) / "share" / "liqa" / "models"


def file_digest(path: Path) -> str:
    """The BLAKE2b digest of a file's bytes, 16 bytes in hexadecimal."""
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def write_card(
    folder: Path,
    *,
    kind: str,
    trained_on: Sequence[str],
    notes: str,
    licences: Mapping[str, str] | None = None,
    recipe: str = "",
    scores: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Write the card of the model in ``folder``, with the digests of all its other files."""
    files = {
        path.name: file_digest(path) for path in sorted(folder.iterdir()) if path.is_file() and path.name != CARD_FILE
    }
    card: dict[str, Any] = {
        "kind": kind,
        "trained_on": list(trained_on),
        "licences": dict(licences or {}),
        "recipe": recipe,
    }
    card |= {"notes": notes, "scores": list(scores), "files": files}
    (folder / CARD_FILE).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", "utf-8")


def read_card(folder: Path) -> ModelCard:
    """The card of the model in ``folder``; raises ModelError where there is none or it cannot be read."""
    path = folder / CARD_FILE
    if not path.is_file():
        raise ModelError(f"{path} is missing; take models/ from a checkout, or set LIQA_MODELS to a folder that has it")
    try:
        content = json.loads(path.read_text("utf-8"))
        told = {"licences": content.get("licences", {}), "recipe": content.get("recipe", "")}
        scores = tuple(content.get("scores", ()))
        trained_on = tuple(content["trained_on"])
        return ModelCard(content["kind"], content["files"], trained_on, content["notes"], scores=scores, **told)
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} is damaged ({error}); restore it with 'git checkout -- models'") from error


def verify_model(folder: Path) -> ModelCard:
    """The model's card, after each of its files was found to be the one that the card names; else raises ModelError."""
    card = read_card(folder)
    for name, digest in card.files.items():
        path = folder / name
        if not path.is_file():
            raise ModelError(f"{path} is missing; restore it with 'git checkout -- models'")
        if file_digest(path) != digest:
            raise ModelError(
                f"{path} is damaged (its digest is not the card's); restore it with 'git checkout -- models'"
            )
    return card


def tagger_folders(kind: str) -> tuple[str, ...]:
    """The names of the model folders that a shipped kind of tagger is made of; none for a kind that is not shipped."""
    return _KINDS[kind].folders or ((kind,) if _KINDS[kind].shipped else ())


def tagger_kinds() -> tuple[str, ...]:
    """The names that ``load_tagger`` takes, without what may follow their colon."""
    return tuple(_KINDS)


@lru_cache(maxsize=4)
def load_tagger(name: str = DEFAULT_TAGGER) -> Tagger:
    """The tagger of that name, ready; built once in a process.

    A name is a kind, and for some kinds a colon and a path or more names: ``crf``, ``camel:FOLDER``,
    ``stanza:MODEL.pt``, ``ensemble:merge:crf,gazetteer``, ``python:MODULE:FUNCTION``.
    Raises ConfigError for an unknown name, ModelError for a missing or damaged file.
    """
    kind, _, rest = name.partition(":")
    if kind not in _KINDS:
        forms = (form for known, row in _KINDS.items() for form in row.forms or (known,))
        raise ConfigError(f"unknown tagger {name!r}; choose one of {', '.join(forms)}")
    factory: Callable[[str], Tagger] = _function(_KINDS[kind].factory)
    try:
        return factory(rest)
    except OSError as error:
        raise ModelError(f"tagger {name!r}: {error}; put the file where it is looked for, or name another") from error


def _function(place: str) -> Callable[..., Any]:
    module, _, name = place.partition(":")
    function: Callable[..., Any] = getattr(import_module(f"pipeline.taggers.{module}"), name)
    return function


_FETCHERS: Mapping[str, str] = {"camel": "camel:fetch_camel", "stanza": "stanza:fetch_stanza"}


def fetch_model(name: str) -> Path:
    """Where the model now is, after the downloader of its own library fetched it.

    Raises ConfigError for a name that nobody fetches, ModelError where the download fails.
    """
    if name not in _FETCHERS:
        raise ConfigError(f"no model {name!r} to fetch; choose one of {', '.join(_FETCHERS)}")
    fetch: Callable[[], Path] = _function(_FETCHERS[name])
    return fetch()


def list_models() -> list[ModelStatus]:
    """Every kind of tagger and whether what it needs is there, by name."""
    return [_status(name, kind) for name, kind in sorted(_KINDS.items())]


def _status(name: str, kind: _Kind) -> ModelStatus:
    if not kind.shipped:
        needs = f"{kind.needs}, named as {' or '.join(kind.forms)}" if kind.needs else ""
        return ModelStatus(name, kind.summary, (), None, needs=needs)
    files: list[Path] = []
    digests: list[str] = []
    for folder in (models_folder() / part for part in tagger_folders(name)):
        try:
            card = verify_model(folder)
        except ModelError as error:
            return ModelStatus(name, kind.summary, (folder / CARD_FILE,), str(error))
        files += [folder / file for file in sorted(card.files)]
        digests.append(file_digest(folder / CARD_FILE))
    return ModelStatus(name, kind.summary, tuple(files), None, "+".join(digests))
