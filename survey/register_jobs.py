"""What the worker is to do, and what became of it: jobs in the register.

A page asks for a job and looks how far it is; the worker takes it, under a lease that it renews
while it works. A worker that dies leaves its lease to run out, and the job is taken again, so what
runs must come to the same when it is begun twice. Payloads, results and problems hold ids, counts
and rules: no name, no address, no answer.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, case, delete, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from survey.audit import AuditEntry, add_entry
from survey.errors import HealthError, ProblemsError, StoreError
from survey.job_kind import JobKind
from survey.jobs_schema import job
from survey.store import Store

LEASE_SECONDS = 30
"""So long a worker has a job to itself after it last said that it is alive."""

MOST_ATTEMPTS = 3
"""So often a job is begun; one whose workers all died is not the job to try for ever."""

_PROBLEMS_KEPT = 20
_KEPT_DAYS = 400
"""So long the rows of ended jobs stay: a year of waves can be looked back on."""


class JobState(StrEnum):
    """How far a job is."""

    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


ENDED = frozenset({JobState.DONE, JobState.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProgress:
    """How much of a job is done; `said` is the key of a sentence in the text files. Total 0: unknown."""

    done: int = 0
    total: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProblem:
    """Why a job failed, as its `HealthError` said it; `problems` are the first of a whole file's."""

    code: str
    message: str
    where: str = ""
    hint: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One thing to do: its kind, what exactly, who asked, and how far it is.

    `key` tells one wish from the next: the same wish sent twice is one job.
    """

    job_id: int
    kind: JobKind
    key: str
    payload: Mapping[str, Any]
    asked_by: str
    asked_at: datetime
    state: JobState
    attempts: int
    worker: str
    progress: JobProgress = field(default=JobProgress())
    result: Mapping[str, Any] | None = None
    problem: JobProblem | None = None
    ended_at: datetime | None = None

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED


class Jobs:
    """The jobs of a register. Each method is one transaction; times are handed in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def ask(
        self, kind: JobKind, key: str, payload: Mapping[str, Any], *, asked_by: str, now: datetime
    ) -> Job:
        """Asks for a job and returns it; the same wish again returns the job there is.

        One that failed is asked for anew: whoever asks again has mended the reason.
        """
        with self._store.writing() as connection:
            _forget_old(connection, now)
            there = _first(connection, _meant(kind, key))
            asking = {"payload": json.dumps(payload), **_asking(asked_by, now)}
            if there is None:
                named = {"job_id": _next_id(connection), "kind": kind.value, "key": key}
                connection.execute(insert(job), named | asking)
            elif there.state is JobState.FAILED:
                connection.execute(update(job).where(_meant(kind, key)).values(asking))
            return _find(connection, _meant(kind, key))

    def ask_for_proof(self, wave_id: str, release_no: int, *, asked_by: str, now: datetime) -> Job:
        """Asks for the attacks on a release that a wave came into, or left; on each release once."""
        payload = {"wave_id": wave_id, "release_no": release_no}
        return self.ask(JobKind.PROVE, f"release {release_no}", payload, asked_by=asked_by, now=now)

    def find(self, job_id: int) -> Job | None:
        """Returns a job by its number, or None."""
        with self._store.reading() as connection:
            return _first(connection, job.c.job_id == job_id)

    def find_wish(self, kind: JobKind, key: str) -> Job | None:
        """Returns the job of a wish, or None if nobody has asked for it."""
        with self._store.reading() as connection:
            return _first(connection, _meant(kind, key))

    def latest(self, *kinds: JobKind, limit: int = 50) -> tuple[Job, ...]:
        """Returns the jobs of some kinds (without any: of all), the newest first."""
        chosen = select(job).where(job.c.kind.in_([kind.value for kind in kinds])) if kinds else select(job)
        with self._store.reading() as connection:
            rows = connection.execute(chosen.order_by(job.c.job_id.desc()).limit(limit)).mappings()
            return tuple(_job(row) for row in rows)

    def ended(self) -> tuple[int, datetime | None]:
        """Returns how many jobs have ended and when the last one did: another answer means that one more has."""
        with self._store.reading() as connection:
            count, last = connection.execute(
                select(func.count(), func.max(job.c.ended_at)).where(job.c.ended_at.is_not(None))
            ).one()
            return int(count), last

    def take(self, worker: str, now: datetime) -> Job | None:
        """Gives a worker the oldest job that nobody works on, with a lease; None if there is none.

        Attacks wait until there is nothing else: they take minutes, and nobody waits for them. A job whose
        workers died too often fails here.
        """
        with self._store.reading() as connection:
            if _first_free(connection, now) is None:
                return None
        with self._store.writing() as connection:
            while (found := _first_free(connection, now)) is not None:
                if found.attempts < MOST_ATTEMPTS:
                    return _lend(connection, found, worker, now)
                _end(connection, found, JobState.FAILED, now, problem=_problem(_died(found)))
            return None

    def renew(self, taken: Job, now: datetime, progress: JobProgress | None = None) -> None:
        """Notes that the job's worker is alive, and how far it is.

        Raises:
            StoreError: the lease had run out, and another worker has the job.
        """
        values: dict[str, object] = {"lease_ends_at": _lease(now)}
        if progress is not None:
            values |= _progress_values(progress)
        with self._store.writing() as connection:
            _change(connection, taken, values)

    def finish(self, taken: Job, result: Mapping[str, Any], now: datetime) -> None:
        """Notes what a job came to, and who asked for it in the audit.

        Raises:
            StoreError: the lease had run out, and another worker has the job.
        """
        with self._store.writing() as connection:
            _end(connection, taken, JobState.DONE, now, result=json.dumps(result))

    def fail(self, taken: Job, error: HealthError, now: datetime) -> None:
        """Notes why a job cannot be done, and who asked for it in the audit.

        Raises:
            StoreError: the lease had run out, and another worker has the job.
        """
        with self._store.writing() as connection:
            _end(connection, taken, JobState.FAILED, now, problem=_problem(error))


