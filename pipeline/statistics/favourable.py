"""Favourable share: how many ratings lie in the upper part of the scale, with Wilson's interval."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from pipeline.statistics.interval import CONFIDENCE

MIN_RATINGS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FavourableShares:
    """Shares 0 to 1. Where `is_enough` is False too few rated for a share to be shown."""

    shares: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    is_enough: NDArray[np.bool_]


def favourable_shares(favourable_counts: ArrayLike, rating_counts: ArrayLike) -> FavourableShares:
    """Returns p = x / n with (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n).

    The counts are the published, coded ones. Ratings count as independent.
    Source: Wilson, JASA 22, 1927; Newcombe, Statistics in Medicine 17, 1998, table I, method 3:
    81 of 263 gives .2553 to .3662.

    >>> found = favourable_shares([81], [263])
    >>> round(float(found.low[0]), 4), round(float(found.high[0]), 4)
    (0.2553, 0.3662)

    Args:
        favourable_counts: (...,), ratings in the upper part of the scale.
        rating_counts: (...,), all ratings.
    """
    hits, n = np.asarray(favourable_counts, dtype=np.float64), np.asarray(rating_counts, dtype=np.float64)
    size = np.where(n > 0, n, np.nan)
    share, z = hits / size, float(ndtri((1 + CONFIDENCE) / 2))
    middle = share + z**2 / (2 * size)
    margin = z * np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
    return FavourableShares(
        shares=share,
        low=np.clip((middle - margin) / (1 + z**2 / size), 0.0, share),  # rounding must not pass the share
        high=np.clip((middle + margin) / (1 + z**2 / size), share, 1.0),
        is_enough=n >= MIN_RATINGS,
    )
