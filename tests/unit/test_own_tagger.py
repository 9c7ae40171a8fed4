"""Taggers of users: what is wrong with one is told as its own fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import ConfigError, ModelError, PipelineError
from pipeline.models import load_tagger

MODULE = """
from pipeline.tagging import Prediction

class Tagger:
    name = "mine"
    def predict(self, sentences):
        return [Prediction(("O",) * len(words), (1.0,) * len(words)) for words in sentences]

class Talker(Tagger):
    def predict(self, sentences):
        return [["O"] * len(words) for words in sentences]

class Stumbler(Tagger):
    def predict(self, sentences):
        raise KeyError("an unseen word")

def nothing():
    return None

def unfinished():
    return open("no-such-weights.bin")
"""


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made_here.py").write_text(MODULE, "utf-8")
    (tmp_path / "half_written.py").write_text("def make(:", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "error", "told"),
    [
        ("python:made_here", ConfigError, "python:MODULE:FUNCTION"),
        ("python:", ConfigError, "python:MODULE:FUNCTION"),
        ("python:made_here:make", ConfigError, "has no attribute 'make'"),
        ("python:not_made:make", ConfigError, "not_made"),
        ("python:half_written:make", ModelError, "SyntaxError"),
        ("python:made_here:nothing", ModelError, "no predict"),
        ("python:made_here:unfinished", ModelError, "no-such-weights.bin"),
    ],
)
def test_a_tagger_that_cannot_be_made_is_told_with_its_name(name: str, error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told) as raised:
        load_tagger(name)
    assert f"'{name}'" in str(raised.value)


def test_answers_that_are_no_predictions_are_the_fault_of_the_tagger() -> None:
    with pytest.raises(ModelError, match=r"python:made_here:Talker.*Prediction"):
        load_tagger("python:made_here:Talker").predict([["سالم"]])


def test_a_tagger_that_stumbles_rejects_the_document_and_is_blamed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("استقبل سالم الوردي اليوم ناصر الحمداني في عمان.", "utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["extract", str(tmp_path / "a.txt"), "--tagger", "python:made_here:Stumbler"])
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert "python:made_here:Stumbler" in told
    assert "KeyError" in told
    assert "report" not in told


def test_an_ensemble_may_have_an_own_tagger() -> None:
    tagger = load_tagger("ensemble:merge:python:made_here:Tagger,gazetteer")
    (answer,) = tagger.predict([["قال", "سالم"]])
    assert answer.labels[0] == "O"


def test_what_a_tagger_says_of_itself_is_told_as_it_is() -> None:
    with pytest.raises(PipelineError, match="name two or more"):
        load_tagger("ensemble:merge:python:made_here:Tagger")
