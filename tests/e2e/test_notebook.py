"""The notebook runs from its first cell to its last on what a small run wrote."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import pipeline

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "explore.ipynb"
TEXTS = {
    "a": "القاهرة - 5 أبريل 2031\nالتقى الرئيس سامر الوردي في القاهرة وزيرة الخارجية ليلى النهري، وبحثا التعاون.",
    "b": "بيروت - 7 مايو 2031\nاجتمع الرئيس سامر الوردي برئيس البرلمان هاني البستاني في بيروت.",
}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the notebook's own machinery
def test_the_notebook_runs_on_a_small_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    for name, text in TEXTS.items():
        (tmp_path / "in" / f"{name}.txt").write_text(text, "utf-8")
    pipeline.run([tmp_path / "in"], tmp_path / "out")
    monkeypatch.setenv("LIQA_TABLES", str(tmp_path / "out"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(NOTEBOOK.parents[1]), os.environ.get("PYTHONPATH", "")]))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in shown if output.output_type == "error"]
    assert any("سامر الوردي" in str(output) for output in shown)
    assert "<mark" in shown[-1]["data"]["text/html"]


def test_the_notebook_is_kept_without_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells)
