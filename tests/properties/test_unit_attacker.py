"""Whoever adds and subtracts shown unit numbers, knowing one PM's own, never gets at a single PM."""

from fractions import Fraction
from itertools import product

from hypothesis import given, settings
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


def rank(rows):
    rows = [list(map(Fraction, row)) for row in rows]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[found:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(found, pivot)
        for other in rows[found + 1 :]:
            factor = other[column] / pivot[column]
            other[:] = [x - factor * y for x, y in zip(other, pivot, strict=True)]
        found += 1
    return found


@settings(max_examples=150)
@given(COUNTS)
def test_any_combination_when_computed_then_involves_at_least_two_unknown_pms(counts):
    """A set T of PMs is exposed if dropping its columns lowers the rank: some combination is over T alone."""
    shown, pms = shown_sets(counts)
    if not shown:
        return
    own = [pms[0]]
    for known in ([], own):
        rows = [[pm in one for pm in pms] for one in shown] + [[pm == k for pm in pms] for k in known]
        unknown = [pm for pm in pms if pm not in known]
        base = rank(rows) - len(known)
        for pm in unknown:
            rest = [index for index, other in enumerate(pms) if other != pm and other not in known]
            assert rank([[row[index] for index in rest] for row in rows]) == base, "one PM exposed"


@settings(max_examples=150)
@given(COUNTS)
def test_every_small_combination_when_nonzero_then_involves_at_least_s_pms(counts):
    shown, pms = shown_sets(counts)
    for signs in product((-1, 0, 1), repeat=min(len(shown), 6)):
        total = [sum(sign * (pm in one) for sign, one in zip(signs, shown, strict=False)) for pm in pms]
        involved = sum(1 for value in total if value)
        assert involved == 0 or involved >= S


@given(COUNTS, st.randoms())
def test_decision_when_units_come_in_any_order_then_is_the_same(counts, random):
    shuffled = dict(random.sample(list(counts.items()), len(counts)))
    assert decide_units(shuffled, min_pms=S) == decide_units(counts, min_pms=S)
