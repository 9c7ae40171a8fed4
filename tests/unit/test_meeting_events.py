"""Groups that met, from pairs that met: against a search of all subsets, and as laws."""

from collections.abc import Iterable
from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from pipeline.meetings.candidates import Candidate
from pipeline.meetings.cliques import groups_by_part
from pipeline.meetings.events import (
    Event,
    Joined,
    drop_sides,
    drop_thirds,
    drop_throngs,
    find_events,
    find_groups,
    only_named,
    support_of,
)
from pipeline.meetings.pairs import PairTelling
from pipeline.meetings.view import Link
from pipeline.schema import EntityType, Span

EDGES = st.sets(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).filter(lambda e: e[0] < e[1]))


def all_cliques(edges: set[tuple[str, str]]) -> set[frozenset[str]]:
    """Every maximal clique, by trying all subsets."""
    names = sorted({name for edge in edges for name in edge})
    found = [
        frozenset(group)
        for size in range(2, len(names) + 1)
        for group in combinations(names, size)
        if all(pair in edges for pair in combinations(group, 2))
    ]
    return {group for group in found if not any(group < other for other in found)}


def cliques(edges: Iterable[tuple[str, str]]) -> list[frozenset[str]]:
    """The groups of all parts."""
    return [group for part in groups_by_part(edges) for group in part]


@given(EDGES)
def test_cliques_are_those_that_a_search_of_all_subsets_finds(edges: set[tuple[str, str]]) -> None:
    assert sorted(map(sorted, cliques(edges))) == sorted(map(sorted, all_cliques(edges)))


def test_three_who_met_are_a_group_in_a_document_of_many_others() -> None:
    others = {(f"guest{i:02}", f"host{i:02}"): 0.9 for i in range(60)}
    groups = find_groups(others | dict.fromkeys(combinations("abc", 2), 0.9), core=0.5)
    assert frozenset("abc") in groups
    assert len(groups) == 61


def test_who_met_hundreds_one_by_one_has_an_event_with_each() -> None:
    edges = {("host", f"z{number:03}"): 0.9 for number in range(400)}
    assert len(find_groups(edges, core=0.5)) == 400


