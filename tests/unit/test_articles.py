"""Names after two lams: the article's or their own."""

from __future__ import annotations

import pytest

from pipeline.articles import with_article
from pipeline.gazetteer import read_rows
from pipeline.resolve import resolve_entities
from tests.unit.test_meetings import analyse


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("لأمم المتحدة", "الأمم المتحدة"),
        ("لكويت", "الكويت"),
        ("لبنان", "لبنان"),
        ("ليبيا", "ليبيا"),
        ("لندن", "لندن"),
        ("ليلى الوردي", "ليلى الوردي"),
        ("لوردي", "الوردي"),
        ("لجنة الأولمبية الدولية", "اللجنة الأولمبية الدولية"),
        ("لجنة العليا", "اللجنة العليا"),
        ("لجنة الشؤون الخارجية", "لجنة الشؤون الخارجية"),
    ],
)
def test_lists_tell_whose_the_second_lam_is(written: str, name: str) -> None:
    assert with_article(written, ()) == name


@pytest.mark.parametrize("name", ["لموري", "اللموري", "الموري"])
def test_the_document_tells_it_first(name: str) -> None:
    assert with_article("لموري", {name}) == name


@pytest.mark.parametrize("row", [row for row in read_rows("reference_words") if row["group"] == "lam_noun"])
def test_each_noun_that_begins_with_lam_keeps_it(row: dict[str, str]) -> None:
    assert with_article(row["word"], ()) == row["word"]


@pytest.mark.parametrize(
    ("text", "names", "entity"),
    [
        ("وصل سالم العلي في زيارة للبنان. وقال إن لبنان بلد كبير.", {"لبنان": "l"}, "لبنان"),
        (
            "شكر للجنة الأهلية الكبرى. وقالت اللجنة الأهلية الكبرى ذلك.",
            {"لجنة الأهلية الكبرى": "o"},
            "اللجنة الأهلية الكبرى",
        ),
    ],
)
def test_both_spellings_are_one_entity_by_its_name(text: str, names: dict[str, str], entity: str) -> None:
    (found,) = resolve_entities(analyse(text, names))
    assert (found.name, len(found.links)) == (entity, 2)
