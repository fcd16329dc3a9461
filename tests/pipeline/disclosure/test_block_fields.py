"""What a block says of itself: its raters, those who are known, its people, and where it ends."""

from pipeline.disclosure.blocks import Block, Membership, count_raters, form_blocks


def membership(number, unit, raters, known=()):
    return Membership(
        subject_no=number,
        unit_id=unit,
        rater_count=len(raters),
        known_count=len(known),
        raters=frozenset(raters),
        known=frozenset(known),
    )


def test_block_when_it_is_a_subjects_own_then_says_who_counts_and_who_is_known():
    found = form_blocks([membership(1, "A", range(5), known=(8, 9))], min_raters=4)
    assert found.blocks == (
        Block(unit_id="A", subjects=(1,), rater_count=5, known_count=2, pm_count=1, is_rest=False),
    )


def test_block_when_it_is_the_rest_of_a_unit_then_known_people_count_once_and_nowhere_else():
    several = [membership(2, "A/B", (1, 2, 9), known=(8,)), membership(1, "A/B", (3, 4, 5), known=(8, 9))]
    found = form_blocks(several, min_raters=4)
    assert found.blocks == (
        Block(unit_id="A/B", subjects=(1, 2), rater_count=5, known_count=2, pm_count=2, is_rest=True),
    )


def test_rest_blocks_when_several_units_have_one_then_come_by_unit():
    several = [
        membership(number, unit, (2 * number, 2 * number + 1))
        for number, unit in enumerate(("B/C", "B/C", "A", "A"))
    ]
    found = form_blocks(several, min_raters=4)
    assert [block.unit_id for block in found.blocks] == ["A", "B/C"]


def test_count_when_nobody_is_named_then_whoever_is_known_elsewhere_may_be_among_them():
    unnamed = Membership(subject_no=1, unit_id="A", rater_count=5)
    assert count_raters([unnamed, membership(2, "A", (), known=(8, 9))]) == 3
    assert count_raters([unnamed]) == 5
