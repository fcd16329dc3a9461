"""Each kind of change, told once and under its own name."""

from dataclasses import replace
from datetime import date

import pytest

from survey.roster import Person, Roster, make_roster
from survey.roster_difference import Change, Membership, compare_rosters

DAY = date(2025, 6, 1)
ANN = Person(
    person_id="ann",
    name="Ann A",
    email="",
    manager_id="",
    org_unit="Product",
    role="pm",
    level="L5",
    pm_type="",
    stage="",
    active_from=date(2025, 1, 1),
    active_to=None,
)
NOBODY = Roster(people=())


def roster(*people: Person) -> Roster:
    return make_roster(people)


def test_a_new_person_joins_a_unit():
    difference = compare_rosters(NOBODY, roster(ANN), DAY)
    assert difference.joins == (Membership(person_id="ann", org_unit="Product"),)
    assert (difference.gained_count, difference.lost_count) == (1, 0)


def test_a_person_whose_record_has_ended_leaves():
    difference = compare_rosters(roster(ANN), roster(replace(ANN, active_to=date(2025, 5, 31))), DAY)
    assert difference.leaves == (Membership(person_id="ann", org_unit="Product"),)
    assert not difference.is_empty


@pytest.mark.parametrize(
    ("field", "kind"), [("org_unit", "moves"), ("manager_id", "manager_changes"), ("role", "role_changes")]
)
def test_a_change_is_told_under_its_own_name_and_no_other(field, kind):
    changed = replace(ANN, **{field: "other"}, active_from=DAY)
    difference = compare_rosters(roster(ANN), roster(replace(ANN, active_to=date(2025, 5, 31)), changed), DAY)
    told = {
        name for name in ("moves", "manager_changes", "role_changes", "edits") if getattr(difference, name)
    }
    assert told == {kind}
    assert getattr(difference, kind) == (Change(person_id="ann", before=getattr(ANN, field), after="other"),)


@pytest.mark.parametrize("field", ["name", "email", "level", "pm_type", "stage"])
def test_any_other_change_is_an_edit_without_its_content(field):
    difference = compare_rosters(roster(ANN), roster(replace(ANN, **{field: "other"})), DAY)
    assert difference.edits == ("ann",)


def test_a_change_of_another_day_shows_in_the_counts_only():
    past = replace(ANN, person_id="old", active_from=date(2020, 1, 1), active_to=date(2020, 12, 31))
    difference = compare_rosters(roster(ANN), roster(ANN, past), DAY)
    assert (difference.joins, difference.gained_count) == ((), 1)
    assert not difference.is_empty
