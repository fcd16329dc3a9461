"""The turnover guard: whose raters may have changed by exactly one, and what their block becomes then."""

import pytest

from pipeline.disclosure.blocks import Membership, form_blocks
from pipeline.disclosure.turnover import may_have_changed_by_one


@pytest.mark.parametrize(
    ("what", "before", "now", "is_guarded"),
    [
        ("one left", 5, 4, True),
        ("one came, or two came and one left: nobody can say", 4, 5, True),
        ("nobody changed, or one for one", 4, 4, False),
        ("two left", 6, 4, False),
    ],
)
def test_turnover_when_raters_may_have_changed_by_one_then_the_subject_is_guarded(
    what, before, now, is_guarded
):
    assert may_have_changed_by_one({1: before}, {1: now}) == ({1} if is_guarded else set()), what


def test_turnover_when_there_was_no_block_before_then_nothing_is_guarded():
    assert may_have_changed_by_one({1: 4}, {2: 5}) == frozenset()


def test_guarded_subject_when_blocks_are_formed_then_is_shown_with_the_rest_of_its_unit():
    several = [
        Membership(subject_no=no, unit_id="A", rater_count=5, raters=frozenset(range(5))) for no in (1, 2, 3)
    ]
    found = form_blocks(several, min_raters=4, guarded={1, 2})
    assert [(block.subjects, block.is_rest) for block in found.blocks] == [((3,), False), ((1, 2), True)]
    assert form_blocks(several, min_raters=4, guarded={1}).withheld == (1,)
