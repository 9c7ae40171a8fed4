"""Scorers: a file read back is the scorer written, and its numbers are those of the logistic function."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ModelError
from pipeline.scorer import Scorer, read_scorer, sigmoid, write_scorer

YES = Scorer(("yes",), (-1.0,), {"a": (2.0,), "b": (-0.5,)}, {"threshold": 0.4})
KIND = Scorer(("call", "meeting"), (0.0, 1.0), {"phone": (3.0, -3.0)}, {})


def test_a_probability_is_the_logistic_of_the_sum() -> None:
    assert YES.probability(["a", "b", "unheard"]) == pytest.approx(1 / (1 + math.exp(-0.5)))


def test_a_distribution_sums_to_one_and_follows_the_evidence() -> None:
    told = KIND.distribution(["phone"])
    assert sum(told.values()) == pytest.approx(1.0)
    assert told["call"] > 0.9 > 0.5 < KIND.distribution([])["meeting"]


def test_reasons_are_the_heaviest_features_first() -> None:
    assert YES.reasons(["b", "a", "unheard"]) == ("a +2.00", "b -0.50")


def test_a_file_read_back_is_the_scorer(tmp_path: Path) -> None:
    write_scorer(tmp_path / "one.tsv", YES)
    assert read_scorer(tmp_path / "one.tsv") == YES


@pytest.mark.parametrize(
    "text", ["feature\tyes\na\t1.0\t2.0\n", "feature\tyes\na\t1.0\n", "", "#threshold\n", "feature\tyes\na\tx\n"]
)
def test_a_damaged_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.tsv").write_text(text, "utf-8")
    with pytest.raises(ModelError, match=r"bad\.tsv is damaged .*; restore it"):
        read_scorer(tmp_path / "bad.tsv")


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"pipeline\.training\.meetings"):
        read_scorer(tmp_path / "none.tsv")


@given(st.floats(-1e6, 1e6))
def test_the_logistic_function_stays_between_zero_and_one(total: float) -> None:
    assert 0.0 <= sigmoid(total) <= 1.0
