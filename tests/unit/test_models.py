"""The registry: what is there, what is damaged, and what its messages say to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import ConfigError, ModelError
from pipeline.models import list_models, load_tagger, tagger_kinds, verify_model, write_card

_SHIPPED = ("default", "network", "anercorp", "crf", "stanza")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "weights.bin").write_bytes(b"abc")
    write_card(tmp_path, kind="crf", trained_on=["invented"], notes="")
    return tmp_path


def test_a_model_as_it_was_written_verifies(model: Path) -> None:
    assert list(verify_model(model).files) == ["weights.bin"]


def test_one_changed_byte_is_damage(model: Path) -> None:
    (model / "weights.bin").write_bytes(b"abd")
    with pytest.raises(ModelError, match=r"weights\.bin is damaged.*git checkout"):
        verify_model(model)


def test_a_missing_file_is_named_with_its_remedy(model: Path) -> None:
    (model / "weights.bin").unlink()
    with pytest.raises(ModelError, match=r"weights\.bin is missing; restore"):
        verify_model(model)


def test_an_unknown_tagger_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"crf") as raised:
        load_tagger("crff")
    for form in ("stanza:MODEL.pt", "camel:FOLDER", "ensemble:vote:A,B,C", "python:MODULE:FUNCTION", "gazetteer"):
        assert form in str(raised.value)


def test_a_tagger_that_needs_more_than_its_name_is_not_said_to_be_ready(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["models"])
    assert ended.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    state = {line.split()[0]: line.split()[1] for line in lines if not line.startswith(" ")}
    assert {name for name, told in state.items() if told == "ready"} == {*_SHIPPED, "gazetteer"}
    assert state["camel"] == "needs"
    assert any("'liqa models fetch camel'" in line for line in lines)
    assert any(line.startswith("stanza ") and "stanza:MODEL.pt" in line for line in lines)


def test_the_table_tells_of_models_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIQA_MODELS", str(tmp_path))
    status = {model.name: model for model in list_models()}
    assert set(status) == set(tagger_kinds())
    assert status["crf"].problem is not None
    assert "LIQA_MODELS" in status["crf"].problem


def test_the_shipped_models_verify() -> None:
    assert [model.problem for model in list_models()] == [None] * len(list_models())
