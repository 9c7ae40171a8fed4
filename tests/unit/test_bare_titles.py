"""Titles that were taken for persons, in invented texts."""

from __future__ import annotations

import pytest

from pipeline.bare_titles import without_titles
from pipeline.consistency import Name
from pipeline.segment import tokenize


def kept(text: str, words: str, *, kind: str = "PER", later: frozenset[str] = frozenset()) -> list[str]:
    """What stays of a name that is given by its words as they stand in the text."""
    tokens = tokenize(text)
    start = text.index(words)
    inside = [i for i, token in enumerate(tokens) if start <= token.span.start < start + len(words)]
    found = without_titles([Name(0, inside[0], inside[-1] + 1, kind, 0.9)], [tokens], later)
    return [text[tokens[n.start].span.start : tokens[n.end - 1].span.end] for n in found]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("اتصل بولي عهد المدار", "بولي", []),
        ("قال سناتور منشق", "سناتور", []),
        ("رحب البابا بضيفه", "البابا", []),
        ("سلم على البابا فرنسوا الصافي", "البابا فرنسوا الصافي", ["فرنسوا الصافي"]),
        ("وكتب للبابا فرنسوا", "للبابا فرنسوا", ["فرنسوا"]),
        ("سجل أمين هدفا", "أمين", ["أمين"]),
        ("غنى سلطان مساء", "سلطان", ["سلطان"]),
        ("سجل كريس هدفا", "كريس", ["كريس"]),
        ("قال أمين الصافي", "أمين الصافي", ["أمين الصافي"]),
        ("قال الصافي ذلك", "الصافي", ["الصافي"]),
    ],
)
def test_a_title_alone_is_no_name_and_opens_none(text: str, name: str, expected: list[str]) -> None:
    assert kept(text, name) == expected


def test_a_title_that_ends_a_longer_name_of_the_text_is_a_name() -> None:
    assert kept("قال المرشد ذلك", "المرشد") == []
    assert kept("قال المرشد ذلك", "المرشد", later=frozenset({"المرشد"})) == ["المرشد"]


def test_only_persons_are_looked_at() -> None:
    assert kept("قال سناتور منشق", "سناتور", kind="ORG") == ["سناتور"]
