"""The user's registry file: aliases, must-merge and must-not-merge, which always win over what is found.

One rule a line, fields separated by tabs; ``#`` starts a comment. Names are compared folded; a type (PER, LOC, ORG) may
follow as the last field. Undo a rule by deleting its line; undo a merge that was found by copying its two names into an
``apart`` line.

    alias	short or other name	name to show
    merge	one name	another name
    apart	one name	another name	PER
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ConfigError
from pipeline.normalize import fold
from pipeline.schema import EntityType

VERBS = ("alias", "merge", "apart")


@dataclass(frozen=True, slots=True)
class Line:
    """A rule as it stands in the file, with the number of its line; its type is "" for any."""

    number: int
    verb: str
    kind: str
    names: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the user says of names: folded pairs by type ("" for any); ``shown`` maps an alias to the name to show."""

    merge: frozenset[tuple[str, str, str]] = frozenset()
    apart: frozenset[tuple[str, str, str]] = frozenset()
    shown: tuple[tuple[str, str, str], ...] = ()
    lines: tuple[Line, ...] = ()

    def forbids(self, kind: str, one: str, other: str) -> bool:
        """True where two folded names must stay apart."""
        return _holds(self.apart, kind, one, other)

    def without_effect(self, clusters: Mapping[tuple[str, str], set[int]]) -> tuple[str, ...]:
        """What to tell of each rule that has no effect; a line's name that is not there, or names that stay apart.

        ``clusters`` holds the numbers of the entities that a type and folded name stand for.
        """
        return tuple(f"line {line.number}: {told}" for line in self.lines for told in _without_effect(line, clusters))


def _without_effect(line: Line, clusters: Mapping[tuple[str, str], set[int]]) -> list[str]:
    kinds = [EntityType(line.kind)] if line.kind else list(EntityType)
    found = [{kind: clusters.get((kind, fold(name)), set()) for kind in kinds} for name in line.names]
    there = [any(numbers.values()) for numbers in found]
    of_type = f" of type {line.kind}" if line.kind else ""
    wanted = line.names[:1] if line.verb == "alias" else line.names  # the name to show need not be in any text
    missing = [f"no name {name}{of_type}" for name, is_there in zip(wanted, there, strict=False) if not is_there]
    if missing or not all(there) or line.verb == "apart" or any(found[0][kind] & found[1][kind] for kind in kinds):
        return missing
    of_one_type = any(found[0][kind] and found[1][kind] for kind in kinds)
    reason = "are kept apart by other lines" if of_one_type else "are never of one type"
    return [f"{line.names[0]} and {line.names[1]} {reason}"]


def _holds(pairs: frozenset[tuple[str, str, str]], kind: str, one: str, other: str) -> bool:
    first, second = sorted((one, other))
    return (kind, first, second) in pairs or ("", first, second) in pairs


def read_rules(path: Path | None) -> Rules:
    """The rules of the user's file; none where ``path`` is None.

    Raises ConfigError where the file cannot be read, a line is no rule, or a pair is both to merge and to keep apart.
    """
    if path is None:
        return Rules()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or error
        raise ConfigError(f"{path}: cannot be read ({reason}); give the path of a registry file") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 (byte {error.start}); save the registry file as UTF-8") from error
    return parse_rules(text.splitlines(), str(path))


def parse_rules(lines: Iterable[str], where: str = "registry") -> Rules:
    """The rules in the lines of a registry file; see the page's docstring for the form."""
    merge: set[tuple[str, str, str]] = set()
    apart: set[tuple[str, str, str]] = set()
    shown: list[tuple[str, str, str]] = []
    rules: list[Line] = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        fields = [part.strip() for part in line.rstrip("\n").split("\t")]
        kind = fields[3] if len(fields) > 3 else ""
        fits = fields[0] in VERBS and len(fields) in (3, 4) and kind in ("", *EntityType)
        if not fits or not fold(fields[1]) or not fold(fields[2]):
            raise ConfigError(
                f"{where}:{number}: {line.strip()[:80]!r} is no rule; write alias, merge or apart, two names and, "
                "if you like, PER, LOC or ORG, separated by tabs"
            )
        first, second = sorted((fold(fields[1]), fold(fields[2])))
        (apart if fields[0] == "apart" else merge).add((kind, first, second))
        if fields[0] == "alias":
            shown.append((kind, fold(fields[1]), fields[2]))
        rules.append(Line(number, fields[0], kind, (fields[1], fields[2])))
    if both := sorted(merge & apart):
        raise ConfigError(
            f"{where}: {both[0][1]} and {both[0][2]} are both to merge and apart; delete one of the lines"
        )
    return Rules(frozenset(merge), frozenset(apart), tuple(sorted(shown)), tuple(rules))
