"""Two signs that a form was not read: a long run of one value, and too little time.

Both are judged in memory when a form arrives and kept as yes or no. Neither takes an answer away.
Sources: Huang et al. 2012 (two seconds per item), Goldammer et al. 2024 (longest identical run).
"""

from collections.abc import Iterable
from itertools import groupby

from survey.form.seal import Seal
from survey.instrument import Item
from survey.response import Response

SECONDS_PER_ITEM = 2.0
SHORTEST_RUN = 8


def longest_run(response: Response, order: Iterable[Item]) -> int:
    """Returns the length of the longest run of one rating, in the order the rater saw."""
    values = [response.ratings.get(item.item_id) for item in order if not item.is_event]
    runs = (len(list(run)) for value, run in groupby(values) if value is not None)
    return max(runs, default=0)


def is_straight(response: Response, order: tuple[Item, ...]) -> bool:
    """True if half of the items, and at least eight, have one rating in a row."""
    return longest_run(response, order) >= max(SHORTEST_RUN, len(order) / 2)


def is_fast(response: Response, seal: Seal, now_ms: int) -> bool:
    """True if what was filled in on this page took less than two seconds per item."""
    rated = len(response.ratings) + len(response.not_observed) - seal.filled_count
    if not seal.opened_ms or rated < SHORTEST_RUN:
        return False
    return now_ms - seal.opened_ms < rated * SECONDS_PER_ITEM * 1000
