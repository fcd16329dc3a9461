"""kill -9 in the middle of taking in and publishing: the last good state stays, and each job is done once."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.release import current_name
from pipeline.warehouse import open_warehouse
from pipeline.worker import Worker, utc_now
from survey.config import ANSWERS_VARIABLE, REGISTER_VARIABLE, Settings
from survey.job_kind import JobKind
from survey.register import open_register
from survey.register_jobs import Jobs, JobState
from tests.pipeline.worker.conftest import WAVE, Desk, prepare

ROOT = Path(__file__).parents[3]
NUMBERS = ["4", "14", "24", "0.02", "0.3", "0.7"]
ON_SERVER = ["14"]


def set_up(settings: Settings) -> None:
    """An export in the inbox, and two wishes about it; the second brings a third, the attacks."""
    prepare(settings)
    with open_register(settings.register_address) as register:
        desk = Desk(settings=settings, register=register)
        desk.ask(JobKind.INGEST, "in", file=desk.upload())
        desk.ask(JobKind.PUBLISH, "out")


def kill(settings: Settings, trials: list[str]) -> list[str]:
    environment = os.environ | {
        REGISTER_VARIABLE: settings.register_url,
        ANSWERS_VARIABLE: settings.answers_url,
    }
    program = [sys.executable, "-m", "tests.pipeline.worker.mortal", *trials]
    ran = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return [line.split()[1] for line in ran.stdout.splitlines()]


def check_good(settings: Settings) -> None:
    """What a dashboard sees between the kill and the next worker is whole."""
    name = current_name(settings.releases_path)
    if name is not None:
        assert (settings.releases_path / name).is_file()


def finish(settings: Settings) -> None:
    """A later worker, when the lease of the dead one has run out."""
    with open_register(settings.register_address) as register:
        jobs = Jobs(register.store)
        worker = Worker(settings, {}, name="w2", now=lambda: utc_now() + timedelta(minutes=5))
        while worker.do_next(jobs):
            pass


def outcome(settings: Settings) -> tuple[object, ...]:
    """Everything that a repeated job could have doubled."""
    with open_register(settings.register_address) as register:
        found = Jobs(register.store).latest()
        assert [one.state for one in found] == [JobState.DONE] * 3, [one.problem for one in found]
        done = sorted(entry.action for entry in register.audit() if entry.action.startswith("job."))
        state = register.wave(WAVE).state
    with open_warehouse(settings.warehouse_path) as warehouse:
        count = warehouse.connection.execute(
            "select (select count(*) from core.response), (select count(*) from raw.batch)"
        ).fetchone()
    releases = {path.name: path.stat().st_size for path in settings.releases_path.glob("*.duckdb")}
    return done, state, count, releases, list(settings.inbox_path.iterdir())


@pytest.mark.slow
def test_worker_when_killed_at_any_moment_then_each_job_is_done_once(tmp_path):
    first = Settings(home=tmp_path / "first")
    set_up(first)
    homes = [tmp_path / f"trial-{number}" for number in NUMBERS]
    for home in homes:
        shutil.copytree(first.home, home)
    finish(first)
    whole = outcome(first)
    assert whole[0] == ["job.ingest", "job.prove", "job.publish"]

    fates = kill(first, [f"{home}@{number}" for home, number in zip(homes, NUMBERS, strict=True)])

    assert fates.count("killed") >= len(NUMBERS) - 2, fates
    for home in homes:
        trial = replace(first, home=home)
        check_good(trial)
        finish(trial)
        assert outcome(trial) == whole, home.name


@pytest.mark.slow
@pytest.mark.parametrize("number", ON_SERVER)
def test_worker_when_killed_with_a_database_server_then_each_job_is_done_once(tmp_path, postgres, number):
    settings = Settings(
        home=tmp_path / "home",
        register_url=postgres.empty_database("register"),
        answers_url=postgres.empty_database("answers"),
    )
    set_up(settings)
    kill(settings, [f"{settings.home}@{number}"])
    check_good(settings)
    finish(settings)
    done, _, count, releases, inbox = outcome(settings)
    assert done == ["job.ingest", "job.prove", "job.publish"]
    assert (count, len(releases), inbox) == ((15, 1), 1, [])
