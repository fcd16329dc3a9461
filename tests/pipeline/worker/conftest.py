"""A deployment whose worker is asked for things, on files and on a server."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from pipeline.worker import Worker, utc_now
from survey.config import Settings
from survey.job_kind import JobKind
from survey.register import Register, open_register
from survey.register_jobs import Job, Jobs
from tests.pipeline.ingest.conftest import INSTRUMENT, PEOPLE

WAVE = "small-pm/2026Q1"
HEADER = "subject_id,relationship,rater,taste_reasons,taste_cuts\n"
EXPORT = HEADER + "".join(
    f"{subject},{relationship},r{number},{3 + number % 3},{2 + number % 4}\n"
    for subject in ("p1", "p2", "p3")
    for number, relationship in enumerate(("peer", "engineering", "design", "data", "sales"))
)
HR = "p4"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Asks for jobs as a page does, and lets a worker do them."""

    settings: Settings
    register: Register
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def jobs(self) -> Jobs:
        return Jobs(self.register.store)

    def upload(self, text: str = EXPORT) -> str:
        name = secrets.token_hex(16)
        self.settings.inbox_path.mkdir(exist_ok=True)
        (self.settings.inbox_path / name).write_text(text, encoding="utf-8")
        return name

    def ask(self, kind: JobKind, key: str = "", **payload: object) -> Job:
        payload = {"wave_id": WAVE, **payload}
        return self.jobs.ask(kind, key or secrets.token_hex(4), payload, asked_by=HR, now=utc_now())

    def worker(self, now: Callable[[], datetime] = utc_now, **more: object) -> Worker:
        return Worker(self.settings, self.environment, name="w1", now=now, **more)

    def do(self, kind: JobKind, **payload: object) -> Job:
        """Asks for a job, has it done, and returns it as it then is."""
        asked = self.ask(kind, **payload)
        assert self.worker().do_next(self.jobs)
        found = self.jobs.find(asked.job_id)
        assert found is not None
        return found

    def result(self, kind: JobKind, **payload: object) -> dict[str, object]:
        done = self.do(kind, **payload)
        assert done.problem is None, done.problem
        return dict(done.result or {})


def prepare(settings: Settings) -> None:
    settings.instruments_path.mkdir(parents=True)
    (settings.instruments_path / "small.yaml").write_bytes(INSTRUMENT.read_bytes())
    with open_register(settings.register_address) as register:
        register.replace_roster(PEOPLE)


@pytest.fixture
def settings(on_either_store: Settings) -> Settings:
    prepare(on_either_store)
    return on_either_store


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    with open_register(settings.register_address) as register:
        yield Desk(settings=settings, register=register)
