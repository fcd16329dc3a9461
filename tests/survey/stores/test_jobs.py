"""Jobs: asked once however often, done by one worker, taken again from one that died."""

import os
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from survey import store as module
from survey.errors import StoreError, WaveError
from survey.job_kind import JobKind
from survey.register_jobs import LEASE_SECONDS, MOST_ATTEMPTS, JobProblem, JobProgress, Jobs, JobState

ROOT = Path(module.__file__).resolve().parents[1]
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
WAVE = {"wave_id": "great-pm/2026Q4"}
REFUSAL = WaveError("wave-closed", "the wave is closed", where="great-pm/2026Q4", hint="open another")

WORK_UNTIL_KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from survey.config import read_settings
from survey.register import open_register
from survey.register_jobs import Jobs

settings = read_settings(Path(sys.argv[1]))
with open_register(settings.register_address) as register:
    jobs = Jobs(register.store)
    while (taken := jobs.take(sys.argv[2], datetime.now(UTC))) is not None:
        print("began", taken.job_id, flush=True)
        jobs.finish(taken, {}, datetime.now(UTC))
        print("ended", taken.job_id, flush=True)
"""


@pytest.fixture
def jobs(register):
    return Jobs(register.store)


def ask(jobs, key="1", *, kind=JobKind.PUBLISH, by="p001", now=NOW):
    return jobs.ask(kind, key, WAVE, asked_by=by, now=now)


def later(seconds):
    return NOW + timedelta(seconds=seconds)


def test_job_when_asked_for_then_it_waits_and_is_found(jobs):
    asked = ask(jobs)
    assert (asked.state, asked.attempts, asked.payload, asked.asked_by) == (JobState.ASKED, 0, WAVE, "p001")
    assert not asked.has_ended
    assert jobs.find(asked.job_id) == jobs.find_wish(JobKind.PUBLISH, "1") == asked
    assert jobs.find(asked.job_id + 1) is None


def test_job_when_the_same_wish_comes_again_then_it_is_one_job(jobs):
    first = ask(jobs)
    assert ask(jobs, by="p002") == first
    taken = jobs.take("w1", NOW)
    assert ask(jobs) == taken
    jobs.finish(taken, {"release_no": 3}, NOW)
    assert ask(jobs).result == {"release_no": 3}
    assert ask(jobs, kind=JobKind.CLOSE).job_id != first.job_id


def test_job_when_asked_by_many_at_once_then_it_is_one_job(jobs):
    with ThreadPoolExecutor(8) as pool:
        found = {one.job_id for one in pool.map(lambda _: ask(jobs), range(16))}
    assert len(found) == 1
    assert len(jobs.latest()) == 1


def test_job_when_done_then_its_result_and_who_asked_are_kept(jobs, register):
    ask(jobs)
    taken = jobs.take("w1", NOW)
    jobs.renew(taken, NOW, JobProgress(done=2, total=5, said="jobs.scoring"))
    assert jobs.find(taken.job_id).progress == JobProgress(done=2, total=5, said="jobs.scoring")
    jobs.finish(taken, {"release_no": 3}, later(1))
    done = jobs.find(taken.job_id)
    assert (done.state, done.result, done.ended_at) == (JobState.DONE, {"release_no": 3}, later(1))
    (entry,) = register.audit()
    assert (entry.action, entry.done_by, entry.target) == ("job.publish", "p001", "great-pm/2026Q4")
    assert entry.detail == f"job {taken.job_id} done"


def test_job_when_it_fails_then_it_says_why_and_may_be_asked_for_again(jobs, register):
    first = ask(jobs)
    jobs.fail(jobs.take("w1", NOW), REFUSAL, NOW)
    failed = jobs.find(first.job_id)
    assert failed.state is JobState.FAILED
    assert failed.problem == JobProblem(
        code="wave-closed", message="the wave is closed", where="great-pm/2026Q4", hint="open another"
    )
    assert register.audit()[0].detail == f"job {first.job_id} failed"
    again = ask(jobs, by="p002")
    assert (again.job_id, again.state, again.problem) == (first.job_id, JobState.ASKED, None)
    assert (again.asked_by, again.attempts, again.ended_at) == ("p002", 0, None)


def test_jobs_when_taken_then_the_oldest_comes_first_and_each_once(jobs):
    asked = [ask(jobs, str(number)).job_id for number in range(3)]
    assert [jobs.take("w1", NOW).job_id for _ in asked] == asked
    assert jobs.take("w2", NOW) is None


def test_attacks_when_asked_for_then_come_last_and_once_for_each_release(jobs):
    for _ in range(2):
        jobs.ask_for_proof("w", 1, asked_by="hr", now=NOW)
    ask(jobs, "later")
    taken = [jobs.take("w1", NOW) for _ in range(3)]
    assert [one and one.kind for one in taken] == [JobKind.PUBLISH, JobKind.PROVE, None]


def test_jobs_when_many_workers_take_then_no_job_is_taken_twice(jobs):
    asked = [ask(jobs, str(number)).job_id for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda number: jobs.take(f"w{number}", NOW).job_id, asked))
    assert sorted(taken) == asked


def test_lease_when_it_runs_out_then_another_worker_takes_the_job_and_the_first_has_lost_it(jobs):
    ask(jobs)
    first = jobs.take("w1", NOW)
    assert jobs.take("w2", later(LEASE_SECONDS - 1)) is None
    second = jobs.take("w2", later(LEASE_SECONDS))
    assert (second.job_id, second.worker, second.attempts) == (first.job_id, "w2", 2)
    for late in (
        lambda: jobs.renew(first, NOW),
        lambda: jobs.finish(first, {}, NOW),
        lambda: jobs.fail(first, REFUSAL, NOW),
    ):
        with pytest.raises(StoreError) as refused:
            late()
        assert refused.value.code == "job-lost"
    assert jobs.find(first.job_id) == second


def test_lease_when_renewed_then_the_job_stays_with_its_worker(jobs):
    ask(jobs)
    taken = jobs.take("w1", NOW)
    jobs.renew(taken, later(LEASE_SECONDS - 1))
    assert jobs.take("w2", later(LEASE_SECONDS + 1)) is None


def test_job_when_its_workers_die_too_often_then_it_fails_and_says_so(jobs, register):
    asked = ask(jobs)
    for attempt in range(MOST_ATTEMPTS):
        assert jobs.take(f"w{attempt}", later(attempt * LEASE_SECONDS)).attempts == attempt + 1
    after = later(MOST_ATTEMPTS * LEASE_SECONDS)
    following = ask(jobs, "2", now=after)
    assert jobs.take("w9", after).job_id == following.job_id
    failed = jobs.find(asked.job_id)
    assert (failed.state, failed.problem.code) == (JobState.FAILED, "job-died")
    assert register.audit()[-1].detail == f"job {asked.job_id} failed"


def test_jobs_when_listed_then_the_newest_come_first_and_old_ones_are_forgotten(jobs):
    ask(jobs)
    jobs.finish(jobs.take("w1", NOW), {}, NOW)
    ask(jobs, "2", kind=JobKind.CLOSE)
    assert [one.kind for one in jobs.latest()] == ["close", "publish"]
    assert [one.kind for one in jobs.latest(JobKind.PUBLISH, JobKind.OPEN)] == ["publish"]
    assert len(jobs.latest(limit=1)) == 1
    ask(jobs, "3", now=NOW + timedelta(days=401))
    assert [one.key for one in jobs.latest()] == ["3", "2"]


@pytest.mark.slow
def test_jobs_when_workers_are_killed_then_each_ends_once(settings, register, jobs):
    asked = [ask(jobs, str(number)).job_id for number in range(150)]
    ended: list[int] = []
    for kill in range(3):
        ended += work_until_killed(settings, f"w{kill}", after=15 * (kill + 1))
    assert {one.attempts for one in jobs.latest(limit=150)} >= {0, 1}
    finish_all(jobs)
    assert {one.state for one in jobs.latest(limit=150)} == {JobState.DONE}
    assert [one for one, times in Counter(ended).items() if times > 1] == []
    details = Counter(entry.detail for entry in register.audit())
    assert details == {f"job {job_id} done": 1 for job_id in asked}


def work_until_killed(settings, worker: str, *, after: int) -> list[int]:
    """Kills a worker at some moment after so many lines, and returns the jobs it says it ended."""
    environment = os.environ | {"PMHEALTH_REGISTER": settings.register_url}
    command = [sys.executable, "-c", WORK_UNTIL_KILLED, str(settings.home), worker]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as started:
        said = [started.stdout.readline() for _ in range(after)]
        os.kill(started.pid, signal.SIGKILL)
        said += [line for line in started.stdout if line.endswith("\n")]
    return [int(line.split()[1]) for line in said if line.startswith("ended")]


def finish_all(jobs) -> None:
    """A later worker, when every lease has run out."""
    after = datetime.now(UTC) + timedelta(seconds=LEASE_SECONDS)
    while (taken := jobs.take("last", after)) is not None:
        jobs.finish(taken, {}, after)
