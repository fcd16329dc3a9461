"""What closing leaves in the register: counts and rest blocks, written once more after a crash."""

from dataclasses import replace
from datetime import date

import pytest

from survey.register_closing import ClosedGroup, Closing, Closings

CLOSING = Closing(
    wave_id="great-pm/2026Q4",
    closed_on=date(2026, 12, 22),
    invited=3,
    answered=2,
    withheld=1,
    groups=(
        ClosedGroup(unit_id="Product", subject_count=2, rater_count=5),
        ClosedGroup(unit_id="Product/Growth", subject_count=3, rater_count=4),
    ),
)


@pytest.fixture
def closings(register, open_wave) -> Closings:
    return Closings(register.store)


def test_closing_when_written_then_it_is_found(closings):
    assert closings.find(CLOSING.wave_id) is None
    closings.put(CLOSING)

    assert closings.find(CLOSING.wave_id) == CLOSING


def test_closing_when_written_again_then_the_later_one_counts(closings):
    closings.put(CLOSING)
    later = replace(CLOSING, withheld=0, groups=())
    closings.put(later)

    assert closings.find(CLOSING.wave_id) == later
