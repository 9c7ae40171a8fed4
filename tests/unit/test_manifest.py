"""What makes a run do its work again: the files behind a tagger's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import manifest
from pipeline.manifest import code_digest, model_digests


@pytest.mark.parametrize(
    ("path", "counts"), [("meetings/events.py", True), ("events.py", False), ("plot/heat.py", False), ("run.py", True)]
)
def test_a_file_counts_by_its_place_and_not_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, counts: bool
) -> None:
    monkeypatch.setattr(manifest, "__file__", str(tmp_path / "manifest.py"))
    (tmp_path / path).parent.mkdir(exist_ok=True)
    before = code_digest()
    (tmp_path / path).write_text("changed", "utf-8")
    assert (code_digest() != before) is counts


@pytest.mark.parametrize("form", ["python:{module}:make", "ensemble:merge:crf, python:{module}:make"])
def test_a_change_in_the_module_of_an_own_tagger_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setenv("LIQA_MODELS", str(tmp_path / "none"))
    monkeypatch.syspath_prepend(str(tmp_path))
    module = tmp_path / "visitors.py"
    module.write_text("LIMIT = 1\n", "utf-8")
    before = model_digests(form.format(module="visitors"))
    module.write_text("LIMIT = 2\n", "utf-8")
    after = model_digests(form.format(module="visitors"))
    assert set(before) == set(after) == {str(module)}
    assert before != after


def test_the_files_of_every_member_of_an_ensemble_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIQA_MODELS", str(tmp_path / "none"))
    model, folder = tmp_path / "one.pt", tmp_path / "two"
    folder.mkdir()
    for path in (model, folder / "weights.bin"):
        path.write_bytes(b"abc")
    found = model_digests(f"ensemble:vote:crf,stanza:{model},camel:{folder}")
    assert set(found) == {str(model), str(folder / "weights.bin")}


@pytest.mark.parametrize("name", ["python:no_such_module:make", "python:no.such:make", "python:", "crf"])
def test_a_name_that_points_to_nothing_has_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("LIQA_MODELS", str(tmp_path / "none"))
    assert model_digests(name) == {}
