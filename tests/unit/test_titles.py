"""Where a title begins and ends. All persons and bodies are invented; countries are real."""

from __future__ import annotations

import pytest

from pipeline.titles import TitlePhrase, Unit, find_titles, units_of
from tests.marked import analysis_of


def titles_in(marked: str) -> list[tuple[str, TitlePhrase]]:
    """The title phrases of the first sentence, each with its words."""
    analysis = analysis_of(marked)
    units = units_of(analysis, 0, [mention.span.start for mention in analysis.mentions])
    return [(_words(analysis.document.text, units, phrase), phrase) for phrase in find_titles(units)]


def _words(text: str, units: tuple[Unit, ...], phrase: TitlePhrase) -> str:
    return " ".join(units[at].span.of(text) for at in phrase.words)


def test_a_conjunction_before_a_head_in_waw_is_kept() -> None:
    ((_, phrase),) = titles_in("وصل [PER سالم الجوهري]، ووزير الخارجية.")
    assert phrase.head.prefix == "و"


@pytest.mark.parametrize("marked", ["وجدت اللجنة أمرا جديدا.", "نشرت الصحيفة خبرا أمس."])
def test_a_plural_in_hamza_is_one_only_where_it_is_written(marked: str) -> None:
    assert titles_in(marked) == []


@pytest.mark.parametrize("marked", ["التقى نظراءه أمس.", "مع نظرائه أمس.", "حضر نظراؤه أمس.", "التقى ووزراؤها أمس."])
def test_a_plural_before_a_pronoun_in_its_cases(marked: str) -> None:
    ((_, phrase),) = titles_in(marked)
    assert (phrase.head.number, phrase.head.suffixed) == ("plural", True)


def test_a_woman_is_a_peer_too() -> None:
    ((_, phrase),) = titles_in("التقت نظيرتها التركية [PER لينا أصلان].")
    assert phrase.head.category == "peer"
