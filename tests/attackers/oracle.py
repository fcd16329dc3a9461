"""Exact answers about small tables, by plain linear algebra over fractions: slow, and sure.

Nothing here knows any of the product's rules. A table has one row per released sum and one column per
variable (a response, a PM); `owners` says whose each column is. Whoever holds the sums can form any
linear combination of the rows; what matters is whose columns are not zero in it.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from fractions import Fraction
from itertools import combinations

Row = Sequence[int]


def rank(rows: Iterable[Row]) -> int:
    """Returns the rank over the rational numbers."""
    left = [[Fraction(value) for value in row] for row in rows]
    found = 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in left if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        found += 1
        for row in left:
            share = row[column] / pivot[column]
            if share:
                row[:] = [value - share * taken for value, taken in zip(row, pivot, strict=True)]
    return found


def leaves_over(rows: Sequence[Row], owners: Sequence[Hashable], people: Collection[Hashable]) -> bool:
    """Returns True if some combination of the rows that is not zero involves nobody but these people."""
    kept = [place for place, owner in enumerate(owners) if owner not in people]
    return rank([[row[place] for place in kept] for row in rows]) < rank(rows)


def fewest_left_over(rows: Sequence[Row], owners: Sequence[Hashable], most: int) -> int | None:
    """Returns the size of the smallest group some combination leaves over, or None if it is above `most`."""
    for size in range(1, most + 1):
        if any(leaves_over(rows, owners, group) for group in combinations(sorted(set(owners)), size)):
            return size
    return None