def _meant(kind: JobKind, key: str) -> ColumnElement[bool]:
    return (job.c.kind == kind.value) & (job.c.key == key)


def _is_free(now: datetime) -> ColumnElement[bool]:
    is_left = (job.c.state == JobState.RUNNING.value) & (job.c.lease_ends_at <= _bare(now))
    return (job.c.state == JobState.ASKED.value) | is_left


def _first(connection: Connection, which: ColumnElement[bool]) -> Job | None:
    row = connection.execute(select(job).where(which).order_by(job.c.job_id)).mappings().first()
    return None if row is None else _job(row)


def _first_free(connection: Connection, now: datetime) -> Job | None:
    is_proof = case((job.c.kind == JobKind.PROVE.value, 1), else_=0)
    row = (
        connection.execute(select(job).where(_is_free(now)).order_by(is_proof, job.c.job_id))
        .mappings()
        .first()
    )
    return None if row is None else _job(row)


def _find(connection: Connection, which: ColumnElement[bool]) -> Job:
    return _job(connection.execute(select(job).where(which)).mappings().one())


def _next_id(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(job.c.job_id), 0))).scalar_one()) + 1


def _forget_old(connection: Connection, now: datetime) -> None:
    connection.execute(delete(job).where(job.c.ended_at < _bare(now - timedelta(days=_KEPT_DAYS))))


def _lend(connection: Connection, found: Job, worker: str, now: datetime) -> Job:
    values = {
        "state": JobState.RUNNING.value,
        "attempts": found.attempts + 1,
        "worker": worker,
        "lease_ends_at": _lease(now),
    }
    connection.execute(update(job).where(job.c.job_id == found.job_id).values(values))
    return _find(connection, job.c.job_id == found.job_id)


def _end(connection: Connection, taken: Job, state: JobState, now: datetime, **values: object) -> None:
    ended = {"state": state.value, "ended_at": _bare(now), "lease_ends_at": None}
    _change(connection, taken, ended | values)
    add_entry(connection, _entry(taken, state, now))


def _change(connection: Connection, taken: Job, values: Mapping[str, object]) -> None:
    """A lease is known by its worker and attempt: who lost it must not write into another's."""
    held = (
        (job.c.job_id == taken.job_id)
        & (job.c.state == JobState.RUNNING.value)
        & (job.c.worker == taken.worker)
        & (job.c.attempts == taken.attempts)
    )
    if not connection.execute(update(job).where(held).values(values)).rowcount:
        raise _lost(taken)


def _entry(taken: Job, state: JobState, now: datetime) -> AuditEntry:
    return AuditEntry(
        done_at=now,
        done_by=taken.asked_by,
        action=f"job.{taken.kind}",
        target=str(taken.payload.get("wave_id", "")),
        detail=f"job {taken.job_id} {state}",
    )


def _lost(taken: Job) -> StoreError:
    return StoreError(
        "job-lost",
        "another worker has taken over this job",
        where=f"job {taken.job_id}",
        hint="nothing needs to be done: the job is done once; look at whether this machine stood still",
    )


def _died(found: Job) -> StoreError:
    return StoreError(
        "job-died",
        f"the worker ended {found.attempts} times in the middle of this job",
        where=f"job {found.job_id}",
        hint="look in the worker's log for why (memory, disk), then ask for it again",
    )


def _problem(error: HealthError) -> str:
    problems = error.problems[:_PROBLEMS_KEPT] if isinstance(error, ProblemsError) else ()
    said = {"code": error.code, "message": error.message, "where": error.where, "hint": error.hint}
    return json.dumps({**said, "problems": [str(one) for one in problems]})


def _lease(now: datetime) -> datetime:
    return _bare(now + timedelta(seconds=LEASE_SECONDS))


def _bare(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _asking(asked_by: str, now: datetime) -> dict[str, object]:
    return {
        "asked_by": asked_by,
        "asked_at": _bare(now),
        "state": JobState.ASKED.value,
        "attempts": 0,
        "worker": "",
        "lease_ends_at": None,
        **_progress_values(JobProgress()),
        "result": None,
        "problem": None,
        "ended_at": None,
    }


def _progress_values(progress: JobProgress) -> dict[str, object]:
    return {
        "progress_done": progress.done,
        "progress_total": progress.total,
        "progress_said": progress.said,
    }


def _job(row: RowMapping) -> Job:
    return Job(
        job_id=row["job_id"],
        kind=JobKind(row["kind"]),
        key=row["key"],
        payload=json.loads(row["payload"]),
        asked_by=row["asked_by"],
        asked_at=row["asked_at"].replace(tzinfo=UTC),
        state=JobState(row["state"]),
        attempts=row["attempts"],
        worker=row["worker"],
        progress=_progress(row),
        result=None if row["result"] is None else json.loads(row["result"]),
        problem=None if row["problem"] is None else _kept_problem(row["problem"]),
        ended_at=None if row["ended_at"] is None else row["ended_at"].replace(tzinfo=UTC),
    )


def _kept_problem(text: str) -> JobProblem:
    said = json.loads(text)
    return JobProblem(**{**said, "problems": tuple(said["problems"])})


def _progress(row: RowMapping) -> JobProgress:
    return JobProgress(done=row["progress_done"], total=row["progress_total"], said=row["progress_said"])
