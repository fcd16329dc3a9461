"""The gap between how others see a subject and how they see themselves."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from pipeline.statistics.interval import CONFIDENCE

LEAST_POINTS = 0.5
"""A smaller gap is nothing to talk about, however sure. Of a five-point scale; others by length."""


class Sight(IntEnum):
    """How the self-rating stands to the others'; the numbers are codes for arrays, not amounts."""

    CANNOT_TELL = 0
    SELF_HIGHER = 1
    SELF_LOWER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """`points` = others - self with 95 % intervals, scale points; `sights` holds codes of `Sight`."""

    points: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    sights: NDArray[np.uint8]


def find_gaps(  # noqa: PLR0913 - two ratings, what each rests on, and their noise
    others: ArrayLike,
    selves: ArrayLike,
    rater_counts: ArrayLike,
    *,
    sigma: float,
    degrees_of_freedom: int,
    self_raters: ArrayLike = 1.0,
    least_points: float = LEAST_POINTS,
) -> Gaps:
    """Returns G = others - self ± t(.975) sqrt(sigma²/n + sigma²/m): the self-rating is one rater.

    A gap is named if its interval leaves out 0 and it is at least half a point. Self-ratings run
    high in general (d = .32, Heidemeier & Moser, Journal of Applied Psychology 94, 2009): a small
    one says little about a person. The manager's single rating has no interval of its own.
    Source: measurement 1.4; no published example was found, the doctest is worked by hand.

    >>> found = find_gaps([3.0], [4.5], [8], sigma=0.6, degrees_of_freedom=10**6)
    >>> round(float(found.low[0]), 2), round(float(found.high[0]), 2), Sight(found.sights[0]).name
    (-2.75, -0.25, 'SELF_HIGHER')

    Args:
        others: (...,), scale points; NaN = not shown.
        selves: (...,), scale points; NaN = no self-rating.
        rater_counts: (...,), effective raters among others.
        sigma: pooled spread of raters, scale points.
        degrees_of_freedom: of sigma.
        self_raters: (...,), m, 1 for a self-rating of as many items as others rated on average, else
            sqrt(items rated by self / mean items rated by one of the others).
        least_points: the smallest gap that is named, scale points.
    """
    points = np.asarray(others, dtype=np.float64) - np.asarray(selves, dtype=np.float64)
    counts = np.asarray(rater_counts, dtype=np.float64)
    errors = sigma * np.sqrt(1 / np.where(counts > 0, counts, np.nan) + 1 / np.asarray(self_raters))
    margin = float(stdtrit(degrees_of_freedom, (1 + CONFIDENCE) / 2)) * errors
    is_named = (np.abs(points) > margin) & (np.abs(points) >= least_points)
    side = np.where(points < 0, Sight.SELF_HIGHER, Sight.SELF_LOWER)
    return Gaps(
        points=points,
        low=points - margin,
        high=points + margin,
        sights=np.where(is_named, side, Sight.CANNOT_TELL).astype(np.uint8),
    )
