"""In which language each person reads the dashboard, where they have chosen one."""

from sqlalchemy import delete, insert, select

from survey.languages_schema import chosen_language
from survey.store import Store


class ChosenLanguages:
    """The chosen languages of a register. Each method is one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, person_id: str) -> str:
        """Returns the code of the language that a person chose last, or ""."""
        asked = select(chosen_language.c.language).where(chosen_language.c.person_id == person_id)
        with self._store.reading() as connection:
            return connection.execute(asked).scalar_one_or_none() or ""

    def choose(self, person_id: str, language: str) -> None:
        """Keeps a choice in the place of the one before."""
        with self._store.writing() as connection:
            connection.execute(delete(chosen_language).where(chosen_language.c.person_id == person_id))
            connection.execute(insert(chosen_language), {"person_id": person_id, "language": language})
