"""The smallest cut against plain linear algebra: two kinds of sums over random tables."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclosure.combination import (
    MOST_ATOMS,
    MOST_NODES,
    largest_determinant,
    singles_out_few,
)
from pipeline.disclosure.cut import Tie, count_parts, cuts_off_few
from pipeline.disclosure.groups import Groups
from tests.attackers.oracle import fewest_left_over

TRIANGLES = ("ab", "bc", "ac", "de", "ef", "df")
PEOPLE = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=12)


def tie(nodes, count=1):
    return Tie(nodes=frozenset(nodes), count=count)


@given(
    people=PEOPLE, rows=st.sets(st.integers(0, 3)), columns=st.sets(st.integers(0, 2)), k=st.integers(2, 4)
)
def test_cut_when_sums_over_rows_and_columns_are_shown_then_it_is_what_linear_algebra_finds(
    people, rows, columns, k
):
    shown = [[int(row == one) for row, _ in people] for one in rows]
    shown += [[int(column == one) for _, column in people] for one in columns]
    ends = [
        {("row", row) if row in rows else "outside", ("column", column) if column in columns else "outside"}
        for row, column in people
    ]
    found = fewest_left_over(shown, range(len(people)), k - 1)
    assert cuts_off_few(map(tie, ends), fewest=k) is (found is not None)
    atoms = Counter(frozenset(one - {"outside"}) for one in ends)
    assert singles_out_few(atoms, fewest=k) is (found is not None)


@pytest.mark.parametrize(("between", "is_found"), [(3, True), (4, False)])
def test_cut_when_it_runs_between_two_parts_and_not_around_one_node_then_is_found(between, is_found):
    ties = [tie(nodes, 3) for nodes in TRIANGLES]
    assert cuts_off_few([*ties, tie("cd", between)], fewest=4) is is_found


@given(
    st.lists(st.tuples(*[st.integers(0, 2)] * 3), min_size=1, max_size=10),
    st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2))),
    st.integers(2, 4),
)
def test_combination_when_three_kinds_of_sums_are_shown_then_it_is_what_linear_algebra_finds(
    people, shown, k
):
    """A sum is (kind, value); whom it counts is whoever has that value."""
    rows = [[int(one[kind] == value) for one in people] for kind, value in shown]
    atoms = Counter(frozenset(pair for pair in enumerate(one) if pair in shown) for one in people)
    found = fewest_left_over(rows, range(len(people)), k - 1)
    assert singles_out_few(atoms, fewest=k) is (found is not None)


@given(
    st.lists(st.tuples(st.sets(st.integers(0, 4), min_size=1), st.integers(0, 3)), max_size=7),
    st.integers(1, 5),
)
def test_cut_when_ties_have_many_nodes_then_every_split_was_tried(several, fewest):
    """By hand: each way to split the nodes in two that goes through some tie."""
    ties = [tie(nodes, count) for nodes, count in several]
    splits = [{node for node in range(5) if number >> node & 1} for number in range(1, 31)]
    through = [[one for one in ties if one.nodes & split and one.nodes - split] for split in splits]
    assert cuts_off_few(ties, fewest=fewest) is any(
        cut and sum(one.count for one in cut) < fewest for cut in through
    )


def test_cut_when_two_heaps_hang_on_a_thread_then_the_thread_is_found():
    """No node by itself is cut off by few: only a proper minimum cut sees it."""
    left = [tie(pair, 5) for pair in ("ab", "bc", "ca")]
    right = [tie(pair, 5) for pair in ("de", "ef", "fd")]
    assert cuts_off_few([*left, *right, tie("ad", 3)], fewest=4)
    assert not cuts_off_few([*left, *right, tie("ad", 2), tie("be", 2)], fewest=4)
    assert not cuts_off_few([*left, *right], fewest=4), "nothing between them is nobody, not few"


@pytest.mark.parametrize(
    "ties",
    [
        [("fg", 3), ("abc", 4), ("abcd", 4), ("afg", 3)],
        [("cd", 2), ("ae", 4), ("bcd", 4), ("ab", 2)],
    ],
)
def test_cut_when_ties_have_three_nodes_then_their_people_hold_a_node_once(ties):
    """The thread is `afg`, then `ab`: whoever counts it twice, or begins with the least tied, overlooks it."""
    several = [tie(nodes, count) for nodes, count in ties]
    assert cuts_off_few(several, fewest=4)
    assert not cuts_off_few([*several[:-1], tie(ties[-1][0], 4)], fewest=4)


def test_cut_when_a_tie_counts_nobody_for_sure_then_it_still_must_not_be_cut_alone():
    assert cuts_off_few([tie("ab", 0)], fewest=1)
    assert not cuts_off_few([tie("ab", 0), tie("ab", 1)], fewest=1)


def test_cut_when_a_company_is_large_then_the_answer_comes_at_once():
    """10,000 PMs by 6 relationships, of which one is thin."""
    ties = [tie((("pm", pm), ("column", (pm + step) % 5)), 2) for pm in range(10_000) for step in range(3)]
    assert not cuts_off_few(ties, fewest=4)
    assert cuts_off_few([*ties, tie((("pm", 1), ("column", 9)), 3)], fewest=4)


def test_parts_when_counted_then_what_nothing_ties_together_is_apart():
    assert count_parts([tie("ab"), tie("bc"), tie("d")]) == 2
    assert count_parts([]) == 0


def test_groups_when_joined_in_a_chain_then_all_are_one():
    groups = Groups()
    for number in range(9):
        groups.join(number, number + 1)
    groups.join(0, 9)
    assert all(groups.are_tied(0, number) for number in range(10))
    assert not groups.are_tied(0, "stranger")
    assert len({groups.leader(number) for number in range(10)}) == 1


def test_groups_when_asked_twice_then_two_chains_stay_apart():
    """The way to the leader is shortened when somebody asks."""
    groups = Groups()
    for chain in ("abcde", "vwxyz"):
        for one, other in zip(chain[1:], chain, strict=False):
            groups.join(one, other)
    for _ in range(2):
        assert {groups.leader(one) for one in "abcde"} == {"e"}
        assert {groups.leader(one) for one in "vwxyz"} == {"z"}


@pytest.mark.parametrize(
    ("atoms", "is_refused"),
    [
        ({frozenset((n,)): 9 for n in range(MOST_NODES)}, False),
        ({frozenset((n,)): 9 for n in range(MOST_NODES + 1)}, True),
        ({frozenset((n % 30, 30 + n // 30)): 9 for n in range(MOST_ATOMS)}, False),
        ({frozenset((n % 30, 30 + n // 30)): 9 for n in range(MOST_ATOMS + 1)}, True),
        ({frozenset("a"): 1, frozenset("b"): 1}, True),
        ({frozenset(): 1, frozenset("a"): 3}, False),
        ({}, False),
    ],
)
def test_combination_when_the_table_is_too_large_then_it_counts_as_telling(atoms, is_refused):
    assert singles_out_few(atoms, fewest=3) is is_refused


@pytest.mark.parametrize(("count", "is_refused"), [(199, False), (200, True)])
def test_combination_when_too_many_groups_would_have_to_be_tried_then_it_counts_as_telling(count, is_refused):
    """200 small atoms have 20,100 groups of one or two; 199 have 19,900."""
    atoms = {frozenset((place % 20, 20 + place // 20)): 1 for place in range(count)}
    assert singles_out_few(atoms, fewest=3) is is_refused


@pytest.mark.parametrize(("size", "largest"), [(1, 1), (2, 1), (3, 2), (7, 32)])
def test_determinant_bound_when_compared_with_the_largest_there_are_then_is_no_smaller(size, largest):
    """The largest determinants of tables of zeros and ones (OEIS A003432); these reach Hadamard's bound."""
    assert largest_determinant(size) == largest
    assert type(largest_determinant(size)) is int
