"""Slices by PM type and stage (SL-01 .. SL-08), and that no combination with units tells on few PMs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclosure.slices import SlicedBlock, decide_slices
from pipeline.disclosure.units import decide_units
from pipeline.release import Reason
from survey.roster import unit_lineage
from tests.attackers.oracle import fewest_left_over

FEW, PROTECTS = Reason.TOO_FEW_PMS, Reason.PROTECTS_OTHERS


def block(unit, pm_type="", stage="", pm_count=1):
    values = {"pm_type": pm_type, "stage": stage}
    return SlicedBlock(unit_id=unit, pm_count=pm_count, values={k: v for k, v in values.items() if v})


def several(text):
    """`A:b2b/early*3` is three blocks of a PM each."""
    for word in text.split():
        unit, _, rest = word.partition(":")
        kinds, _, count = rest.partition("*")
        pm_type, _, stage = kinds.partition("/")
        yield from [block(unit, pm_type, stage)] * int(count or 1)


@pytest.mark.parametrize(
    ("what", "blocks", "units", "reasons"),
    [
        ("SL-01 three PMs: shown", "A:b2b*3", (), {"b2b": None}),
        ("SL-02 two PMs: hidden", "A:b2b*2", (), {"b2b": FEW}),
        ("SL-03 two left over of a unit: hidden", "A:b2b*3 A:b2c*2", ("A",), {"b2b": PROTECTS, "b2c": FEW}),
        ("SL-04 the same, but the unit is not shown", "A:b2b*3 A:b2c*2", (), {"b2b": None, "b2c": FEW}),
        (
            "SL-05 one PM outside the unit tells the difference",
            "A:b2b*4 A/B:b2b*3",
            ("A", "A/B"),
            {"b2b": None},
        ),
        ("SL-06 a slice that is the unit and one more", "A:b2b*4 C:b2b", ("A",), {"b2b": PROTECTS}),
        (
            "SL-07 stages that cut types in ones: only the first kind is shown",
            "A:b2b/early*2 A:b2b/growth A:b2c/early A:b2c/growth*2",
            ("A",),
            {"b2b": None, "b2c": None, "early": PROTECTS, "growth": PROTECTS},
        ),
        (
            "SL-08 stages that cut types in threes: all are shown",
            "A:b2b/early*3 A:b2b/growth*3 A:b2c/early*3 A:b2c/growth*3",
            ("A",),
            {"b2b": None, "b2c": None, "early": None, "growth": None},
        ),
        (
            "SL-10 the largest comes first, and leaves too few for another",
            "A:b2b*3 A:b2c*4 A:growth*2",
            ("A",),
            {"b2c": None, "b2b": PROTECTS, "growth": FEW},
        ),
        (
            "SL-09 stages alone, where PM types are unknown",
            "A:/early*3 A:/growth*3",
            ("A",),
            {"early": None, "growth": None},
        ),
    ],
)
def test_slices_when_decided_then_follow_the_table(what, blocks, units, reasons):
    decided = decide_slices(several(blocks), units, min_pms=3)
    assert {value: reason for (_, value), reason in decided.items()} == reasons, what


def test_slices_when_a_rest_block_is_mixed_then_it_lies_in_none_and_is_never_split():
    mixed = block("A", stage="early", pm_count=3)
    decided = decide_slices([*several("A:b2b/early*3"), mixed], ("A",), min_pms=3)
    assert decided == {("pm_type", "b2b"): None, ("stage", "early"): None}
    assert decide_slices([*several("A:b2b/early*3"), block("A", pm_count=2)], ("A",), min_pms=3) == {
        ("pm_type", "b2b"): PROTECTS,
        ("stage", "early"): PROTECTS,
    }


def test_slices_when_one_is_hidden_anyway_then_others_are_decided_without_it():
    blocks = list(several("A:b2b/early*2 A:b2b/growth A:b2c/early A:b2c/growth*2"))
    types = {("pm_type", "b2b"), ("pm_type", "b2c")}
    decided = decide_slices(blocks, ("A",), min_pms=3, hidden=types)
    assert {value: reason for (_, value), reason in decided.items()} == {
        "b2b": PROTECTS,
        "b2c": PROTECTS,
        "early": None,
        "growth": None,
    }


BLOCKS = st.lists(
    st.builds(
        block,
        st.sampled_from(["A", "A/B", "A/B/C", "D"]),
        st.sampled_from(["", "b2b", "b2c"]),
        st.sampled_from(["", "early", "growth"]),
        st.sampled_from([1, 1, 1, 2]),
    ),
    min_size=3,
    max_size=12,
)


def table(blocks, units, slices):
    """One row per shown number, one column per PM."""
    pms = [one for one in blocks for _ in range(one.pm_count)]
    rows = [[int(unit in unit_lineage(pm.unit_id)) for pm in pms] for unit in units]
    return rows + [[int(pm.values.get(kind) == value) for pm in pms] for kind, value in slices], len(pms)


def shown_of(blocks):
    counts = {}
    for one in blocks:
        counts[one.unit_id] = counts.get(one.unit_id, 0) + one.pm_count
    units = [unit for unit, reason in decide_units(counts, min_pms=3).items() if reason is None]
    decided = decide_slices(blocks, units, min_pms=3)
    return units, [one for one, reason in decided.items() if reason is None], decided


@given(BLOCKS)
def test_any_combination_of_units_and_slices_when_not_zero_then_involves_three_pms(blocks):
    units, slices, _ = shown_of(blocks)
    rows, count = table(blocks, units, slices)
    assert not rows or fewest_left_over(rows, range(count), 2) is None


@given(BLOCKS)
def test_a_slice_that_is_hidden_to_protect_others_when_it_were_shown_then_would_tell_on_few(blocks):
    """The test of the test: nothing is hidden without need (a later one may have made it needed)."""
    units, slices, decided = shown_of(blocks)
    for one, reason in decided.items():
        if reason is PROTECTS:
            rows, count = table(blocks, units, [*slices, one])
            assert fewest_left_over(rows, range(count), 2) is not None


@given(BLOCKS, st.randoms())
def test_slices_when_blocks_come_in_any_order_then_are_the_same(blocks, random):
    units, _, decided = shown_of(blocks)
    assert decide_slices(random.sample(blocks, len(blocks)), units, min_pms=3) == decided
