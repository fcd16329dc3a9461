"""The tables of the register, twice: as the steps that made them, and as they are now.

`MIGRATIONS` is history and is only ever added to; the `Table` objects are what queries are built
of. A test holds the two against each other.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from survey.store import Migration

metadata = MetaData()


def _person_columns() -> tuple[Column[object], ...]:
    """A person's record, which the roster and every wave's copy of it hold alike."""
    return (
        Column("person_id", String, primary_key=True),
        Column("name", String, nullable=False),
        Column("email", String, nullable=False),
        Column("manager_id", String, nullable=False),
        Column("org_unit", String, nullable=False),
        Column("role", String, nullable=False),
        Column("level", String, nullable=False),
        Column("pm_type", String, nullable=False),
        Column("stage", String, nullable=False),
        Column("active_from", Date, primary_key=True),
        Column("active_to", Date),
    )


# one record of a person over a span of days
person = Table("person", metadata, *_person_columns())

# one instrument version that a wave has used; never changed
instrument = Table(
    "instrument",
    metadata,
    Column("instrument_hash", String, primary_key=True),
    Column("instrument_id", String, nullable=False),
    Column("version", String, nullable=False),
    Column("document", Text, nullable=False),
    UniqueConstraint("instrument_id", "version"),
)

# one wave, with what was promised when it opened
wave = Table(
    "wave",
    metadata,
    Column("wave_id", String, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("period", String, nullable=False),
    Column("instrument_hash", String, ForeignKey("instrument.instrument_hash"), nullable=False),
    Column("state", String, nullable=False),
    Column("is_external", Boolean, nullable=False),
    Column("roster_date", Date, nullable=False),
    Column("policy", Text, nullable=False),
    Column("reason", String, nullable=False),
)

# one record of a person as it stood when the wave opened
wave_person = Table(
    "wave_person",
    metadata,
    Column("wave_id", String, ForeignKey("wave.wave_id"), primary_key=True),
    *_person_columns(),
)

# one thing that was done; only ever added to. `done_at` is UTC
audit = Table(
    "audit",
    metadata,
    Column("entry_no", Integer, primary_key=True),
    Column("done_at", DateTime, nullable=False),
    Column("done_by", String, nullable=False),
    Column("action", String, nullable=False),
    Column("target", String, nullable=False),
    Column("detail", Text, nullable=False),
)

_PERSON_SQL = """
    person_id varchar not null,
    name varchar not null,
    email varchar not null,
    manager_id varchar not null,
    org_unit varchar not null,
    role varchar not null,
    level varchar not null,
    pm_type varchar not null,
    stage varchar not null,
    active_from date not null,
    active_to date,
"""

MIGRATIONS = (
    Migration(
        version=1,
        statements=(
            "create table person (" + _PERSON_SQL + "primary key (person_id, active_from))",
            """create table instrument (
                instrument_hash varchar not null primary key,
                instrument_id varchar not null,
                version varchar not null,
                document text not null,
                unique (instrument_id, version))""",
            """create table wave (
                wave_id varchar not null primary key,
                campaign varchar not null,
                period varchar not null,
                instrument_hash varchar not null references instrument (instrument_hash),
                state varchar not null,
                is_external boolean not null,
                roster_date date not null,
                policy text not null,
                reason varchar not null)""",
            "create table wave_person (wave_id varchar not null references wave (wave_id),"
            + _PERSON_SQL
            + "primary key (wave_id, person_id, active_from))",
            """create table audit (
                entry_no integer not null primary key,
                done_at timestamp not null,
                done_by varchar not null,
                action varchar not null,
                target varchar not null,
                detail text not null)""",
        ),
    ),
)
