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
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from survey.access_schema import ACCESS_MIGRATION, metadata
from survey.jobs_schema import JOBS_MIGRATION
from survey.languages_schema import LANGUAGES_MIGRATION
from survey.plans_schema import PLANS_MIGRATION
from survey.promises_schema import PROMISES_MIGRATION
from survey.store import Migration


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
        Column("language", String, nullable=False),
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
    Column("unit_date", Date),
)

# one record of a person as it stood when the wave opened
wave_person = Table(
    "wave_person",
    metadata,
    Column("wave_id", String, ForeignKey("wave.wave_id"), primary_key=True),
    *_person_columns(),
)

# one thing that was done; only ever added to. `done_at` is UTC; `entry_hash` is "" before the chain
audit = Table(
    "audit",
    metadata,
    Column("entry_no", Integer, primary_key=True),
    Column("done_at", DateTime, nullable=False),
    Column("done_by", String, nullable=False),
    Column("action", String, nullable=False),
    Column("target", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("entry_hash", String, nullable=False),
)

# how our own form collects a wave; until the wave opens, this is all there is of it
collection = Table(
    "collection",
    metadata,
    Column("wave_id", String, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("period", String, nullable=False),
    Column("instrument_id", String, nullable=False),
    Column("opens_on", Date, nullable=False),
    Column("closes_on", Date, nullable=False),
    Column("asked_by", String, nullable=False),
    Column("reply_to", String, nullable=False),
    Column("unit_days", Integer, nullable=False),
    Column("created_on", Date, nullable=False),
    Column("assignments_hash", String, nullable=False),
    Column("roster_hash", String, nullable=False),
    Column("policy_text", Text, nullable=False),
    Column("is_repeated", Boolean, nullable=False),
)

# somebody proposed as a rater of a PM, before the wave opens
nomination = Table(
    "nomination",
    metadata,
    Column("wave_id", String, ForeignKey("collection.wave_id"), primary_key=True),
    Column("subject_id", String, primary_key=True),
    Column("rater_id", String, primary_key=True),
    Column("relationship", String, nullable=False),
    Column("source", String, nullable=False),
    Column("state", String, nullable=False),
)

# one rater asked about one subject, frozen when the wave opened
assignment = Table(
    "assignment",
    metadata,
    Column("assignment_no", Integer, primary_key=True),
    Column("wave_id", String, ForeignKey("wave.wave_id"), nullable=False),
    Column("rater_id", String, nullable=False),
    Column("subject_id", String, nullable=False),
    Column("relationship", String, nullable=False),
    Column("reporting_group", String, nullable=False),
    Column("place", Integer, nullable=False),
    UniqueConstraint("wave_id", "rater_id", "subject_id"),
)

# one personal link; of its secret only a keyed hash, and that only while the wave is open
link = Table(
    "link",
    metadata,
    Column("link_no", Integer, primary_key=True),
    Column("wave_id", String, ForeignKey("collection.wave_id"), nullable=False),
    Column("person_id", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    UniqueConstraint("secret_hash"),
)

# how far an assignment is; never when
participation = Table(
    "participation",
    metadata,
    Column("assignment_no", Integer, ForeignKey("assignment.assignment_no"), primary_key=True),
    Column("state", String, nullable=False),
    Column("link_no", Integer, ForeignKey("link.link_no")),
)

# one mail to one person. `changed_at` is UTC
mail = Table(
    "mail",
    metadata,
    Column("mail_no", Integer, primary_key=True),
    Column("wave_id", String, ForeignKey("collection.wave_id"), nullable=False),
    Column("person_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    Column("error_code", String, nullable=False),
)

# what became of a wave's answers when it closed
closing = Table(
    "closing",
    metadata,
    Column("wave_id", String, ForeignKey("wave.wave_id"), primary_key=True),
    Column("closed_on", Date, nullable=False),
    Column("invited", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("withheld", Integer, nullable=False),
)

# one rest block: raters of a unit's subjects who are published together
closed_group = Table(
    "closed_group",
    metadata,
    Column("wave_id", String, ForeignKey("closing.wave_id"), primary_key=True),
    Column("unit_id", String, primary_key=True),
    Column("subject_count", Integer, nullable=False),
    Column("rater_count", Integer, nullable=False),
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
    Migration(
        version=2,
        statements=(
            "alter table person add column language varchar not null default ''",
            "alter table wave_person add column language varchar not null default ''",
            "alter table wave add column unit_date date",
            """create table collection (
                wave_id varchar not null primary key,
                campaign varchar not null,
                period varchar not null,
                instrument_id varchar not null,
                opens_on date not null,
                closes_on date not null,
                asked_by varchar not null,
                reply_to varchar not null,
                unit_days integer not null,
                created_on date not null,
                assignments_hash varchar not null,
                roster_hash varchar not null,
                policy_text text not null)""",
            """create table nomination (
                wave_id varchar not null references collection (wave_id),
                subject_id varchar not null,
                rater_id varchar not null,
                relationship varchar not null,
                source varchar not null,
                state varchar not null,
                primary key (wave_id, subject_id, rater_id))""",
            """create table assignment (
                assignment_no integer not null primary key,
                wave_id varchar not null references wave (wave_id),
                rater_id varchar not null,
                subject_id varchar not null,
                relationship varchar not null,
                reporting_group varchar not null,
                place integer not null,
                unique (wave_id, rater_id, subject_id))""",
            """create table link (
                link_no integer not null primary key,
                wave_id varchar not null references collection (wave_id),
                person_id varchar not null,
                purpose varchar not null,
                secret_hash $bytes not null,
                unique (secret_hash))""",
            """create table participation (
                assignment_no integer not null primary key references assignment (assignment_no),
                state varchar not null,
                link_no integer references link (link_no))""",
            """create table mail (
                mail_no integer not null primary key,
                wave_id varchar not null references collection (wave_id),
                person_id varchar not null,
                kind varchar not null,
                state varchar not null,
                attempts integer not null,
                changed_at timestamp not null,
                error_code varchar not null)""",
            """create table closing (
                wave_id varchar not null primary key references wave (wave_id),
                closed_on date not null,
                invited integer not null,
                answered integer not null,
                withheld integer not null)""",
            """create table closed_group (
                wave_id varchar not null references closing (wave_id),
                unit_id varchar not null,
                subject_count integer not null,
                rater_count integer not null,
                primary key (wave_id, unit_id))""",
            "create index link_person on link (wave_id, person_id)",
            "create index mail_person on mail (person_id)",
            "create index participation_link on participation (link_no)",
        ),
    ),
    ACCESS_MIGRATION,
    Migration(
        version=4,
        statements=("alter table collection add column is_repeated boolean not null default false",),
    ),
    JOBS_MIGRATION,
    PLANS_MIGRATION,
    PROMISES_MIGRATION,
    LANGUAGES_MIGRATION,
    # each page asks whether the roster is still the same, and everybody may read what is said about them
    Migration(version=9, statements=("create index audit_target on audit (target)",)),
)
