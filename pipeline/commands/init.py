"""``liqa init``."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import click

SECTIONS = {
    "input": "How texts are read.",
    "tagger": "What finds the names.",
    "run": "How the work is carried out; nothing here changes a byte of the tables.",
    "output": "What is written.",
    "corpus": "What decides which names of different documents are one entity.",
}
COMMENTS = {
    "input.id_column": "column of a CSV, JSON Lines or Parquet file that names the document",
    "input.text_column": "column that holds the text",
    "input.title_column": "column that holds the title, where there is one",
    "input.date_column": "column that holds the publication date, where there is one",
    "input.max_characters": "a longer document is rejected; cut it into smaller ones",
    "input.max_archive_bytes": "a .zip, .gz, .xz or .zst that unpacks to more is refused",
    "tagger.name": "as 'liqa models' lists them",
    "run.engine": "'local': this machine; 'dask': a cluster",
    "run.scheduler": "address of the Dask scheduler, as tcp://HOST:8786",
    "run.workers": "worker processes; 0 measures how many help",
    "run.shard_documents": "documents of a shard: what is done and kept at once",
    "run.shard_characters": "characters of a shard",
    "run.memory_mb": "MiB that each worker may take, 400 or more; 0: no limit",
    "run.reduce_memory_mb": "MiB that joining the shards may take; more goes to disk",
    "output.csv": "tables as CSV, for spreadsheets",
    "output.parquet": "tables as Parquet, for programs",
    "output.graph": "graph.graphml, graph.gexf, graph.json, graph.cyjs",
    "output.report": "report.html, to be opened in a browser",
    "output.byte_order_mark": "at the start of each CSV file; without it Excel shows Arabic as garbage",
    "corpus.registry": "file of your own rulings on who is one and who is not",
}


@click.command()
@click.argument("file", type=click.Path(dir_okay=False), default="liqa.toml", metavar="[FILE]")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def command(file: str, force: bool) -> None:
    """Write a TOML file with every setting at its default, each with a comment.

    Example: liqa init liqa.toml
    """
    from pipeline.errors import OutputError
    from pipeline.export.files import whole_file

    if Path(file).exists() and not force:
        raise OutputError(f"{file}: is there already; name another file, or write over it with --force")
    with whole_file(file) as out:
        out.write(settings_file())
    click.echo(f"{file}: change what you need, then: liqa run --config {file}")


def settings_file() -> str:
    """A TOML file that sets every key to its default."""
    from pipeline.config import Config

    lines = ["# Settings of Liqa. Every key may be left out; these are the defaults."]
    default = Config()
    for section in fields(default):
        lines += ["", f"# {SECTIONS.get(section.name, section.name)}", f"[{section.name}]"]
        values = getattr(default, section.name)
        for key in fields(values):
            comment = COMMENTS.get(f"{section.name}.{key.name}")
            lines.append(f"{key.name} = {_toml(getattr(values, key.name))}" + (f"  # {comment}" if comment else ""))
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:_}" if isinstance(value, int) else json.dumps(value)
