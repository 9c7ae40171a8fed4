"""The reader's opinion of two names: asked where the scorer doubts, by whole words, and only of the reader it is of."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import ModelError
from pipeline.meetings.reader import load_reader
from pipeline.models import models_folder, write_card
from pipeline.relation_features import Pair
from pipeline.relation_pairs import find_pairs
from pipeline.relation_reader import PARTS, RelationReader, load_relation_reader, pair_vectors
from pipeline.relations import DOUBT, find_relations
from pipeline.schema import Analysis
from pipeline.scorer import Scorer, load_scorer
from pipeline.taggers.wordpieces import LENGTH
from tests.unit.test_relations import analyse

TEXT = "وقع الانفجار في دومة الكبرى قرب ميناء الوادي، وقال سامر البدوي إن حزب الوادي ربح الرهان."
NAMES = {"دومة الكبرى": "l", "ميناء الوادي": "l", "حزب الوادي": "o", "سامر البدوي": "p"}


def _answering(**logs: float) -> RelationReader:
    """A reader that says the same of every pair: of each answer that is named the logarithm, of others little."""
    answers = load_relation_reader().answers
    said = {name: logs.get(name.replace(">", "").replace("<", "_back"), -9.0) for name in answers}

    @dataclass(frozen=True, slots=True)
    class Same(RelationReader):
        def opinions(self, analysis: Analysis, pairs: Sequence[Pair]) -> list[dict[str, float] | None]:
            assert analysis.sentences
            return [dict(said) for _ in pairs]

    shipped = load_relation_reader()
    return Same(shipped.reader, shipped.weights, shipped.answers)


def _scorer(share: Mapping[str, float]) -> Scorer:
    """A scorer that knows no feature and gives every pair these shares."""
    shipped = load_scorer("relations")
    rest = (1 - sum(share.values())) / (len(shipped.classes) - len(share))
    return replace(shipped, bias=tuple(math.log(share.get(name, rest)) for name in shipped.classes), weights={})


@pytest.mark.parametrize(("share", "asked"), [(0.05, False), (0.5, True), (0.95, False)])
def test_the_reader_decides_where_the_scorer_doubts_and_nowhere_else(share: float, asked: bool) -> None:
    analysis, scorer = analyse(TEXT, NAMES), _scorer({"member_of>": share})
    alone = {relation.kind.value for relation in find_relations(analysis, scorer)}
    against = {relation.kind.value for relation in find_relations(analysis, scorer, _answering(none=-0.001))}
    assert alone == ({"member_of"} if share > 0.2 else set())
    assert against == (set() if asked else alone)


@pytest.mark.parametrize(
    "text",
    [
        "وأضاف عضو مجلس الوادي الدكتور سامر البدوي أن المجلس ناقش التقرير.",
        "قال سامر البدوي، عضو مجلس الوادي، إن العمل مستمر.",
        "أعلن القيادي في مجلس الوادي سامر البدوي استقالته.",
    ],
)
def test_a_membership_that_words_state_outright_is_told_whatever_the_reader_says(text: str) -> None:
    analysis = analyse(text, {"مجلس الوادي": "o", "سامر البدوي": "p"})
    found = find_relations(analysis, load_scorer("relations"), _answering(none=-0.001))
    assert {(one.kind.value, one.head_entity_id, one.tail_entity_id) for one in found} == {
        ("member_of", "سامر_البدوي", "مجلس_الوادي")
    }


def test_of_kin_and_appointments_the_scorer_alone_decides() -> None:
    analysis, scorer = analyse(TEXT, NAMES), _scorer({"family>": 0.45, "member_of>": 0.3})
    found = find_relations(analysis, scorer, _answering(none=-0.001))
    assert {relation.kind.value for relation in found} == {"family"}
    assert all(relation.confidence == pytest.approx(0.45, abs=0.001) for relation in found)


def test_what_is_read_of_a_pair_is_its_own_words_and_those_between() -> None:
    analysis = analyse(TEXT, NAMES)
    pairs = list(find_pairs(analysis))
    vectors = pair_vectors(load_reader(), analysis, pairs)
    assert len(vectors) == len(pairs) > 1
    for row in vectors:
        assert row is not None
        assert row.shape[0] == len(PARTS)
        np.testing.assert_allclose(row[PARTS.index("product")], row[0] * row[1], rtol=1e-5)
        assert (row[PARTS.index("peak")] >= row[PARTS.index("mean")] - 1e-5).all()
    alone = [pair_vectors(load_reader(), analysis, [pair])[0] for pair in pairs]
    assert all(one is not None for one in alone)


def test_names_beyond_what_is_read_at_once_have_no_opinion() -> None:
    far = analyse(f"سامر البدوي {'كلمة ' * (LENGTH + 20)} حزب الوادي", {"سامر البدوي": "p", "حزب الوادي": "o"})
    near = next(iter(find_pairs(analyse("سامر البدوي عضو حزب الوادي", {"سامر البدوي": "p", "حزب الوادي": "o"}))))
    pair = replace(near, sides=((0, 1), (LENGTH + 22, LENGTH + 23)))
    assert load_relation_reader().opinions(far, [pair]) == [None]


def test_an_opinion_is_a_distribution_and_the_same_whatever_was_asked_before() -> None:
    analysis = analyse(TEXT, NAMES)
    pairs = list(find_pairs(analysis))
    first = load_relation_reader().opinions(analysis, pairs)
    for opinion in first:
        assert opinion is not None
        assert sum(map(math.exp, opinion.values())) == pytest.approx(1.0, abs=1e-4)
    load_relation_reader().opinions(analyse("قال سامر البدوي كلمة.", {"سامر البدوي": "p"}), [])
    assert load_relation_reader().opinions(analysis, pairs) == first
    assert set(DOUBT) <= {name[:-1] for name in load_relation_reader().answers}


def test_a_head_of_another_reader_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "relations"
    shutil.copytree(models_folder() / "relations", folder)
    settings = json.loads((folder / "settings.json").read_text("utf-8"))
    (folder / "settings.json").write_text(json.dumps(settings | {"reader": "0" * 32}), "utf-8")
    write_card(folder, kind="relations", trained_on=["gold/train"], notes="made for a test")
    with pytest.raises(ModelError, match="made with another reader"):
        load_relation_reader(folder)
