"""How a scorer and a reader are joined: by weights fitted on what both say, and by their own where one is silent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.meetings.events import Joined
from pipeline.meetings.pairs import PairTelling
from pipeline.meetings.places import joined_places
from pipeline.meetings.reader import KINDS
from pipeline.scorer import Scorer, sigmoid
from pipeline.training.joining import Choice, weigh, weigh_kinds, weigh_places
from pipeline.training.tasks import Task

_RNG = np.random.default_rng(0)


def _task(answers: Sequence[bool]) -> Task:
    task = Task()
    for answer in answers:
        task.add([], "yes" if answer else "no", 1.0, "d")
    return task


def test_the_opinion_that_knows_outweighs_the_one_that_guesses() -> None:
    answers = _RNG.random(400) < 0.5
    knowing = [2.0 if answer else -2.0 for answer in answers]
    guessing = _RNG.random(400).tolist()
    settings = weigh(guessing, knowing, _task(answers.tolist()))
    assert settings["opinion"] > 1
    assert abs(settings["own"]) < 0.5
    scorer = Scorer(("yes",), (0.0,), {}, settings)
    assert scorer.joined(0.5, 2.0) > 0.9 > 0.1 > scorer.joined(0.5, -2.0)


@given(st.floats(0, 1), st.floats(-30, 30))
def test_two_opinions_join_by_their_weights(own: float, opinion: float) -> None:
    scorer = Scorer(("yes",), (0.0,), {}, {"own": 0.5, "opinion": 0.8, "bias": -0.1})
    bounded = min(0.999, max(0.001, own))
    wanted = sigmoid(-0.1 + 0.5 * np.log(bounded / (1 - bounded)) + 0.8 * opinion)
    assert scorer.joined(own, opinion) == pytest.approx(wanted)
    assert scorer.joined(own, None) == own
    assert Scorer(("yes",), (0.0,), {}, {}).joined(own, opinion) == own


def test_no_opinion_gives_no_weights() -> None:
    assert weigh([0.2, 0.8], [None, None], _task([False, True])) == {}
    assert weigh_kinds([]) == {}
    assert weigh_places([Choice({"a": 1.0, None: 0.0}, {}, "not among them", 1.0)]) == {}


def test_the_reader_is_heard_on_kinds_and_places_as_far_as_it_knows() -> None:
    kinds, places = [], []
    for _ in range(200):
        right = str(_RNG.choice(KINDS))
        guess = dict(zip(KINDS, _RNG.dirichlet(np.ones(len(KINDS))).tolist(), strict=True))
        known = {kind: np.log(0.7 if kind == right else 0.1) for kind in KINDS}
        kinds.append(Choice(dict(guess.items()), known, right, 1.0))
        at = _RNG.choice(["a", "b", "nowhere"])
        scores = {"a": float(_RNG.normal()), "b": float(_RNG.normal()), None: float(_RNG.normal())}
        opinion = {name: 3.0 if name == at else -3.0 for name in ("a", "b")}
        places.append(Choice(scores, opinion, None if at == "nowhere" else str(at), 1.0))
    settings = weigh_kinds(kinds)
    assert settings["opinion"] > 0.5 > abs(settings["own"])
    scorer = Scorer(KINDS, (0.0,) * len(KINDS), {}, settings)
    joined = [scorer.joined_distribution(dict(guess.own), guess.opinion) for guess in kinds]  # type: ignore[arg-type]
    assert all(sum(shares.values()) == pytest.approx(1) for shares in joined)
    assert all(max(s, key=lambda k: s[k]) == c.right for s, c in zip(joined, kinds, strict=True))
    settings = weigh_places(places)
    for choice in places:
        found = joined_places(choice.own, choice.opinion, settings)
        assert max(found, key=lambda name: found[name]) == choice.right


def test_a_scorer_fitted_without_a_reader_keeps_its_own_distribution() -> None:
    own = {"visit": 0.6, "call": 0.4}
    assert Scorer(("visit", "call"), (0.0, 0.0), {}, {}).joined_distribution(own, {"visit": -9.0, "call": 0.0}) == own
    heard = Scorer(("visit", "call"), (0.0, 0.0), {}, {"own": 1.0, "opinion": 1.0})
    assert heard.joined_distribution(own, None) == own
    assert heard.joined_distribution(own, {"visit": -9.0, "call": 0.0})["call"] > 0.99


def test_which_word_tells_best_is_left_to_the_scorer() -> None:
    telling = PairTelling("a", "b", 0, 0.9, ("t=لقاء",))
    assert Joined(telling, 0.6, 1.5, 0.2).telling_score == 0.2
    assert Joined(telling, 0.6).telling_score == 0.6
