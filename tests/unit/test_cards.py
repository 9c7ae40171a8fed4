"""Cards say what the shipped files are, on which terms, and how good; a score is of the files beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import models
from pipeline.errors import ConfigError
from pipeline.training import cards
from pipeline.training.declared import licences_of

SHIPPED = sorted(path.parent.name for path in models.models_folder().glob("*/card.json"))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_card_names_data_terms_recipe_and_scores(name: str) -> None:
    card = models.read_card(models.models_folder() / name)
    assert card.licences == licences_of(card.trained_on)
    assert card.recipe.startswith("python -m pipeline.training.")
    assert [(row["tagger"], row["on"]) for row in card.scores] == list(cards.MEASURED[name])
    assert all(0 < score <= 100 for row in card.scores for score in row["f1"].values())


def test_all_that_is_shipped_stays_small_enough_for_a_repository() -> None:
    files = [path for path in models.models_folder().rglob("*") if path.is_file()]
    assert len(files) > len(SHIPPED) > 0
    assert sum(path.stat().st_size for path in files) < 40e6


@pytest.mark.parametrize("name", SHIPPED)
def test_a_score_is_of_the_files_that_are_there(name: str) -> None:
    for row in models.read_card(models.models_folder() / name).scores:
        assert row["of"] == cards.files_digest(cards.folders_of(row["tagger"], name)), "run pipeline.training.cards"


def test_new_weights_have_a_card_with_their_terms_and_no_scores(tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(b"abc")
    cards.write_card(tmp_path, kind="crf", trained_on=["anercorp/train", "gold/train, half of it"], notes="a note")
    card = models.verify_model(tmp_path)
    assert set(card.licences) == {"anercorp", "gold"}
    assert (card.notes, card.scores) == ("a note", ())
    assert card.recipe


def test_a_digest_of_files_changes_with_any_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIQA_MODELS", str(tmp_path))
    digests = set()
    for content in (b"abc", b"abd"):
        (tmp_path / "one").mkdir(exist_ok=True)
        (tmp_path / "one" / "weights.bin").write_bytes(content)
        models.write_card(tmp_path / "one", kind="crf", trained_on=[], notes="")
        digests.add(cards.files_digest(["one"]))
    assert len(digests) == 2


def test_a_corpus_without_a_known_licence_cannot_be_named() -> None:
    with pytest.raises(ConfigError, match=r"no licence known for 'cleananercorpus'.*corpora\.tsv"):
        licences_of(["cleananercorpus"])
