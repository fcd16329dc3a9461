"""Numbers over several waves of one subject: a change, half-years, a slope. All are contrasts.

A contrast weighs the waves with coefficients that sum to zero, so what a rater always brings cancels.
Raters are not linked between waves; taking them as different people is then the cautious reading.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

MIN_WAVES_FOR_TREND = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Courses:
    """Contrasts over waves, not yet judged.

    `points` are scale points (per wave for a slope), `unit_errors` their standard errors for a spread
    of one point, sqrt(sum c² / n), `levels` the mean score of the waves, scale points. All are NaN
    where a needed wave is missing (`is_measured` False).
    """

    points: NDArray[np.float64]
    unit_errors: NDArray[np.float64]
    levels: NDArray[np.float64]
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
    found = _contrast(np.where(is_shown, points, 0.0), np.where(is_shown, counts, 1.0), coefficients)
    levels = np.where(is_shown, points, 0.0).sum(axis=-1) / np.maximum(shown[..., 0], 1)
    return replace(found, levels=np.where(found.is_measured, levels, np.nan))


def fit_to_scale(courses: Courses, *, low: float, high: float) -> Courses:
    """Returns the courses with unit errors that shrink towards the ends of the scale.

    Near an end raters can differ less: a binomial share has a standard deviation of
    sqrt((y - low)(high - y)), and ratings on a bounded scale come close to that shape. Each unit
    error is multiplied by it, divided by its root mean square over subjects, so that sigma stays
    what it is on average. Without this, where most subjects stand near an end, the few in the
    middle are called changed too often (docs/decisions.md 42).

    >>> both = change_between([[3.0, 3.0], [4.8, 4.8]], [[8, 8], [8, 8]])
    >>> fit_to_scale(both, low=1, high=5).unit_errors.round(2).tolist()
    [0.65, 0.28]

    Args:
        courses: (n_subjects, ...), of one kind.
        low: the lowest point of the scale.
        high: the highest.
    """
    room = np.maximum((courses.levels - low) * (high - courses.levels), 0.0)
    known = np.isfinite(room)
    mean = np.where(known, room, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    share = room / np.where(mean > 0, mean, np.nan)
    return replace(courses, unit_errors=courses.unit_errors * np.sqrt(share))


def _contrast(
    points: NDArray[np.float64], counts: NDArray[np.float64], coefficients: NDArray[np.float64]
) -> Courses:
    totals = (points * coefficients).sum(axis=-1)
    errors = np.sqrt((coefficients**2 / counts).sum(axis=-1))
    is_measured = np.isfinite(totals) & np.isfinite(errors)
    return Courses(
        points=np.where(is_measured, totals, np.nan),
        unit_errors=np.where(is_measured, errors, np.nan),
        levels=np.where(is_measured, points.mean(axis=-1), np.nan),
        is_measured=is_measured,
    )


def _counts(rater_counts: ArrayLike) -> NDArray[np.float64]:
    counts = np.asarray(rater_counts, dtype=np.float64)
    return np.asarray(np.where(counts > 0, counts, np.nan), dtype=np.float64)
