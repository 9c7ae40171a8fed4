"""Bodies that their words alone tell are found where a tagger is silent, and never against a sure one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.bodies import with_known_bodies
from pipeline.consistency import Name
from pipeline.lexicon import read_rows
from pipeline.segment import tokenize


def bodies(text: str, *names: tuple[int, int, str, float], outside: float = 0.99) -> list[tuple[str, str]]:
    """The names of a text in which a tagger found those (first word, word after the last, type, confidence)."""
    tokens = tokenize(text)
    given_names = [Name(0, *name) for name in names]
    chances = [outside] * len(tokens)
    for name in given_names:
        chances[name.start : name.end] = [0.0] * (name.end - name.start)
    found = with_known_bodies(given_names, [[token.norm for token in tokens]], [chances])
    return [(text[tokens[n.start].span.start : tokens[n.end - 1].span.end], n.type) for n in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال إن الحكومة المصرية وافقت", "الحكومة المصرية"),
        ("قصف للجيش اللبناني أمس", "للجيش اللبناني"),
        ("وأشاد بالقوات المسلحة الأردنية أمس", "بالقوات المسلحة الأردنية"),
        ("قال رئيس الحكومة المصرية ذلك", None),
        ("فاز في انتخابات البرلمان المصري", None),
        ("قال إن الحكومة المصري وافق", None),
        ("قال إن الحكومة المحلية وافقت", None),
        ("قال إن الحكومة مصر وافقت", None),
        ("قال إن جيشا مصريا وصل", None),
        ("رحلت القوات", None),
    ],
)
def test_a_state_body_is_its_noun_and_the_adjective_that_agrees(text: str, expected: str | None) -> None:
    assert bodies(text, outside=1.0) == ([(expected, "ORG")] if expected else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("دعا صندوق النقد الدولي إلى ذلك", ["صندوق النقد الدولي"]),
        ("قالت منظمه الصحه العالميه وصندوق النقد الدولي ذلك", ["منظمه الصحه العالميه", "وصندوق النقد الدولي"]),
        ("تصدت قوات الاحتلال لهم", []),
        ("قالت وزيرة الخارجية الأمريكية ذلك", []),
    ],
)
def test_a_known_body_of_several_words_is_always_a_name(text: str, expected: list[str]) -> None:
    assert bodies(text, outside=1.0) == [(name, "ORG") for name in expected]


def test_a_known_body_of_one_word_needs_the_tagger_s_doubt() -> None:
    assert bodies("قالت اليونسكو ذلك", outside=0.99) == []
    assert bodies("قالت اليونسكو ذلك", outside=0.6) == [("اليونسكو", "ORG")]
    assert bodies("زار القاعدة أمس", outside=0.6) == []
    assert bodies("قال إن كونا بأكمله وأم سالم", outside=0.6) == []


def test_the_list_tells_the_type_of_what_the_tagger_is_not_sure_of() -> None:
    assert bodies("قالت اليونسكو ذلك", (1, 2, "LOC", 0.6)) == [("اليونسكو", "ORG")]
    assert bodies("قالت اليونسكو ذلك", (1, 2, "LOC", 0.95)) == [("اليونسكو", "LOC")]


def test_names_of_the_tagger_that_overlap_a_body_stay() -> None:
    assert bodies("قال حزب الله ذلك", (1, 2, "PER", 0.4)) == [("حزب", "PER")]
    assert bodies("قال نائب حزب الله اللبناني ذلك", (2, 5, "ORG", 0.9)) == [("حزب الله اللبناني", "ORG")]


_WORDS = sorted({word for row in read_rows("organisations") for word in row["name_ar"].split()} | {"قال", "المصرية"})


@given(
    st.lists(st.sampled_from(["الجيش", "المصري", "رئيس"]) | st.sampled_from(_WORDS), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.integers(1, 4), st.sampled_from(["PER", "LOC", "ORG"])), max_size=4),
)
def test_names_keep_their_order_and_share_no_word(words: list[str], spans: list[tuple[int, int, str]]) -> None:
    names: list[Name] = []
    for start, length, kind in sorted(spans):
        if start + length <= len(words) and (not names or names[-1].end <= start):
            names.append(Name(0, start, start + length, kind, 0.9))
    chances = [0.5] * len(words)
    for name in names:
        chances[name.start : name.end] = [0.0] * (name.end - name.start)
    found = with_known_bodies(names, [words], [chances])
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert {(name.start, name.end) for name in names} <= {(name.start, name.end) for name in found}
