"""What a fresh interpreter must not load: a default run needs no deep-learning library, ``import pipeline`` nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("torch", "transformers", "stanza", "camel_tools.ner", "tensorflow", "sklearn")
LISTED = "import json, sys; print(json.dumps(sorted(sys.modules)))"


def modules_after(code: str) -> set[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", f"{code}\n{LISTED}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=ROOT).stdout
    return set(json.loads(told.splitlines()[-1]))


def test_the_package_alone_loads_no_library() -> None:
    loaded = modules_after("import pipeline")
    assert not loaded & {*HEAVY, "numpy", "pandas", "pyarrow", "duckdb", "networkx", "onnxruntime", "click"}


def test_a_default_run_loads_no_deep_learning_library(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("استقبل سالم الوردي اليوم ناصر الحمداني في عمان.", encoding="utf-8")
    loaded = modules_after(f"import pipeline; pipeline.run([{str(tmp_path / 'a.txt')!r}], {str(tmp_path / 'out')!r})")
    assert not loaded & set(HEAVY)


def test_help_loads_nothing_that_takes_long() -> None:
    loaded = modules_after("from pipeline.cli import _status\n_status(['run', '--help'])")
    assert not loaded & {*HEAVY, "numpy", "pandas", "pyarrow", "duckdb", "networkx", "onnxruntime"}


def test_run_can_be_called_however_it_was_imported_before() -> None:
    modules_after("import pipeline; assert callable(pipeline.run); assert callable(pipeline.run)")
    modules_after("import pipeline.run; import pipeline; assert callable(pipeline.run)")
    modules_after("import pipeline; from pipeline.run import analyse; assert callable(pipeline.run)")
