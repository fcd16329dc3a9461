"""The table of promises in the register, and the step that makes it."""

from sqlalchemy import Column, DateTime, Integer, String, Table, Text

from survey.access_schema import metadata
from survey.store import Migration

# what is promised to a unit about one trait, made when `wave_id` was its latest. `outcome` is "" while it is open
promise = Table(
    "promise",
    metadata,
    Column("promise_no", Integer, primary_key=True),
    Column("unit_id", String, nullable=False),
    Column("trait_id", String, nullable=False),
    Column("wave_id", String, nullable=False),
    Column("words", Text, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("outcome", String, nullable=False),
    Column("closed_by", String, nullable=False),
    Column("closed_at", DateTime),
)

PROMISES_MIGRATION = Migration(
    version=7,
    statements=(
        """create table promise (
            promise_no integer not null primary key,
            unit_id varchar not null,
            trait_id varchar not null,
            wave_id varchar not null,
            words text not null,
            made_by varchar not null,
            made_at timestamp not null,
            outcome varchar not null,
            closed_by varchar not null,
            closed_at timestamp)""",
        "create index promise_unit on promise (unit_id)",
    ),
)
