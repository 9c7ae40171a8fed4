"""The recipe that learns the weights of positions, on examples made by hand."""

from __future__ import annotations

from pathlib import Path

from pipeline.training.positions import Example, feature_names, fit, write_weights


def examples() -> list[Example]:
    """Forty candidates: what is named is right, what is not is wrong; every fourth is no position at all."""
    made = []
    for number in range(40):
        real = number % 4 != 0
        mark = "real" if real else "noise"
        made.append(Example(("bias", mark, "named"), real, number, number))
        made.append(Example(("bias", mark, "guessed"), False, number, number))
    return made


def test_what_the_examples_show_is_learned() -> None:
    weight_of = fit(examples(), feature_names(examples()))
    scores = {
        (mark, kind): weight_of["bias"] + weight_of[mark] + weight_of[kind]
        for mark in ("real", "noise")
        for kind in ("named", "guessed")
    }
    assert scores["real", "named"] > 0 > scores["real", "guessed"]
    assert scores["noise", "named"] < 0
    assert max(scores, key=lambda key: scores[key]) == ("real", "named")


def test_rare_features_are_left_out() -> None:
    lone = Example(("bias", "seen once"), True, 99, 99)
    assert "seen once" not in feature_names([*examples(), lone])


def test_the_file_is_the_same_whatever_the_order(tmp_path: Path) -> None:
    one, other = tmp_path / "one.tsv", tmp_path / "other.tsv"
    write_weights({"b": 0.5, "a": -1.25, "c": 0.0001}, one)
    write_weights({"c": 0.0001, "a": -1.25, "b": 0.5}, other)
    assert one.read_bytes() == other.read_bytes()
    assert one.read_text(encoding="utf-8") == "feature\tweight\na\t-1.250\nb\t0.500\n"
