"""What the records of a roster must meet together: one person at one place, managers without circles.

Records in, problems out, each on the line of the later record. Only person ids are ever shown.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from operator import attrgetter

from survey.errors import Problem
from survey.roster import Person, unit_lineage
from survey.roster_row import Record

_SHOWN_IN_CIRCLE = 8


def check_records(file: str, records: Collection[Record], known_ids: Collection[str]) -> tuple[Problem, ...]:
    """Returns everything that is wrong with records that are each right on their own.

    Args:
        file: Name of the file, for the problems.
        records: The records that could be read.
        known_ids: Every person id of the file, those of unreadable lines too, so that one bad line
            does not make its reports look as if they had no manager.
    """
    return (
        *_check_overlaps(file, records),
        *_check_emails(file, records),
        *_check_managers(file, records, frozenset(known_ids)),
        *_check_circles(file, records),
        *_check_spelling(file, records),
    )


def _check_overlaps(file: str, records: Iterable[Record]) -> Iterator[Problem]:
    for earlier, later in _clashes(records, lambda person: person.person_id):
        if earlier.person == later.person:
            message, hint = f"the same record as line {earlier.line}", "delete one of the two lines"
        else:
            message = f"overlaps the record of the same person on line {earlier.line}"
            hint = "end the earlier record the day before the later one starts"
        yield _problem(file, later, message, hint)


def _check_emails(file: str, records: Iterable[Record]) -> Iterator[Problem]:
    for earlier, later in _clashes(records, lambda person: person.email.casefold()):
        if earlier.person.person_id != later.person.person_id:
            yield _problem(
                file,
                later,
                f"email belongs to another person at the same time, on line {earlier.line}",
                "give each person an own address, or leave one empty",
            )


def _clashes(records: Iterable[Record], key: Callable[[Person], str]) -> Iterator[tuple[Record, Record]]:
    """Yields records of one key whose spans share a day, each with the one that lasted longest before it."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[key(record.person)].append(record)
    groups.pop("", None)
    for group in groups.values():
        if len(group) > 1:
            yield from _overlapping(
                sorted(group, key=lambda record: (record.person.active_from, record.line))
            )


def _overlapping(ordered: list[Record]) -> Iterator[tuple[Record, Record]]:
    longest = ordered[0]
    for record in ordered[1:]:
        if record.person.active_from <= _last_day(longest):
            yield (longest, record) if longest.line < record.line else (record, longest)
        longest = max(longest, record, key=_last_day)


def _last_day(record: Record) -> date:
    return record.person.active_to or date.max


def _check_managers(file: str, records: Iterable[Record], known_ids: frozenset[str]) -> Iterator[Problem]:
    for record in records:
        manager_id = record.person.manager_id
        if manager_id and manager_id not in known_ids:
            yield _problem(
                file,
                record,
                f"manager_id {manager_id} is nobody in this file",
                "add a record of that person, or leave manager_id empty",
            )


def _check_circles(file: str, records: Iterable[Record]) -> Iterator[Problem]:
    """Looks at each day on which a record starts: a circle that ever exists exists on such a day."""
    suspects = _suspects(records)
    seen: set[frozenset[str]] = set()
    for day in sorted({record.person.active_from for record in suspects}):
        active = {record.person.person_id: record for record in suspects if record.person.is_active(day)}
        managers = {person_id: record.person.manager_id for person_id, record in active.items()}
        for circle in find_circles(managers):
            if frozenset(circle) not in seen:
                seen.add(frozenset(circle))
                first = min((active[person_id] for person_id in circle), key=attrgetter("line"))
                yield _circle_problem(file, first, circle, day)


def _circle_problem(file: str, record: Record, circle: tuple[str, ...], day: date) -> Problem:
    shown = (*circle, circle[0]) if len(circle) < _SHOWN_IN_CIRCLE else (*circle[:_SHOWN_IN_CIRCLE], "...")
    message = f"a circle of managers on {day}: {' -> '.join(shown)}"
    return _problem(file, record, message, "give one of them another manager, or none")


def _suspects(records: Iterable[Record]) -> tuple[Record, ...]:
    """Returns the records of people who are on a circle when all days are taken together."""
    kept = tuple(records)
    managers: dict[str, list[str]] = {record.person.person_id: [] for record in kept}
    reports: dict[str, list[str]] = {person_id: [] for person_id in managers}
    for record in kept:
        person_id, manager_id = record.person.person_id, record.person.manager_id
        if manager_id in managers:
            managers[person_id].append(manager_id)
            reports[manager_id].append(person_id)
    core = _left_after_peeling(managers, reports)
    if core:
        core &= _left_after_peeling(reports, managers)
    return tuple(record for record in kept if record.person.person_id in core)


def _left_after_peeling(ahead: Mapping[str, list[str]], behind: Mapping[str, list[str]]) -> set[str]:
    """Returns who is left when whoever has nobody ahead is taken away, again and again."""
    remaining = {person_id: len(people) for person_id, people in ahead.items()}
    loose = [person_id for person_id, count in remaining.items() if count == 0]
    while loose:
        for person_id in behind[loose.pop()]:
            remaining[person_id] -= 1
            if remaining[person_id] == 0:
                loose.append(person_id)
    return {person_id for person_id, count in remaining.items() if count > 0}


def find_circles(managers: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Yields each circle of managers once, from report to manager.

    >>> list(find_circles({"ann": "bob", "bob": "ann", "cy": "ann"}))
    [('ann', 'bob')]
    """
    visited: set[str] = set()
    for start in managers:
        path: dict[str, None] = {}
        person_id = start
        while person_id in managers and person_id not in visited:
            visited.add(person_id)
            path[person_id] = None
            person_id = managers[person_id]
        if person_id in path:
            walked = tuple(path)
            yield walked[walked.index(person_id) :]


def _check_spelling(file: str, records: Iterable[Record]) -> Iterator[Problem]:
    """Two spellings of one unit would split it, and a unit too small shows nothing."""
    first_record: dict[str, Record] = {}
    for record in records:
        first_record.setdefault(record.person.org_unit, record)
    spellings: dict[str, tuple[str, Record]] = {}
    for unit, record in first_record.items():
        for part in unit_lineage(unit):
            spelling, earlier = spellings.setdefault(part.casefold(), (part, record))
            if spelling != part:
                message = f"org_unit differs only in capitals from the one on line {earlier.line}"
                yield _problem(file, record, message, "spell a unit the same way on every line")
                break


def _problem(file: str, record: Record, message: str, hint: str) -> Problem:
    return Problem(file=file, line=record.line, message=message, hint=hint)
