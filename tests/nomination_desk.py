"""A draft wave over a small team, with links to its lists of raters and the form before them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from survey.assignment import Assignment, Nomination, NominationState, Source
from survey.campaign import Wave, WaveState, parse_period
from survey.collection import Collection
from survey.config import Settings
from survey.definition import find_instrument
from survey.form.app import open_form
from survey.form.door import Clock
from survey.policy import default_policy_text
from survey.register import AuditEntry, open_register
from survey.register_collection import Collections, Opening
from survey.register_participation import LinkPurpose, Participation
from survey.relationship import Relationship
from survey.roster import Person, make_roster
from survey.secret import make_keys, new_secret, secret_hash

TODAY = date(2026, 12, 1)
WAVE = "great-pm/2026Q4"
COLLEAGUES = tuple(f"c{number}" for number in range(1, 10))


def person(person_id: str, name: str, role: str = "engineering", manager_id: str = "lead") -> Person:
    return Person(
        person_id=person_id, name=name, email="", manager_id=manager_id, org_unit="Product/Growth", role=role, level="",
        pm_type="", stage="", active_from=date(2025, 1, 1), active_to=None,
    )  # fmt: skip


ROSTER = make_roster(
    [
        person("lead", "Lea Dühr", "lead", ""),
        person("ada", "Ada <b>Lund</b>", "pm"),
        person("bob", "", "pm"),
        *(person(one, f"Colleague {one}") for one in COLLEAGUES),
        person("zoe", "Zoë Quint", "archaeologist"),
    ]
)
DRAFT = Collection(
    wave_id=WAVE,
    campaign="great-pm",
    period=parse_period("2026Q4"),
    instrument_id="great-pm",
    opens_on=date(2026, 12, 10),
    closes_on=date(2026, 12, 30),
    asked_by="People team",
    reply_to="",
    unit_days=3,
    created_on=TODAY,
    policy_text=default_policy_text(),
)


@dataclass(kw_only=True)
class Desk:
    """A draft with links into it, and a clock that tests set."""

    settings: Settings
    seconds: float = 1000.0
    today: date = field(default=TODAY)

    def link(self, person_id: str, purpose: LinkPurpose) -> str:
        secret = new_secret()
        hashed = secret_hash(make_keys(self.settings.wave_keys_path(WAVE)), secret)
        with open_register(self.settings.register_address) as register:
            Participation(register.store).add_link(WAVE, person_id, purpose, hashed)
        return secret

    def path(self, person_id: str) -> str:
        """The way to a PM's list, or to a lead's lists."""
        if person_id == "lead":
            return f"/a/{self.link(person_id, LinkPurpose.APPROVE)}"
        return f"/n/{self.link(person_id, LinkPurpose.NOMINATE)}"

    @contextmanager
    def client(self, *, follow_redirects: bool = True) -> Iterator[TestClient]:
        clock = Clock(today=lambda: self.today, now_ms=lambda: 0, steady=lambda: self.seconds)
        with (
            open_form(self.settings, clock=clock) as app,
            TestClient(app, follow_redirects=follow_redirects) as client,
        ):
            client.headers["sec-fetch-site"] = "same-origin"
            yield client

    def nominations(self) -> dict[tuple[str, str], NominationState]:
        with open_register(self.settings.register_address) as register:
            found = Collections(register.store).nominations(WAVE)
        return {(one.subject_id, one.rater_id): one.state for one in found}

    def propose(self, *raters: str, subject_id: str = "ada", state: NominationState) -> None:
        nominations = [
            Nomination(
                subject_id=subject_id,
                rater_id=one,
                relationship=Relationship.ENGINEERING,
                source=Source.PM,
                state=state,
            )
            for one in raters
        ]
        with open_register(self.settings.register_address) as register:
            Collections(register.store).put_nominations(WAVE, nominations)

    def audit(self) -> tuple[AuditEntry, ...]:
        with open_register(self.settings.register_address) as register:
            return register.audit()

    def open_wave(self) -> None:
        instrument = find_instrument(self.settings, "great-pm")
        wave = Wave(
            wave_id=WAVE, campaign="great-pm", period=DRAFT.period, instrument_id="great-pm",
            instrument_version=instrument.version, instrument_hash=instrument.content_hash, state=WaveState.OPEN,
            is_external=False, roster_date=TODAY, policy=DRAFT.policy_text,
        )  # fmt: skip
        asked = Assignment(
            rater_id="ada", subject_id="ada", relationship=Relationship.SELF, reporting_group="self", place=1
        )
        opening = Opening(
            collection=DRAFT, wave=wave, instrument=instrument, members=ROSTER, assignments=(asked,)
        )
        with open_register(self.settings.register_address) as register:
            Collections(register.store).open(opening)


def make_desk(home: Path) -> Desk:
    """Returns a draft over the roster in a new register, with nobody proposed yet."""
    settings = Settings(home=home)
    with open_register(settings.register_address) as register:
        register.replace_roster(ROSTER)
        Collections(register.store).add(DRAFT)
    return Desk(settings=settings)


def press(client: TestClient, path: str, do: str, **fields: str) -> Any:
    """Opens a page and sends one of its forms."""
    seal = re.search(r'name="seal" value="([^"]+)"', client.get(path).text)
    return client.post(path, data={"do": do, "seal": seal[1] if seal else "", **fields})
