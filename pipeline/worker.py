"""The worker: does jobs one after another, and what a day asks for. One works on a machine, others stand by.

While a job runs, a second thread renews its lease and notes how far it is. A worker that is killed leaves
the last good state behind; the job is taken again, and its handler comes to the same.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib import import_module
from threading import Event, Thread
from types import TracebackType

from pipeline.due import Done, run_due
from pipeline.tasks.files import sweep_inbox
from pipeline.tasks.handlers import HANDLERS
from pipeline.tasks.task import Handler, Task
from survey.config import Settings
from survey.enclosure import sweep_enclosures
from survey.errors import HealthError, StoreError
from survey.job_kind import JobKind
from survey.lock import only_one
from survey.post_office import PostOffice
from survey.register import open_register
from survey.register_jobs import LEASE_SECONDS, Job, JobProgress, Jobs

LOG = logging.getLogger("pmhealth.worker")

DUE_HOURS = range(7, 20)
"""The hours of the day in which mail goes out and waves open and close by themselves."""

ALIVE_SECONDS = 900
"""A worker that has not come round for so long hangs."""

_DUE_EVERY_SECONDS = 900.0
_SWEEP_EVERY_SECONDS = 60.0
_IDLE_SECONDS = 0.5
_STANDING_BY_SECONDS = 2.0
_OUT_OF_REACH_SECONDS = 5.0
_TELL_SECONDS = 0.5


_SECOND = "already-running"
"""What the lock says to a worker that is not the only one."""


def utc_now() -> datetime:
    """Returns what time it is."""
    return datetime.now(UTC)


class Worker:
    """Works until it is told to stop. `environment` says how mail goes out."""

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        *,
        name: str,
        now: Callable[[], datetime] = utc_now,
        handlers: Mapping[JobKind, Handler] = HANDLERS,
    ) -> None:
        self._settings = settings
        self._environment = environment
        self._name = name
        self._now = now
        self._handlers = handlers
        self._due_at = self._swept_at = 0.0
        self._is_warm = False
        self._seen_at = time.monotonic()

    @property
    def is_alive(self) -> bool:
        """False once it has not come round for a quarter of an hour."""
        return time.monotonic() - self._seen_at < ALIVE_SECONDS

    def run(self, stop: Event) -> None:
        """Does what there is to do until `stop` is set; a job that runs is brought to its end."""
        said = ""
        while not stop.is_set():
            self._come_round()
            problem = self._work_alone(stop)
            if problem and problem != said:
                LOG.warning("no jobs are done: %s", problem)
            said = problem
            stop.wait(_STANDING_BY_SECONDS if problem == _SECOND else _OUT_OF_REACH_SECONDS)

    def _work_alone(self, stop: Event) -> str:
        """Works until told to stop, or until something is in the way: then its code, or a bug's kind."""
        try:
            with only_one(self._settings.lock_path("worker")):
                LOG.info("ready for jobs")
                self._work(stop)
        except HealthError as error:
            return error.code
        except Exception as error:
            return type(error).__name__
        return ""

    def _work(self, stop: Event) -> None:
        with open_register(self._settings.register_address) as register:
            jobs = Jobs(register.store)
            while not stop.is_set():
                self._come_round()
                if not self.do_next(jobs):
                    self._idle(jobs)
                    stop.wait(_IDLE_SECONDS)

    def do_next(self, jobs: Jobs) -> bool:
        """Does the oldest job that nobody works on; False if there is none."""
        taken = jobs.take(self._name, self._now())
        if taken is None:
            return False
        began = time.monotonic()
        with _Lease(jobs, taken, self._now) as lease:
            outcome = self._outcome(taken, lease)
        self._note(jobs, taken, outcome)
        self._sweep(jobs)
        said = outcome.code if isinstance(outcome, HealthError) else "done"
        LOG.info("job %d %s: %s, %.1f s", taken.job_id, taken.kind, said, time.monotonic() - began)
        return True

    def do_due(self) -> tuple[Done, ...]:
        """Does what today asks for, for every wave of our form."""
        office = PostOffice(
            settings=self._settings, environment=self._environment, now=self._now, done_by="worker"
        )
        today = self._now().astimezone().date()
        done = run_due(office, today=today, progress=lambda _: self._come_round())
        for one in done:
            LOG.info("due %s %s: %s", one.wave_id, one.step, one.error.code if one.error else "done")
        return done

    def _outcome(self, taken: Job, lease: "_Lease") -> Mapping[str, object] | HealthError:
        """A bug's text may quote an answer, so only its kind is told."""
        task = Task(
            settings=self._settings,
            environment=self._environment,
            job=taken,
            now=self._now,
            advance=lambda progress: self._advance(lease, progress),
        )
        try:
            result = self._handlers[taken.kind](task)
            json.dumps(result)
        except HealthError as error:
            return error
        except Exception as error:
            LOG.error("job %d failed: %s", taken.job_id, type(error).__name__)  # noqa: TRY400 - no traceback
            return _unexpected(error, taken)
        return result

    def _advance(self, lease: "_Lease", progress: JobProgress) -> None:
        """Mail to thousands takes an hour; as long as it goes on, the worker does not hang."""
        self._come_round()
        lease.advance(progress)

    def _note(self, jobs: Jobs, taken: Job, outcome: Mapping[str, object] | HealthError) -> None:
        try:
            if isinstance(outcome, HealthError):
                jobs.fail(taken, outcome, self._now())
            else:
                jobs.finish(taken, outcome, self._now())
        except StoreError as error:
            if error.code != "job-lost":
                raise
            LOG.warning("job %d: %s", taken.job_id, error.code)

    def _idle(self, jobs: Jobs) -> None:
        """What takes its time waits until nobody waits for it."""
        if not self._is_warm:
            import_module("pipeline.validate")  # Great Expectations takes seconds
            self._is_warm = True
        if time.monotonic() >= self._swept_at + _SWEEP_EVERY_SECONDS:
            self._sweep(jobs)
        if self._is_time():
            self._due_at = time.monotonic() + _DUE_EVERY_SECONDS
            self._try_due()

    def _sweep(self, jobs: Jobs) -> None:
        """Deletes what was handed in or over and has had its time."""
        self._swept_at = time.monotonic()
        try:
            sweep_inbox(self._settings, jobs, self._now())
            sweep_enclosures(self._settings, self._now())
        except OSError as error:
            LOG.warning("what has had its time cannot be deleted: %s", type(error).__name__)

    def _is_time(self) -> bool:
        """Nobody in a demo is real, and nobody real gets a mail at night."""
        is_day = self._now().astimezone().hour in DUE_HOURS
        return is_day and not self._settings.is_made_up and time.monotonic() >= self._due_at

    def _try_due(self) -> None:
        try:
            self.do_due()
        except HealthError as error:
            if error.code != _SECOND:
                LOG.warning("what is due: %s", error.code)

    def _come_round(self) -> None:
        self._seen_at = time.monotonic()


