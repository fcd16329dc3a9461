"""Who is there long enough to be asked about others, and to be rated by them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from survey.roster import Person, Roster

DAYS_TOGETHER = 42
"""Two people are asked about each other once both are there for six weeks by the end of the wave."""

_DAY = timedelta(days=1)


def find_newcomers(everybody: Roster, on: date, ends_on: date) -> frozenset[str]:
    """Returns who will be there for less than six weeks when the wave ends.

    A move or a new role starts a new record, not a new time: what counts is the unbroken span of
    records that holds on the wave's day.

    Args:
        everybody: all dated records.
        on: the wave's day.
        ends_on: the last day of the wave.
    """
    latest = ends_on - timedelta(days=DAYS_TOGETHER)
    return frozenset(person_id for person_id, first in _first_days(everybody, on).items() if first > latest)


def _first_days(everybody: Roster, on: date) -> Mapping[str, date]:
    records: dict[str, list[Person]] = defaultdict(list)
    for person in everybody.people:
        if person.active_from <= on:
            records[person.person_id].append(person)
    spans = {person_id: sorted(own, key=lambda one: one.active_from) for person_id, own in records.items()}
    return {person_id: _unbroken_since(own) for person_id, own in spans.items() if own[-1].is_active(on)}


def _unbroken_since(records: Iterable[Person]) -> date:
    """The first day of the last span without a gap; records are in order and do not overlap."""
    first, last = date.max, date.min
    for person in records:
        if last + _DAY < person.active_from or first is date.max:
            first = person.active_from
        last = person.active_to or date.max
    return first
