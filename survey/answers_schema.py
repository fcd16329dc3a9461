"""The tables of a wave's answers: no time, no language, no rater, no relationship.

Rows lie in the order of their keys, which are random; no table has a number that counts up.
"""

from sqlalchemy import Boolean, Column, LargeBinary, MetaData, String, Table, Text

from survey.store import Migration

metadata = MetaData()

# what one rater answered about one subject; `content` is JSON
response = Table(
    "response",
    metadata,
    Column("response_key", LargeBinary, primary_key=True),
    Column("subject_id", String, nullable=False),
    Column("reporting_group", String, nullable=False),
    Column("content", Text, nullable=False),
    Column("is_straight", Boolean, nullable=False),
    Column("is_fast", Boolean, nullable=False),
)

# what one rater has written so far, readable with the secret of the link only
draft = Table(
    "draft",
    metadata,
    Column("draft_key", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

# how far the store is: `sealed` once closing began, `closed` in the store that closing wrote
state = Table(
    "state",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)

MIGRATIONS = (
    Migration(
        version=1,
        statements=(
            """create table response (
                response_key $bytes not null primary key,
                subject_id varchar not null,
                reporting_group varchar not null,
                content text not null,
                is_straight boolean not null,
                is_fast boolean not null) $by_key""",
            "create table draft (draft_key $bytes not null primary key, sealed $bytes not null) $by_key",
            "create table state (name varchar not null primary key, value varchar not null) $by_key",
        ),
    ),
)
