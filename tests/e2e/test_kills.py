"""SIGKILL at moments spread over the whole run, stages and writes alike: no byte differs afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ARTICLES = (
    "استقبل الرئيس سالم الوردي اليوم الاثنين وزير خارجية الأردن ناصر الحمداني في عمان.",
    "التقى ناصر الحمداني نظيره المصري كمال الزاهر في القاهرة يوم 3 مارس 2021.",
    "فاز فريق النسور على فريق البحار بهدفين في مباراة أقيمت في تونس.",
)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_tables_are_the_same_after_twenty_kills(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    for number, text in enumerate(ARTICLES):
        (inputs / f"{number}.txt").write_text(text, encoding="utf-8")
    command = [sys.executable, str(HERE / "killed_runs.py"), str(inputs), str(tmp_path), "12"]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    made = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert int(made.stdout.splitlines()[-1]) >= 20, made.stdout
    whole = tables(tmp_path / "whole")
    assert len(whole) > 20
    for number in range(12):
        assert tables(tmp_path / f"killed{number}") == whole, number


def tables(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.iterdir()) if path.is_file() and path.name != "manifest.json")
    return {path.name: path.read_bytes() for path in files}
