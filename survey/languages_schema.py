"""The table of chosen languages in the register, and the step that makes it."""

from sqlalchemy import Column, String, Table

from survey.access_schema import metadata
from survey.store import Migration

# the language in which one person reads the dashboard, where they have chosen one
chosen_language = Table(
    "chosen_language",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("language", String, nullable=False),
)

LANGUAGES_MIGRATION = Migration(
    version=8,
    statements=(
        """create table chosen_language (
            person_id varchar not null primary key,
            language varchar not null)""",
    ),
)
