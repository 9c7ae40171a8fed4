"""One run over a folder of inputs made to harm: it ends well, and each of them is a row or a document."""

from __future__ import annotations

import csv
import json
import os
import sys
import time
import zipfile
from pathlib import Path

import pytest

from pipeline.config import Config, with_settings
from pipeline.run import run
from tests.mutants import names

STORY = "التقى الوزير سامي حداد نظيره كريم الراوي في القاهرة يوم الأحد، وبحثا العلاقات."


def write_hostile(folder: Path) -> None:
    """Everything that the reading room and the stages are to survive."""
    folder.mkdir()
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"b{number}.txt", bytes(25_000_000))
    with zipfile.ZipFile(folder / "outside.zip", "w") as archive:
        archive.writestr("../../../out.txt", STORY)
        archive.writestr("/etc/root.txt", STORY)
    (folder / "round.txt").symlink_to(folder / "round.txt")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")
    for name, text in {
        "nulls.txt": "\x00" * 5_000,
        "null.txt": f"{STORY} \x00\x00 خامسا",
        "marks.txt": "\u064b\u0651" * 3_000,
        "turned.txt": f"\u202e{STORY}\u202d\u2066 سابعا",
        "names.txt": f"التقى {'، '.join(names(10_000))} في القاهرة.",
        "line.txt": STORY * 60_000,
        "line.jsonl": f'{{"text": "{STORY * 60_000}"}}\n{json.dumps({"id": "after", "text": STORY + " رابعا"})}',
        "lone.jsonl": '{"id": "lone", "text": "' + STORY + ' \\ud800 سادسا"}',
        "quotes.csv": f'id,text\nq1,"{STORY}\nq2,x"y"z,"{STORY}\n',
        "good.txt": STORY,
    }.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")


@pytest.mark.skipif(sys.platform == "win32", reason="needs links and pipes")
def test_hostile_inputs_cost_little_and_no_neighbour(tmp_path: Path) -> None:
    write_hostile(tmp_path / "in")
    start = time.process_time()
    made = run([tmp_path / "in"], tmp_path / "out", with_settings(Config(), "run", workers=1))
    assert time.process_time() - start < 60
    with (tmp_path / "out" / "documents.csv").open(encoding="utf-8-sig", newline="") as stream:
        kept = {row["doc_id"]: int(row["n_mentions"]) for row in csv.DictReader(stream)}
    with (tmp_path / "out" / "rejected.csv").open(encoding="utf-8-sig", newline="") as stream:
        reason_of = {row["doc_id"]: row["reason"] for row in csv.DictReader(stream)}
    assert {"good", "turned", "after", "names"} <= set(kept)
    assert min(kept[doc_id] for doc_id in ("good", "turned", "after")) >= 3
    assert {"out", "root", "round", "loop", "pipe", "nulls", "line.txt", "line.jsonl-1"} <= set(reason_of)
    assert {"null", "marks", "lone", "quotes-1"} <= set(reason_of)
    assert sum(doc_id.startswith("b") for doc_id in reason_of) == 4
    assert all(reason_of.values())
    assert made.counts["documents"] == len(kept)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]
