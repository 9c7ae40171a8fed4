"""Laws of resolution and merging that hold of any names."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.body_match import body_keys, compare_bodies
from pipeline.gazetteer import given_names, nisbas
from pipeline.name_match import (
    PARTICLES,
    compare_persons,
    name_keys,
    name_words,
)
from pipeline.normalize import fold
from pipeline.registry import Profile, build_registry
from pipeline.resolve import resolve_entities
from pipeline.schema import Analysis, Document, EntityType, Mention, Sentence, Span
from pipeline.segment import tokenize
from pipeline.word_match import one_edit_apart, similar_words, word_keys

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


KNOWN = st.sampled_from(sorted([*given_names(), *nisbas(), *PARTICLES]))
LIKE_WORDS = st.one_of(KNOWN, st.text("اويهبنتسقج", min_size=1, max_size=6))
LIKE_NAMES = st.lists(LIKE_WORDS, min_size=1, max_size=3).map(tuple)


@st.composite
def spelt_twice(draw: st.DrawFn) -> tuple[str, str]:
    """Consonants with long vowels between them, and what a letter dropped, added or changed makes of it."""
    bones = draw(st.text("نتطسصجغرم", min_size=3, max_size=5))
    vowels = st.sampled_from(["", "", "ا", "و", "ي"])
    other = [letter for bone in bones for letter in (bone, draw(vowels))]
    at = draw(st.integers(0, len(other)))
    other[at : at + draw(st.integers(0, 1))] = draw(st.text("نتسجغرم", max_size=1))
    return "".join(bone + draw(vowels) for bone in bones), "".join(other)


@settings(max_examples=1000, deadline=None)
@given(st.one_of(spelt_twice(), st.tuples(LIKE_WORDS, LIKE_WORDS)))
def test_similar_words_share_a_key(words: tuple[str, str]) -> None:
    assert not similar_words(*words) or word_keys(words[0]) & word_keys(words[1])


def test_spellings_of_a_given_name_and_nationalities_of_a_country_share_a_key() -> None:
    by_country = {nisba.iso: word for word, nisba in nisbas().items()}
    likely = [*given_names().items(), *((word, by_country[nisba.iso]) for word, nisba in nisbas().items())]
    alike = [(one, other) for one, other in likely if similar_words(one, other)]
    assert alike
    assert all(word_keys(one) & word_keys(other) for one, other in alike)


@settings(max_examples=500, deadline=None)
@given(LIKE_NAMES, LIKE_NAMES, st.permutations([0, 1, 2]))
def test_names_that_fit_share_a_key(one: tuple[str, ...], more: tuple[str, ...], order: list[int]) -> None:
    both = one + more
    for other in (more, both, tuple(both[at] for at in order if at < len(both)), ("".join(both), *more)):
        if compare_bodies(one, other)[0]:
            assert body_keys(one) & body_keys(other)
        content, others = (tuple(word for word in name if word not in PARTICLES) for name in (one, other))
        if compare_persons(one, other)[0]:
            assert name_keys(content or one) & name_keys(others or other)


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
