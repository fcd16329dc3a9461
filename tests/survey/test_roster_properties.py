"""What holds for every roster: it survives its stores, and differences are fair to both sides."""

import tempfile
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.register import open_register
from survey.roster import PM_TYPES, STAGES, Person, Roster, make_roster
from survey.roster_difference import compare_rosters
from survey.roster_file import read_roster, render_roster

pytestmark = pytest.mark.thorough

FIRST_DAY = date(2024, 1, 1)
UNITS = ("Product", "Product/Growth", "Product/Growth/Activation", "Plattform/Ähnlich", "Data")
NAMES = (
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf")), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def people(draw: st.DrawFn, number: int) -> list[Person]:
    """One person over one to three spans; managers have lower numbers, so there is no circle."""
    bounds = sorted(draw(st.sets(st.integers(0, 600), min_size=2, max_size=4)))
    is_last_open = draw(st.booleans())
    records = []
    for start, end in pairwise(bounds):
        role = draw(st.sampled_from(("pm", "engineer", "Designer")))
        records.append(
            Person(
                person_id=f"p{number}",
                name=draw(NAMES),
                email=draw(st.sampled_from(("", f"p{number}@example.org"))),
                manager_id=f"p{draw(st.integers(0, number - 1))}" if number and draw(st.booleans()) else "",
                org_unit=draw(st.sampled_from(UNITS)),
                role=role,
                level=draw(st.sampled_from(("", "L5", "Senior 2", "IC-4"))),
                pm_type=draw(st.sampled_from(("", *PM_TYPES))) if role == "pm" else "",
                stage=draw(st.sampled_from(("", *STAGES))) if role == "pm" else "",
                active_from=FIRST_DAY + timedelta(days=start),
                active_to=None if end == bounds[-1] and is_last_open else FIRST_DAY + timedelta(days=end - 1),
                language=draw(st.sampled_from(("", "de", "pt-br"))),
            )
        )
    return records


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    numbers = range(draw(st.integers(1, 6)))
    return make_roster(record for number in numbers for record in draw(people(number)))


DAYS = st.integers(0, 700).map(lambda days: FIRST_DAY + timedelta(days=days))


@QUICK
@given(rosters())
def test_a_roster_written_as_csv_is_read_back_the_same(roster):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        path.write_text(render_roster(roster), encoding="utf-8", newline="")
        assert read_roster(path) == roster


@settings(QUICK, max_examples=20)
@given(rosters(), rosters())
def test_a_register_holds_the_last_roster_put_in(first, second):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.sqlite"
        with open_register(path) as register:
            register.replace_roster(first)
            register.replace_roster(second)
        with open_register(path) as register:
            assert register.roster() == second


@QUICK
@given(rosters(), DAYS)
def test_a_day_has_at_most_one_record_of_a_person(roster, day):
    ids = [person.person_id for person in roster.as_of(day).people]
    assert len(ids) == len(set(ids))


@QUICK
@given(rosters(), rosters(), DAYS)
def test_a_difference_the_other_way_round_swaps_before_and_after(one, other, day):
    there, back = compare_rosters(one, other, day), compare_rosters(other, one, day)
    assert (there.joins, there.leaves) == (back.leaves, back.joins)
    assert (there.gained_count, there.lost_count) == (back.lost_count, back.gained_count)
    assert there.edits == back.edits
    for kind in ("moves", "manager_changes", "role_changes"):
        turned = [(one.person_id, one.after, one.before) for one in getattr(back, kind)]
        assert [(one.person_id, one.before, one.after) for one in getattr(there, kind)] == turned


@QUICK
@given(rosters(), DAYS)
def test_a_roster_does_not_differ_from_itself(roster, day):
    difference = compare_rosters(roster, roster, day)
    assert difference.is_empty
    assert not difference.joins + difference.leaves + difference.moves + difference.manager_changes


@QUICK
@given(rosters(), rosters(), DAYS)
def test_joins_and_leaves_account_for_the_change_in_size(before, after, day):
    difference = compare_rosters(before, after, day)
    grown = len(after.as_of(day).people) - len(before.as_of(day).people)
    assert grown == len(difference.joins) - len(difference.leaves)
