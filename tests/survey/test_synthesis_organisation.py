"""The made-up organisation: who is in it, what happens to it, and that a roster file holds it."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.campaign import parse_period
from survey.roster import PM_TYPES, STAGES, Roster
from survey.roster_file import read_roster, render_roster
from survey.synthesis.company import COMPANY, QUARTERS
from survey.synthesis.names import draw_names, make_email
from survey.synthesis.organisation import LEVELS, Change, ChangeKind, Company, Team
from survey.synthesis.world import make_organisation, make_rng

START = date(2025, 1, 1)


@pytest.fixture(scope="module")
def roster() -> Roster:
    return make_organisation(COMPANY, seed=1)


@pytest.mark.parametrize("period", QUARTERS)
def test_organisation_has_forty_pms_in_every_quarter(roster, period):
    day = parse_period(period)
    assert sum(person.is_pm for person in roster.as_of(day.starts_on).people) == 40
    assert sum(person.is_pm for person in roster.as_of(day.ends_on).people) == 40


def test_organisation_has_every_level_type_and_stage(roster):
    pms = [person for person in roster.people if person.is_pm]
    assert {person.level for person in pms} == set(LEVELS)
    assert {person.pm_type for person in pms} == set(PM_TYPES)
    assert {person.stage for person in pms} == set(STAGES)


def test_organisation_is_three_units_deep_with_a_lead_above_every_team(roster):
    people = {person.person_id: person for person in roster.people}
    for person in roster.people:
        if person.org_unit.count("/") == 2:
            assert people[person.manager_id].role == "lead"
    assert {"executive", "hr", "engineering", "design", "marketing", "program"} <= {
        person.role for person in roster.people
    }


def test_organisation_has_people_who_join_leave_move_and_rise(roster):
    spans = Counter(person.person_id for person in roster.people)
    assert sum(person.is_pm and person.active_from > COMPANY.founded_on for person in roster.people) > 5
    last_days = {person.person_id: person.active_to for person in roster.people if person.is_pm}
    assert sum(day is not None for day in last_days.values()) == 4
    assert sum(count > 1 for count in spans.values()) > 10


def test_organisation_has_one_name_that_two_pms_share(roster):
    pms = {person.person_id: person.name for person in roster.people if person.is_pm}
    shared = [name for name, count in Counter(pms.values()).items() if count > 1]
    assert len(shared) == 1
    emails = {person.email for person in roster.people if person.name == shared[0]}
    assert len(emails) == 2


def test_roster_file_when_written_and_read_gives_the_same_roster(roster, tmp_path: Path):
    path = tmp_path / "roster.csv"
    path.write_text(render_roster(roster), encoding="utf-8")
    assert read_roster(path) == roster


def test_organisation_when_the_seed_is_the_same_is_the_same():
    assert make_organisation(COMPANY, seed=5) == make_organisation(COMPANY, seed=5)
    assert make_organisation(COMPANY, seed=5) != make_organisation(COMPANY, seed=6)


changes = st.lists(
    st.builds(
        Change,
        day=st.integers(1, 400).map(lambda days: START + timedelta(days=days)),
        kind=st.sampled_from(list(ChangeKind)),
        unit=st.sampled_from(["Product/A/One", "Product/B/Two"]),
        to_unit=st.sampled_from(["Product/A/New", "Product/B/Other"]),
    ),
    max_size=4,
    unique_by=lambda change: change.day,
)


@settings(max_examples=25, deadline=None)
@given(changes=changes, counts=st.tuples(st.integers(1, 4), st.integers(1, 4)), seed=st.integers(0, 2**32))
def test_any_company_makes_a_roster_that_reads_back(tmp_path_factory, changes, counts, seed):
    teams = tuple(
        Team(unit=unit, pm_type="b2b", stage="early", pm_count=count)
        for unit, count in zip(("Product/A/One", "Product/B/Two"), counts, strict=True)
    )
    company = Company(founded_on=START, teams=teams, changes=tuple(changes), has_twin=True)
    roster = make_organisation(company, seed)
    path = tmp_path_factory.mktemp("company") / "roster.csv"
    path.write_text(render_roster(roster), encoding="utf-8")
    assert read_roster(path) == roster


def test_names_are_all_different():
    names = draw_names(500, make_rng(1, "names"))
    assert len(set(names)) == 500


def test_email_of_a_name_with_accents_is_plain_and_leads_nowhere():
    assert make_email("Inés Grünfels") == "ines.grunfels@example.com"
    assert make_email("Zoë Mbekani", twin=2) == "zoe.mbekani2@example.com"
