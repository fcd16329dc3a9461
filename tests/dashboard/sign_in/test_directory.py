"""Who is who today: roles and scopes from roster, policy and shares, and what is written down."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dashboard.access import Role
from dashboard.access_policy import AccessPolicy, parse_access_policy, read_access_policy
from dashboard.directory import Directory, open_directory
from dashboard.organisation import Organisation
from dashboard.reading import Reading
from pipeline.release import Scope
from survey.audit import LOOK, AuditEntry
from survey.campaign import Wave, WaveState, parse_period
from survey.config import Settings
from survey.definition import find_instrument
from survey.errors import ConfigError, StoreError
from survey.register_sessions import SignInMethod
from survey.roster import Roster, make_roster

ALL = {"Product", "Product/Growth", "Product/Growth/Activation", "Product/Platform", "Product/Small <b>"}
GROWTH = {"Product/Growth", "Product/Growth/Activation"}


def today(directory):
    return directory.organisation()


@pytest.mark.parametrize(
    ("person_id", "roles", "units"),
    [
        ("p-exec", {Role.EXECUTIVE, Role.LEAD}, ALL),
        ("p-hr", {Role.HR}, ALL),
        ("p-council", {Role.COUNCIL}, set()),
        ("p-lead", {Role.LEAD}, GROWTH),
        ("p-plat", {Role.LEAD}, {"Product/Platform"}),
        ("p-eng", set(), set()),
        ("p-ada", {Role.PM}, set()),
    ],
)
def test_person_when_they_sign_in_then_have_the_roles_and_units_of_today(
    directory, release, person_id, roles, units
):
    viewer = directory.viewer_of(person_id)
    assert viewer.roles == roles
    assert {unit.unit_id for unit in Reading(release=release, viewer=viewer).units()} == units


def test_person_when_not_in_the_roster_then_is_nobody(directory):
    assert directory.viewer_of("p-gone") is None
    assert directory.viewer("") is directory.viewer("made-up") is None


TABLE = {
    # viewer: the PMs whose results they open, with nothing shared
    "p-exec": set(), "p-hr": set(), "p-council": set(), "p-lead": set(), "p-plat": set(), "p-eng": set(),
    "p-ada": {"p-ada"}, "p-noa": {"p-noa"}, "p-bo": {"p-bo"}, "p-sam": {"p-sam"},
}  # fmt: skip
PMS = ("p-ada", "p-noa", "p-bo", "p-sam")


def opened(reading):
    return {pm for pm in PMS if reading.cells(Scope.SUBJECT, pm) or reading.line(Scope.SUBJECT, pm)}


def reading_of(directory, release, person_id):
    return Reading(release=release, viewer=directory.viewer_of(person_id), note_look=directory.note_look)


@pytest.mark.parametrize("person_id", TABLE)
def test_results_when_nothing_is_shared_then_only_their_pm_reads_them(directory, release, person_id):
    reading = reading_of(directory, release, person_id)
    assert opened(reading) == TABLE[person_id]
    assert {one.subject_id for one in reading.subjects() if one.kind == "pm"} == TABLE[person_id]
    assert not [entry for entry in directory.register.audit() if entry.action == LOOK]


@pytest.mark.parametrize("person_id", TABLE)
def test_results_when_shared_with_the_lead_then_the_lead_alone_reads_them_too(directory, release, person_id):
    directory.share_with_lead("p-ada")
    expected = TABLE[person_id] | ({"p-ada"} if person_id == "p-lead" else set())
    assert opened(reading_of(directory, release, person_id)) == expected


@pytest.mark.parametrize("person_id", TABLE)
@pytest.mark.parametrize(
    "scope_id",
    ["", "Product/Growth", "Product/Growth/../Platform", "product", "p-ada ", "P-ADA", "%", "' or 1=1 --"],
)
def test_cells_when_asked_for_by_odd_names_then_are_only_what_the_viewer_opens(
    directory, release, person_id, scope_id
):
    reading = reading_of(directory, release, person_id)
    units = {unit.unit_id for unit in reading.units()}
    for scope in Scope:
        found = reading.cells(scope, scope_id)
        assert not found or scope_id in units
        assert bool(reading.line(scope, scope_id)) <= (scope_id in units)


@pytest.mark.parametrize("person_id", TABLE)
def test_unit_cells_when_read_then_are_of_units_in_scope(directory, release, person_id):
    reading = reading_of(directory, release, person_id)
    units = {unit.unit_id for unit in reading.units()}
    every = {unit.unit_id for unit in release.units()}
    found = {
        cell.key.scope_id for wave in release.waves() for cell in reading.unit_cells(wave.wave_id, every)
    }
    assert found == {unit for unit in units if found}


def test_what_only_the_pm_answers_when_shared_then_stays_the_pms_alone(directory, release):
    directory.share_with_lead("p-sam")
    assert opened(reading_of(directory, release, "p-plat")) == set()
    assert opened(reading_of(directory, release, "p-sam")) == {"p-sam"}


def test_share_when_taken_back_then_the_next_question_is_answered_no(directory, release):
    directory.share_with_lead("p-ada")
    assert reading_of(directory, release, "p-lead").open_people() == {"p-ada": "Ada Example"}
    assert directory.lead_of("p-ada").share is not None
    directory.take_back("p-ada", "p-lead")
    assert opened(reading_of(directory, release, "p-lead")) == set()
    assert directory.lead_of("p-ada").share is None


def test_share_when_the_lead_changes_then_the_old_and_the_new_lead_read_nothing(directory, release, clock):
    directory.share_with_lead("p-ada")
    people = directory.register.roster().people
    moved = (replace(one, manager_id="p-plat") if one.person_id == "p-ada" else one for one in people)
    imported = AuditEntry(done_at=clock.now(), done_by="cli", action="roster.import", target="roster")
    directory.register.replace_roster(make_roster(moved), entry=imported)
    assert opened(reading_of(directory, release, "p-lead")) == set()
    assert opened(reading_of(directory, release, "p-plat")) == set()


def test_share_when_there_is_no_lead_then_nothing_happens(directory):
    directory.share_with_lead("p-exec")
    assert directory.lead_of("p-exec") is None
    assert directory.shares.of_subject("p-exec") == ()


def test_policy_when_it_says_from_when_then_the_direct_lead_reads_those_waves(register, release, clock):
    day = release.waves()[0].roster_date
    directory = Directory(register, AccessPolicy(leads_see_results_from=day), clock.now)
    assert opened(reading_of(directory, release, "p-lead")) == {"p-ada", "p-noa", "p-bo"}
    assert opened(reading_of(directory, release, "p-exec")) == set()
    later = Directory(register, AccessPolicy(leads_see_results_from=date(2026, 12, 1)), clock.now)
    assert opened(reading_of(later, release, "p-lead")) == set()
    assert later.lead_of("p-ada").results_from == date(2026, 12, 1)


def test_look_when_somebody_elses_results_are_read_then_it_is_written_down_once_an_hour(
    directory, release, clock
):
    directory.share_with_lead("p-ada")
    reading = reading_of(directory, release, "p-lead")
    for _ in range(3):
        opened(reading)
    looks = [line.entry for line in directory.entries_about("p-ada") if line.entry.action == LOOK]
    assert [(one.done_by, one.target) for one in looks] == [("p-lead", "p-ada")]
    clock.wait(hours=1)
    opened(reading)
    assert len([line for line in directory.entries_about("p-ada") if line.entry.action == LOOK]) == 2
    assert directory.register.audit_breaks() == ()


def test_look_when_it_cannot_be_written_down_then_nothing_is_read(directory, release):
    directory.share_with_lead("p-ada")

    def refuse(viewer, subject_id):
        raise StoreError("store-busy", "the register is busy")

    reading = Reading(release=release, viewer=directory.viewer_of("p-lead"), note_look=refuse)
    with pytest.raises(StoreError):
        reading.cells(Scope.SUBJECT, "p-ada")


def test_reading_when_the_session_is_over_then_holds_nothing_more(directory, release):
    begun = directory.sessions.begin("p-exec", SignInMethod.LINK, directory.now())
    viewer = directory.viewer(begun.session.session_id)
    reading = Reading(
        release=release, viewer=viewer, still_holds=lambda: directory.session(viewer.session_id) is not None
    )
    wave_id = release.waves()[-1].wave_id
    front = next(wave.wave_id for wave in release.waves() if release.unit_cells(wave.wave_id))
    assert reading.cells(Scope.UNIT, "Product")
    assert reading.unit_cells(front, {"Product"})
    directory.sessions.revoke(viewer.session_id, directory.now(), by="cli")
    assert reading.cells(Scope.UNIT, "Product") == reading.line(Scope.UNIT, "Product") == ()
    assert reading.unit_cells(wave_id, {"Product"}) == reading.unit_cells(front, {"Product"}) == ()
    assert reading.cells(Scope.SUBJECT, "p-ada") == ()


def test_roster_when_replaced_or_on_a_new_day_then_who_left_is_nobody(directory, clock):
    begun = directory.sessions.begin("p-eng", SignInMethod.LINK, directory.now())
    assert directory.viewer(begun.session.session_id)
    people = directory.register.roster().people
    leaves = (
        replace(one, active_to=date(2026, 11, 25)) if one.person_id == "p-eng" else one for one in people
    )
    directory.register.replace_roster(make_roster(leaves))
    clock.wait(hours=7)
    assert directory.viewer(begun.session.session_id)
    clock.wait(hours=5)
    assert (
        directory.viewer(directory.sessions.begin("p-eng", SignInMethod.LINK, clock.now()).session.session_id)
        is None
    )


def test_organisation_when_two_people_have_one_address_then_it_is_nobodys(directory):
    people = directory.register.roster().people
    doubled = (replace(one, email="P-ADA@example.org") if one.person_id == "p-bo" else one for one in people)
    organisation = Organisation(Roster(people=tuple(doubled)))
    assert organisation.find_by_email("p-ada@example.org") is None
    assert organisation.find_by_email(" P-NOA@EXAMPLE.ORG ").person_id == "p-noa"
    assert organisation.find_by_email("") is None


def test_organisation_when_managers_form_a_circle_then_it_ends(directory):
    people = tuple(
        replace(one, manager_id={"p-exec": "p-lead"}.get(one.person_id, one.manager_id))
        for one in directory.register.roster().people
    )
    assert Organisation(Roster(people=people)).above("p-ada") == ("p-lead", "p-exec")


def test_organisation_when_a_pm_leads_the_others_then_leads_the_unit_but_none_alone(directory):
    people = tuple(
        replace(one, manager_id="p-sam") if one.person_id == "p-kim" else one
        for one in directory.register.roster().people
    )
    organisation = Organisation(Roster(people=people))
    assert organisation.led_units("p-sam") == ("Product/Platform",)
    alone = Organisation(Roster(people=tuple(one for one in people if one.person_id != "p-kim")))
    assert alone.led_units("p-sam") == ()
    assert alone.led_units("p-plat") == ("Product/Platform",)
    assert organisation.direct_pms("p-sam") == {"p-kim"}


POLICY = """
hr = ["p-hr"]
council = []
leads_see_results_from = 2027-01-01
[leads]
"Product/Growth" = ["p-eng"]
"""


def test_policy_file_when_read_then_says_who_is_who(tmp_path):
    policy = parse_access_policy(POLICY)
    assert (policy.hr, policy.executive, policy.council) == ({"p-hr"}, frozenset(), frozenset())
    assert policy.leads_see_results_from == date(2027, 1, 1)
    assert policy.units_led_by("p-eng") == ("Product/Growth",)
    assert policy.person_ids == {"p-hr", "p-eng"}
    assert read_access_policy(tmp_path / "none.toml") == AccessPolicy()


def test_policy_file_when_it_names_a_lead_then_they_open_that_unit(register, clock, release):
    directory = Directory(register, parse_access_policy(POLICY), clock.now)
    units = Reading(release=release, viewer=directory.viewer_of("p-eng")).units()
    assert {unit.unit_id for unit in units} == GROWTH


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        ("hr = [", "access-toml", "access.toml"),
        ('hr = ["a"]\nadmin = ["b"]', "access-unknown", "access.toml:2"),
        ('hr = "p-hr"', "access-people", "access.toml:1"),
        ("hr = [1]", "access-people", "access.toml:1"),
        ('hr = [""]', "access-people", "access.toml:1"),
        ("leads = 1", "access-leads", "access.toml:1"),
        ('[leads]\n"Product" = "p"', "access-people", "access.toml:2"),
        ('leads_see_results_from = "2027-01-01"', "access-day", "access.toml:1"),
        ("leads_see_results_from = 2027-01-01T00:00:00", "access-day", "access.toml:1"),
    ],
)
def test_policy_file_when_not_understood_then_says_where(text, code, where):
    with pytest.raises(ConfigError) as refusal:
        parse_access_policy(text)
    assert (refusal.value.code, refusal.value.where) == (code, where)


def test_policy_file_when_it_cannot_be_read_then_says_so(tmp_path):
    (tmp_path / "access.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError) as refusal:
        read_access_policy(tmp_path / "access.toml")
    assert refusal.value.code == "access-unreadable"


def test_policy_when_it_changes_then_is_written_down_once_each(register, clock):
    for policy in (AccessPolicy(hr=frozenset({"p-hr"})),) * 2 + (AccessPolicy(),):
        Directory(register, policy, clock.now).take_policy()
    found = [entry.detail for entry in register.audit() if entry.action == "access.policy"]
    assert len(found) == 2
    assert "hr: p-hr" in found[0]


def test_directory_when_opened_then_is_the_same_for_the_whole_process(tmp_path):
    settings = Settings(home=tmp_path)
    (tmp_path / "access.toml").write_text('hr = ["p-hr"]')
    assert open_directory(settings) is open_directory(settings)
    assert open_directory(settings).policy.hr == {"p-hr"}


@pytest.fixture
def with_open_wave(register):
    """A register with one wave that opened on 1 July 2026."""
    instrument = find_instrument(Settings(home=Path("no-home-here")), "great-pm")
    wave = Wave(
        wave_id="great-pm/2026Q2", campaign="great-pm", period=parse_period("2026Q2"),
        instrument_id=instrument.instrument_id, instrument_version=instrument.version,
        instrument_hash=instrument.content_hash, state=WaveState.OPEN, is_external=False,
        roster_date=date(2026, 7, 1), policy="", reason="",
    )  # fmt: skip
    register.add_wave(wave, instrument, Roster(people=()))
    return register


def take(register, clock, day):
    Directory(register, AccessPolicy(leads_see_results_from=day), clock.now).take_policy()


def test_policy_when_it_would_open_a_wave_that_is_open_already_then_the_server_does_not_start(
    with_open_wave, clock
):
    with pytest.raises(ConfigError) as refusal:
        take(with_open_wave, clock, date(2026, 7, 1))
    assert refusal.value.code == "access-loosened"
    assert "2026-07-01" in refusal.value.hint
    take(with_open_wave, clock, date(2026, 7, 2))
    with pytest.raises(ConfigError):
        take(with_open_wave, clock, date(2026, 6, 1))
    take(with_open_wave, clock, None)


def test_policy_when_it_was_there_before_the_wave_then_stays_and_may_be_tightened(register, clock, request):
    take(register, clock, date(2026, 6, 1))
    with_wave = request.getfixturevalue("with_open_wave")
    take(with_wave, clock, date(2026, 6, 1))
    take(with_wave, clock, date(2026, 6, 15))
    take(with_wave, clock, date(2026, 8, 1))
    with pytest.raises(ConfigError):
        take(with_wave, clock, date(2026, 6, 15))


def plan(directory, words="Say no twice."):
    directory.make_plan("p-ada", wave_id="great-pm/2026Q2", item_id="focus_1", words=words)


def read_plan(directory, viewer_id):
    return directory.plan_of(directory.viewer_of(viewer_id), "p-ada")


def test_plan_when_made_then_only_the_pm_reads_it_whoever_may_open_the_page(directory):
    plan(directory)
    directory.share_with_lead("p-ada")
    assert read_plan(directory, "p-ada").words == "Say no twice."
    for viewer_id in ("p-lead", "p-exec", "p-hr", "p-council", "p-noa"):
        assert read_plan(directory, viewer_id) is None


def test_plan_when_shown_to_the_lead_then_ends_with_the_share(directory):
    plan(directory)
    directory.show_plan("p-ada", is_shown=True)
    assert read_plan(directory, "p-ada").shown_to == ""  # nothing is shared yet
    directory.share_with_lead("p-ada")
    directory.show_plan("p-ada", is_shown=True)
    assert read_plan(directory, "p-lead").words == "Say no twice."
    assert next(line.entry.action for line in directory.entries_about("p-ada")) == LOOK
    assert read_plan(directory, "p-exec") is None
    directory.take_back("p-ada", "p-lead")
    directory.share_with_lead("p-ada")
    assert read_plan(directory, "p-lead") is None
    assert read_plan(directory, "p-ada").shown_to == ""


def test_plan_when_dropped_then_is_gone(directory):
    plan(directory)
    directory.drop_plan("p-ada")
    assert read_plan(directory, "p-ada") is None
