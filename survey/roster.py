"""Who was where, and when: people, units, managers, all dated.

A unit's id is its path, `Product/Growth/Activation`: the tree needs no second file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

PM_TYPES = ("growth", "platform", "ai_ml", "b2b", "b2c")
STAGES = ("early", "growth", "enterprise")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person's record over a span of days; a change of any field ends one and starts another.

    `active_to` is the last day of the span, or None while it lasts. `pm_type` and `stage` are ""
    for people who are not PMs. `language` is what they are written to in, or "" where nobody said.
    """

    person_id: str
    name: str
    email: str
    manager_id: str
    org_unit: str
    role: str
    level: str
    pm_type: str
    stage: str
    active_from: date
    active_to: date | None
    language: str = ""

    @property
    def is_pm(self) -> bool:
        return self.role == "pm"

    def is_active(self, day: date) -> bool:
        """True if the record holds on that day."""
        return self.active_from <= day and (self.active_to is None or day <= self.active_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Every dated record of an organisation."""

    people: tuple[Person, ...]

    def as_of(self, day: date) -> "Roster":
        """Returns the roster of one day: at most one record per person."""
        return Roster(people=tuple(person for person in self.people if person.is_active(day)))


def make_roster(people: Iterable[Person]) -> Roster:
    """Returns the roster of these records, ordered by person and first day, as every store keeps it."""
    return Roster(people=tuple(sorted(people, key=lambda person: (person.person_id, person.active_from))))


def parent_unit(unit_id: str) -> str:
    """Returns the unit above, or "" for a top unit.

    >>> parent_unit("Product/Growth/Activation")
    'Product/Growth'
    """
    return unit_id.rpartition("/")[0]


@lru_cache(maxsize=65_536)  # the same units are asked about for every person of an organisation
@lru_cache(maxsize=1 << 16)  # publishing asks for the same units again and again
def unit_lineage(unit_id: str) -> tuple[str, ...]:
    """Returns the unit and every unit above it, the unit itself first.

    >>> unit_lineage("Product/Growth")
    ('Product/Growth', 'Product')
    """
    lineage = []
    while unit_id:
        lineage.append(unit_id)
        unit_id = parent_unit(unit_id)
    return tuple(lineage)
