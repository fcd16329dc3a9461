"""What is stored beside an answer instead of a relationship, and which raters cannot stay unknown.

A group is kept only where at least k people of it are asked about the subject; a PM normally has
one designer, so subject and relationship alone would name the author.
"""

from collections.abc import Iterable, Iterator, Mapping

from survey.relationship import Relationship
from survey.roster import Person, Roster

OTHERS = "others"
"""The group of all whose own group is too small."""

REST_PREFIX = "rest:"
"""With a unit's id behind it, the subject of answers about PMs of the unit who have too few each."""

WATCHING_ROLES = frozenset({"hr", "executive", "council"})
"""Roles that may open pages of PMs who are not below them."""


def merge_groups(counts: Mapping[str, int], *, min_raters: int) -> dict[str, str]:
    """Returns for each relationship or group of one subject's others the group that is stored.

    Groups below k become `others`, as does the relationship `other`, which says nothing. If
    `others` then has fewer than k, the smallest further group joins it, until it has enough or
    nobody is left. Serves when a wave opens, with the invited, and when it closes, with those
    who answered.

    >>> merge_groups({"engineering": 5, "design": 1, "peer": 4}, min_raters=4)
    {'engineering': 'engineering', 'design': 'others', 'peer': 'others'}

    Args:
        counts: how many people each has; never self or manager.
        min_raters: k.
    """
    vague = (OTHERS, Relationship.OTHER.value)
    merged = {name for name, count in counts.items() if name in vague or count < min_raters}
    waiting = sorted((name for name in counts if name not in merged), key=lambda name: (-counts[name], name))
    while waiting and 0 < sum(counts[name] for name in merged) < min_raters:
        merged.add(waiting.pop())
    return {name: OTHERS if name in merged else name for name in counts}


def rest_id(unit_id: str) -> str:
    """Returns the subject that stands for the rest of a unit."""
    return REST_PREFIX + unit_id


def known_raters(members: Roster, subject_id: str) -> frozenset[str]:
    """Returns who may open a page that holds the subject's number, and so is no unknown rater.

    These are the people above the subject in the chain of managers (of a unit: above anybody in
    it), and whoever has a role that sees everybody. Whoever reads a number knows their own part in
    it, so they do not count towards k.

    Args:
        members: the roster of the wave's day.
        subject_id: a person, or a unit.
    """
    return KnownRaters(members).of(subject_id)


class KnownRaters:
    """`known_raters` for many subjects of one roster: the roster is gone through once."""

    def __init__(self, members: Roster) -> None:
        self._managers = {person.person_id: person.manager_id for person in members.people}
        self._units: dict[str, list[str]] = {}
        for person in members.people:
            self._units.setdefault(person.org_unit, []).append(person.person_id)
        self._watching = frozenset(_watching(members.people))

    def of(self, subject_id: str) -> frozenset[str]:
        """Returns the known raters of a person or a unit."""
        below = [subject_id] if subject_id in self._managers else self._units.get(subject_id, [])
        above = {manager for person_id in below for manager in self._chain(person_id)}
        return (self._watching | above) - {subject_id}

    def _chain(self, person_id: str) -> Iterator[str]:
        """A circle of managers is refused with the roster file; here it only must not turn for ever."""
        seen = {person_id, ""}
        while (person_id := self._managers.get(person_id, "")) not in seen:
            seen.add(person_id)
            yield person_id


def _watching(people: Iterable[Person]) -> Iterator[str]:
    return (person.person_id for person in people if person.role.casefold() in WATCHING_ROLES)
