"""Who may import what, function bodies included, and what a default run loads."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pipeline.manifest import _NOT_THE_MAP

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pipeline"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
HEAVY = ("torch", "transformers", "stanza", "camel_tools.ner")
ANALYSIS = (
    "layout", "normalize", "segment", "tagging", "resolve", "positions", "references", "dates", "meetings", "relations",
)  # fmt: skip


def room(path: Path) -> str:
    """The first part of the path inside the package, without its ending."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module that a file imports at run time, wherever the statement stands."""
    return frozenset(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def users_of(library: str) -> set[str]:
    """The rooms that import a library or one of its modules."""
    return {
        room(path)
        for path in MODULES
        if any(name == library or name.startswith(library + ".") for name in imports(path))
    }


@pytest.mark.parametrize("library", HEAVY)
def test_heavy_libraries_stay_with_taggers_and_training(library: str) -> None:
    assert users_of(library) <= {"taggers", "training"}


def test_networkx_stays_with_graph_and_export() -> None:
    assert users_of("networkx") == {"graph", "export"}


def test_pandas_stays_at_the_edges() -> None:
    assert users_of("pandas") <= {"api", "graph", "export", "plot", "report", "training"}


@pytest.mark.parametrize("name", ["schema", "errors"])
def test_schema_and_errors_import_the_standard_library_alone(name: str) -> None:
    used = {module.partition(".")[0] for module in imports(PACKAGE / f"{name}.py")}
    assert used <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("name", ANALYSIS)
def test_stages_know_neither_settings_nor_the_order(name: str) -> None:
    paths = [path for path in MODULES if room(path) == name]
    assert paths
    for path in paths:
        forbidden = {module for module in imports(path) if module.startswith(("pipeline.config", "pipeline.run"))}
        assert not forbidden, f"{path.name} imports {forbidden}"


def test_code_that_no_digest_counts_is_there_and_has_no_part_in_what_is_found() -> None:
    assert not [name for name in _NOT_THE_MAP if not (PACKAGE / name).exists()]
    used: set[str] = set()
    waiting = {*ANALYSIS, "taggers", "reading", "shards"}
    while waiting:
        used |= waiting
        named = {name for path in MODULES if room(path) in waiting for name in imports(path)}
        waiting = {name.split(".")[1] for name in named if name.startswith("pipeline.")} - used
    assert {"gazetteer", "models", "schema"} <= used
    assert not used & {name.removesuffix(".py") for name in _NOT_THE_MAP}


def test_the_run_time_path_does_not_import_training() -> None:
    rooms = {room(path) for path in MODULES if any(name.startswith("pipeline.training") for name in imports(path))}
    assert rooms <= {"training"}


def test_a_default_run_loads_no_heavy_library(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("التقى الرئيس سامر الوردي الوزيرة ليلى النهري في القاهرة.", "utf-8")
    code = (
        "import sys, pipeline\n"
        "from pipeline.config import Config, with_settings\n"
        "config = with_settings(Config(), 'run', workers=1)\n"
        f"pipeline.run([{str(tmp_path / 'a.txt')!r}], {str(tmp_path / 'out')!r}, config)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert (tmp_path / "out" / "meetings.csv").exists()
