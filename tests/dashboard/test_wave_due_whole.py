"""`pmhealth wave run-due` to the end: a wave closes, is published and told about, each once."""

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.due import run_due
from pipeline.release import Releases
from survey.campaign import WaveState
from survey.config import Settings
from survey.post_office import PostOffice
from survey.register import open_register
from tests.form_world import WAVE, FormWorld, nomination, open_world, person, rate_all, seeded
from tests.mail_server import Inbox, mail_server

pytestmark = pytest.mark.thorough

PMS = ("pa", "pb", "pc")
AFTER = date(2026, 12, 16)


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def environment(inbox: Inbox):
    with mail_server(inbox) as port:
        yield {
            "PMHEALTH_SMTP_HOST": "127.0.0.1",
            "PMHEALTH_SMTP_PORT": str(port),
            "PMHEALTH_SMTP_TLS": "none",
            "PMHEALTH_MAIL_FROM": "people@example.org",
            "PMHEALTH_FORM_URL": "https://survey.example.org",
            "PMHEALTH_DASHBOARD_URL": "https://dashboard.example.org",
        }


@pytest.fixture
def world(tmp_path: Path) -> FormWorld:
    """Three PMs of one unit, each answered about by six others, their lead and themselves."""
    people = [person("boss", "P", role="executive")]
    people += [person(pm, "P/A", "boss", role="pm") for pm in PMS]
    people += [person(f"{pm}{seat}", "P/E", "boss") for pm in PMS for seat in range(6)]
    asked = [nomination(pm, f"{pm}{seat}") for pm in PMS for seat in range(6)]
    one = open_world(Settings(home=tmp_path / "home"), people, asked)
    chance = seeded(7)
    for pm in PMS:
        raters = ["boss", pm, *(f"{pm}{seat}" for seat in range(6))]
        one.submit([(rater, pm, rate_all(one.instrument, chance)) for rater in raters])
    return one


def due(world: FormWorld, environment, day: date) -> list[tuple[str, str]]:
    """What was done on a day, as (step, what it came to), or (step, code) where it failed."""
    office = PostOffice(
        settings=world.settings,
        environment=environment,
        now=lambda: datetime(day.year, day.month, day.day, 7, tzinfo=UTC),
        done_by="run-due",
        per_second=100,
    )
    found = run_due(office, today=day, progress=lambda _: None)
    return [(done.step.value, done.error.code if done.error else done.told) for done in found]


def recipients(inbox: Inbox, subject: str) -> list[str]:
    return sorted(
        mail["To"].addresses[0].username for mail in inbox.received if mail["Subject"].startswith(subject)
    )


def test_wave_when_its_last_day_is_over_then_it_is_closed_published_and_told_about_once(
    world, environment, inbox
):
    assert due(world, environment, date(2026, 12, 15)) == []
    assert due(world, environment, AFTER) == [
        ("close", "closed"),
        ("ingest", "answers taken in"),
        ("publish", "published in release 1"),
        ("thank", "22 mails sent"),
        ("tell", "3 mails sent"),
    ]
    assert due(world, environment, AFTER) == []
    assert recipients(inbox, "Your results are ready") == list(PMS)
    assert len(recipients(inbox, "Asking has closed")) == 22
    assert not world.settings.wave_keys_path(WAVE).exists()
    waiting = Releases(world.settings.releases_path, today=lambda: AFTER).current().waiting()
    assert [(wave.wave_id, wave.unit_date) for wave in waiting] == [(WAVE, date(2026, 12, 21))]


def test_closing_when_a_crash_came_in_between_then_the_next_run_ends_it(world, environment):
    with open_register(world.settings.register_address) as register:
        register.move_wave(WAVE, WaveState.CLOSED)
    steps = due(world, environment, AFTER)
    assert steps[:2] == [("ingest", "answers taken in"), ("publish", "published in release 1")]
    assert not world.settings.wave_keys_path(WAVE).exists()


def test_publishing_when_closing_fails_then_it_waits_and_thanks_go_out(world, environment):
    world.settings.answers_address(WAVE).unlink()
    steps = due(world, environment, AFTER)
    assert [step for step, _ in steps] == ["close", "thank"]
    assert [step for step, _ in due(world, environment, AFTER)] == ["close"]


def test_mail_when_there_is_no_server_then_results_are_published_all_the_same(world, environment, inbox):
    steps = dict(due(world, {}, AFTER))
    assert steps["publish"] == "published in release 1"
    assert (steps["thank"], steps["tell"]) == ("mail-not-set-up", "mail-not-set-up")
    assert due(world, environment, AFTER) == [("thank", "22 mails sent"), ("tell", "3 mails sent")]


def test_mail_when_much_time_has_passed_then_nobody_is_told_of_an_old_wave(world, environment, inbox):
    assert [step for step, _ in due(world, environment, date(2027, 3, 1))] == ["close", "ingest", "publish"]
    assert inbox.received == []


@pytest.mark.slow
def test_runs_when_started_at_the_same_moment_then_everything_is_done_once(world, environment, inbox):
    program = "import sys; from dashboard.cli import main; sys.argv[0] = 'pmhealth'; main()"
    options = ("wave", "run-due", "--today", str(AFTER), "--per-second", "100")
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", program, "--home", str(world.settings.home), *options],
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
        )
        for _ in range(3)
    ]
    assert [run.wait() for run in runs] == [0, 0, 0]
    assert set(Counter((mail["To"], mail["Subject"]) for mail in inbox.received).values()) == {1}
    assert len(inbox.received) == 25
    assert len(list(world.settings.releases_path.glob("release-*.duckdb"))) == 1
