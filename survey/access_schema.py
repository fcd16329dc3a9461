"""The tables of sign-in and access in the register, and the step that makes them.

Who is signed in, links and attempts under way, what a PM shares, and the head of the audit's chain.
"""

from sqlalchemy import Column, DateTime, Integer, LargeBinary, MetaData, String, Table, Text

from survey.store import Migration

metadata = MetaData()

# one stay of one person, from signing in to its end. Times are UTC; the token itself is nowhere
session = Table(
    "session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("session_id", String, nullable=False, unique=True),
    Column("person_id", String, nullable=False),
    Column("method", String, nullable=False),
    Column("began_at", DateTime, nullable=False),
    Column("ends_at", DateTime, nullable=False),
    Column("revoked_at", DateTime),
)

# one try to sign in over the identity provider, until the provider sends the browser back
attempt = Table(
    "attempt",
    metadata,
    Column("state_hash", LargeBinary, primary_key=True),
    Column("browser_hash", LargeBinary, nullable=False),
    Column("nonce", String, nullable=False),
    Column("verifier", String, nullable=False),
    Column("next_path", Text, nullable=False),
    Column("ends_at", DateTime, nullable=False),
)

# one mailed link to sign in, of one use
sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("secret_hash", LargeBinary, primary_key=True),
    Column("person_id", String, nullable=False),
    Column("next_path", Text, nullable=False),
    Column("asked_at", DateTime, nullable=False),
    Column("ends_at", DateTime, nullable=False),
    Column("used_at", DateTime),
)

# a PM's consent that one person opens their results; `ended_at` is when they took it back
share = Table(
    "share",
    metadata,
    Column("share_no", Integer, primary_key=True),
    Column("subject_id", String, nullable=False),
    Column("viewer_id", String, nullable=False),
    Column("shared_at", DateTime, nullable=False),
    Column("ended_at", DateTime),
)

# the end of the audit's chain: one row, so that a missing last entry shows
audit_head = Table(
    "audit_head",
    metadata,
    Column("head_no", Integer, primary_key=True),
    Column("entry_no", Integer, nullable=False),
    Column("entry_hash", String, nullable=False),
)

ACCESS_MIGRATION = Migration(
    version=3,
    statements=(
        "alter table audit add column entry_hash varchar not null default ''",
        """create table audit_head (
            head_no integer not null primary key,
            entry_no integer not null,
            entry_hash varchar not null)""",
        """create table session (
            token_hash $bytes not null primary key,
            session_id varchar not null,
            person_id varchar not null,
            method varchar not null,
            began_at timestamp not null,
            ends_at timestamp not null,
            revoked_at timestamp,
            unique (session_id))""",
        """create table attempt (
            state_hash $bytes not null primary key,
            browser_hash $bytes not null,
            nonce varchar not null,
            verifier varchar not null,
            next_path text not null,
            ends_at timestamp not null)""",
        """create table sign_in_link (
            secret_hash $bytes not null primary key,
            person_id varchar not null,
            next_path text not null,
            asked_at timestamp not null,
            ends_at timestamp not null,
            used_at timestamp)""",
        """create table share (
            share_no integer not null primary key,
            subject_id varchar not null,
            viewer_id varchar not null,
            shared_at timestamp not null,
            ended_at timestamp)""",
        "create index session_person on session (person_id)",
        "create index sign_in_link_person on sign_in_link (person_id)",
        "create index share_subject on share (subject_id)",
        "create index share_viewer on share (viewer_id)",
    ),
)
