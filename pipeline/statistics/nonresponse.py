"""What those who did not answer could change: the worst case, and weights by group."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

SHOWN_BELOW = 0.60
"""Bounds stand beside a score where fewer than this share of those asked answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Scale points; `is_needed` where so few answered that the bounds belong beside the score."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    response_shares: NDArray[np.float64]
    is_needed: NDArray[np.bool_]


def worst_case(
    scores: ArrayLike, answered: ArrayLike, asked: ArrayLike, *, low: float, high: float
) -> Bounds:
    """Returns the scores if all others had ticked the lowest point, and the highest.

    (n y + (N - n) end) / N. No model, no interval: nothing lies outside.
    Source: Manski, Partial Identification of Probability Distributions, 2003, chapter 1.

    >>> found = worst_case([4.0], [6], [12], low=1, high=5)
    >>> float(found.low[0]), float(found.high[0])
    (2.5, 4.5)

    Args:
        scores: (...,), scale points.
        answered: (...,), n, raters who answered.
        asked: (...,), N, raters who were asked; never below n.
        low: the lowest point of the scale.
        high: the highest.
    """
    n, total = np.asarray(answered, dtype=np.float64), np.asarray(asked, dtype=np.float64)
    share = n / np.where(total > 0, total, np.nan)
    known = share * np.asarray(scores, dtype=np.float64)
    return Bounds(
        low=known + (1 - share) * low,
        high=known + (1 - share) * high,
        response_shares=share,
        is_needed=share < SHOWN_BELOW,
    )


def weighted_mean(group_means: ArrayLike, asked: ArrayLike) -> NDArray[np.float64]:
    """Returns the mean over groups (relationships), each with the weight of those asked in it.

    A group without a mean is left out. Source: Holt & Smith, Journal of the Royal Statistical
    Society A 142, 1979 (post-stratification).

    >>> weighted_mean([4.0, 2.0], [30, 10]).tolist()
    3.5

    Args:
        group_means: (..., n_groups), scale points; NaN = not enough answered.
        asked: (..., n_groups), how many were asked.
    """
    means, sizes = np.asarray(group_means, dtype=np.float64), np.asarray(asked, dtype=np.float64)
    weights = np.where(np.isfinite(means), sizes, 0.0)
    total = weights.sum(axis=-1)
    weighted = (weights * np.where(np.isfinite(means), means, 0.0)).sum(axis=-1)
    return np.asarray(weighted / np.where(total > 0, total, np.nan), dtype=np.float64)
