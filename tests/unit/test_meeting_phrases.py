"""Where the noun phrase of a name begins, on invented sentences."""

from __future__ import annotations

import pytest

from pipeline.folded import fold_word
from pipeline.meetings.phrases import phrase_start, title_clitic
from pipeline.meetings.view import build_view
from tests.unit.test_meetings import analyse

NAMES = {"سالم الكرمي": "p", "هاني البدوي": "p", "بنك الوادي": "o", "الوادي": "l"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("رئيس", ""),
        ("بالرئيس", "ب"),
        ("للرئيس", "ل"),
        ("ووزير", "و"),
        ("وبسفير", "وب"),
        ("للواء", "ل"),
        ("ولي", ""),
        ("السيد", ""),
        ("للسيد", "ل"),
        ("ونظيره", "و"),
        ("قلم", None),
        ("أمام", None),
        ("له", None),
        ("لا", None),
        ("والد", None),
        ("ولاية", None),
        ("بحاجة", None),
        ("ساحة", None),
    ],
)
def test_a_title_word_tells_what_is_glued_before_it(word: str, expected: str | None) -> None:
    assert title_clitic(fold_word(word)) == expected


@pytest.mark.parametrize(
    ("text", "phrase", "clitic"),
    [
        ("التقى سالم الكرمي بالرئيس هاني البدوي", "بالرئيس هاني البدوي", "ب"),
        ("استقبل سالم الكرمي محافظ بنك الوادي هاني البدوي", "محافظ بنك الوادي هاني البدوي", ""),
        ("استقبل سالم الكرمي ووزير الوادي هاني البدوي ضيفا", "ووزير الوادي هاني البدوي", "و"),
        ("استقبل سالم الكرمي السفير لدى الوادي هاني البدوي", "السفير لدى الوادي هاني البدوي", ""),
        ("استقبل سالم الكرمي المبعوث إلى الوادي هاني البدوي", "المبعوث إلى الوادي هاني البدوي", ""),
        ("التقى الرئيسان المصري سالم الكرمي والروسي هاني البدوي", "والروسي هاني البدوي", "و"),
        ("التقى الوزير في الوادي هاني البدوي", "هاني البدوي", ""),
        ("التقى سالم الكرمي المبعوث للوادي هاني البدوي", "المبعوث للوادي هاني البدوي", ""),
        ("غادر سالم الكرمي الوادي وودعه هاني البدوي", "هاني البدوي", ""),
    ],
)
def test_the_phrase_of_a_name_holds_its_titles_and_what_they_are_of(text: str, phrase: str, clitic: str) -> None:
    view = build_view(analyse(text, NAMES))
    (link,) = (link for link in view.links[0] if link.span.of(text) == "هاني البدوي")
    tokens = view.analysis.sentences[0].tokens
    assert text[tokens[link.start].span.start : link.span.end] == phrase
    assert link.clitic == clitic


@pytest.mark.parametrize(
    ("before", "titled", "inside", "length"),
    [
        ("قال الوزير", [], {}, 1),
        ("قال الوزير", [], {1: ""}, 0),  # the word is part of a name of another
        ("قال وزير مالية الوادي", [], {3: ""}, 3),
        ("قال الوزير بالوادي", [], {2: "ب"}, 0),  # where he is, not what he is minister of
        ("قال السفير بالوادي", [], {2: "ب"}, 2),
        ("قال الوزير والوادي", [], {2: "و"}, 0),
        ("قال الوزير ووزير الوادي", [], {3: ""}, 2),  # with and the phrase of another begins
        ("قال السفير لدى الوادي الوزير", [], {3: ""}, 1),
        ("قال الوزير في الوادي", [1, 2], {3: ""}, 3),  # the words of a position that was found
        ("الوزير " + "قلم " * 13, [], {}, 14),
        ("الوزير " + "قلم " * 14, [], {}, 0),
        ("بحث والمصري", [], {}, 1),
        ("بحث والمصري الملف", [], {}, 0),
    ],
)
def test_the_phrase_is_walked_back_over_what_belongs_to_it(
    before: str, titled: list[int], inside: dict[int, str], length: int
) -> None:
    row = [fold_word(word) for word in before.split()]
    first = len(row)
    assert first - phrase_start([*row, "هاني"], first, 0, dict.fromkeys(titled, 0), inside) == length
    if not inside and not before.startswith("بحث"):
        assert first - phrase_start([*row, "الوادي"], first, 0, dict.fromkeys(titled, 0), None) == length
