"""An organisation of 44 PMs and 396 raters that filled in, closed, took in and published a wave."""

import asyncio
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.closing import close_wave
from pipeline.ingest import Order, ingest
from pipeline.run import publish_wave
from survey.answers import StoredResponse, open_answers
from survey.config import Settings
from survey.form.writer import Draft, Submission, Writer
from survey.register import open_register
from survey.register_participation import Claim, Participation
from survey.secret import draft_key, read_keys, response_key, seal_draft
from tests.form_world import WAVE, FormWorld, nomination, open_world, person, rate_all, seeded

PM_COUNT, UNIT_COUNT, SEATS = 44, 8, 8
SEAT_ROLES = ("engineering",) * 5 + ("design", "data", "support")
RESPONSE_RATE = 0.66
CLOSED_AT = datetime(2026, 12, 16, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Crime:
    """What is true, for comparing; `order` is in which the answers came in. `before` is the folder then."""

    home: Path
    before: Path
    truth: Mapping[str, str]
    order: tuple[tuple[str, str, str], ...]
    secrets: Mapping[str, str]
    traces: tuple[bytes, ...]


def people_and_pairs():
    pms = [f"pm{number:02}" for number in range(PM_COUNT)]
    people = [person("boss", "P", role="executive")]
    people += [person(f"lead{unit}", f"P/U{unit}", "boss", role="lead") for unit in range(UNIT_COUNT)]
    people += [
        person(pm, f"P/U{place % UNIT_COUNT}", f"lead{place % UNIT_COUNT}", role="pm")
        for place, pm in enumerate(pms)
    ]
    pairs = []
    for place, pm in enumerate(pms):
        raters = [f"r{(place * SEATS + seat):03}" for seat in range(SEATS)]
        people += [person(rater, "P/Staff", "boss") for rater in raters]
        pairs += [nomination(pm, rater, role) for rater, role in zip(raters, SEAT_ROLES, strict=True)]
    return people, pairs


def fill_in(world: FormWorld):
    """Two thirds answer, through the real writer, one after the other in an order of chance; some twice."""
    chance = seeded(11)
    asked = sorted(world.tasks)
    chance.shuffle(asked)
    came = [one for one in asked if chance.random() < RESPONSE_RATE]
    again = [one for one in came if chance.random() < 0.05]
    said = [(*one, rate_all(world.instrument, chance)) for one in (*came, *again)]
    keys = read_keys(world.settings.wave_keys_path(WAVE))
    with (
        open_register(world.settings.register_address) as register,
        open_answers(world.settings, WAVE) as store,
        Writer(Participation(register.store)) as writer,
    ):
        asyncio.run(write_all(world, writer, keys, store, said))
    return tuple(said)


async def write_all(world, writer, keys, store, said):
    for rater, subject, content in said:
        task = world.tasks[rater, subject]
        name = draft_key(keys, task.secret, subject)
        await writer.write(
            Draft(answers=store, draft_key=name, sealed=seal_draft(task.secret, subject, content.encode()))
        )
        response = StoredResponse(
            response_key=response_key(keys, task.secret, subject),
            subject_id=subject,
            reporting_group=task.reporting_group,
            content=content,
            is_straight=False,
            is_fast=False,
        )
        claim = Claim(assignment_no=task.assignment_no, link_no=task.link_no)
        await writer.write(Submission(answers=store, claim=claim, response=response, draft_key=name))


def traces_of(world: FormWorld) -> tuple[bytes, ...]:
    """What must be nowhere any more: secrets, their hashes, keys of answers and drafts, the wave's keys."""
    keys = read_keys(world.settings.wave_keys_path(WAVE))
    with (
        open_register(world.settings.register_address) as register,
        register.store.reading() as connection,
    ):
        hashes = [row[0] for row in connection.exec_driver_sql("select secret_hash from link")]
    found = [keys.participation, keys.answers, *hashes]
    for task in world.tasks.values():
        found += [
            task.secret.encode(),
            response_key(keys, task.secret, task.subject_id),
            draft_key(keys, task.secret, task.subject_id),
        ]
    return tuple(found)


@pytest.fixture(scope="session")
def crime(tmp_path_factory: pytest.TempPathFactory) -> Crime:
    place = tmp_path_factory.mktemp("attack")
    settings = Settings(home=place / "home")
    people, pairs = people_and_pairs()
    world = open_world(settings, people, pairs)
    said = fill_in(world)
    traces = traces_of(world)
    before = Path(shutil.copytree(settings.home, place / "before"))
    close_wave(settings, WAVE, now=CLOSED_AT, progress=lambda _: None)
    moment = CLOSED_AT.replace(tzinfo=None)
    ingest(settings, Order(path=None, wave=WAVE), now=moment, progress=lambda _: None)
    publish_wave(settings, WAVE, progress=lambda _: None, today=CLOSED_AT.date())
    last = {(rater, subject): content for rater, subject, content in said}
    order = tuple(
        (rater, subject, last[rater, subject]) for rater, subject in dict.fromkeys(x[:2] for x in said)
    )
    return Crime(
        home=settings.home,
        before=before,
        truth={content: rater for (rater, _), content in last.items()},
        order=order,
        secrets={task.secret: rater for (rater, _), task in world.tasks.items()},
        traces=traces,
    )
