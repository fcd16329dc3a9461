"""In which language each person reads the dashboard, where they have chosen one."""

from sqlalchemy import bindparam, delete, insert, select

from survey.languages_schema import chosen_language
from survey.store import Store

_OF_PERSON = select(chosen_language.c.language).where(chosen_language.c.person_id == bindparam("which"))
"""Made once, since each page asks."""


class ChosenLanguages:
    """The chosen languages of a register. Each method is one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, person_id: str) -> str:
        """Returns the code of the language that a person chose last, or ""."""
        rows = self._store.look_up(_OF_PERSON, {"which": person_id})
        return rows[0].language if rows else ""

    def choose(self, person_id: str, language: str) -> None:
        """Keeps a choice in the place of the one before."""
        with self._store.writing() as connection:
            connection.execute(delete(chosen_language).where(chosen_language.c.person_id == person_id))
            connection.execute(insert(chosen_language), {"person_id": person_id, "language": language})
