"""``liqa doctor``."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal

import click

_LEAST_MEMORY = 1_500  # MiB free: one worker with the default tagger, and the reduce
_LEAST_DISK = 1_000  # MiB free
_SAMPLE = "التقى الرئيس سامر الوردي وزيرة الخارجية ليلى النهري في القاهرة."
Verdict = Literal["ok", "warn", "FAIL"]


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it stands, and what to do where it does not stand well."""

    name: str
    verdict: Verdict
    found: str
    remedy: str = ""
    status: int = 0


@click.command()
@click.option("--output", default="data/processed", show_default=True, help="Folder that a run would write to.")
def command(output: str) -> int:
    """Check versions, models, encodings, memory, disk and the right to write.

    Ends with 0 where a run can go well, 2 for a library, 3 for a model, 4 for the output folder.

    Example: liqa doctor --output tables/
    """
    worst = 0
    for check in checks(Path(output)):
        remedy = f"; {check.remedy}" if check.remedy else ""
        click.echo(f"{check.verdict:<5} {check.name:<22} {check.found}{remedy}")
        worst = worst or check.status
    return worst


def checks(output: Path) -> Iterator[Check]:
    """Every check, in order."""
    from pipeline import __version__

    yield Check("liqa", "ok", f"{__version__} in {Path(__file__).resolve().parents[1]}")
    yield _python()
    yield from _libraries()
    yield from _models()
    yield _analysis()
    yield from _encodings()
    yield _memory()
    yield _disk(output)
    yield _rights(output)


def _python() -> Check:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return Check("python", "ok", found)


def _libraries() -> Iterator[Check]:
    """Each library that the package asks for, and whether its version fits."""
    from packaging.requirements import Requirement

    try:
        asked = [Requirement(line) for line in requires("liqa") or ()]
    except PackageNotFoundError:
        yield Check("liqa's installation", "warn", "not installed", "pip install -e . lets versions be checked")
        return
    for requirement in asked:
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            remedy = f"pip install '{requirement.name}{requirement.specifier}'"
            yield Check(requirement.name, "FAIL", "not installed", remedy, 2)
            continue
        if requirement.specifier.contains(found, prereleases=True):
            yield Check(requirement.name, "ok", found)
        else:
            remedy = f"tested with {requirement.specifier}: pip install '{requirement.name}{requirement.specifier}'"
            yield Check(requirement.name, "warn", found, remedy)


def _models() -> Iterator[Check]:
    """The shipped models; one that the default does not need only warns."""
    from pipeline.models import DEFAULT_TAGGER, list_models

    for model in list_models():
        name = f"model {model.name}"
        if model.needs:
            yield Check(name, "ok", f"{model.summary}; needs {model.needs}")
        elif model.problem is None:
            yield Check(name, "ok", model.summary)
        elif model.name == DEFAULT_TAGGER:
            yield Check(name, "FAIL", model.problem, "", 3)
        elif model.files:
            yield Check(name, "warn", model.problem)


def _analysis() -> Check:
    """Whether one sentence goes all the way."""
    import pipeline
    from pipeline.errors import ModelError, PipelineError

    try:
        found = pipeline.extract(_SAMPLE)
    except PipelineError as error:
        return Check("one sentence", "FAIL", str(error), "", 3 if isinstance(error, ModelError) else 2)
    counts = f"{len(found['entities'])} names, {len(found['meetings'])} meetings"
    if not found["entities"]:
        return Check("one sentence", "FAIL", counts, "restore the models with 'git checkout -- models'", 3)
    return Check("one sentence", "ok", counts)


def _encodings() -> Iterator[Check]:
    """Whether Arabic can be written to the terminal and to file names. Files are UTF-8 in any case."""
    for name, encoding in (
        ("terminal encoding", getattr(sys.stdout, "encoding", None) or "unknown"),
        ("file name encoding", sys.getfilesystemencoding()),
        ("locale encoding", locale.getencoding()),
    ):
        if encoding.lower().replace("-", "") == "utf8":
            yield Check(name, "ok", encoding)
        else:
            yield Check(name, "warn", encoding, "set PYTHONUTF8=1, so that Arabic is shown as it is")


def _memory() -> Check:
    free = _free_memory()
    if free is None:
        return Check("free memory", "ok", "not told by this system")
    if free < _LEAST_MEMORY:
        remedy = f"a run with one worker wants {_LEAST_MEMORY:,} MiB: close what you can, and run with --workers 1"
        return Check("free memory", "warn", f"{free:,} MiB", remedy)
    return Check("free memory", "ok", f"{free:,} MiB")


def _free_memory() -> int | None:
    """MiB that can be had without swapping, None where the system does not say (macOS, Windows)."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return None
    values = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    return values["MemAvailable"] // 1024 if "MemAvailable" in values else None


def _disk(output: Path) -> Check:
    free = shutil.disk_usage(_standing(output)).free // 2**20
    if free < _LEAST_DISK:
        return Check("free disk", "warn", f"{free:,} MiB for {output}", "make room, or name another --output")
    return Check("free disk", "ok", f"{free:,} MiB for {output}")


def _rights(output: Path) -> Check:
    place = _standing(output)
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return Check("write access", "FAIL", f"{place}: {error.strerror}", "name another folder with --output", 4)
    return Check("write access", "ok", f"{place}")


def _standing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    folder = folder.absolute()
    return next(place for place in (folder, *folder.parents) if place.is_dir())
