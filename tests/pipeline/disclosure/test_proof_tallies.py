"""The attacker on distributions finds what is told too finely (PT-01 .. PT-08), with s = 3."""

import pytest

from pipeline.disclosure.proof_tallies import ProvedTally, few_unplaced


def tally(unit, *at_least, unplaced):
    return ProvedTally(wave_no=1, measure_no=1, unit_id=unit, at_least=at_least, unplaced=unplaced)


@pytest.mark.parametrize(
    ("what", "tallies", "found"),
    [
        ("PT-01 in steps, three left open", [tally("A", 6, 0, unplaced=4)], 0),
        ("PT-02 an exact count", [tally("A", 5, 0, unplaced=5)], 1),
        ("PT-03 two left open", [tally("A", 6, 3, unplaced=2)], 1),
        (
            "PT-04 a part's rest is as coarse",
            [tally("A", 9, 3, unplaced=12), tally("A/B", 3, 3, unplaced=5), tally("A/C", 3, 0, unplaced=4)],
            0,
        ),
        ("PT-05 nothing is left but who is not placed", [tally("A", 6, unplaced=5), tally("A/B", 6, unplaced=4)], 0),
        (
            "PT-07 the rest leaves nobody open",
            [tally("A", 9, 3, unplaced=9), tally("A/B", 3, 3, unplaced=5), tally("A/B/C", 3, 0, unplaced=3)],
            1,
        ),
        ("PT-08 the part is the whole: nobody is left", [tally("A", 3, unplaced=4), tally("A/B", 3, unplaced=4)], 0),
        ("PT-06 more in the part than in the whole", [tally("A", 3, unplaced=8), tally("A/B", 6, unplaced=4)], 1),
    ],
)  # fmt: skip
def test_tallies_when_subtracted_then_what_is_told_too_finely_is_found(what, tallies, found):
    assert sum(few_unplaced(tallies, {1: 3})) == found, what
