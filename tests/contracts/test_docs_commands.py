"""Every command and Python example that the documentation shows is run, and what it is said to print, it prints."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
# Set-up, other people's programs, and what only stands for the reader's own: shown, but not run here.
NOT_RUN = (
    "make", "git", "pip", "py ", ".venv", "python -m", "python3 -m", "neo4j", "bash", "sh ", "cypher", "sbatch",
    "kubectl", "docker", "dask", "apt-get", "export ", "source ", "cd ", "#",
)  # fmt: skip


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its lines, and the line of the page at which it begins."""

    language: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = re.finditer(r"^```([\w-]*)[^\n]*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [Block(m.group(1), m.group(2), text[: m.start()].count("\n") + 1) for m in found]


def steps(block: Block) -> list[tuple[str, list[str]]]:
    """The commands of a block, each with the lines that it is said to print."""
    made: list[tuple[str, list[str]]] = []
    joined = re.sub(r"\\\n\s*", "", block.text)
    for line in joined.splitlines():
        if block.language == "console":
            if line.startswith("$ "):
                made.append((line[2:], []))
            elif made:
                made[-1][1].append(line)
        elif line.strip():
            made.append((line, []))
    return made


@pytest.fixture(scope="session")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run over ``data/raw``, which pages start from."""
    folder = tmp_path_factory.mktemp("processed") / "data"
    shutil.copytree(ROOT / "data" / "raw", folder / "raw")
    assert run(f"liqa run {folder / 'raw'} --output {folder / 'processed'}")[0] == 0
    return folder


@pytest.fixture
def place(tmp_path: Path, processed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(processed, tmp_path / "data")
    shutil.copytree(ROOT / "docs" / "samples", tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def run(command: str) -> tuple[int, str]:
    """Exit status and output of a command; ``liqa`` runs in this process, which spares its start."""
    words = shlex.split(command, comments=True)
    if words[0] == "liqa":
        out = io.StringIO()
        quiet = contextlib.redirect_stderr(io.StringIO())
        with contextlib.redirect_stdout(out), quiet, pytest.raises(SystemExit) as stopped:
            main(words[1:])
        return int(str(stopped.value.code or 0)), out.getvalue()
    if words[0] == "sqlite3" and not shutil.which("sqlite3"):
        return sqlite(Path(words[1]), words[2])
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    made = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, encoding="utf-8", env=environment, check=False
    )
    return made.returncode, made.stdout


def sqlite(path: Path, query: str) -> tuple[int, str]:
    import sqlite3

    with contextlib.closing(sqlite3.connect(path)) as connection:
        rows: list[Any] = connection.execute(query).fetchall()
    return 0, "\n".join("|".join(map(str, row)) for row in rows)


def prints(expected: list[str], output: str) -> bool:
    """Whether the output is as expected; an ellipsis stands for anything, and spaces count as one."""
    pattern = re.escape(" ".join("\n".join(expected).split())).replace("…", ".*")
    return re.fullmatch(pattern + r"\s*", " ".join(output.split()), re.DOTALL) is not None


@pytest.mark.skipif(os.name == "nt", reason="the pages show the commands of a POSIX shell")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_examples_run_as_shown(page: Path, place: Path) -> None:
    names: dict[str, Any] = {"__name__": "docs"}
    for block in blocks(page):
        at = f"{page.name}:{block.line}"
        if block.language in ("console", "sh"):
            for command, expected in steps(block):
                if command.startswith(NOT_RUN):
                    continue
                status, output = run(command)
                assert status == 0, f"{at}: {command}\n{output}"
                assert not expected or prints(expected, output), f"{at}: {command} printed\n{output}"
        elif block.language == "python":
            named = re.match(r"# (\w+\.py)\n", block.text)
            if named:
                (place / named.group(1)).write_text(block.text, encoding="utf-8")
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(textwrap.dedent(block.text), at, "exec"), names)  # noqa: S102 - our own pages


def test_every_shell_block_says_what_it_is() -> None:
    known = {"", "console", "sh", "python", "toml", "text", "json", "csv", "yaml", "sql", "bash", "cypher"}
    for page in PAGES:
        for block in blocks(page):
            assert block.language in known, f"{page.name}:{block.line}: {block.language}"


def test_an_ellipsis_stands_for_anything_and_the_rest_must_be_there() -> None:
    assert prints(["documents   2 …", "rejected 0", "…"], "documents 2 (2 new)\nrejected    0\nmore")
    assert not prints(["documents   3 …"], "documents 2 (2 new)")


def test_every_page_is_in_the_navigation_and_every_link_leads_somewhere() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert f": {page.name}\n" in navigation, f"{page.name} is missing in mkdocs.yml"
    for page in PAGES:
        text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
            if not target.startswith(("http", "mailto")):
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_site_builds_and_fetches_nothing(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="mkdocs is not installed: pip install -e '.[dev]'")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(tmp_path / "site")]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    made = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", env=environment, check=False)
    assert made.returncode == 0, made.stderr
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > 8
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"<(?:script|img|iframe)[^>]+src=\"?https?:", text), page
        assert not re.search(r"<link[^>]+rel=\"?(?:stylesheet|preconnect)\"?[^>]+href=\"?https?:", text), page
