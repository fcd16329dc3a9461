"""Which groups of people might be left over by some combination of sums: a quick look at very many groups.

Sums are rows over patterns (people who are in the same sums). A group is left over where its patterns'
columns of a check matrix (rows times its transpose is zero) are dependent. Here these columns are seen
from `SIDES` sides and modulo a prime: some look dependent that are not, and have to be looked at again.
That dependent ones look independent takes a number that this very prime divides: one in two thousand millions.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

PRIME = 2**31 - 1
SIDES = 40
AT_ONCE = 5_000
"""Groups in one array."""

Grid = NDArray[np.int64]


def look_dependent(table: Grid, groups: Sequence[Sequence[int]]) -> Iterator[int]:
    """Yields the places of the groups whose columns look dependent.

    Args:
        table: (n_sums, n_patterns), ones and zeros.
        groups: of each group its patterns, as places of columns.
    """
    columns = np.vstack([_columns(table), np.zeros((1, SIDES), dtype=np.int64)])
    ordered = sorted(range(len(groups)), key=lambda place: len(groups[place]))
    for start in range(0, len(ordered), AT_ONCE):
        some = ordered[start : start + AT_ONCE]
        counts = np.array([len(groups[place]) for place in some])
        inside = np.full((len(some), counts[-1]), -1)
        inside[np.arange(counts[-1]) < counts[:, None]] = [one for place in some for one in groups[place]]
        seen = columns[:, : counts[-1] + 1]  # one side more than there are patterns tells enough
        yield from (some[place] for place in np.flatnonzero(_ranks(seen[inside]) < counts))


def _columns(table: Grid) -> Grid:
    """The columns of the check matrix up to their signs, seen from few sides: (n_patterns, SIDES)."""
    rows, pivots = _reduced(table)
    sides = np.zeros((table.shape[1], SIDES), dtype=np.int64)
    seeds = np.arange(2, table.shape[1] + 2)
    sides[:, 0] = seeds
    for side in range(1, SIDES):
        sides[:, side] = sides[:, side - 1] * seeds % PRIME
    sides[pivots] = 0
    for pivot, row in zip(pivots, rows, strict=True):
        sides[pivot] = (row[:, None] * sides % PRIME).sum(axis=0) % PRIME
    return sides


def _reduced(table: Grid) -> tuple[Grid, list[int]]:
    """Gauss and Jordan: rows with a one in their own pivot's column and zeros in the others'."""
    rows, pivots = table.copy(), list[int]()
    for column in range(rows.shape[1]):
        below = np.flatnonzero(rows[len(pivots) :, column])
        if not below.size:
            continue
        here = len(pivots)
        rows[[here, here + below[0]]] = rows[[here + below[0], here]]
        rows[here] = rows[here] * pow(int(rows[here, column]), -1, PRIME) % PRIME
        share = rows[:, column].copy()
        share[here] = 0
        rows = (rows - share[:, None] * rows[here]) % PRIME
        pivots.append(column)
    return rows[: len(pivots)], pivots


def _ranks(vectors: Grid) -> NDArray[np.int64]:
    """Of many small tables at once, without dividing: (n_groups,)."""
    ranks = np.zeros(len(vectors), dtype=np.int64)
    every, left = np.arange(len(vectors)), vectors
    while left.shape[2]:
        share, left = left[:, :, 0], left[:, :, 1:]
        first = (share != 0).argmax(axis=1)
        lead = share[every, first]
        is_there = lead != 0
        other = left[every, first]
        scale = np.where(is_there, lead, 1)  # nothing to take away: the table stays as it is
        left = (left * scale[:, None, None] - share[:, :, None] * other[:, None, :]) % PRIME
        ranks += is_there
    return ranks
