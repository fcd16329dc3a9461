"""Tallies (TA-01 .. TA-19): whatever is shown, any PM may still be anywhere."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclosure.tally import (
    Tally,
    TallyRule,
    add_tallies,
    bundle_units,
    can_tell_few,
    code_tally,
    tell_units,
)

COUNTS = st.lists(st.integers(0, 12), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("what", "counts", "pms", "shown"),
    [
        ("TA-01 one and none look alike", [1, 9, 0], 10, (0, 6, 0)),
        ("TA-02 all in one: that is not told", [10, 0], 10, (6, 0)),
        ("TA-03 steps of three", [5, 8, 2], 15, (3, 6, 0)),
        ("TA-04 nobody left over: the fullest gives way, the first of two", [6, 6], 12, (3, 6)),
        ("TA-05 many in no category", [3, 0], 12, (3, 0)),
        ("TA-06 as few as can be", [3], 3, (0,)),
    ],
)
def test_tally_when_coded_then_follows_the_table(what, counts, pms, shown):
    assert code_tally(counts, pm_count=pms, min_pms=3) == Tally(at_least=shown, unplaced=pms - sum(shown)), (
        what
    )


def test_tally_when_there_are_too_few_pms_then_is_refused():
    """TA-07."""
    with pytest.raises(ValueError, match="at least 3"):
        code_tally([2], pm_count=2, min_pms=3)


def worlds(pms: int, categories: int):
    return (one for one in product(range(pms + 1), repeat=categories) if sum(one) == pms)


def told(code, pms: int, categories: int) -> int:
    """How often an attacker who knows one PM's place can say of another where they are, or are not."""
    possible = defaultdict(list)
    for world in worlds(pms, categories):
        possible[code(world)].append(world)
    wins = 0
    for several in possible.values():
        for own in range(categories):
            left = [[n - (place == own) for place, n in enumerate(one)] for one in several if one[own]]
            wins += any(not any(one[place] for one in left) for place in range(categories) if left)
            wins += any(all(one[place] == pms - 1 for one in left) for place in range(categories) if left)
    return wins


@pytest.mark.parametrize(("pms", "categories", "s"), [(10, 4, 3), (11, 3, 3), (12, 4, 4), (13, 3, 5)])
def test_tally_when_one_place_is_known_then_any_other_pm_may_be_anywhere(pms, categories, s):
    """TA-08: all worlds; the same attacker wins against counts as they are, and against rounding alone."""
    assert told(lambda world: code_tally(world, pm_count=pms, min_pms=s), pms, categories) == 0
    assert told(lambda world: world, pms, categories) > 0
    assert told(lambda world: tuple(n // 2 for n in world), pms, categories) > 0


@given(COUNTS, st.integers(0, 9), st.integers(3, 10))
def test_tally_when_coded_then_never_says_more_than_is_there(counts, others, s):
    """TA-09."""
    pms = sum(counts) + others
    if pms >= s:
        found = code_tally(counts, pm_count=pms, min_pms=s)
        assert all(shown <= n and shown % s == 0 for shown, n in zip(found.at_least, counts, strict=True))
        assert found.unplaced >= s
        assert sum(found.at_least) + found.unplaced == pms
        if can_tell_few(pms, category_count=len(counts), min_pms=s):
            assert all(n < s for shown, n in zip(found.at_least, counts, strict=True) if not shown)


@pytest.mark.parametrize(("pms", "can_tell"), [(12, True), (11, False)])
def test_few_when_there_are_too_few_pms_then_cannot_be_told(pms, can_tell):
    """Of eleven PMs three, three and three: a category with three has to be given up."""
    found = code_tally([3, 3, 3], pm_count=pms, min_pms=3)
    assert (0 not in found.at_least) is can_tell is can_tell_few(pms, category_count=3, min_pms=3)


@pytest.mark.parametrize(
    ("what", "counts", "shown", "bundles"),
    [
        ("TA-10 one unit", {"A": 10}, {"A"}, {"A": "A"}),
        ("TA-11 too few", {"A": 9}, {"A"}, {"A": ""}),
        ("TA-12 not shown itself: with the unit around it", {"A/B": 12}, {"A"}, {"A/B": "A"}),
        (
            "TA-13 what is left is too few: in no bundle",
            {"A/B": 10, "A": 9},
            {"A", "A/B"},
            {"A/B": "A/B", "A": ""},
        ),
        ("TA-14 small ones together", {"A/B": 5, "A/C": 5}, {"A", "A/B", "A/C"}, {"A/B": "A", "A/C": "A"}),
        ("TA-15 two trees", {"A": 10, "B": 3}, {"A", "B"}, {"A": "A", "B": ""}),
        ("TA-18 nobody is left above", {"A/B": 10}, {"A", "A/B"}, {"A/B": "A/B"}),
        (
            "TA-16 three levels",
            {"A/B/C": 10, "A/B": 10, "A": 10},
            {"A", "A/B/C"},
            {"A/B/C": "A/B/C", "A/B": "A", "A": "A"},
        ),
    ],
)
def test_bundles_when_made_then_follow_the_table(what, counts, shown, bundles):
    assert bundle_units(counts, shown, min_pms=10) == bundles, what


def test_tallies_when_added_then_each_category_and_the_unplaced_are_sums():
    bundles = [Tally(at_least=(3, 0), unplaced=7), Tally(at_least=(3, 6), unplaced=3)]
    assert add_tallies(bundles) == Tally(at_least=(6, 6), unplaced=10)
    assert add_tallies(bundles, others=4).unplaced == 14


def test_units_when_told_then_larger_ones_add_up_bundles_and_say_whether_none_means_few():
    """TA-17: 16 PMs in a bundle of their own, 4 in none; who is in no category is unplaced."""
    homes = ["A/B"] * 16 + ["A/C"] * 4
    places = [0] * 7 + [1] * 2 + [-1] * 7 + [1] * 4
    rule = TallyRule(min_pms=3, min_pms_for_distribution=10, category_count=2)
    found = tell_units(homes, places, {"A": 22, "A/B": 16, "A/C": 4}, rule)
    assert found == {
        "A/B": (Tally(at_least=(6, 0), unplaced=10), True),
        "A": (Tally(at_least=(6, 0), unplaced=16), True),
    }
    six = TallyRule(min_pms=3, min_pms_for_distribution=10, category_count=6)
    assert [can_tell for _, can_tell in tell_units(homes, places, {"A": 22}, six).values()] == [False]


@pytest.mark.parametrize(("pms", "told"), [(2, set()), (9, set()), (10, {"A"})])
def test_units_when_too_few_pms_are_left_for_a_bundle_then_nothing_is_told(pms, told):
    """TA-19."""
    rule = TallyRule(min_pms=3, min_pms_for_distribution=10, category_count=2)
    assert tell_units(["A"] * pms, [0] * pms, {"A": pms}, rule).keys() == told
