"""The formats that a run can be exported to: what each is for, where it goes, and what it cannot hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from pipeline.errors import ConfigError, PipelineError
from pipeline.export.cytoscape import CYTOSCAPE
from pipeline.export.files import whole_path
from pipeline.export.gexf import GEXF
from pipeline.export.graph_files import GraphFormat, write_graphs
from pipeline.export.graphml import GRAPHML
from pipeline.export.json import JSON
from pipeline.export.parquet import write_parquet
from pipeline.export.source import RunFolder
from pipeline.tables import EDGES, ENTITIES, TABLES


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, the file or folder that it makes, what opens it, and its limit."""

    name: str
    file: str
    opens_in: str
    limit: str
    write: Callable[[Path, RunFolder], None]


def _whole_run(module: str) -> Callable[[Path, RunFolder], None]:
    def write(path: Path, run: RunFolder) -> None:
        getattr(import_module(f"pipeline.export.{module}"), f"write_{module}")(path, run)

    return write


def _graph_alone(form: GraphFormat) -> Callable[[Path, RunFolder], None]:
    return lambda path, run: write_graphs({path: form}, run.batches(ENTITIES), run.batches(EDGES))


def _tables_as_parquet(path: Path, run: RunFolder) -> None:
    with whole_path(path) as folder:
        folder.mkdir()
        for table in TABLES:
            write_parquet(folder / f"{table.name}.parquet", table, run.batches(table))


_GRAPH_LIMIT = "the graph alone, without evidence; the reader holds it in memory"
FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format(
            "sqlite",
            "liqa.sqlite",
            "sqlite3, DB Browser, Datasette",
            "one writer at a time; 281 TB; direction controls are left out",
            _whole_run("sqlite"),
        ),
        Format(
            "excel",
            "liqa.xlsx",
            "Excel, LibreOffice",
            "1,048,576 rows a sheet, then a further sheet; 32,767 characters a cell, longer text is cut",
            _whole_run("excel"),
        ),
        Format(
            "neo4j",
            "neo4j",
            "Neo4j 5, by the command in load.sh",
            "a first load into an empty database; offices of a country without a node of its own are left out",
            _whole_run("neo4j"),
        ),
        Format(
            "jsonld",
            "liqa.jsonld",
            "rdflib, Apache Jena, any JSON-LD 1.1 reader",
            "most readers hold it in memory: about a million meetings at most; single mentions are left out",
            _whole_run("jsonld"),
        ),
        Format("cytoscape", "graph.cyjs", "Cytoscape 3, cytoscape.js", _GRAPH_LIMIT, _graph_alone(CYTOSCAPE)),
        Format("graphml", "graph.graphml", "networkx, yEd, igraph", _GRAPH_LIMIT, _graph_alone(GRAPHML)),
        Format("gexf", "graph.gexf", "Gephi, networkx", _GRAPH_LIMIT, _graph_alone(GEXF)),
        Format("json", "graph.json", "networkx, D3", _GRAPH_LIMIT, _graph_alone(JSON)),
        Format(
            "parquet",
            "parquet",
            "pandas, DuckDB, Arrow, Spark",
            "none in rows; strings stay exactly as in the text, direction controls included",
            _tables_as_parquet,
        ),
    )
}


def export(folder: str | Path, format_name: str, output: str | Path | None = None) -> Path:
    """Write the run in ``folder`` to another format; the file or folder that was made.

    Without ``output`` it goes into the run's folder under the format's own name. ConfigError for an unknown format.
    """
    made = FORMATS.get(format_name)
    if made is None:
        raise ConfigError(f"unknown format {format_name!r}; one of {', '.join(FORMATS)}")
    run = RunFolder(folder)
    path = Path(output) if output is not None else Path(folder) / made.file
    try:
        made.write(path, run)
    except ModuleNotFoundError as error:
        raise PipelineError(f"{format_name}: {error.name} is not installed; pip install {error.name}") from error
    return path
