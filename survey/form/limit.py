"""How many requests a link, or a guesser, may make: a bucket of tokens each, in memory only."""

from collections import OrderedDict
from dataclasses import dataclass

_MOST_BUCKETS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many requests at once, and so many more per second."""

    burst: float
    per_second: float


LINK_RATE = Rate(burst=60, per_second=1)
"""A rater with several tabs, autosave and a nervous finger stays far below this."""

UNKNOWN_RATE = Rate(burst=300, per_second=20)
"""For all addresses together behind which there is nothing."""


class Limit:
    """One bucket per key; those not used for longest are forgotten, which only ever forgives."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._buckets: OrderedDict[object, tuple[float, float]] = OrderedDict()

    def takes(self, key: object, now: float) -> bool:
        """Returns whether one more request is allowed at this moment (seconds of a steady clock)."""
        tokens, then = self._buckets.pop(key, (self._rate.burst, now))
        tokens = min(self._rate.burst, tokens + (now - then) * self._rate.per_second)
        allowed = tokens >= 1
        self._buckets[key] = (tokens - allowed, now)
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return allowed
