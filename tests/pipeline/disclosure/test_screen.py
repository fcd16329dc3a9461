"""The quick look at many groups: never misses one that plain linear algebra finds."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclosure import screen
from pipeline.disclosure.screen import look_dependent
from tests.attackers.oracle import leaves_over

TABLES = st.lists(st.lists(st.integers(0, 1), min_size=6, max_size=6), min_size=1, max_size=6)
GROUPS = st.lists(st.sets(st.integers(0, 5), min_size=1), min_size=1, max_size=6)


@given(TABLES, GROUPS)
def test_screen_when_groups_are_anything_then_finds_those_that_linear_algebra_finds(rows, groups):
    found = set(look_dependent(np.array(rows), [sorted(group) for group in groups]))
    left = {place for place, group in enumerate(groups) if leaves_over(rows, range(6), group)}
    assert found == left


def test_screen_when_a_pivot_is_not_one_then_rows_are_divided_by_it():
    """Tables of few sums seldom need it: in this one a determinant is two."""
    rows = [[1, 0, 1, 1, 0], [0, 1, 1, 0, 1], [1, 1, 0, 0, 0], [1, 1, 1, 1, 0]]
    groups = [group for size in (1, 2, 3) for group in combinations(range(5), size)]
    found = {groups[place] for place in look_dependent(np.array(rows), groups)}
    assert found == {group for group in groups if leaves_over(rows, range(5), set(group))}


def test_screen_when_there_are_more_groups_than_go_into_one_array_then_looks_at_all(monkeypatch):
    monkeypatch.setattr(screen, "AT_ONCE", 2)
    table = np.array([[1, 1, 0], [0, 0, 1]])
    assert sorted(look_dependent(table, [[0], [1], [2], [0, 1], [0, 2]])) == [2, 3, 4]
