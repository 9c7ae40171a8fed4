"""Laws of resolution and merging that hold of any names."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.name_match import compare_persons, name_words, one_edit_apart, similar_words
from pipeline.normalize import fold
from pipeline.registry import Profile, build_registry
from pipeline.resolve import resolve_entities
from pipeline.schema import Analysis, Document, EntityType, Mention, Sentence, Span
from pipeline.segment import tokenize

LETTERS = "ابتجحدرزسشعفقكلمنهوي"
WORDS = st.text(LETTERS, min_size=2, max_size=8)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
KINDS = st.sampled_from(list(EntityType))


def edit_distance(one: str, other: str) -> int:
    """Optimal string alignment distance by the textbook table, as an independent oracle."""
    rows = [[i + j if i * j == 0 else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            cost = one[i - 1] != other[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(st.text("ابت", max_size=6), st.text("ابت", max_size=6))
def test_one_edit_apart_agrees_with_the_textbook(one: str, other: str) -> None:
    assert one_edit_apart(one, other) == (edit_distance(one, other) <= 1)


@given(WORDS, WORDS)
def test_likeness_of_words_goes_both_ways(one: str, other: str) -> None:
    assert similar_words(one, one)
    assert similar_words(one, other) == similar_words(other, one)


@given(NAMES)
@example("ال")
def test_a_name_is_itself(name: str) -> None:
    words = name_words(fold(name), EntityType.PER)
    if words:
        score, reason = compare_persons(words, words)
        assert (score, reason) == (9, "same name") or not any(words)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, KINDS), min_size=1, max_size=8))
def test_every_mention_belongs_to_exactly_one_entity(names: list[tuple[str, EntityType]]) -> None:
    text, mentions = "", []
    for name, kind in names:
        mentions.append(Mention(Span(len(text), len(text) + len(name)), kind, 0))
        text += name + " ، "
    sentence = Sentence(Span(0, len(text)), tokenize(text), 0)
    analysis = Analysis(Document("d", text), sentences=(sentence,), mentions=tuple(mentions))
    entities = resolve_entities(analysis)
    linked = sorted(link.mention for entity in entities for link in entity.links)
    assert linked == list(range(len(mentions)))
    assert len({entity.entity_id for entity in entities}) == len(entities)
    for entity in entities:
        assert {mentions[link.mention].type for link in entity.links} == {entity.type}
        assert entity.name in {" ".join(mentions[link.mention].span.of(text).split()) for link in entity.links}


def _profile(number: int, name: str, kind: EntityType) -> Profile:
    return Profile(str(number), kind.value, name, fold(name), "", "", ((name, 1),), (), (), 1, 1, "", "")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, KINDS), min_size=1, max_size=8, unique=True))
def test_merging_knows_no_order_and_no_mix_of_types(names: list[tuple[str, EntityType]]) -> None:
    profiles = [_profile(number, name, kind) for number, (name, kind) in enumerate(names)]
    made = build_registry(profiles)
    assert build_registry(reversed(profiles)) == made
    assert [a.profile_id for a in made.assignments] == sorted(p.profile_id for p in profiles)
    kinds: dict[str, set[str]] = {}
    for assignment in made.assignments:
        kinds.setdefault(assignment.entity_id, set()).add(profiles[int(assignment.profile_id)].type)
    assert all(len(found) == 1 for found in kinds.values())
