"""The roster of one day, by what access asks of it: who is who, who leads whom, who leads which unit.

Pure. A unit is led by whoever stands above all its PMs, or was named as its lead by the policy file.
"""

from collections.abc import Iterator
from functools import cached_property

from survey.roster import Person, Roster, unit_lineage


class Organisation:
    """One day of a roster. Nothing here changes; a new day or roster is a new one."""

    def __init__(self, of_day: Roster) -> None:
        self._people = {person.person_id: person for person in of_day.people}

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who is there that day."""
        return tuple(self._people.values())

    def person(self, person_id: str) -> Person | None:
        return self._people.get(person_id)

    def find_by_email(self, email: str) -> Person | None:
        """Returns the one person with that address, or None if there is none or more than one."""
        found = self._by_email.get(email.strip().casefold(), ())
        return found[0] if len(found) == 1 else None

    def lead_of(self, person_id: str) -> Person | None:
        """Returns the person's direct lead, if that person is there today."""
        person = self._people.get(person_id)
        return None if person is None else self._people.get(person.manager_id)

    def above(self, person_id: str) -> tuple[str, ...]:
        """Returns everybody above a person, the direct lead first; a circle ends where it closes."""
        return tuple(self._walk_up(person_id))

    def direct_pms(self, person_id: str) -> frozenset[str]:
        """Returns the PMs whose direct lead a person is."""
        return frozenset(pm.person_id for pm in self._pms if pm.manager_id == person_id) - {person_id}

    def pm_count(self, unit_id: str) -> int:
        """Returns how many PMs are in a unit and those below it."""
        return sum(unit_id in unit_lineage(pm.org_unit) for pm in self._pms)

    def led_units(self, person_id: str) -> tuple[str, ...]:
        """Returns the highest units all of whose PMs stand below a person, in the order of the tree.

        A PM who leads others counts as below themselves, but nobody leads a unit by being alone in it.
        """
        led = {unit for unit, leads in self._leads.items() if person_id in leads}
        return tuple(unit for unit in sorted(led) if not led.intersection(unit_lineage(unit)[1:]))

    @cached_property
    def _pms(self) -> tuple[Person, ...]:
        return tuple(person for person in self._people.values() if person.is_pm)

    @cached_property
    def _by_email(self) -> dict[str, list[Person]]:
        found: dict[str, list[Person]] = {}
        for person in self._people.values():
            if person.email:
                found.setdefault(person.email.casefold(), []).append(person)
        return found

    @cached_property
    def _leads(self) -> dict[str, frozenset[str]]:
        members: dict[str, list[str]] = {}
        for pm in self._pms:
            for unit in unit_lineage(pm.org_unit):
                members.setdefault(unit, []).append(pm.person_id)
        return {unit: self._leads_of(pm_ids) for unit, pm_ids in members.items()}

    def _leads_of(self, pm_ids: list[str]) -> frozenset[str]:
        shared = frozenset.intersection(*(self._chains[pm_id] for pm_id in pm_ids))
        return shared - set(pm_ids) if len(pm_ids) == 1 else shared

    @cached_property
    def _chains(self) -> dict[str, frozenset[str]]:
        return {pm.person_id: frozenset((pm.person_id, *self.above(pm.person_id))) for pm in self._pms}

    def _walk_up(self, person_id: str) -> Iterator[str]:
        seen = {person_id}
        person = self.lead_of(person_id)
        while person is not None and person.person_id not in seen:
            seen.add(person.person_id)
            yield person.person_id
            person = self.lead_of(person.person_id)
