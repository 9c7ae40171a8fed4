"""Graph files, several formats in one pass over the nodes and edges; a format says what stands around and for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TypeVar

from pipeline.errors import OutputError
from pipeline.export.files import whole_file
from pipeline.export.ties import Batches, Edge, Node, edges_of, nodes_of

Member = TypeVar("Member")
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class GraphFormat:
    """What stands before the nodes, for a node, between nodes and edges, for an edge, and at the end.

    ``comma`` stands between two nodes and between two edges.
    """

    head: str
    node: Callable[[Node], str]
    between: str
    edge: Callable[[Edge], str]
    tail: str
    comma: str = ""


def write_graphs(files: Mapping[Path, GraphFormat], entities: Batches, edges: Batches) -> None:
    """Write the rows of the tables ``entities`` and ``edges`` as a directed graph with parallel edges, to each file.

    Memory holds one batch and some thousand nodes or edges at a time. OutputError where a file cannot be written; none
    appears then.
    """
    with ExitStack() as stack:
        outs = [(stack.enter_context(whole_file(path)), form) for path, form in files.items()]
        try:
            _write_all(outs, entities, edges)
        except OSError as error:  # here, for the innermost file would be blamed for what another met
            names = ", ".join(path.name for path in files)
            folder = next(iter(files)).parent
            raise OutputError(
                f"{folder}: {names} cannot be written ({error.strerror or error}); "
                "check the disk and the rights of the folder"
            ) from error


def _write_all(outs: Sequence[tuple[IO[str], GraphFormat]], entities: Batches, edges: Batches) -> None:
    for out, form in outs:
        out.write(form.head)
    _write_members([(out, form.node, form.comma) for out, form in outs], nodes_of(entities))
    for out, form in outs:
        out.write(form.between)
    _write_members([(out, form.edge, form.comma) for out, form in outs], edges_of(edges))
    for out, form in outs:
        out.write(form.tail)


def _write_members(outs: Iterable[tuple[IO[str], Callable[[Member], str], str]], members: Iterator[Member]) -> None:
    first = True
    while portion := list(islice(members, _AT_ONCE)):
        for out, told, comma in outs:
            out.write(("" if first else comma) + comma.join(map(told, portion)))
        first = False
