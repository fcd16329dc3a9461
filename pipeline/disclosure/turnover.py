"""Whose raters may have changed by exactly one person since the wave before.

Comparing two such results tells what the one who came or left is like: not a value, but a belief. A
policy with `turnover_guard = true` does not show these PMs alone that time. A rater's pseudonym is another
one in every wave, so nobody can say who came or left; but where exactly one did, the numbers of raters
differ by one. So whose numbers do is guarded, and some are for whom one left and two others came.
"""

from collections.abc import Mapping

Counts = Mapping[int, int]
"""How many unknown raters answered about each subject that was shown alone."""


def may_have_changed_by_one(before: Counts, now: Counts) -> frozenset[int]:
    """Returns the subjects whose block has one rater more or less than the one before.

    >>> sorted(may_have_changed_by_one({1: 5, 2: 6, 3: 4}, {1: 4, 2: 6, 4: 5}))
    [1]
    """
    both = before.keys() & now.keys()
    return frozenset(subject for subject in both if abs(before[subject] - now[subject]) == 1)
