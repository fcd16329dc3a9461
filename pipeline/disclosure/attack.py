"""An attacker who holds every released sum, knows who answered, and can do linear algebra.

Unlike the gates it knows no rule of ours: each sum is the set of what it adds up, and whatever is left
over in some combination of all sums is found by elimination.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from pipeline.disclosure.elimination import Vector, reduced
from pipeline.disclosure.groups import Groups
from pipeline.disclosure.screen import look_dependent

Owner = Hashable
"""Whose a variable is: a rater, a PM; None for whoever is known anyway."""


def singled_out(
    sums: Iterable[Collection[Hashable]], owners: Mapping[Hashable, Owner], *, fewest: int
) -> frozenset[Owner] | None:
    """Returns a group of fewer people than that whom some combination of the sums leaves over, or None.

    Args:
        sums: the variables (responses, PMs) that each released number adds up.
        owners: whose each variable is.
        fewest: how many people a combination must involve if it involves anybody.
    """
    parts = _parts(sums, owners)
    return next((found for part in parts if (found := _smallest(part, fewest))), None)


_Patterns = dict[tuple[int, ...], set[Owner]]


def _parts(sums: Iterable[Collection[Hashable]], owners: Mapping[Hashable, Owner]) -> Iterator[_Patterns]:
    """What is in the same sums goes together; sums with nobody in common are attacked one by one."""
    inside: dict[Hashable, list[int]] = defaultdict(list)
    for number, variables in enumerate(sums):
        for variable in variables:
            inside[variable].append(number)
    patterns: _Patterns = defaultdict(set)
    groups = Groups()
    for variable, numbers in inside.items():
        if owners[variable] is not None:
            patterns[tuple(numbers)].add(owners[variable])
            for number in numbers[1:]:
                groups.join(numbers[0], number)
    parts: dict[Hashable, _Patterns] = defaultdict(dict)
    for pattern, people in patterns.items():
        parts[groups.leader(pattern[0])][pattern] = people
    yield from parts.values()


def _smallest(part: _Patterns, fewest: int) -> frozenset[Owner] | None:
    """Patterns with enough people come first, so that they are eliminated; few combinations are left."""
    ordered = sorted(part, key=lambda pattern: -len(part[pattern]))
    enough = sum(len(people) >= fewest for people in part.values())
    rows: dict[int, Vector] = defaultdict(dict)
    for place, pattern in enumerate(ordered):
        for number in pattern:
            rows[number][place] = 1
    left = [row for pivot, row in reduced(rows.values()).items() if pivot >= enough]
    people = {place: frozenset(part[pattern]) for place, pattern in enumerate(ordered)}
    touched = {people[place] for row in left for place in row}
    groups = list(dict.fromkeys(_unions(touched, fewest)))
    found = _suspects(rows.values(), people, len(ordered), groups)
    return next((group for group in found if _is_left_over(left, people, group)), None)


def _suspects(
    rows: Collection[Vector],
    people: Mapping[int, frozenset[Owner]],
    width: int,
    groups: Sequence[frozenset[Owner]],
) -> Iterator[frozenset[Owner]]:
    """The groups that are worth to be looked at exactly."""
    if not groups:
        return
    table = np.zeros((len(rows), width), dtype=np.int64)
    for number, row in enumerate(rows):
        table[number, list(row)] = 1
    numbers = {owner: number for number, owner in enumerate(frozenset[Owner]().union(*people.values()))}
    places: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for place, some in people.items():
        places[_numbered(some, numbers)].append(place)
    inside = [
        [place for some in _subsets(_numbered(group, numbers)) for place in places.get(some, ())]
        for group in groups
    ]
    yield from (groups[place] for place in look_dependent(table, inside))


def _numbered(some: Iterable[Owner], numbers: Mapping[Owner, int]) -> tuple[int, ...]:
    return tuple(sorted(numbers[one] for one in some))


def _subsets(ordered: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    for size in range(len(ordered) + 1):
        yield from combinations(ordered, size)


def _unions(groups: Collection[frozenset[Owner]], fewest: int) -> Iterator[frozenset[Owner]]:
    for size in range(1, fewest):
        for some in combinations(groups, size):
            if len(union := frozenset[Owner]().union(*some)) < fewest:
                yield union


def _is_left_over(
    rows: Collection[Vector], people: Mapping[int, frozenset[Owner]], group: frozenset[Owner]
) -> bool:
    """True if without this group's places some combination of the rows is zero: with them it is theirs."""
    others = [{place: value for place, value in row.items() if not people[place] <= group} for row in rows]
    return len(reduced(others)) < len(rows)
