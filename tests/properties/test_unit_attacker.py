"""Whoever adds and subtracts shown unit numbers, knowing one PM's own, never gets at a single PM."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclosure.units import decide_units
from survey.roster import unit_lineage

S = 3
UNITS = ["A", "A/B", "A/B/C", "A/B/D", "A/E", "A/E/F", "A/G", "H", "H/I"]
COUNTS = st.dictionaries(st.sampled_from(UNITS), st.integers(1, 5), min_size=1)


def shown_sets(counts):
    """The PMs (unit, place) behind each shown unit."""
    pms = [(unit, place) for unit, count in counts.items() for place in range(count)]
    reasons = decide_units(counts, min_pms=S)
    return [
        frozenset(pm for pm in pms if unit in unit_lineage(pm[0]))
        for unit, reason in reasons.items()
        if reason is None
    ], pms


def exposed(shown, pms, known):
    """The PMs whose own number is some combination of the shown ones and of those known anyway."""
    rows = [[pm in one for pm in pms] for one in shown] + [[pm == other for pm in pms] for other in known]
    _, sizes, directions = np.linalg.svd(np.array(rows, dtype=float))
    reached = directions[: int((sizes > 1e-9).sum())]
    return {pm for pm, share in zip(pms, (reached**2).sum(axis=0), strict=True) if share > 1 - 1e-9}


@given(COUNTS)
def test_any_combination_when_an_attacker_knows_one_pm_then_tells_of_no_other(counts):
    shown, pms = shown_sets(counts)
    if shown:
        assert exposed(shown, pms, []) == set()
        for own in pms:
            assert exposed(shown, pms, [own]) == {own}


@given(COUNTS)
def test_every_sum_and_difference_when_nonzero_then_involves_at_least_s_pms(counts):
    shown, pms = shown_sets(counts)
    if shown:
        members = np.array([[pm in one for pm in pms] for one in shown], dtype=int)
        signs = np.array(list(product((-1, 0, 1), repeat=len(shown))))
        involved = (signs @ members != 0).sum(axis=1)
        assert set(involved[involved < S]) <= {0}


@given(COUNTS, st.randoms())
def test_decision_when_units_come_in_any_order_then_is_the_same(counts, random):
    shuffled = dict(random.sample(list(counts.items()), len(counts)))
    assert decide_units(shuffled, min_pms=S) == decide_units(counts, min_pms=S)
