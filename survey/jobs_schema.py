"""The table of jobs in the register, and the step that makes it."""

from sqlalchemy import Column, DateTime, Integer, String, Table, Text, UniqueConstraint

from survey.access_schema import metadata
from survey.store import Migration

# one thing the worker is to do for somebody, and what became of it. Times are UTC
job = Table(
    "job",
    metadata,
    Column("job_id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),
    Column("payload", Text, nullable=False),
    Column("asked_by", String, nullable=False),
    Column("asked_at", DateTime, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("worker", String, nullable=False),
    Column("lease_ends_at", DateTime),
    Column("progress_done", Integer, nullable=False),
    Column("progress_total", Integer, nullable=False),
    Column("progress_said", String, nullable=False),
    Column("result", Text),
    Column("problem", Text),
    Column("ended_at", DateTime),
    UniqueConstraint("kind", "key"),
)

JOBS_MIGRATION = Migration(
    version=5,
    statements=(
        """create table job (
            job_id integer not null primary key,
            kind varchar not null,
            key varchar not null,
            payload text not null,
            asked_by varchar not null,
            asked_at timestamp not null,
            state varchar not null,
            attempts integer not null,
            worker varchar not null,
            lease_ends_at timestamp,
            progress_done integer not null,
            progress_total integer not null,
            progress_said varchar not null,
            result text,
            problem text,
            ended_at timestamp,
            unique (kind, key))""",
        "create index job_state on job (state)",
    ),
)
