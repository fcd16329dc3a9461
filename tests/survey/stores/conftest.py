"""One open wave in a register and its answers, in every kind of store there is."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from survey.assignment import Assignment
from survey.campaign import Wave, WaveState, parse_period
from survey.collection import Collection
from survey.config import Settings
from survey.definition import find_instrument
from survey.instrument import Instrument
from survey.register import AuditEntry, Register, open_register
from survey.register_collection import Collections, Opening
from survey.register_participation import LinkPurpose, Participation
from survey.relationship import Relationship
from survey.roster import Person, Roster, make_roster

WAVE = "great-pm/2026Q4"
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ENTRY = AuditEntry(done_at=NOON, done_by="cli", action="wave.open", target=WAVE)


@pytest.fixture
def settings(on_either_store: Settings) -> Settings:
    """Every test here runs on files and on a server."""
    return on_either_store


@pytest.fixture
def register(settings: Settings) -> Iterator[Register]:
    with open_register(settings.register_address) as opened:
        yield opened


@pytest.fixture
def collections(register: Register) -> Collections:
    return Collections(register.store)


@pytest.fixture
def participation(register: Register) -> Participation:
    return Participation(register.store)


@pytest.fixture(scope="session")
def instrument() -> Instrument:
    return find_instrument(Settings(home=Path("no-home-here")), "great-pm")


@pytest.fixture
def draft() -> Collection:
    return Collection(
        wave_id=WAVE,
        campaign="great-pm",
        period=parse_period("2026Q4"),
        instrument_id="great-pm",
        opens_on=date(2026, 12, 1),
        closes_on=date(2026, 12, 21),
        asked_by="People team",
        reply_to="people@example.com",
        unit_days=3,
        created_on=date(2026, 11, 25),
        policy_text="min_raters = 4",
    )


def a_person(person_id: str) -> Person:
    return Person(
        person_id=person_id,
        name=person_id.title(),
        email="",
        manager_id="",
        org_unit="Product",
        role="pm",
        level="",
        pm_type="",
        stage="",
        active_from=date(2025, 1, 1),
        active_to=None,
        language="de",
    )


MEMBERS: Roster = make_roster([a_person("ann"), a_person("bob")])
ASSIGNMENTS = tuple(
    Assignment(
        rater_id=rater_id,
        subject_id=subject_id,
        relationship=Relationship(relationship),
        reporting_group=group,
        place=place,
    )
    for rater_id, subject_id, relationship, group, place in (
        ("ann", "ann", "self", "self", 1),
        ("ann", "bob", "design", "others", 2),
        ("bob", "ann", "peer", "peer", 1),
    )
)


@pytest.fixture
def opening(draft: Collection, instrument: Instrument) -> Opening:
    wave = Wave(
        wave_id=WAVE,
        campaign=draft.campaign,
        period=draft.period,
        instrument_id=instrument.instrument_id,
        instrument_version=instrument.version,
        instrument_hash=instrument.content_hash,
        state=WaveState.OPEN,
        is_external=False,
        roster_date=draft.opens_on,
        policy=draft.policy_text,
    )
    return Opening(
        collection=draft, wave=wave, instrument=instrument, members=MEMBERS, assignments=ASSIGNMENTS
    )


@pytest.fixture
def open_wave(collections: Collections, draft: Collection, opening: Opening) -> str:
    collections.add(draft)
    collections.open(opening, entry=ENTRY)
    return WAVE


@pytest.fixture
def anns_link(participation: Participation, open_wave: str) -> int:
    return participation.add_link(open_wave, "ann", LinkPurpose.ANSWER, b"ann-1")
