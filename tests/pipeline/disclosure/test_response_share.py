"""Which units' response share is told, and how coarsely (RS-01 .. RS-10), with k = 4 and s = 3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclosure.response_share import told_percent, told_shares

K, S = 4, 3


def shares(asked, answered):
    """Of PMs named by their unit and a number: `A/B 1`."""
    units = {pm: pm.partition(" ")[0] for pm in asked}
    return told_shares(asked, answered, units, min_raters=K, min_pms=S)


@pytest.mark.parametrize(
    ("what", "asked", "answered", "told"),
    [
        ("RS-01 in steps of k, then of five per cent", [8, 8, 8], {"A": 15}, {"A": 50}),
        ("RS-02 all answered: k may be missing", [8, 8, 8], {"A": 24}, {"A": 80}),
        ("RS-03 more than were asked", [8, 8, 8], {"A": 30}, {"A": 80}),
        ("RS-04 fewer PMs than s", [8, 8], {"A": 16}, {}),
        ("RS-05 the score is hidden", [8, 8, 8], {}, {}),
        ("RS-06 nothing to tell", [8, 8, 8], {"A": 3}, {}),
        ("RS-10 79 per cent is not yet 80", [40, 40, 41], {"A": 96}, {"A": 75}),
    ],
)
def test_share_when_of_one_unit_then_is_told_as_the_table_says(what, asked, answered, told):
    assert shares({f"A {no}": count for no, count in enumerate(asked)}, answered) == told, what


@pytest.mark.parametrize(
    ("what", "parts", "told"),
    [
        ("RS-07 the rest has enough PMs", {"A": 3, "A/B": 3}, {"A", "A/B"}),
        ("RS-08 the rest is one PM about whom nobody answered", {"A": 1, "A/B": 3}, {"A"}),
        ("RS-09 there is no rest", {"A/B": 3}, {"A", "A/B"}),
    ],
)
def test_share_when_units_lie_inside_one_another_then_no_rest_is_of_few_pms(what, parts, told):
    asked = {f"{unit} {no}": 10 for unit, count in parts.items() for no in range(count)}
    assert set(shares(asked, {"A": 20, "A/B": 20})) == told, what


@given(
    st.integers(1, 400).flatmap(lambda asked: st.tuples(st.integers(0, asked), st.just(asked))),
    st.integers(3, 10),
)
def test_share_when_the_number_of_answers_is_known_then_k_may_still_not_have_answered(counts, k):
    answered, asked = counts
    percent = told_percent(answered, asked, min_raters=k)
    assert percent <= 100 * answered / asked
    assert percent == 0 or 100 * answered // percent - answered >= k
