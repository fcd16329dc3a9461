"""An open wave on real stores: four kinds of raters, two PMs, a unit, and the form before them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from httpx import Response
from starlette.testclient import TestClient

from survey.answers import StoredResponse, make_answers, open_answers
from survey.assignment import Assignment
from survey.campaign import Wave, WaveState, parse_period
from survey.collection import Collection
from survey.config import Settings
from survey.definition import find_instrument
from survey.form.app import FormApp, open_form
from survey.form.door import Clock
from survey.instrument import Instrument
from survey.policy import default_policy_text
from survey.register import open_register
from survey.register_collection import Collections, Opening
from survey.register_participation import LinkPurpose, Participation
from survey.relationship import Relationship
from survey.roster import Person, make_roster
from survey.secret import make_keys, new_secret, secret_hash

TODAY = date(2026, 12, 14)
CLOSES_ON = date(2026, 12, 31)
NAMES = {
    "p-ada": "Ada Lovelace",
    "p-bo": "Bo <b>Nilsson</b>",
    "p-max": "Max Reuter",
    "p-eve": "Eve Online",
    "p-kim": "Kim Sun",
    "p-lee": "Lee Roy",
    "p-ron": "Ron Day",
}


@dataclass(kw_only=True)
class Time:
    """A clock that tests set."""

    day: date = TODAY
    ms: int = 1_800_000_000_000
    seconds: float = 1000.0

    def clock(self) -> Clock:
        return Clock(today=lambda: self.day, now_ms=lambda: self.ms, steady=lambda: self.seconds)


def seal_in(html: str) -> str:
    """The value of a page's hidden field."""
    found = re.search(r'name="seal" value="([^"]+)"', html)
    return found[1] if found else ""


@dataclass(kw_only=True)
class World:
    """One open wave, its stores, and the secrets of its links."""

    settings: Settings
    wave_id: str
    instrument: Instrument
    time: Time = field(default_factory=Time)

    def link(self, person_id: str, purpose: LinkPurpose = LinkPurpose.ANSWER) -> str:
        """A new link of a person."""
        secret = new_secret()
        keys = make_keys(self.settings.wave_keys_path(self.wave_id))
        with open_register(self.settings.register_address) as register:
            Participation(register.store).add_link(
                self.wave_id, person_id, purpose, secret_hash(keys, secret)
            )
        return secret

    def hash_of(self, secret: str) -> bytes:
        """What the register knows a secret by."""
        return secret_hash(make_keys(self.settings.wave_keys_path(self.wave_id)), secret)

    def filled(self, **changes: str) -> dict[str, str]:
        """Fields of a form on which everything is answered."""
        answers = {
            f"q{place}": "1" if item.is_event else str(1 + place % 4)
            for place, item in enumerate(self.instrument.items)
        }
        return {**answers, "do": "send", **changes}

    def send(self, client: TestClient, path: str, **changes: str) -> Response:
        """Opens a form, fills it in and posts it."""
        seal = seal_in(client.get(path).text)
        return client.post(path, data={**self.filled(**changes), "seal": seal})

    def stored(self) -> tuple[StoredResponse, ...]:
        """What the answers' store holds."""
        with open_answers(self.settings, self.wave_id) as answers:
            return answers.responses()

    def done(self) -> dict[tuple[str, str], int]:
        """How many are done, by subject and reporting group."""
        with open_register(self.settings.register_address) as register:
            counts = Participation(register.store).counts(self.wave_id)
        return {(one.subject_id, one.reporting_group): one.done for one in counts if one.done}

    @contextmanager
    def app(self) -> Iterator[FormApp]:
        with open_form(self.settings, clock=self.time.clock()) as app:
            yield app

    @contextmanager
    def client(self) -> Iterator[TestClient]:
        with self.app() as app, TestClient(app, follow_redirects=False) as client:
            client.headers["sec-fetch-site"] = "same-origin"
            yield client


def person(
    person_id: str, manager_id: str = "", role: str = "engineer", unit: str = "Product/Growth"
) -> Person:
    return Person(
        person_id=person_id,
        name=NAMES[person_id],
        email=f"{person_id}@example.org",
        manager_id=manager_id,
        org_unit=unit,
        role=role,
        level="",
        pm_type="growth" if role == "pm" else "",
        stage="growth" if role == "pm" else "",
        active_from=date(2026, 1, 1),
        active_to=None,
    )


PEOPLE = (
    person("p-ada", "p-max", "pm"),
    person("p-bo", "p-max", "pm"),
    person("p-max", role="lead"),
    person("p-eve"),
    person("p-kim"),
    person("p-lee"),
    person("p-ron"),
)
OTHERS = ("p-eve", "p-kim", "p-lee", "p-ron")


def asked_about_pms() -> list[Assignment]:
    """Eve is asked about both; Ada and Bo about themselves, Max as their manager."""
    rows = [
        ("p-ada", "p-ada", Relationship.SELF, "self", 1),
        ("p-bo", "p-bo", Relationship.SELF, "self", 1),
        ("p-max", "p-ada", Relationship.MANAGER, "manager", 1),
        ("p-max", "p-bo", Relationship.MANAGER, "manager", 2),
        ("p-eve", "p-bo", Relationship.DESIGN, "others", 2),
    ]
    rows += [(one, "p-ada", Relationship.ENGINEERING, "engineering", 1) for one in OTHERS]
    return [_assignment(*row) for row in rows]


def _assignment(rater, subject, relationship, group, place) -> Assignment:
    return Assignment(
        rater_id=rater, subject_id=subject, relationship=relationship, reporting_group=group, place=place
    )


def asked_for(instrument: Instrument) -> list[Assignment]:
    if instrument.subject_kind.value == "unit":
        return [_assignment(one, "Product/Growth", Relationship.OTHER, "others", 1) for one in OTHERS]
    if instrument.respondents == ("self",):
        return [_assignment(one, one, Relationship.SELF, "self", 1) for one in ("p-ada", "p-bo")]
    return asked_about_pms()


def open_world(home: Path, instrument: Instrument, *, campaign: str = "pms") -> World:
    settings = Settings(home=home)
    wave_id = f"{campaign}/2026Q4"
    members = make_roster(PEOPLE)
    collection = Collection(
        wave_id=wave_id,
        campaign=campaign,
        period=parse_period("2026Q4"),
        instrument_id=instrument.instrument_id,
        opens_on=date(2026, 12, 10),
        closes_on=CLOSES_ON,
        asked_by="Grace Hopper, People Team",
        reply_to="hr@example.org",
        unit_days=3,
        created_on=date(2026, 12, 1),
        policy_text=default_policy_text(),
    )
    wave = Wave(
        wave_id=wave_id,
        campaign=campaign,
        period=collection.period,
        instrument_id=instrument.instrument_id,
        instrument_version=instrument.version,
        instrument_hash=instrument.content_hash,
        state=WaveState.OPEN,
        is_external=False,
        roster_date=date(2026, 12, 10),
        policy=collection.policy_text,
    )
    opening = Opening(
        collection=collection,
        wave=wave,
        instrument=instrument,
        members=members,
        assignments=tuple(asked_for(instrument)),
    )
    make_keys(settings.wave_keys_path(wave_id))
    make_answers(settings, wave_id)
    with open_register(settings.register_address) as register:
        Collections(register.store).add(collection)
        Collections(register.store).open(opening)
    return World(settings=settings, wave_id=wave_id, instrument=instrument)


def built_in(instrument_id: str, tmp_path: Path) -> Instrument:
    return find_instrument(Settings(home=tmp_path / "nobody"), instrument_id)
