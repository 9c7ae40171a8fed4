"""``liqa run``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.config import Config, load_config, with_settings

if TYPE_CHECKING:
    from pipeline.commands.progress import LogFormat


@click.command()
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@click.option("--output", default="data/processed", show_default=True, help="Folder for the tables.")
@click.option("--config", "config_file", type=click.Path(), help="TOML file with settings.")
@click.option("--tagger", help="Tagger, as 'liqa models' lists them.")
@click.option("--workers", type=click.IntRange(0), help="Worker processes; 0 measures how many help.")
@click.option("--engine", type=click.Choice(["local", "dask"]), help="Where the work is done.")
@click.option("--scheduler", help="Address of the Dask scheduler, as tcp://HOST:8786.")
@click.option("--registry", type=click.Path(), help="File of your own judgements on who is who across documents.")
@click.option("--fresh", is_flag=True, help="Start over: forget what earlier runs did.")
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How progress is told."
)
@click.option("--estimate", "only_estimate", is_flag=True, help="Tell documents, words, time and disk; run nothing.")
@click.option("--strict", is_flag=True, help="Exit with 1 when a document was rejected.")
def command(
    inputs: tuple[str, ...],
    output: str,
    config_file: str | None,
    tagger: str | None,
    workers: int | None,
    engine: str | None,
    scheduler: str | None,
    registry: str | None,
    fresh: bool,
    log_format: LogFormat,
    only_estimate: bool,
    strict: bool,
) -> int:
    """Read texts, write tables and a graph of who met whom.

    INPUT is a file, a folder, a glob or - for standard input; with none, data/raw. A second run goes on where the
    first one stopped, and new input costs only its own work.

    Example: liqa run articles/ archive.jsonl.gz --output tables/ --workers 2
    """
    from pipeline.commands.progress import Progress, summary
    from pipeline.run import run

    config = load_config(config_file) if config_file else Config()
    config = with_settings(config, "tagger", name=tagger)
    config = with_settings(config, "corpus", registry=registry)
    config = with_settings(config, "run", workers=workers, engine=engine, scheduler=scheduler)
    if only_estimate:
        click.echo(_estimate(inputs or (Path("data/raw"),), config, log_format))
        return 0
    with Progress(log_format) as progress:
        made = run(inputs or (Path("data/raw"),), output, config, fresh=fresh, report=progress.add)
    click.echo(summary(made, log_format))
    return 1 if strict and made.counts["rejected"] else 0


def _estimate(inputs: Sequence[str | Path], config: Config, log_format: LogFormat) -> str:
    """The expected cost of a run, in lines; one line as JSON."""
    if "-" in inputs:
        raise click.UsageError("--estimate takes no standard input, which can be read only once; give files")
    import json
    from dataclasses import asdict
    from functools import partial

    from pipeline.engines.local import n_processors
    from pipeline.estimate import estimate
    from pipeline.intake import find_sources, reading_options
    from pipeline.run import map_unit

    columns, limits = reading_options(config)
    made = estimate(find_sources(inputs), partial(map_unit, config.tagger.name), columns=columns, limits=limits)
    workers = config.run.workers or n_processors()
    if log_format == "json":
        numbers = {name: round(value, 1) for name, value in asdict(made).items()}
        return json.dumps({"event": "estimate", **numbers, "workers": workers})
    shared = _duration(made.seconds / workers)
    return "\n".join(
        (
            f"documents   about {made.documents:,} (from a sample of {made.sampled:,})",
            f"words       about {made.words:,}",
            f"time        about {_duration(made.seconds)} in one process, {shared} in {workers}",
            f"disk        about {made.disk_bytes / 1e6:,.1f} MB",
        )
    )


def _duration(seconds: float) -> str:
    hours, minutes = int(seconds // 3600), int(seconds % 3600 // 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {round(seconds % 60)} s"
