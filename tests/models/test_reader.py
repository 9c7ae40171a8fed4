"""The shipped reader on invented news: who took part, and who only spoke of it."""

import pytest

from pipeline.meetings.features import describe_all
from pipeline.meetings.reader import load_reader
from pipeline.meetings.view import build_view
from pipeline.scorer import load_scorer
from tests.unit.test_meetings import analyse

pytestmark = pytest.mark.models

STORY = (
    "قال المتحدث باسم الحكومة هاني البدوي إن الرئيس التونسي سالم الوردي بحث أمس مع نظيره المصري عادل بن رستم "
    "العلاقات الثنائية خلال لقاء جمعهما في القاهرة."
)
NAMES = {"هاني البدوي": "p", "سالم الوردي": "p", "عادل بن رستم": "p", "القاهرة": "l"}


def test_the_shipped_reader_tells_those_who_met_from_the_one_who_spoke_of_it() -> None:
    view = build_view(analyse(STORY, NAMES))
    number = next(i for i, trigger in enumerate(view.triggers) if trigger.form.lemma == "لقاء")
    candidates = [candidate for candidate, _ in describe_all(view)[number]]
    reading = load_reader().read(view, {number: candidates})
    speaker, one, other = reading.parties([(number, name) for name in list(NAMES)[:3]])
    assert speaker is not None
    assert one is not None
    assert other is not None
    assert min(one, other) > speaker


def test_the_shipped_scorer_of_pairs_hears_the_reader() -> None:
    settings = load_scorer("pairs").settings
    assert settings["own"] > settings["opinion"] > 0
