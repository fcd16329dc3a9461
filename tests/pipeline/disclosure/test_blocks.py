"""Who is published together (BL-01 .. BL-08), with k = 4."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclosure.blocks import Membership, count_raters, form_blocks
from survey.roster import unit_lineage

K = 4


def member(subject_no, unit_id, raters, *, is_named=True):
    names = frozenset(raters) if is_named else frozenset()
    return Membership(subject_no=subject_no, unit_id=unit_id, rater_count=len(raters), raters=names)


def told(memberships):
    found = form_blocks(memberships, min_raters=K)
    return (
        [("rest" if block.is_rest else "own", block.unit_id, block.subjects) for block in found.blocks],
        list(found.withheld),
    )


@pytest.mark.parametrize(
    ("what", "memberships", "blocks", "withheld"),
    [
        ("BL-01 enough raters: an own block", [member(1, "A", range(4))], [("own", "A", (1,))], []),
        ("BL-02 too few and alone: withheld", [member(1, "A", range(3))], [], [1]),
        (
            "BL-03 two with too few, enough together: the unit's rest",
            [member(1, "A", [1, 2]), member(2, "A", [3, 4])],
            [("rest", "A", (1, 2))],
            [],
        ),
        (
            "BL-04 the same people twice are not more people",
            [member(1, "A", [1, 2, 3]), member(2, "A", [1, 2, 3])],
            [],
            [1, 2],
        ),
        (
            "BL-05 nobody is named: they may be the same people",
            [member(1, "A", [1, 2], is_named=False), member(2, "A", [3, 4], is_named=False)],
            [],
            [1, 2],
        ),
        (
            "BL-06 the rest moves up until it is enough",
            [member(1, "A/B", [1, 2]), member(2, "A/C", [3, 4]), member(3, "A/C", range(10, 15))],
            [("own", "A/C", (3,)), ("rest", "A", (1, 2))],
            [],
        ),
        (
            "BL-07 a rest that is enough stays; what is above does not get it",
            [member(1, "A/B", [1, 2]), member(2, "A/B", [3, 4]), member(3, "A", [5, 6])],
            [("rest", "A/B", (1, 2))],
            [3],
        ),
        ("BL-08 no unit to fall back on: withheld", [member(1, "", [1]), member(2, "", range(5, 9))],
         [("own", "", (2,))], [1]),
    ],
)  # fmt: skip
def test_blocks_when_formed_then_follow_the_table(what, memberships, blocks, withheld):
    assert told(memberships) == (blocks, withheld), what


def test_count_raters_when_there_is_nobody_then_is_zero():
    assert count_raters([]) == 0


UNITS = ["", "A", "A/B", "A/B/C", "A/D", "E", "E/F"]
MEMBERSHIPS = st.lists(
    st.tuples(
        st.sampled_from(UNITS), st.frozensets(st.integers(1, 12), min_size=1, max_size=7), st.booleans()
    ),
    max_size=12,
).map(
    lambda rows: [member(no, unit, raters, is_named=named) for no, (unit, raters, named) in enumerate(rows)]
)


@given(MEMBERSHIPS, st.randoms())
def test_blocks_when_formed_from_anything_then_hold_their_promise(memberships, random):
    found = form_blocks(memberships, min_raters=K)
    by_no = {one.subject_no: one for one in memberships}
    placed = [subject for block in found.blocks for subject in block.subjects]
    assert sorted([*placed, *found.withheld]) == sorted(by_no), "everyone exactly once"
    for block in found.blocks:
        assert block.rater_count >= K
        assert block.rater_count == count_raters(by_no[subject] for subject in block.subjects)
        assert (len(block.subjects) >= 2) is block.is_rest
        for subject in block.subjects:
            assert block.unit_id in unit_lineage(by_no[subject].unit_id) or not block.is_rest
    shuffled = random.sample(memberships, len(memberships))
    assert form_blocks(shuffled, min_raters=K) == found, "order does not matter"
