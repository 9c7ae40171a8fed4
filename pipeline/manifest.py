"""The page that says what a run did: settings, versions, digests, counts, seconds per stage."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pipeline
from pipeline.config import Config
from pipeline.errors import ConfigError

_LIBRARIES = ("camel-tools", "charset-normalizer", "duckdb", "numpy", "onnxruntime", "pyarrow")
_NOT_THE_MAP = frozenset(
    (
        "cli.py",
        "commands",
        "display.py",
        "engines",
        "estimate.py",
        "evaluate.py",
        "evaluation",
        "events.py",
        "export",
        "graph.py",
        "manifest.py",
        "outputs.py",
        "plot",
        "queries.py",
        "reduce.py",
        "registry.py",
        "registry_links.py",
        "registry_rules.py",
        "registry_score.py",
        "report",
        "training",
    )
)
"""What lies at the top of the package and has no part in what is found in a document."""


def code_digest() -> str:
    """BLAKE2b of the rules: every module and lexicon that can change what is found in a document."""
    root = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if path.suffix not in (".py", ".tsv") or parts[0] in _NOT_THE_MAP:
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

    All of them count, whichever the tagger: stages after it have models of their own, and digests cost little. Of a
    user's own tagger it is the file of the named module alone.
    """
    from pipeline.models import file_digest, models_folder

    root = models_folder()
    found = {path.relative_to(root).as_posix(): file_digest(path) for path in _files(root)}
    for name in _members(tagger):
        found.update({str(path): file_digest(path) for path in _files(_place(name))})
    return found


def _members(tagger: str) -> list[str]:
    """The names of the taggers that an ensemble's name lists; of another the name itself."""
    kind, _, rest = tagger.partition(":")
    return [name.strip() for name in rest.partition(":")[2].split(",")] if kind == "ensemble" else [tagger]


def _place(tagger: str) -> Path:
    """The file or folder that a tagger's name points to; it need not exist."""
    kind, _, rest = tagger.partition(":")
    if kind != "python":
        return Path(rest or " ")
    try:
        module = find_spec(rest.partition(":")[0])
    except (ImportError, ValueError):  # the tagger will say so when it is opened
        return Path(" ")
    return Path(module.origin if module and module.origin else " ")


def _files(place: Path) -> list[Path]:
    """The files of a folder at any depth; the file itself where it is one; none where there is nothing."""
    return [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file())


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
    from pipeline.models import file_digest

    rules = Path(config.corpus.registry)
    digests = {"code": code_digest(), "registry": file_digest(rules) if rules.is_file() else None}
    page = {"settings": asdict(config), "versions": versions(), **digests, **facts}
    return json.dumps(page, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"
