"""Groups that met, from pairs that met: against a search of all subsets, and as laws."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.meetings.events import cliques, find_groups, only_named

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


@given(EDGES)
def test_cliques_are_those_that_a_search_of_all_subsets_finds(edges: set[tuple[str, str]]) -> None:
    assert sorted(map(sorted, cliques(dict.fromkeys(edges, 1.0)))) == sorted(map(sorted, all_cliques(edges)))


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


def test_a_group_without_a_sure_pair_is_no_event() -> None:
    assert find_groups({("a", "b"): 0.45}, core=0.5) == []


def test_persons_stand_for_their_sides() -> None:
    edges = dict.fromkeys(combinations("abcz", 2), 0.6)
    assert only_named(frozenset("abcz"), edges, set("abc")) == frozenset("abc")
    assert only_named(frozenset("abz"), edges, set("ab")) == frozenset("ab")
    assert only_named(frozenset("az"), edges, set("a")) == frozenset("az")
    sure = {**edges, ("a", "z"): 0.9, ("b", "z"): 0.8}
    assert only_named(frozenset("abz"), sure, set("ab")) == frozenset("abz")
