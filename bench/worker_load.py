"""Publishing as HR sees it: from asking on a page until a running worker says that it is done.

The worker is the process that `pmhealth serve --only worker` starts; it has been up for a while, so that
everything is imported.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.form_load import cpu_seconds
from bench.world import PERIODS
from survey.config import Settings
from survey.job_kind import JobKind
from survey.register import open_register
from survey.register_jobs import Job, Jobs

_PROGRAM = (sys.executable, "-c", "from dashboard.cli import main; main()")
_LOOK_EVERY_SECONDS = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one job cost: seconds from asking to done, and the worker's CPU seconds in them."""

    wall: float
    cpu: float


def ask_worker(home: Path) -> dict[str, Asked]:
    """Has a worker publish wave after wave; returns what each cost, by period."""
    settings = Settings(home=home)
    with _working(home) as pid, open_register(settings.register_address) as register:
        jobs = Jobs(register.store)
        for turn in ("ready for jobs", "warm"):  # both are refused; between the two it imports what is left
            _wait(jobs, _ask(jobs, JobKind.WITHDRAW, turn))
            time.sleep(1)
        return {period: _publish(jobs, pid, period) for period in PERIODS}


def _publish(jobs: Jobs, pid: int, period: str) -> Asked:
    begun, used = time.perf_counter(), cpu_seconds(pid)
    done = _wait(jobs, _ask(jobs, JobKind.PUBLISH, f"great-pm/{period}"))
    if done.problem is not None:
        raise RuntimeError(done.problem.code)
    asked = Asked(wall=time.perf_counter() - begun, cpu=cpu_seconds(pid) - used)
    for attack in jobs.latest(JobKind.PROVE, limit=1):  # the worker does nothing beside it
        _wait(jobs, attack)
    return asked


def _ask(jobs: Jobs, kind: JobKind, wave_id: str) -> Job:
    return jobs.ask(kind, f"bench {wave_id}", {"wave_id": wave_id}, asked_by="bench", now=datetime.now(UTC))


def _wait(jobs: Jobs, asked: Job) -> Job:
    while not (found := jobs.find(asked.job_id) or asked).has_ended:
        time.sleep(_LOOK_EVERY_SECONDS)
    return found


@contextmanager
def _working(home: Path) -> Iterator[int]:
    command = [*_PROGRAM, "--home", str(home), "serve", "--only", "worker", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            process.stdout.readline()
            yield process.pid
        finally:
            process.terminate()
