"""What stands in a release's rows as numbers: which waves may be shown on a day, and what each number is called."""

from datetime import date

import pytest

from pipeline.release_rows import Names
from pipeline.released import AT_ONCE, Measure

DAY = date(2026, 12, 7)
NAMES = Names(
    waves=[
        {"wave_no": 7, "wave_id": "team/2026Q1", "unit_date": AT_ONCE},
        {"wave_no": 2, "wave_id": "team/2026Q2", "unit_date": DAY},
    ],
    measures=[{"measure_no": 5, "measure": "trait", "measure_id": "focus"}],
)


@pytest.mark.parametrize(
    ("day", "wave_id", "shown"),
    [
        (date(2026, 12, 6), "", [7]),
        (DAY, "", [7, 2]),
        (date.max, "", [7, 2]),
        (DAY, "team/2026Q2", [2]),
        (date(2026, 12, 6), "team/2026Q2", []),
        (DAY, "team/2026Q3", []),
    ],
)
def test_waves_when_a_day_is_asked_for_then_are_those_shown_by_time(day, wave_id, shown):
    assert NAMES.waves_until(day, wave_id) == shown


def test_measures_when_asked_for_by_kind_then_are_their_numbers():
    assert NAMES.measures_of((Measure.TRAIT,)) == NAMES.measures_of(tuple(Measure)) == [5]
    assert NAMES.measures_of((Measure.ITEM, Measure.EVENT)) == []


def test_row_when_named_then_has_no_number_of_a_name_left():
    wave = {"wave_id": "team/2026Q2"}
    change = NAMES.named({"wave_no": 2, "since_wave_no": 7, "trait_no": 5, "kind_no": 1})
    assert change == {**wave, "since_wave_id": "team/2026Q1", "trait_id": "focus", "kind_no": 1}
    cell = NAMES.named({"wave_no": 2, "measure_no": 5, "score": 3.5})
    assert cell == {**wave, "measure": "trait", "measure_id": "focus", "score": 3.5}
