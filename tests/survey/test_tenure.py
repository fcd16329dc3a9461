"""Six weeks together, by the dates of the roster."""

from datetime import date

import pytest

from survey.roster import Person, make_roster
from survey.tenure import find_newcomers

ON, ENDS_ON = date(2026, 12, 11), date(2026, 12, 31)


def record(first: str, last: str | None = None) -> Person:
    return Person(
        person_id="ann", name="", email="", manager_id="", org_unit="Product", role="pm", level="", pm_type="",
        stage="", active_from=date.fromisoformat(first), active_to=date.fromisoformat(last) if last else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("records", "is_new"),
    [
        ([record("2025-01-01")], False),
        ([record("2026-11-19")], False),
        ([record("2026-11-20")], True),
        ([record("2025-01-01", "2026-11-30"), record("2026-12-01")], False),
        ([record("2025-01-01", "2026-11-29"), record("2026-12-01")], True),
        (
            [record("2025-01-01", "2025-06-30"), record("2026-01-01", "2026-11-30"), record("2026-12-01")],
            False,
        ),
        ([record("2025-01-01", "2026-06-30")], False),
        ([record("2027-01-01")], False),
        ([record("2026-12-01", "2026-12-10"), record("2026-12-11"), record("2027-01-01")], True),
    ],
)
def test_who_is_there_for_less_than_six_weeks_at_the_end_is_new(records, is_new):
    assert find_newcomers(make_roster(records), ON, ENDS_ON) == (
        frozenset({"ann"}) if is_new else frozenset()
    )
