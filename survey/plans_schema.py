"""The table of growth plans in the register, and the step that makes it."""

from sqlalchemy import Column, DateTime, String, Table, Text

from survey.access_schema import metadata
from survey.store import Migration

# the one thing a PM works on: an item, what they will do, and since which wave. `shown_to` is "" or one person
plan = Table(
    "plan",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("wave_id", String, nullable=False),
    Column("item_id", String, nullable=False),
    Column("words", Text, nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("shown_to", String, nullable=False),
)

PLANS_MIGRATION = Migration(
    version=6,
    statements=(
        """create table plan (
            person_id varchar not null primary key,
            wave_id varchar not null,
            item_id varchar not null,
            words text not null,
            made_at timestamp not null,
            shown_to varchar not null)""",
    ),
)
