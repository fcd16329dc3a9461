"""Which units may be shown (UN-01 .. UN-09), with s = 3."""

import pytest

from pipeline.disclosure.units import decide_units
from pipeline.release import Reason

FEW, PROTECTS = Reason.TOO_FEW_PMS, Reason.PROTECTS_OTHERS


@pytest.mark.parametrize(
    ("what", "counts", "reasons"),
    [
        ("UN-01 three PMs: shown", {"A": 3}, {"A": None}),
        ("UN-02 two PMs: hidden", {"A": 2}, {"A": FEW}),
        ("UN-03 all in one part: nothing is left over", {"A/B": 3}, {"A": None, "A/B": None}),
        ("UN-04 two left over: the part is hidden", {"A": 2, "A/B": 3}, {"A": None, "A/B": PROTECTS}),
        (
            "UN-05 two left over in a hidden sibling: the smallest part is hidden",
            {"A/B": 3, "A/C": 4, "A/D": 2},
            {"A": None, "A/B": PROTECTS, "A/C": None, "A/D": FEW},
        ),
        (
            "UN-06 a hidden part's own parts stay, if what is left then is enough",
            {"A/B": 3, "A/B/C": 3, "A": 1},
            {"A": None, "A/B": PROTECTS, "A/B/C": None},
        ),
        (
            "UN-07 hiding a part that is only its parts helps nothing: they go too",
            {"A/B/C": 3, "A": 1},
            {"A": None, "A/B": PROTECTS, "A/B/C": PROTECTS},
        ),
        (
            "UN-08 a part that would have to go for a unit that is hidden itself stays",
            {"A": 2, "A/B": 1, "A/B/C": 3, "A/D": 5},
            {"A": None, "A/B": PROTECTS, "A/B/C": None, "A/D": None},
        ),
    ],
)
def test_units_when_decided_then_follow_the_table(what, counts, reasons):
    assert decide_units(counts, min_pms=3) == reasons, what


def test_units_when_one_is_hidden_anyway_then_its_parts_are_decided_without_it():
    """UN-09."""
    decided = decide_units({"A": 3, "A/B": 1, "A/B/C": 3}, min_pms=3, hidden={"A/B"})
    assert decided == {"A": None, "A/B": PROTECTS, "A/B/C": None}
