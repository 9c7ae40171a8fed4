"""Pages of sport and culture: how they are told, what they do to a meeting's confidence, and how they are collected."""

from __future__ import annotations

import lzma
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import InputError
from pipeline.folded import fold_word
from pipeline.meetings.candidates import Candidate
from pipeline.meetings.events import Joined, confidence_of, find_events
from pipeline.meetings.pairs import PairTelling
from pipeline.meetings.triggers import read_form
from pipeline.meetings.view import Link, Trigger, build_view, scene_of
from pipeline.schema import Analysis, Document, EntityType, Span
from pipeline.scorer import load_scorer
from pipeline.training.unmet import unmet_documents

SPORT = "وشارك اللاعب سالم حداد في المباراة وحضر المدرب كريم فارس إلى الملعب وضم الفريق رامي نجار "


@pytest.mark.parametrize(
    ("text", "scene"),
    [
        ("لعب اللاعب في الملعب مباراه", "sport"),
        ("عرض الفيلم في المهرجان في المسرح", "culture"),
        ("التقي الوزير نظيره في القصر", ""),
        ("التقي الفريق اول ممثل الامين العام وتابعا المباراه", ""),
        ("قال " * 150 + "الملعب الملعب الملعب", ""),
        ("", ""),
    ],
)
def test_a_page_is_told_by_the_share_of_its_words(text: str, scene: str) -> None:
    assert scene_of(text.split()) == scene


def _events(score: float, word: str = "التقى", scene: str = "", officials: Sequence[str] = ("a", "b")) -> list[float]:
    def candidate(name: str) -> tuple[Candidate, float]:
        return Candidate(0, name, Link(name, EntityType.PER, Span(0, 1), "name", 0, 0, 0, 0, ""), "after"), 0.9

    form = read_form(fold_word(word))
    assert form is not None
    view = replace(
        build_view(Analysis(Document("d", ""))),
        triggers=[Trigger(Span(0, 1), 0, 0, word, form)],
        scene=scene,
        officials=frozenset(officials),
    )
    settings = load_scorer("pairs").settings
    told = Joined(PairTelling("a", "b", 0, 0.9, ("t=x",)), score)
    found = find_events([[candidate("a"), candidate("b")]], [told], settings, {"a", "b"}, view)
    return [confidence_of(event, settings) for event in found]


@pytest.mark.parametrize("other", [{"scene": "sport"}, {"word": "ضم"}, {"officials": ()}])
def test_a_meeting_is_less_sure_on_such_a_page_by_another_word_or_of_people_without_office(other: Any) -> None:
    (here,), (there,) = _events(0.98), _events(0.98, **other)
    assert there < here


@pytest.mark.xfail(
    strict=True, reason="since the scorers find less on such pages, what they find there is likelier right"
)
def test_a_doubtful_meeting_on_a_page_of_sport_is_none() -> None:
    assert len(_events(0.6)) == 1
    assert _events(0.6, scene="sport") == []


def test_a_doubtful_meeting_on_a_page_of_sport_is_more_likely_none() -> None:
    (here,), (there,) = _events(0.61), _events(0.61, scene="sport")
    assert there < 0.5 < here


def test_pages_on_which_a_meeting_is_told_are_not_collected(tmp_path: Path) -> None:
    bodies = [SPORT * 8 + f"{number} " * 3 for number in range(12)]
    bodies += [body + "والتقى الوزير نظيره" for body in bodies]
    with lzma.open(tmp_path / "news-a.txt.xz", "wt", encoding="utf-8") as out:
        for number, body in enumerate(bodies):
            out.write(f'<doc id="d-{number}" date="" title="">\n{body}\n</doc>\n')
    found = list(unmet_documents(tmp_path))
    assert 0 < len(found) < 12
    assert all("التقى" not in gold.text and not gold.meetings for gold, _ in found)
    assert all(analysis.mentions for _, analysis in found)


def test_a_folder_without_raw_news_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="news-"):
        list(unmet_documents(tmp_path))