def test_a_tangle_of_many_groups_is_one() -> None:
    halves = [(f"{side}{i:02}", f"{side}{j:02}") for side in "ab" for i, j in combinations(range(30), 2)]
    tangle = {(one, other) for one, other in halves if int(one[1:]) // 2 != int(other[1:]) // 2}
    assert sorted(map(len, cliques(tangle))) == [30, 30]
    tail = [("a00", "z1"), ("z1", "z2")]
    assert sorted(map(len, cliques([*tangle, *tail]))) == [2, 2, 30, 30]


@given(EDGES)
def test_every_sure_pair_is_in_a_group_and_no_group_is_alone(edges: set[tuple[str, str]]) -> None:
    groups = find_groups(dict.fromkeys(edges, 0.9), core=0.5)
    assert all(len(group) >= 2 for group in groups)
    assert all(any({one, other} <= group for group in groups) for one, other in edges)


def test_who_meets_several_people_one_by_one_has_several_events() -> None:
    groups = find_groups({("host", "x"): 0.9, ("host", "y"): 0.9}, core=0.5)
    assert sorted(map(sorted, groups)) == [["host", "x"], ["host", "y"]]


def test_a_missed_pair_does_not_split_a_long_list() -> None:
    names = "abcdef"
    edges = {pair: 0.9 for pair in combinations(names, 2) if pair != ("a", "f")}
    assert find_groups(edges, core=0.5) == [frozenset(names)]


def united_one_by_one(groups: list[frozenset[str]]) -> list[frozenset[str]]:
    """The first two groups of one event are united, again and again."""
    while True:
        shared = {(i, j): len(groups[i] & groups[j]) for i, j in combinations(range(len(groups)), 2)}
        sizes = {(i, j): min(len(groups[i]), len(groups[j])) for i, j in shared}
        found = (pair for pair, n in shared.items() if n >= max(2, (0.7 if sizes[pair] < 6 else 0.4) * sizes[pair]))
        first = next(found, None)
        if first is None:
            return groups
        groups[first[0]] |= groups.pop(first[1])


@given(st.sets(st.sampled_from(list(combinations("abcdefghi", 2))), max_size=16))
def test_lists_with_missed_pairs_are_united_as_if_all_groups_were_compared(missed: set[tuple[str, str]]) -> None:
    edges = dict.fromkeys(sorted(set(combinations("abcdefghi", 2)) - missed), 0.9)
    parts = [sorted(part, key=lambda group: (-len(group), sorted(group))) for part in groups_by_part(edges)]
    assert find_groups(edges, core=0.5) == [group for part in parts for group in united_one_by_one(part)]


def test_a_group_without_a_sure_pair_is_no_event() -> None:
    assert find_groups({("a", "b"): 0.45}, core=0.5) == []


def test_persons_stand_for_their_sides() -> None:
    edges = dict.fromkeys(combinations("abcz", 2), 0.6)
    assert only_named(frozenset("abcz"), edges, set("abc")) == frozenset("abc")
    assert only_named(frozenset("abz"), edges, set("ab")) == frozenset("ab")
    assert only_named(frozenset("az"), edges, set("a")) == frozenset("az")
    sure = {**edges, ("a", "z"): 0.9, ("b", "z"): 0.8}
    assert only_named(frozenset("abz"), sure, set("ab")) == frozenset("abz")


def test_two_who_each_surely_met_a_third_met_him_one_by_one() -> None:
    edges = {("host", "x"): 0.95, ("host", "y"): 0.9, ("x", "y"): 0.45}
    assert sorted(map(sorted, find_groups(drop_thirds(edges), core=0.5))) == [["host", "x"], ["host", "y"]]
    together = {**edges, ("x", "y"): 0.75}
    assert drop_thirds(together) == together


@given(EDGES)
def test_of_pairs_told_alike_none_is_dropped(edges: set[tuple[str, str]]) -> None:
    scores = dict.fromkeys(edges, 0.5)
    assert drop_thirds(scores) == scores


def test_persons_who_met_the_same_bodies_and_not_each_other_stay_with_them() -> None:
    edges = dict.fromkeys([*product("ab", "xyz"), *combinations("xyz", 2)], 0.9)
    (group,) = find_groups(edges, core=0.5)
    assert only_named(group, edges, {"a", "b"}) == frozenset("abxyz")


def test_two_of_three_in_common_are_two_talks() -> None:
    edges = dict.fromkeys([*product("ab", "xy"), ("a", "b")], 0.9)
    assert sorted(map(sorted, find_groups(edges, core=0.5))) == [["a", "b", "x"], ["a", "b", "y"]]


def joined(left: str, right: str, score: float) -> Joined:
    return Joined(PairTelling(left, right, 0, score, ()), score)


def test_each_pair_speaks_for_an_event_by_its_surest_telling() -> None:
    support = support_of([joined("a", "b", 0.5), joined("a", "b", 0.9), joined("a", "c", 0.6)])
    assert (support["surest"], support["lowest"], support["mean"]) == (0.9, 0.6, 0.75)
    more = support_of([joined("a", "b", 0.5), joined("a", "b", 0.9), joined("a", "c", 0.6), joined("b", "c", 0.6)])
    assert more["told"] > support["told"]


def test_who_attended_is_joined_to_the_meeting_that_the_list_is_of() -> None:
    def candidate(trigger: int, name: str) -> Candidate:
        link = Link(name, EntityType.PER, Span(trigger, trigger + 1), "name", trigger, 0, 0, 0, "")
        return Candidate(trigger, name, link, "after")

    rows = [[(candidate(0, "host"), 0.9), (candidate(0, "guest"), 0.9)], [(candidate(1, "aide"), 0.8)]]
    told = Joined(PairTelling("aide", "host", 1, 0.8, ("bridge",), main=0), 0.7)
    (event,) = find_events(rows, [told], {"threshold": 0.4, "core": 0.5}, {"host", "guest", "aide"})
    assert set(event.parties) == {"aide", "host"}
    assert set(event.triggers) == {0, 1}


def test_words_beside_both_tell_best_of_them() -> None:
    def candidate(trigger: int, name: str, sentence: int) -> Candidate:
        link = Link(name, EntityType.PER, Span(sentence, sentence + 1), "name", sentence, 0, 0, 0, "")
        return Candidate(trigger, name, link, "after")

    rows = [
        [(candidate(0, "host", 0), 0.9), (candidate(0, "guest", 1), 0.9)],  # who is named in the sentence after only
        [(candidate(1, "host", 1), 0.7), (candidate(1, "guest", 1), 0.7)],
    ]
    told = [Joined(PairTelling("guest", "host", at, score, ("",)), score) for at, score in ((0, 0.9), (1, 0.6))]
    (event,) = find_events(rows, told, {"threshold": 0.4, "core": 0.5}, {"host", "guest"})
    assert event.triggers == [1, 0]


def test_a_country_for_which_a_person_met_is_told_once() -> None:
    def event(*parties: str) -> Event:
        return Event([0], dict.fromkeys(parties), {}, ())  # type: ignore[arg-type]

    countries = {"russia": "RU", "egypt": "EG", "putin": "RU", "sisi": "EG"}
    persons = {"putin", "sisi", "salem"}
    talk, sides = event("putin", "sisi"), event("egypt", "russia")
    assert drop_sides([talk, sides], persons, countries) == [talk]
    assert drop_sides([sides], persons, countries) == [sides]
    other = event("putin", "salem")
    assert drop_sides([other, sides], persons, countries) == [other, sides]
    body = event("league", "russia")
    assert drop_sides([talk, body], persons, countries) == [talk, body]
    visit = event("putin", "egypt")
    assert drop_sides([visit, talk], persons, countries) == [talk]
    assert drop_sides([visit, other], persons, countries) == [visit, other]
    assert drop_sides([visit], persons, countries) == [visit]
    both = event("putin", "sisi", "egypt")
    assert drop_sides([both], persons, countries) == [both]


@given(st.lists(st.tuples(st.integers(0, 2), st.floats(0.0, 1.0)), max_size=12))
def test_of_a_throng_of_doubtful_events_of_one_word_the_surest_stays(told: list[tuple[int, float]]) -> None:
    events = [Event([word], {}, {"surest": score}, ()) for word, score in told]
    kept = drop_throngs(events, {})
    for word in {0, 1, 2}:
        mine = [event for event in events if event.triggers == [word]]
        left = [event for event in kept if event.triggers == [word]]
        surest = max((event.support["surest"] for event in mine), default=0.0)
        if len(mine) < 4 or surest >= 0.6:
            assert left == mine
        else:
            assert [event.support["surest"] for event in left] == [surest]


def test_crowds_that_share_less_than_small_groups_do_are_one_event() -> None:
    crowd = [frozenset("abcdefg"), frozenset("abcuvwx")]
    small = [frozenset("abcd"), frozenset("abuv")]
    for groups, n_events in ((crowd, 1), (small, 2)):
        edges = {pair: 0.9 for group in groups for pair in combinations(sorted(group), 2)}
        assert len(find_groups(edges, core=0.5)) == n_events
