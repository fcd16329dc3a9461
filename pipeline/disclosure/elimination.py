"""Gauss and Jordan in whole numbers, modulo a prime so large that what is zero there is zero.

A table of zeros and ones of up to 64 rows has no determinant as large as the prime (see
`combination.largest_determinant`), so ranks modulo the prime are exactly those over the rationals.
"""

from collections import defaultdict
from collections.abc import Iterable

PRIME = 2**521 - 1

Vector = dict[int, int]
"""The places that are not zero, with their values."""


def reduced(rows: Iterable[Vector]) -> dict[int, Vector]:
    """Gauss and Jordan: by the place of its leading one, rows that are zero in all other such places."""
    pivots: dict[int, Vector] = {}
    for row in rows:
        left = row
        for pivot, done in pivots.items():
            left = _without(left, pivot, done)
        if left:
            pivot = min(left)
            inverse = pow(left[pivot], -1, PRIME)
            lead = {place: value * inverse % PRIME for place, value in left.items()}
            pivots = {one: _without(done, pivot, lead) for one, done in pivots.items()} | {pivot: lead}
    return pivots


def _without(row: Vector, pivot: int, lead: Vector) -> Vector:
    """The row less as much of the other as makes it zero in the pivot's place."""
    share = row.get(pivot)
    if not share:
        return row
    values = defaultdict(int, row)
    for place, value in lead.items():
        values[place] = (values[place] - share * value) % PRIME
    return {place: value for place, value in values.items() if value}
