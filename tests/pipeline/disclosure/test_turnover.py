"""The turnover guard: whose raters changed by exactly one, and what their block becomes then."""

import pytest

from pipeline.disclosure.blocks import Membership, form_blocks
from pipeline.disclosure.turnover import changed_by_one


@pytest.mark.parametrize(
    ("what", "before", "now", "is_guarded"),
    [
        ("one left", "abcde", "abcd", True),
        ("one came", "abcd", "abcde", True),
        ("nobody changed", "abcd", "abcd", False),
        ("one for one", "abcd", "abce", False),
        ("two left", "abcdef", "abcd", False),
    ],
)
def test_turnover_when_raters_changed_by_exactly_one_then_the_subject_is_guarded(
    what, before, now, is_guarded
):
    changed = changed_by_one({1: frozenset(before)}, {1: frozenset(now)})
    assert changed == ({1} if is_guarded else set()), what


def test_turnover_when_there_was_no_block_before_then_nothing_is_guarded():
    assert changed_by_one({1: frozenset("a")}, {2: frozenset("ab")}) == frozenset()


def test_guarded_subject_when_blocks_are_formed_then_is_shown_with_the_rest_of_its_unit():
    several = [
        Membership(subject_no=no, unit_id="A", rater_count=5, raters=frozenset(range(5))) for no in (1, 2, 3)
    ]
    found = form_blocks(several, min_raters=4, guarded={1, 2})
    assert [(block.subjects, block.is_rest) for block in found.blocks] == [((3,), False), ((1, 2), True)]
    assert form_blocks(several, min_raters=4, guarded={1}).withheld == (1,)