class _Lease:
    """Keeps a job while it is being done, from a thread of its own."""

    def __init__(self, jobs: Jobs, taken: Job, now: Callable[[], datetime]) -> None:
        self._jobs = jobs
        self._taken = taken
        self._now = now
        self._progress = self._told = JobProgress()
        self._over = Event()
        self._thread = Thread(target=self._keep, name=f"lease of job {taken.job_id}", daemon=True)

    def __enter__(self) -> "_Lease":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def advance(self, progress: JobProgress) -> None:
        """Takes how far the job is; it is told within half a second."""
        self._progress = progress

    def _keep(self) -> None:
        renewed_at = time.monotonic()
        while not self._over.wait(_TELL_SECONDS):
            progress = self._progress
            if progress == self._told and time.monotonic() - renewed_at < LEASE_SECONDS / 3:
                continue
            try:
                self._jobs.renew(self._taken, self._now(), progress)
            except StoreError as error:
                LOG.warning("job %d: its lease cannot be renewed: %s", self._taken.job_id, error.code)
                continue
            self._told, renewed_at = progress, time.monotonic()


def _unexpected(error: Exception, taken: Job) -> HealthError:
    return HealthError(
        "unexpected",
        f"{type(error).__name__}; this is a bug, nothing you did wrong",
        where=f"job {taken.job_id}",
        hint="run the same by its command with PMHEALTH_DEBUG=1 to see the details",
    )
