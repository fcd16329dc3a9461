"""What the register keeps, what a wave freezes, and how waves are named."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from survey.campaign import Wave, WaveState, parse_period
from survey.errors import DefinitionError, WaveError
from survey.instrument import Instrument
from survey.register import AuditEntry, Register
from survey.roster import Person, Roster, make_roster

NOON = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
ENTRY = AuditEntry(done_at=NOON, done_by="cli", action="roster.import", target="roster", detail="1 record")
NOBODY = Roster(people=())


def person(person_id: str, **changes: object) -> Person:
    ann = Person(
        person_id=person_id,
        name="Ann A",
        email="",
        manager_id="",
        org_unit="Product/Growth",
        role="pm",
        level="L5",
        pm_type="growth",
        stage="early",
        active_from=date(2025, 1, 1),
        active_to=None,
    )
    return replace(ann, **changes)


def wave(instrument: Instrument, period: str = "2026Q1", campaign: str = "great-pm") -> Wave:
    return Wave(
        wave_id=f"{campaign}/{period}",
        campaign=campaign,
        period=parse_period(period),
        instrument_id=instrument.instrument_id,
        instrument_version=instrument.version,
        instrument_hash=instrument.content_hash,
        state=WaveState.OPEN,
        is_external=True,
        roster_date=date(2026, 3, 31),
        policy='version = 1\n[minimum]\nraters = 4 # "k"\n',
    )


def add(register: Register, instrument: Instrument, *periods: str, campaign: str = "great-pm") -> None:
    for period in periods:
        register.add_wave(wave(instrument, period, campaign), instrument, NOBODY)


def test_a_new_register_is_empty(register):
    assert register.roster() == NOBODY
    assert register.waves() == register.frozen_instruments() == register.audit() == ()


def test_a_roster_replaces_the_one_before(register):
    register.replace_roster(make_roster([person("ann"), person("bob", active_to=date(2025, 6, 30))]))
    register.replace_roster(make_roster([person("cy")]))
    assert [one.person_id for one in register.roster().people] == ["cy"]


def test_a_roster_is_read_in_order_whatever_order_it_came_in(register):
    later, earlier = person("ann", active_from=date(2025, 7, 1)), person("ann", active_to=date(2025, 6, 30))
    register.replace_roster(Roster(people=(person("bob"), later, earlier)))
    assert register.roster().people == (earlier, later, person("bob"))


def test_a_wave_is_read_back_as_it_was_added(register, instrument):
    added = wave(instrument)
    register.add_wave(added, instrument, NOBODY)
    assert register.waves() == (added,)
    assert register.wave("great-pm/2026Q1") == register.find_wave("2026Q1") == added


def test_waves_are_ordered_by_their_first_day(register, instrument):
    add(register, instrument, "2026Q2", "2025Q4")
    add(register, instrument, "2026Q1", "2026Q2", campaign="core")
    assert [one.wave_id for one in register.waves()] == [
        "great-pm/2025Q4",
        "core/2026Q1",
        "core/2026Q2",
        "great-pm/2026Q2",
    ]


def test_a_wave_keeps_the_roster_of_its_day_when_the_roster_changes(register, instrument):
    members = make_roster([person("bob"), person("ann")])
    register.add_wave(wave(instrument), instrument, members)
    register.replace_roster(make_roster([person("cy")]))
    assert register.wave_roster("2026Q1") == members


def test_a_wave_keeps_its_instrument(register, instrument):
    add(register, instrument, "2026Q1", "2026Q2")
    assert register.wave_instrument("great-pm/2026Q1") == instrument
    assert register.frozen_instruments() == (instrument,)


def test_a_version_that_a_wave_has_used_cannot_come_with_other_content(register, instrument):
    add(register, instrument, "2026Q1")
    changed = replace(instrument, front=instrument.front[:1], content_hash="0" * 64)
    with pytest.raises(DefinitionError):
        register.add_wave(wave(changed, "2026Q2"), changed, NOBODY)
    assert [one.wave_id for one in register.waves()] == ["great-pm/2026Q1"]


def test_a_second_wave_with_the_same_id_is_refused(register, instrument):
    add(register, instrument, "2026Q1")
    with pytest.raises(WaveError) as refused:
        add(register, instrument, "2026Q1")
    assert (refused.value.code, refused.value.where) == ("wave-exists", "great-pm/2026Q1")


def test_a_bare_period_of_two_campaigns_is_refused_with_their_names(register, instrument):
    add(register, instrument, "2026Q1")
    add(register, instrument, "2026Q1", campaign="core")
    for ask in (register.wave, register.find_wave):
        with pytest.raises(WaveError) as refused:
            ask("2026Q1")
        assert refused.value.code == "wave-ambiguous"
        assert refused.value.hint == "write one of: core/2026Q1, great-pm/2026Q1"


def test_an_unknown_wave_is_refused_with_the_names_there_are(register, instrument):
    add(register, instrument, "2025Q4", "2026Q1")
    for ask in (register.wave, register.wave_roster, register.wave_instrument):
        with pytest.raises(WaveError) as refused:
            ask("2027Q1")
        assert (refused.value.code, refused.value.where) == ("wave-unknown", "2027Q1")
        assert refused.value.hint == "the waves are: great-pm/2025Q4, great-pm/2026Q1"


def test_an_unknown_wave_among_many_is_refused_with_the_latest_names(register, instrument):
    add(register, instrument, *(f"{year}Q1" for year in range(2014, 2026)))
    with pytest.raises(WaveError) as refused:
        register.wave("2027Q1")
    assert refused.value.hint.startswith("the waves are: ..., great-pm/2016Q1, ")


def test_an_unknown_wave_where_there_is_none_says_how_one_comes(register):
    assert register.find_wave("2026Q1") is None
    with pytest.raises(WaveError) as refused:
        register.wave("2026Q1")
    assert refused.value.hint == "there is none yet; the first ingest opens one"


def test_a_wave_moves_through_its_states_and_keeps_the_reason(register, instrument):
    add(register, instrument, "2026Q1")
    for state in (WaveState.CLOSED, WaveState.PUBLISHED):
        assert register.move_wave("2026Q1", state).state is state
    assert register.move_wave("2026Q1", WaveState.WITHDRAWN, "wrong file") == register.wave("2026Q1")
    assert register.wave("2026Q1").reason == "wrong file"


def test_a_refused_move_changes_nothing(register, instrument):
    add(register, instrument, "2026Q1")
    with pytest.raises(WaveError):
        register.move_wave("2026Q1", WaveState.PUBLISHED, entry=ENTRY)
    assert register.wave("2026Q1").state is WaveState.OPEN
    assert register.audit() == ()


def test_what_was_done_is_kept_in_order_and_in_utc(register, instrument):
    there = ENTRY.done_at.astimezone(timezone(timedelta(hours=5)))
    moved = replace(ENTRY, action="wave.close", target="great-pm/2026Q1", done_at=there)
    register.record(ENTRY)
    register.replace_roster(NOBODY, entry=ENTRY)
    register.add_wave(wave(instrument), instrument, NOBODY, entry=replace(ENTRY, action="wave.open"))
    register.move_wave("2026Q1", WaveState.CLOSED, entry=moved)
    assert [entry.action for entry in register.audit()] == ["roster.import"] * 2 + ["wave.open", "wave.close"]
    assert {entry.done_at for entry in register.audit()} == {NOON}
    assert register.audit()[0] == ENTRY


def test_a_roster_that_cannot_be_kept_leaves_the_old_one_and_no_entry(register):
    register.replace_roster(make_roster([person("ann")]))
    twice = Roster(people=(person("bob"), person("bob")))
    with pytest.raises(Exception, match=r"(?i)unique"):
        register.replace_roster(twice, entry=ENTRY)
    assert [one.person_id for one in register.roster().people] == ["ann"]
    assert register.audit() == ()
