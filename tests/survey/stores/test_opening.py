"""A wave opens in one moment: before it there is a draft, after it everything is frozen."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from survey.answers import open_answers
from survey.assignment import Nomination, NominationState, Source
from survey.campaign import Wave, WaveState, parse_period
from survey.definition_document import sealed
from survey.errors import DefinitionError, HealthError, WaveError
from survey.opening import find_busy, open_wave, plan_wave
from survey.policy import default_policy_text
from survey.register_collection import Collections
from survey.relationship import Relationship
from survey.roster import Person, make_roster

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
RATERS = tuple(f"e{number}" for number in range(8))


def person(person_id: str, role: str = "engineering", **changes: object) -> Person:
    blank = Person(
        person_id=person_id, name=f"Name {person_id}", email=f"{person_id}@example.org", manager_id="lead",
        org_unit="Product/Growth", role=role, level="", pm_type="", stage="", active_from=date(2025, 1, 1),
        active_to=None,
    )  # fmt: skip
    return replace(blank, **changes)


ROSTER = make_roster(
    [
        person("lead", "lead", manager_id="", org_unit="Product"),
        person("ada", "pm"),
        *(person(one) for one in RATERS),
        person("newcomer", active_from=date(2026, 11, 20)),
        person("gone", active_to=date(2026, 10, 31)),
    ]
)


def nominate(subject_id: str, rater_id: str) -> Nomination:
    return Nomination(
        subject_id=subject_id,
        rater_id=rater_id,
        relationship=Relationship.ENGINEERING,
        source=Source.FILE,
        state=NominationState.APPROVED,
    )


@pytest.fixture
def planned(register, draft):
    """A draft with nine approved nominations, one of them of a newcomer."""
    register.replace_roster(ROSTER)
    draft = replace(
        draft, opens_on=TODAY, closes_on=TODAY + timedelta(days=20), policy_text=default_policy_text()
    )
    Collections(register.store).add(draft)
    names = (*RATERS, "newcomer")
    Collections(register.store).put_nominations(draft.wave_id, [nominate("ada", one) for one in names])
    return draft


def open_it(settings, register, draft, *, is_small_accepted: bool = False):
    plan = plan_wave(settings, register, draft, TODAY)
    return open_wave(settings, register, plan, is_small_accepted=is_small_accepted, done_at=NOON)


def test_everything_is_frozen_when_a_wave_opens(settings, register, planned):
    wave = open_it(settings, register, planned)
    collections = Collections(register.store)
    frozen = collections.get(planned.wave_id)
    assert (wave.state, wave.is_external, wave.roster_date) == (WaveState.OPEN, False, TODAY)
    assert collections.state(planned.wave_id) is WaveState.OPEN
    assert register.wave_instrument(wave.wave_id).content_hash == wave.instrument_hash
    assert {one.person_id for one in register.wave_roster(wave.wave_id).people} == {
        "lead", "ada", "newcomer", *RATERS,
    }  # fmt: skip
    assert {one.rater_id for one in collections.assignments(wave.wave_id)} == {"ada", "lead", *RATERS}
    assert len(frozen.assignments_hash) == len(frozen.roster_hash) == 64
    assert settings.wave_keys_path(wave.wave_id).exists()
    with open_answers(settings, wave.wave_id) as answers:
        assert answers.responses() == ()


def test_what_was_frozen_is_audited_without_a_name(settings, register, planned):
    open_it(settings, register, planned)
    entry = register.audit()[-1]
    assert (entry.action, entry.target, entry.done_at) == ("wave.open", planned.wave_id, NOON)
    assert entry.detail.startswith("10 assignments, 1 left out, 0 small; instrument ")
    assert "Name" not in entry.detail


def test_a_wave_opens_once(settings, register, planned):
    plan = plan_wave(settings, register, planned, TODAY)
    open_it(settings, register, planned)
    with pytest.raises(WaveError):
        open_wave(settings, register, plan, is_small_accepted=True, done_at=NOON)


def keys_in_the_way(settings) -> Path:
    return settings.form_path


def answers_in_the_way(settings) -> Path:
    if settings.answers_url:
        pytest.skip("a database has no folder that could be in the way")
    return settings.answers_path


@pytest.mark.parametrize("place_of", [keys_in_the_way, answers_in_the_way])
def test_what_cannot_be_made_leaves_a_draft_that_opens_later(settings, register, planned, place_of):
    collections = Collections(register.store)
    in_the_way = place_of(settings)
    in_the_way.parent.mkdir(exist_ok=True)
    in_the_way.write_text("no folder")
    with pytest.raises(HealthError):
        open_it(settings, register, planned)
    assert collections.state(planned.wave_id) is WaveState.DRAFT
    in_the_way.unlink()
    open_it(settings, register, planned)
    assert collections.state(planned.wave_id) is WaveState.OPEN
    assert len(collections.assignments(planned.wave_id)) == 10


def test_what_the_register_refuses_leaves_no_half_of_a_wave(settings, register, planned, instrument):
    other = sealed(replace(instrument, title={"en": "Another", "de": "Ein anderes"}))
    wave = Wave(
        wave_id="great-pm/2026Q3", campaign="great-pm", period=parse_period("2026Q3"), instrument_id="great-pm",
        instrument_version=other.version, instrument_hash=other.content_hash, state=WaveState.OPEN, is_external=True,
        roster_date=TODAY, policy="",
    )  # fmt: skip
    register.add_wave(wave, other, ROSTER)
    with pytest.raises(DefinitionError):
        open_it(settings, register, planned)
    collections = Collections(register.store)
    assert collections.state(planned.wave_id) is WaveState.DRAFT
    assert collections.assignments(planned.wave_id) == ()
    assert collections.get(planned.wave_id) == planned


def test_few_others_have_to_be_accepted(settings, register, planned):
    Collections(register.store).replace_nominations(
        planned.wave_id, {"ada"}, [nominate("ada", one) for one in RATERS[:6]]
    )
    with pytest.raises(WaveError) as refused:
        open_it(settings, register, planned)
    assert refused.value.code == "wave-small"
    assert open_it(settings, register, planned, is_small_accepted=True).state is WaveState.OPEN


def test_a_wave_that_asks_nobody_does_not_open(settings, register, planned):
    register.replace_roster(make_roster([person("e1")]))
    with pytest.raises(WaveError) as refused:
        open_it(settings, register, planned, is_small_accepted=True)
    assert refused.value.code == "wave-nobody"


def test_a_wave_does_not_open_too_late(settings, register, planned):
    plan = plan_wave(settings, register, planned, planned.closes_on - timedelta(days=5))
    with pytest.raises(WaveError) as refused:
        open_wave(settings, register, plan, is_small_accepted=True, done_at=NOON)
    assert refused.value.code == "wave-window"
    assert not settings.wave_keys_path(planned.wave_id).exists()


def test_nominations_can_be_tried_without_being_stored(settings, register, planned):
    found = plan_wave(settings, register, planned, TODAY, [nominate("ada", one) for one in RATERS[:5]])
    assert len([one for one in found.plan.assignments if one.reporting_group == "engineering"]) == 5
    assert len(Collections(register.store).nominations(planned.wave_id)) == 9


def another(draft, wave_id: str, instrument_id: str, opens_on: date):
    campaign, _, period = wave_id.partition("/")
    return replace(
        draft,
        wave_id=wave_id,
        campaign=campaign,
        period=parse_period(period),
        instrument_id=instrument_id,
        opens_on=opens_on,
        closes_on=opens_on + timedelta(days=20),
    )


def test_other_open_waves_about_pms_in_the_quarter_make_raters_busy(settings, register, planned):
    collections = Collections(register.store)
    lenses = another(planned, "three-lenses/2026Q4", "three-lenses", TODAY)
    core = another(planned, "core-competencies/2026H2", "core-competencies", TODAY)
    later = another(planned, "great-pm/2027Q1", "great-pm", date(2027, 3, 1))
    for one in (lenses, core, later):
        collections.add(one)
    open_it(settings, register, planned)
    open_it(settings, register, lenses, is_small_accepted=True)
    assert find_busy(register, core) == dict.fromkeys(RATERS, 1)
    assert find_busy(register, later) == {}
    assert find_busy(register, planned) == {}
