"""Names taken apart into the words that are compared: compounds are one word."""

import pytest

from pipeline.lexicon import read_rows
from pipeline.name_match import name_words
from pipeline.normalize import fold
from pipeline.schema import EntityType


@pytest.mark.parametrize(
    "row", [r for r in read_rows("name_edges") if r["group"] in ("first_half", "second_half")], ids=lambda r: r["word"]
)
def test_each_half_of_a_compound_is_joined_to_the_other_in_its_example(row: dict[str, str]) -> None:
    name = row["example"].removeprefix("قال ").removesuffix(" ذلك").split()
    assert row["word"] in name or f"ال{row['word']}" in name
    assert len(name_words(fold(" ".join(name)), EntityType.PER)) == len(name) - 1


def test_the_cases_of_a_compound_are_one() -> None:
    assert len({name_words(fold(f"{case} الحداد"), EntityType.PER) for case in ("أبو", "أبا", "أبي")}) == 1
