"""Can sums of any kind be combined so that only a few people are left over? The general question.

It has no polynomial answer, so it is asked only of small tables and with bounded work, and what is
not answered counts as yes. The arithmetic is exact: whole numbers modulo a prime that is greater
than any determinant the table can have (Hadamard's bound), so what is zero there is zero.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from math import comb, isqrt

from pipeline.disclosure.elimination import Vector, reduced

MOST_NODES, MOST_ATOMS, MOST_TRIES = 64, 400, 20_000
"""Where the question is too large to be asked."""


def singles_out_few(atoms: Mapping[frozenset[Hashable], int], *, fewest: int) -> bool:
    """Returns True if some combination of sums involves fewer than `fewest` people, or if it is not known.

    Args:
        atoms: how many people are counted by exactly these sums, by the names of the sums.
        fewest: how many people a combination must involve, if it involves anybody.
    """
    counted = {names: count for names, count in atoms.items() if names}
    names = {name for atom in counted for name in atom}
    small = [place for place, count in enumerate(counted.values()) if count < fewest]
    if len(names) > MOST_NODES or len(counted) > MOST_ATOMS or _tries(len(small), fewest) > MOST_TRIES:
        return True
    rows = [{place: 1 for place, atom in enumerate(counted) if name in atom} for name in names]
    checks = _parity_checks(rows, len(counted))
    sizes = list(counted.values())
    return any(_is_dependent([checks[one] for one in some]) for some in _few(small, sizes, fewest))


def _tries(small_count: int, fewest: int) -> int:
    return sum(comb(small_count, size) for size in range(fewest))


def _few(small: Sequence[int], sizes: Sequence[int], fewest: int) -> Iterable[tuple[int, ...]]:
    """Every set of atoms with fewer people than that in it; also the empty one, which tells nothing."""
    for size in range(fewest):
        for some in combinations(small, size):
            if sum(sizes[one] for one in some) < fewest:
                yield some


def _parity_checks(rows: Sequence[Vector], width: int) -> list[Vector]:
    """One vector per atom, up to its sign: atoms can be left over exactly if theirs are dependent."""
    pivots = reduced(rows)
    checks: list[Vector] = [{place: 1} for place in range(width)]
    for pivot, row in pivots.items():
        checks[pivot] = {place: value for place, value in row.items() if place != pivot}
    return checks


def _is_dependent(vectors: Sequence[Vector]) -> bool:
    return len(reduced(vectors)) < len(vectors)


def largest_determinant(size: int) -> int:
    """Returns a bound that no determinant of a table of zeros and ones of that size exceeds.

    Hadamard: (n + 1) ** ((n + 1) / 2) / 2 ** n.

    >>> from pipeline.disclosure.elimination import PRIME
    >>> largest_determinant(3), largest_determinant(MOST_NODES) < PRIME
    (2, True)
    """
    power: int = (size + 1) ** (size + 1)
    return isqrt(power) // (1 << size)
