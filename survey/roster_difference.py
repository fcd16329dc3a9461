"""What an import would change, as seen on one day: two rosters in, joins, leaves and moves out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from survey.roster import Person, Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person in a unit."""

    person_id: str
    org_unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A person of whom one thing was `before` and is `after`; either may be ""."""

    person_id: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterDifference:
    """How a roster differs from another, person by person, on one day.

    `moves` are changes of unit. `edits` are people of whom only something else differs (name,
    address, level, PM type, stage, dates). `gained_count` and `lost_count` count whole records on any day,
    so that a change in the past or the future is seen too.
    """

    day: date
    joins: tuple[Membership, ...]
    leaves: tuple[Membership, ...]
    moves: tuple[Change, ...]
    manager_changes: tuple[Change, ...]
    role_changes: tuple[Change, ...]
    edits: tuple[str, ...]
    gained_count: int
    lost_count: int

    @property
    def is_empty(self) -> bool:
        """True if the two rosters hold the same records."""
        return self.gained_count == 0 and self.lost_count == 0


def compare_rosters(before: Roster, after: Roster, day: date) -> RosterDifference:
    """Returns what differs between two rosters on a day, ordered by person id."""
    old, new = _by_id(before.as_of(day)), _by_id(after.as_of(day))
    both = [(old[person_id], new[person_id]) for person_id in sorted(old.keys() & new.keys())]
    return RosterDifference(
        day=day,
        joins=_memberships(new, old),
        leaves=_memberships(old, new),
        moves=tuple(_changes(both, "org_unit")),
        manager_changes=tuple(_changes(both, "manager_id")),
        role_changes=tuple(_changes(both, "role")),
        edits=tuple(new_one.person_id for old_one, new_one in both if _is_edited(old_one, new_one)),
        gained_count=len(set(after.people) - set(before.people)),
        lost_count=len(set(before.people) - set(after.people)),
    )


def _by_id(roster: Roster) -> dict[str, Person]:
    return {person.person_id: person for person in roster.people}


def _memberships(here: dict[str, Person], there: dict[str, Person]) -> tuple[Membership, ...]:
    return tuple(
        Membership(person_id=person_id, org_unit=here[person_id].org_unit)
        for person_id in sorted(here.keys() - there.keys())
    )


def _changes(both: list[tuple[Person, Person]], field: str) -> Iterator[Change]:
    for old, new in both:
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield Change(person_id=old.person_id, before=before, after=after)


def _is_edited(old: Person, new: Person) -> bool:
    """A move mostly brings new dates with it; it is told once, as a move."""
    return old != new and _place(old) == _place(new)


def _place(person: Person) -> tuple[str, str, str]:
    return person.org_unit, person.manager_id, person.role
