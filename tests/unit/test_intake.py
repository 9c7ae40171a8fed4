from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Config, RunConfig
from pipeline.intake import Intake, find_sources
from pipeline.journal import Journal


@pytest.mark.parametrize("most", [7, 40, 512])
def test_units_hand_out_each_document_once_and_no_large_part_of_all_at_the_end(tmp_path: Path, most: int) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(700):
        (folder / f"{number:03}.txt").write_text(f"قال الوزير {number}", encoding="utf-8")
    config = Config(run=RunConfig(shard_documents=most))
    with Journal(tmp_path / "work", "settings") as journal:
        units = list(Intake(find_sources([folder]), config, journal).units())
    handed = [document.doc_id for unit in units for document in unit]
    assert sorted(handed) == [f"{number:03}" for number in range(700)]
    before = 0
    for unit in units:
        assert len(unit) <= min(most, max(16, before / 16))
        before += len(unit)
    assert len(units) < 100 or most < 16
