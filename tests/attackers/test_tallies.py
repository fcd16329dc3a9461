"""All worlds behind distributions: units inside one another, and points of the scale beside coded sums.

The attacker knows the units, the rule, every tally of every unit, and one PM's own place.
"""

from collections import defaultdict
from itertools import combinations_with_replacement, product

import pytest

from pipeline.disclosure.tally import TallyRule, code_tally, tell_units
from pipeline.statistics.distribution import bin_edges, place_in_bins, reachable_edges
from survey.roster import unit_lineage

S, K = 3, 4

TREES = (
    ("one team in a bundle of its own, others with the unit around them", {"A/B": 7, "A/C": 3, "A/D": 4}),
    ("nested three deep", {"A/B/C": 6, "A/B": 2, "A/D": 6}),
    ("what is left is in no bundle", {"A/B": 8, "A": 3}),
)
SHOWN = {"A", "A/B", "A/C", "A/D", "A/B/C"}


def splits(count, categories):
    """Every way in which so many PMs can be in categories."""
    return [one for one in product(range(count + 1), repeat=categories) if sum(one) == count]


def by_bundles(world):
    """As publishing tells it; a bundle takes six PMs here, so that all worlds can be looked at."""
    homes = [unit for unit, counts in world.items() for n in counts for _ in range(n)]
    places = [place for counts in world.values() for place, n in enumerate(counts) for _ in range(n)]
    totals = inside(world)
    shown = {unit: sum(totals[unit]) for unit in SHOWN & set(totals)}
    rule = TallyRule(min_pms=S, min_pms_for_distribution=6, category_count=3)
    return tuple(
        sorted((unit, tally.at_least) for unit, (tally, _) in tell_units(homes, places, shown, rule).items())
    )


def inside(world):
    totals = defaultdict(lambda: [0, 0, 0])
    for unit, counts in world.items():
        for above in unit_lineage(unit):
            totals[above] = [a + b for a, b in zip(totals[above], counts, strict=True)]
    return totals


def each_by_itself(world):
    """Weakened: every unit's own counts are coded, so that units overlap."""
    totals = inside(world)
    return tuple(
        (unit, code_tally(totals[unit], pm_count=sum(totals[unit]), min_pms=S)) for unit in sorted(totals)
    )


def exact(world):
    """Weakened: what remains of a unit after its part is told as it is."""
    return tuple((unit, tuple(counts)) for unit, counts in sorted(inside(world).items()))


def wins(tree, tell):
    """Over all that may be told: how often another PM can be put in a place, or a place be ruled out."""
    worlds = [dict(zip(tree, one, strict=True)) for one in product(*(splits(n, 3) for n in tree.values()))]
    told = defaultdict(list)
    for world in worlds:
        told[tell(world)].append(world)
    return sum(
        is_known(several, own, place, other)
        for several in told.values()
        for own in tree
        for place in range(3)
        for other in tree
        if any(world[own][place] for world in several)
    )


def is_known(several, own, place, other):
    left = [world[other] for world in several if world[own][place]]
    if own == other:
        left = [[n - (at == place) for at, n in enumerate(one)] for one in left]
    everybody = sum(left[0])
    ruled_out = any(not any(one[at] for one in left) for at in range(3))
    placed = any(all(one[at] == everybody for one in left) for at in range(3))
    return everybody > 0 and (ruled_out or placed)


@pytest.mark.parametrize(("what", "tree"), TREES)
def test_exhaustive_attacker_when_one_pm_is_known_then_no_unit_tells_where_another_is(what, tree):
    assert wins(tree, by_bundles) == 0, what


def test_exhaustive_attacker_when_counts_are_exact_then_succeeds():
    assert wins(TREES[2][1], exact) > 0


def test_exhaustive_attacker_when_units_overlap_then_subtracts_one_from_the_other():
    assert wins(TREES[2][1], each_by_itself) > 0


def test_attacker_when_few_could_reach_a_bin_then_a_count_in_it_names_them():
    """Ten PMs, of whom three have many raters: only these could be above 4.5."""
    weights = [0.9] * 3 + [0.6] * 7
    lows, highs = ([3.6 + weight * (end - 3.6) for weight in weights] for end in (1.33, 4.67))
    edges = bin_edges(low=1, high=5)
    guesses = [4.55] * 3 + [3.8] * 7

    def told(borders):
        counts = [0] * (len(borders) - 1)
        for place in place_in_bins(guesses, borders):
            counts[place] += 1
        return code_tally(counts, pm_count=10, min_pms=S).at_least

    could_be_there = [place_in_bins([high], edges)[0] == len(edges) - 2 for high in highs]
    assert told(edges)[-1] == sum(could_be_there) == 3, "weakened: the three are named"
    safe = reachable_edges(edges, lows, highs)
    assert all(place_in_bins([high], safe)[0] == len(safe) - 2 for high in highs)
    assert all(place_in_bins([low], safe)[0] == 0 for low in lows)


def possible_answers(tell_points):
    """Of one block of four among seven that all but agree on 5, in the world where the four said 3 each.

    What the attacker knows: each block's coded sum, and how often each point was ticked in the unit of 32 ratings.
    """
    near_top = [(5, 5, 5, 5), (4, 5, 5, 5)]
    ours = [one for one in combinations_with_replacement(range(1, 6), K) if sum(one) == 12]
    worlds = [(own, others) for own in ours for others in product(near_top, repeat=7)]
    true = tell_points((3, 3, 3, 3), ((5, 5, 5, 5),) * 7)
    return {answer for own, others in worlds if tell_points(own, others) == true for answer in own}


def coded_points(own, others):
    ticked = [*own, *(point for block in others for point in block)]
    counts = [ticked.count(point) for point in range(1, 6)]
    return code_tally(counts, pm_count=len(ticked), min_pms=K)


def test_attacker_when_points_of_the_scale_are_told_then_learns_what_a_whole_block_said():
    """Why how often a point was ticked is not shown, however it is coded (decision 77)."""
    assert possible_answers(coded_points) == {3}
    assert possible_answers(lambda own, others: None) == {1, 2, 3, 4, 5}
