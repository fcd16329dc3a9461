"""A small organisation whose wave is mailed in tests: two PMs, their lead, eight colleagues."""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from pathlib import Path

from survey.assignment import Nomination, NominationState, Source
from survey.campaign import WaveState, parse_period
from survey.collection import Collection
from survey.config import Settings
from survey.invitation import Round, open_round
from survey.mail import SENT
from survey.mailing import Desk
from survey.message import Envelope, Mail
from survey.opening import open_wave, plan_wave
from survey.policy import default_policy_text
from survey.register import Register, open_register
from survey.register_collection import Collections
from survey.register_participation import Claim, Participation
from survey.relationship import Relationship
from survey.roster import Person, Roster, make_roster
from survey.secret import make_keys, secret_hash
from tests.mail_server import SENDER

FORM_URL = "https://survey.example.org"
OPENED = datetime(2026, 12, 1, 8, tzinfo=UTC)
OPENED_ON = OPENED.date()
PMS = ("pam", "pip")
COLLEAGUES = tuple(f"r{number}" for number in range(1, 9))
LINK = re.compile(rf"{re.escape(FORM_URL)}/([fna])/([\w-]+)")


def person(person_id: str, role: str = "engineering", manager_id: str = "lee", **more: str) -> Person:
    values = {"email": f"{person_id}@example.org", "language": "", **more}
    return Person(
        person_id=person_id,
        name=f"Sekrit {person_id.title()}",
        manager_id=manager_id,
        org_unit="Product",
        role=role,
        level="",
        pm_type="",
        stage="",
        active_from=date(2025, 1, 1),
        active_to=None,
        **values,
    )


def roster(**changes: Person) -> Roster:
    people = {"lee": person("lee", "director", "")}
    people |= {pm: person(pm, "pm") for pm in PMS}
    people |= {colleague: person(colleague) for colleague in COLLEAGUES}
    people["r1"] = person("r1", language="de")
    return make_roster((people | changes).values())


def collection(period: str = "2026Q4", opens_on: date = OPENED_ON, campaign: str = "great-pm") -> Collection:
    return Collection(
        wave_id=f"{campaign}/{period}",
        campaign=campaign,
        period=parse_period(period),
        instrument_id=campaign,
        opens_on=opens_on,
        closes_on=date(2026, 12, 21),
        asked_by="Anna Ask",
        reply_to="anna@example.org",
        unit_days=3,
        created_on=date(2026, 11, 25),
        policy_text=default_policy_text(),
    )


def approved(subject_id: str, rater_id: str, state: NominationState = NominationState.APPROVED) -> Nomination:
    return Nomination(
        subject_id=subject_id,
        rater_id=rater_id,
        relationship=Relationship.ENGINEERING,
        source=Source.PM,
        state=state,
    )


@dataclass(frozen=True, kw_only=True)
class World:
    """An open register with a wave in it."""

    settings: Settings
    register: Register
    collection: Collection

    def round(self) -> Round:
        return open_round(self.settings, self.register, self.collection, OPENED.date())

    def desk(self) -> Desk:
        return Desk(
            register=self.register,
            wave_id=self.collection.wave_id,
            form_url=FORM_URL,
            keys=make_keys(self.settings.wave_keys_path(self.collection.wave_id)),
        )

    def find(self, secret: str):
        """What a link opens, as the form finds it."""
        return Participation(self.register.store).find_link(secret_hash(self.desk().keys, secret))

    def answer_all(self, secret: str, subjects: tuple[str, ...] = ()) -> None:
        """Does what the form does with a rater's answers: all tasks, or only those about some subjects."""
        participation, link = Participation(self.register.store), self.find(secret)
        claims = [
            Claim(assignment_no=task.assignment_no, link_no=link.link_no)
            for task in participation.tasks(link)
            if not subjects or task.subject_id in subjects
        ]
        participation.claim(claims)
        participation.finish(claims)


@contextmanager
def world(home: Path | Settings, *, is_open: bool = True, people: Roster | None = None) -> Iterator[World]:
    settings = home if isinstance(home, Settings) else Settings(home=home)
    with open_register(settings.register_address) as register:
        register.replace_roster(people or roster())
        yield add_wave(settings, register, collection(), is_open=is_open)


def add_wave(settings: Settings, register: Register, draft: Collection, *, is_open: bool = True) -> World:
    collections = Collections(register.store)
    collections.add(draft)
    if is_open:
        everybody = [approved(pm, colleague) for pm in PMS for colleague in COLLEAGUES]
        collections.put_nominations(draft.wave_id, everybody)
        planned = plan_wave(settings, register, draft, OPENED.date())
        open_wave(settings, register, planned, is_small_accepted=True, done_at=OPENED)
    return World(settings=settings, register=register, collection=draft)


def move(one: World, *states: WaveState) -> None:
    for state in states:
        one.register.move_wave(one.collection.wave_id, state)


class Letterbox:
    """Keeps what is sent; fails where it was told to."""

    def __init__(self, faults: dict[str, str] | None = None) -> None:
        self.mails: list[Mail] = []
        self.faults = faults or {}

    def send(self, mail: Mail) -> str:
        code = self.faults.get(mail.recipient, SENT)
        if code == SENT:
            self.mails.append(mail)
        return code

    def pause(self, seconds: float) -> None:
        """Nobody waits in a test."""

    @property
    def recipients(self) -> list[str]:
        return [mail.recipient.partition("@")[0] for mail in self.mails]

    def secrets(self) -> dict[str, str]:
        """The secret of the last link that each person got."""
        return {mail.recipient.partition("@")[0]: secret_in(mail) for mail in self.mails}


def parse(mail: Mail) -> EmailMessage:
    return BytesParser(policy=SMTP).parsebytes(mail.content)


def text_of(mail: Mail) -> str:
    return parse(mail).get_body(("plain",)).get_content()


def secret_in(mail: Mail) -> str:
    return LINK.search(text_of(mail))[2]


def envelope_at(moment: datetime):
    return lambda: Envelope(sender=SENDER, reply_to="anna@example.org", written_at=moment)


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a test repeats itself
