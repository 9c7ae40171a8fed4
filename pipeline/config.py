"""Settings of a run: a TOML file to one frozen value; an unknown key is an error that names the nearest valid one."""

from __future__ import annotations

import difflib
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import ConfigError

Engine = Literal["local", "dask"]
_LEAST_MEMORY_MB = 400  # of a worker; with its libraries and the default tagger it holds 350 before the first document


@dataclass(frozen=True, slots=True)
class InputConfig:
    """Which columns of a table hold what, and how many characters one document may have."""

    id_column: str = "id"
    text_column: str = "text"
    title_column: str = "title"
    date_column: str = "date"
    max_characters: int = 1_000_000


@dataclass(frozen=True, slots=True)
class TaggerConfig:
    """Which tagger finds the names: a name that ``liqa models`` lists, or ``module:function`` that makes one."""

    name: str = "default"


@dataclass(frozen=True, slots=True)
class RunConfig:
    """How the work is carried out; none of it changes a byte of the tables.

    ``workers`` 0 lets the run measure how many help. A shard holds at most ``shard_documents`` documents and about
    ``shard_characters`` characters. ``memory_mb`` limits each worker process (0: no limit), in MiB, as does
    ``reduce_memory_mb`` the reduce. ConfigError for less than a worker needs before its first document.
    """

    engine: Engine = "local"
    scheduler: str = ""
    workers: int = 0
    shard_documents: int = 512
    shard_characters: int = 2_000_000
    memory_mb: int = 0
    reduce_memory_mb: int = 2_000

    def __post_init__(self) -> None:
        if 0 < self.memory_mb < _LEAST_MEMORY_MB:
            raise ConfigError(
                f"run.memory_mb is {self.memory_mb}, too little for a worker's libraries and models; "
                f"write {_LEAST_MEMORY_MB} or more, or 0 for no limit"
            )


@dataclass(frozen=True, slots=True)
class OutputConfig:
    """What is written: the table formats beside the graph files, and whether CSV starts with a byte-order mark."""

    csv: bool = True
    parquet: bool = True
    graph: bool = True
    report: bool = True
    byte_order_mark: bool = True

    def __post_init__(self) -> None:
        if not (self.csv or self.parquet):  # nothing would tell what was rejected, and why
            raise ConfigError("output.csv and output.parquet are both false; let one of them be true")


@dataclass(frozen=True, slots=True)
class CorpusConfig:
    """What decides about entities across documents: the user's registry file of aliases, must- and must-not-merges."""

    registry: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings; each has a default, so an empty file is a valid one."""

    input: InputConfig = field(default_factory=InputConfig)
    tagger: TaggerConfig = field(default_factory=TaggerConfig)
    run: RunConfig = field(default_factory=RunConfig)
    output: OutputConfig = field(default_factory=OutputConfig)
    corpus: CorpusConfig = field(default_factory=CorpusConfig)


def load_config(path: str | Path) -> Config:
    """The settings in a TOML file, defaults filled in; ConfigError where it cannot be read or does not fit."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); name a UTF-8 TOML file") from error
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML ({error}); mend that line") from error
    return config_from(table, where=str(path))


def config_from(table: Mapping[str, Any], *, where: str = "settings") -> Config:
    """The settings in nested mappings, as TOML gives them.

    >>> config_from({"tagger": {"name": "camel"}}).tagger.name
    'camel'
    """
    sections = {row.name: row for row in fields(Config)}
    found: dict[str, Any] = {}
    for name, values in table.items():
        if name not in sections:
            if homes := _sections_with(name):
                raise ConfigError(f"{where}: {name} stands outside of its section; write it below [{homes[0]}]")
            raise ConfigError(f"{where}: unknown section [{name}]; {_nearest(name, sections)}")
        if not isinstance(values, Mapping):
            raise ConfigError(f"{where}: {name} must be a section; write [{name}] on a line of its own")
        found[name] = _section(typing.get_type_hints(Config)[name], name, values, where)
    return Config(**found)


def _sections_with(key: str) -> list[str]:
    return [name for name, kind in typing.get_type_hints(Config).items() if key in typing.get_type_hints(kind)]


def with_settings(config: Config, section: str, **values: Any) -> Config:
    """The same settings with those of one section replaced where the value is not None."""
    changed = {name: value for name, value in values.items() if value is not None}
    kept = {row.name: getattr(getattr(config, section), row.name) for row in fields(getattr(config, section))}
    table = {**kept, **changed}
    made = _section(type(getattr(config, section)), section, table, "command line")
    return replace(config, **{section: made})


def _section(kind: Any, section: str, values: Mapping[str, Any], where: str) -> Any:
    hints = typing.get_type_hints(kind)
    for name, value in values.items():
        if name not in hints:
            raise ConfigError(f"{where}: unknown key {section}.{name}; {_nearest(name, hints)}")
        _check(f"{where}: {section}.{name}", hints[name], value)
    return kind(**values)


def _check(where: str, hint: Any, value: Any) -> None:
    if typing.get_origin(hint) is Literal:
        if value not in typing.get_args(hint):
            raise ConfigError(f"{where} is {value!r}; write one of {', '.join(map(repr, typing.get_args(hint)))}")
        return
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        hint = typing.get_args(hint)[0]
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise ConfigError(f"{where} is {value!r}; write a value of type {hint.__name__}")
    if hint is int and value < 0:
        raise ConfigError(f"{where} is {value}; write 0 or more")


def _nearest(name: str, valid: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name, list(valid), n=1, cutoff=0.0)
    return f"did you mean {near[0]!r}? Valid are {', '.join(sorted(valid))}"
