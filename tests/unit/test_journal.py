from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.journal import LOST, Journal, Part
from pipeline.schema import Rejected

ONE, TWO = "00" * 16, "ff" * 16


def test_what_was_committed_is_held_by_the_next_run(tmp_path: Path) -> None:
    with Journal(tmp_path, "s") as journal:
        journal.commit("shard", Part((ONE,), {"documents": b"x"}, 5, {"mentions": 1.5}))
    with Journal(tmp_path, "s") as journal:
        assert journal.n_documents() == 0, "not yet an input of this run"
        assert journal.holds([ONE, TWO]) == {ONE}
        assert list(journal.keys()) == [(ONE, "shard")]
        assert [path.read_bytes() for path in journal.shard_files("documents")] == [b"x"]
        assert journal.seconds() == {"mentions": 1.5}


def test_other_settings_hold_nothing(tmp_path: Path) -> None:
    with Journal(tmp_path, "s") as journal:
        journal.commit("shard", Part((ONE,), {"documents": b"x"}))
    with Journal(tmp_path, "t") as journal:
        assert journal.holds([ONE]) == set()
        assert not (tmp_path / "shards" / "shard").exists()


def test_a_shard_that_is_not_listed_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "shards" / "half.part").mkdir(parents=True)
    (tmp_path / "shards" / "whole").mkdir()
    with Journal(tmp_path, "s"):
        assert list((tmp_path / "shards").iterdir()) == []


def test_fresh_forgets(tmp_path: Path) -> None:
    with Journal(tmp_path, "s") as journal:
        journal.commit("shard", Part((ONE,), {"documents": b"x"}))
    with Journal(tmp_path, "s", fresh=True) as journal:
        assert journal.holds([ONE]) == set()


def test_a_second_run_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with Journal(tmp_path, "s"), pytest.raises(InputError, match="another run"):
        Journal(tmp_path, "s", fresh=True)


def test_rejections_are_those_of_this_run(tmp_path: Path) -> None:
    with Journal(tmp_path, "s") as journal:
        journal.reject([Rejected("a", "a.txt", "read", "empty")])
        assert list(journal.rejected()) == [("a", "a.txt", "read", "empty")]
    with Journal(tmp_path, "s") as journal:
        assert list(journal.rejected()) == []


def test_what_no_worker_survived_is_tried_again_where_that_is_asked_for(tmp_path: Path) -> None:
    with Journal(tmp_path, "s") as journal:
        journal.commit("shard", Part((ONE,), {"documents": b"x"}))
        journal.commit(f"{LOST}shard", Part((TWO,), {"rejected": b"x"}))
    with Journal(tmp_path, "s") as journal:
        assert journal.holds([ONE, TWO]) == {ONE, TWO}
        assert not journal.at_risk
    with Journal(tmp_path, "s", retry=True) as journal:
        assert journal.holds([ONE, TWO]) == {ONE}
        assert journal.at_risk
    assert [path.name for path in (tmp_path / "shards").iterdir()] == ["shard"]


def test_very_many_rejections_are_all_told(tmp_path: Path) -> None:
    with Journal(tmp_path, "s") as journal:
        for number in range(2_500):
            journal.reject([Rejected(f"{number:04}", "a.txt", "read", "empty")])
        assert [row[0] for row in journal.rejected()] == [f"{number:04}" for number in range(2_500)]
