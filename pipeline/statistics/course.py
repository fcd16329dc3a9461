"""Numbers over several waves of one subject: a change, half-years, a slope. All are contrasts.

A contrast weighs the waves with coefficients that sum to zero, so what a rater always brings cancels.
Raters are not linked between waves; taking them as different people is then the cautious reading.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

MIN_WAVES_FOR_TREND = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Courses:
    """Contrasts over waves, not yet judged.

    `points` are scale points (per wave for a slope), `unit_errors` their standard errors for a spread
    of one point, sqrt(sum c² / n). Both are NaN where a needed wave is missing (`is_measured` False).
    """

    points: NDArray[np.float64]
    unit_errors: NDArray[np.float64]
    is_measured: NDArray[np.bool_]


def change_between(scores: ArrayLike, rater_counts: ArrayLike) -> Courses:
    """Returns the last wave minus the one before.

    >>> found = change_between([[3.0, 3.5]], [[8, 8]])
    >>> float(found.points[0]), float(found.unit_errors[0])
    (0.5, 0.5)

    Args:
        scores: (..., n_waves), by time, over the items released in both waves; NaN = not shown.
        rater_counts: (..., n_waves), effective raters.
    """
    points = np.asarray(scores, dtype=np.float64)
    return _contrast(points[..., -2:], _counts(rater_counts)[..., -2:], np.array([-1.0, 1.0]))


def half_year_change(scores: ArrayLike, rater_counts: ArrayLike) -> Courses:
    """Returns the mean of the last two waves minus the mean of the two before: disjoint pools.

    >>> round(float(half_year_change([[3.0, 3.2, 3.4, 3.8]], [[8, 8, 8, 8]]).points[0]), 6)
    0.5

    Args:
        scores: (..., n_waves), four or more, as in `change_between`.
        rater_counts: (..., n_waves), effective raters.
    """
    points = np.asarray(scores, dtype=np.float64)
    coefficients = np.array([-0.5, -0.5, 0.5, 0.5])
    return _contrast(points[..., -4:], _counts(rater_counts)[..., -4:], coefficients)


def slope_over(scores: ArrayLike, rater_counts: ArrayLike, places: ArrayLike) -> Courses:
    """Returns the least-squares slope over four or more shown waves; fewer are not measured.

    Source: Anscombe, The American Statistician 27, 1973: each of his four sets has slope 0.500.

    >>> x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    >>> y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
    >>> round(float(slope_over([y], [[6] * 11], x).points[0]), 3)
    0.5

    Args:
        scores: (..., n_waves), one unbroken segment; NaN = not shown.
        rater_counts: (..., n_waves), effective raters.
        places: (n_waves,), when each wave was, in the unit that the slope is per.
    """
    points, counts = np.asarray(scores, dtype=np.float64), _counts(rater_counts)
    is_shown = np.isfinite(points) & np.isfinite(counts)
    shown = is_shown.sum(axis=-1, keepdims=True)
    times = np.broadcast_to(np.asarray(places, dtype=np.float64), points.shape)
    middle = np.where(is_shown, times, 0.0).sum(axis=-1, keepdims=True) / np.maximum(shown, 1)
    away = np.where(is_shown, times - middle, 0.0)
    squares = (away**2).sum(axis=-1, keepdims=True)
    is_trend = (shown >= MIN_WAVES_FOR_TREND) & (squares > 0)
    coefficients = away / np.where(is_trend, squares, np.nan)
    return _contrast(np.where(is_shown, points, 0.0), np.where(is_shown, counts, 1.0), coefficients)


def _contrast(
    points: NDArray[np.float64], counts: NDArray[np.float64], coefficients: NDArray[np.float64]
) -> Courses:
    totals = (points * coefficients).sum(axis=-1)
    errors = np.sqrt((coefficients**2 / counts).sum(axis=-1))
    is_measured = np.isfinite(totals) & np.isfinite(errors)
    return Courses(
        points=np.where(is_measured, totals, np.nan),
        unit_errors=np.where(is_measured, errors, np.nan),
        is_measured=is_measured,
    )


def _counts(rater_counts: ArrayLike) -> NDArray[np.float64]:
    counts = np.asarray(rater_counts, dtype=np.float64)
    return np.asarray(np.where(counts > 0, counts, np.nan), dtype=np.float64)
