"""A wave of our own form, open, with people who answer as the form's writer stores it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random

from survey.answers import StoredResponse, open_answers
from survey.assignment import Nomination, NominationState, Source
from survey.campaign import parse_period
from survey.collection import Collection
from survey.config import Settings
from survey.instrument import Instrument
from survey.opening import open_wave, plan_wave
from survey.participation import LinkPurpose
from survey.policy import default_policy_text
from survey.register import Register, open_register
from survey.register_collection import Collections
from survey.register_participation import Claim, Participation
from survey.relationship import Relationship
from survey.response import Comment, Response, render_response
from survey.roster import Person, make_roster
from survey.secret import draft_key, new_secret, read_keys, response_key, seal_draft, secret_hash

WAVE = "great-pm/2026Q4"
OPENS = date(2026, 11, 25)
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
PM_FACTS = {"role": "pm", "pm_type": "b2b", "stage": "growth"}


def person(person_id: str, unit: str, manager_id: str = "", role: str = "engineer") -> Person:
    facts = PM_FACTS if role == "pm" else {"role": role, "pm_type": "", "stage": ""}
    return Person(
        person_id=person_id,
        name=f"Name {person_id}",
        email=f"{person_id}@example.org",
        manager_id=manager_id,
        org_unit=unit,
        level="senior",
        active_from=date(2025, 1, 1),
        active_to=None,
        **facts,
    )


def nomination(subject_id: str, rater_id: str, relationship: str = "engineering") -> Nomination:
    return Nomination(
        subject_id=subject_id,
        rater_id=rater_id,
        relationship=Relationship(relationship),
        source=Source.FILE,
        state=NominationState.APPROVED,
    )


def plan(wave_id: str = WAVE, *, unit_days: int = 3) -> Collection:
    campaign, _, period = wave_id.rpartition("/")
    return Collection(
        wave_id=wave_id,
        campaign=campaign,
        period=parse_period(period),
        instrument_id=campaign,
        opens_on=OPENS,
        closes_on=date(2026, 12, 15),
        asked_by="Made Up",
        reply_to="made-up@example.org",
        unit_days=unit_days,
        created_on=OPENS,
        policy_text=default_policy_text(),
    )


def rate(instrument: Instrument, values: Iterable[int], **comments: Comment) -> str:
    """Returns the content of a response that rates the first items so; the rest is skipped."""
    items = [item for item in instrument.items if not item.is_event]
    ratings = {item.item_id: Decimal(value) for item, value in zip(items, values, strict=False)}
    return render_response(Response(ratings=ratings, comments=comments), instrument)


def seeded(seed: int) -> Random:
    """Returns chance that repeats itself."""
    return Random(seed)  # noqa: S311 - answers, not secrets


def rate_all(instrument: Instrument, rng: Random) -> str:
    """Returns the content of a response with a rating of every item."""
    return rate(instrument, [rng.randint(1, 5) for _ in instrument.items])


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing a rater is asked, with their link."""

    rater_id: str
    subject_id: str
    reporting_group: str
    assignment_no: int
    link_no: int
    secret: str


@dataclass(frozen=True, kw_only=True)
class FormWorld:
    """An open wave. `tasks` is by rater and subject."""

    settings: Settings
    wave_id: str
    instrument: Instrument
    tasks: Mapping[tuple[str, str], Task] = field(default_factory=dict)

    def submit(
        self, said: Sequence[tuple[str, str, str]], *, is_finished: bool = True, is_stored: bool = True
    ) -> None:
        """Stores (rater, subject, content) in one batch: claimed, stored, done."""
        keys = read_keys(self.settings.wave_keys_path(self.wave_id))
        tasks = [self.tasks[rater, subject] for rater, subject, _ in said]
        claims = [Claim(assignment_no=one.assignment_no, link_no=one.link_no) for one in tasks]
        with open_register(self.settings.register_address) as register:
            participation = Participation(register.store)
            assert {one.value for one in participation.claim(claims)} <= {"claimed"}
            if is_stored:
                with open_answers(self.settings, self.wave_id) as answers:
                    answers.put_batch(
                        [
                            StoredResponse(
                                response_key=response_key(keys, task.secret, task.subject_id),
                                subject_id=task.subject_id,
                                reporting_group=task.reporting_group,
                                content=content,
                                is_straight=False,
                                is_fast=False,
                            )
                            for task, (_, _, content) in zip(tasks, said, strict=True)
                        ]
                    )
            if is_finished:
                participation.finish(claims)

    def draft(self, rater: str, subject: str, content: str) -> None:
        """Saves a draft."""
        keys = read_keys(self.settings.wave_keys_path(self.wave_id))
        secret = self.tasks[rater, subject].secret
        with open_answers(self.settings, self.wave_id) as answers:
            answers.put_draft(draft_key(keys, secret, subject), seal_draft(secret, subject, content.encode()))


def open_world(
    settings: Settings,
    people: Iterable[Person],
    nominations: Iterable[Nomination],
    *,
    wave_id: str = WAVE,
    unit_days: int = 3,
) -> FormWorld:
    """Opens a wave through the real way and gives everybody a link."""
    with open_register(settings.register_address) as register:
        register.replace_roster(make_roster(people))
        collections = Collections(register.store)
        collections.add(plan(wave_id, unit_days=unit_days))
        collections.put_nominations(wave_id, tuple(nominations))
        planned = plan_wave(settings, register, collections.get(wave_id), OPENS)
        open_wave(settings, register, planned, is_small_accepted=True, done_at=NOON)
        return FormWorld(
            settings=settings,
            wave_id=wave_id,
            instrument=planned.instrument,
            tasks=_invite(settings, register, wave_id),
        )


def _invite(settings: Settings, register: Register, wave_id: str) -> dict[tuple[str, str], Task]:
    keys = read_keys(settings.wave_keys_path(wave_id))
    participation = Participation(register.store)
    tasks = {}
    for rater in participation.raters(wave_id):
        secret = new_secret()
        hashed = secret_hash(keys, secret)
        link_no = participation.add_link(wave_id, rater, LinkPurpose.ANSWER, hashed)
        link = participation.find_link(hashed)
        for one in participation.tasks(link):
            tasks[rater, one.subject_id] = Task(
                rater_id=rater,
                subject_id=one.subject_id,
                reporting_group=one.reporting_group,
                assignment_no=one.assignment_no,
                link_no=link_no,
                secret=secret,
            )
    return tasks
