"""Which PMs' raters changed by exactly one person since the wave before.

Comparing two such results tells what the one who came or left is like: not a value, but a belief. A
policy with `turnover_guard = true` does not show these PMs alone that time.
"""

from collections.abc import Mapping

Raters = Mapping[int, frozenset[int]]
"""The pseudonyms of the raters of each subject's own block."""


def changed_by_one(before: Raters, now: Raters) -> frozenset[int]:
    """Returns the subjects whose block differs from the one before by one rater more or less.

    One who left and one who came are two, who hide each other. Where nobody is named, nothing is
    known, and nobody is returned.

    >>> sorted(changed_by_one({1: frozenset({7, 8}), 2: frozenset({7})}, {1: frozenset({8}), 2: frozenset({9})}))
    [1]
    """
    both = before.keys() & now.keys()
    return frozenset(subject for subject in both if len(before[subject] ^ now[subject]) == 1)
