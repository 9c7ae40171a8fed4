"""The recipe of the reader: what it begins with, and that it learns who takes part."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.meetings.features import describe_all
from pipeline.meetings.view import View
from pipeline.models import models_folder
from pipeline.taggers.transformer import GRAPH_FILE
from pipeline.training.reader_answers import Answers
from tests.unit.test_reader import PIECES, VECTORS, WIDTH, view_of


def test_a_reader_starts_as_the_first_layers_of_a_tagger(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from pipeline.training.reader_net import LAYERS, start_from
    from pipeline.training.transformer import PieceTagger, Sizes
    from pipeline.training.transformer_export import write_onnx, write_pieces

    torch.manual_seed(2)
    tagger = PieceTagger(Sizes(len(PIECES), WIDTH, LAYERS + 1, 6), 7, 1)
    with torch.no_grad():
        for weights in tagger.parameters():
            weights.add_(torch.randn(weights.shape) * 0.1)
    write_pieces(tagger, PIECES, tmp_path)
    write_onnx(tagger, tmp_path, tmp_path, trained_on=["gold/train"])
    net = start_from(tmp_path / GRAPH_FILE)
    wanted = {name.removeprefix("encoder."): value for name, value in tagger.state_dict().items()}
    renamed = {"first_norm": "norm", "norm": "last_norm"}
    compared = 0
    for name, value in net.state_dict().items():
        base, part = name.rsplit(".", 1)
        if base in renamed or base.startswith("layers."):
            np.testing.assert_allclose(value, wanted[f"{renamed.get(base, base)}.{part}"], atol=0.01)
            compared += 1
    assert compared == 4 + 12 * LAYERS


def test_the_recipe_begins_with_the_tagger_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from pipeline.training import reader as recipe

    monkeypatch.setattr(recipe, "_learn_raw", lambda *_: None)
    begun = [
        recipe._begun(Namespace(tagger=models_folder() / name, folds=tmp_path, teachers=None), VECTORS)
        for name in ("default", "anercorp")
    ]
    assert [net.sizes.heads for net in begun] == [4, 6]


def _asked(view: View, right: str) -> Any:
    from pipeline.training.reader_examples import asked_of

    rows = [[(candidate, float(candidate.entity_id == right)) for candidate, _ in row] for row in describe_all(view)]
    (asked,) = asked_of("d", view, Answers(rows, []), VECTORS, 1.0)
    return asked


def test_the_recipe_learns_who_takes_part(capsys: pytest.CaptureFixture[str]) -> None:
    torch = pytest.importorskip("torch")
    from pipeline.training.reader import fit, loss_of, with_states
    from pipeline.training.reader_net import ReaderNet
    from pipeline.training.transformer import Sizes

    torch.manual_seed(3)
    net = ReaderNet(Sizes(0, WIDTH), hidden=8)
    first = [view_of("التقى سالم الوردي أمس هاني البدوي."), view_of("وبحث سالم الوردي الملف في عمان.")]
    examples = with_states(net, VECTORS, [_asked(view, "سالم الوردي") for view in first * 40])
    net.eval()
    with torch.no_grad():
        before = float(loss_of(net, examples[0]))
    fit(net, examples, "gold")
    net.eval()
    with torch.no_grad():
        assert float(loss_of(net, examples[0])) < before
    assert "gold pass 2 of 2" in capsys.readouterr().out
