"""A wheel carries every model of the checkout, in the place where the registry looks for it."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_model_folder_goes_into_the_wheel() -> None:
    files = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["data-files"]
    folders = {path.name for path in (ROOT / "models").iterdir() if path.is_dir()}
    assert files == {f"share/liqa/models/{folder}": [f"models/{folder}/*"] for folder in folders}
