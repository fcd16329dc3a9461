"""Who may open what: a truth table."""

import pytest

from dashboard.access import HR, Role, Viewer, may_open_unit, may_read, personas, units_in_scope

LEAD = Viewer(role=Role.LEAD, person_id="", unit_id="Product/Growth", name="Lead of Growth")
PM = Viewer(role=Role.PM, person_id="p-ada", unit_id="", name="PM: Ada Example")


@pytest.mark.parametrize(
    ("viewer", "unit_id", "may"),
    [
        (HR, "Product", True),
        (HR, "Product/Growth/Activation", True),
        (LEAD, "Product/Growth", True),
        (LEAD, "Product/Growth/Activation", True),
        (LEAD, "Product", False),
        (LEAD, "Product/Platform", False),
        (LEAD, "Product/Growth-2", False),
        (PM, "Product/Growth/Activation", False),
    ],
)
def test_unit_when_asked_for_then_opens_only_in_scope(viewer, unit_id, may):
    assert may_open_unit(viewer, unit_id) is may


@pytest.mark.parametrize(("viewer", "expected"), [(HR, 5), (LEAD, 2), (PM, 0)], ids=("hr", "lead", "pm"))
def test_units_when_listed_then_each_stands_once(release, viewer, expected):
    found = units_in_scope(viewer, release.units())
    assert len(found) == len({unit.unit_id for unit in found}) == expected


def test_instrument_when_only_the_pm_answers_then_nobody_else_reads_it(instruments):
    assert may_read(PM, instruments.stage_fit)
    assert not may_read(HR, instruments.stage_fit)
    assert not may_read(LEAD, instruments.stage_fit)
    assert may_read(HR, instruments.three_lenses)
    assert not may_read(PM, instruments.three_lenses)


def test_personas_when_listed_then_are_hr_leads_and_pms_of_the_release(release):
    found = personas(release.subjects(), release.units(), is_made_up=True)
    ids = [viewer.viewer_id for viewer in found]
    assert ids[:2] == ["hr", "lead:Product"]
    assert ids[-4:] == ["pm:p-ada", "pm:p-bo", "pm:p-noa", "pm:p-sam"]
    assert len(ids) == len(set(ids)) == 1 + 5 + 4


def test_personas_when_the_people_are_real_then_are_hr_alone(release):
    assert personas(release.subjects(), release.units(), is_made_up=False) == (HR,)
