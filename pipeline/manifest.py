"""The page that says what a run did: settings, versions, digests, counts, seconds per stage."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pipeline
from pipeline.config import Config
from pipeline.errors import ConfigError

_LIBRARIES = ("camel-tools", "charset-normalizer", "duckdb", "numpy", "onnxruntime", "pyarrow")
_NOT_THE_MAP = ("export", "report", "training", "engines", "commands", "sql")
_NOT_THE_MAP_FILES = (
    "cli.py",
    "graph.py",
    "plot.py",
    "evaluate.py",
    "reduce.py",
    "queries.py",
    "registry.py",
    "registry_links.py",
    "registry_rules.py",
    "registry_score.py",
)


def code_digest() -> str:
    """BLAKE2b of the rules: every module and lexicon that can change what is found in a document."""
    root = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if path.suffix not in (".py", ".tsv") or parts[0] in _NOT_THE_MAP or path.name in _NOT_THE_MAP_FILES:
            continue
        digest.update("/".join(parts).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def settings_digest(tagger: str, models: Mapping[str, str]) -> str:
    """BLAKE2b of all that decides what is found in a document: tagger, model files, rules."""
    content = json.dumps([tagger, sorted(models.items()), code_digest()])
    return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=2)
def check_settings(tagger: str, expected: str) -> None:
    """ConfigError where the models or rules on this machine are not those of the run's :func:`settings_digest`."""
    if settings_digest(tagger, model_digests(tagger)) != expected:
        raise ConfigError(
            f"worker on {platform.node()}: its models or rules differ from those of the run; "
            "install the same version and the same models on every worker"
        )


def model_digests(tagger: str) -> dict[str, str]:
    """BLAKE2b of every file in the folder of models, and of the files that the tagger's name points to.

    All of them count, whichever the tagger: stages after it have models of their own, and digests cost little.
    """
    from pipeline.models import file_digest, models_folder

    root = models_folder()
    found = {path.relative_to(root).as_posix(): file_digest(path) for path in _files(root)}
    place = Path(tagger.partition(":")[2] or " ")
    if place.exists():
        found.update({str(path): file_digest(path) for path in ([place] if place.is_file() else _files(place))})
    return found


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


def versions() -> dict[str, str]:
    """Versions of this package, Python and the libraries that a run rests on."""
    return {"liqa": pipeline.__version__, "python": platform.python_version(), **dict(_installed())}


def _installed() -> Iterator[tuple[str, str]]:
    for name in _LIBRARIES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


def describe(config: Config, **facts: Any) -> str:
    """The manifest as JSON, keys in order."""
    page = {"settings": asdict(config), "versions": versions(), **facts}
    return json.dumps(page, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"
