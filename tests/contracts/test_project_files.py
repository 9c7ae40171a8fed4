"""What the project's own files promise is there: make targets, notices, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.cli import _COMMANDS

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = {m.group(1) for m in re.finditer(r"^([a-z]+):", MAKEFILE, re.MULTILINE)}


def test_every_phony_target_has_a_rule() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert set(phony.group(1).split()) <= TARGETS


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", ".ci/run"])
def test_the_targets_that_a_page_names_exist(page: str) -> None:
    named = re.findall(r"^\s*`?make ([a-z]+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    assert named
    assert set(named) <= TARGETS


def test_every_command_is_in_the_table_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not [name for name in _COMMANDS if f"`liqa {name}`" not in readme]


def test_every_word_list_and_model_is_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    lists = {path.name for path in (ROOT / "pipeline" / "lexicons").glob("*.tsv")}
    models = {path.name for path in (ROOT / "models").iterdir() if path.is_dir()}
    assert not {name for name in lists | models if not re.search(rf"\b{re.escape(name)}\b", notice)}


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_relative_links_lead_to_files(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = {link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link}
    assert not {link for link in links if not ((ROOT / page).parent / link).exists()}
