"""Empirical Bayes: the best guess of each subject's true score, drawn towards the others'.

It is shown as a point beside the score, never in its place: it has a lower squared error, but its
interval covers less than it says where few raters answered (docs/calibration.md).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.statistics.cannot_tell import CannotTell, Why

_MORRIS_LEAST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BestGuesses:
    """`points` in scale points; `weights` (0 to 1) is how much of the own score is in each.

    `errors` are standard errors for the calibration's table. `is_alike` says that no true
    difference between subjects was found: every guess is then the centre.
    """

    points: NDArray[np.float64]
    weights: NDArray[np.float64]
    errors: NDArray[np.float64]
    centre: float
    is_alike: bool


def guess_scores(
    scores: ArrayLike, rater_counts: ArrayLike, *, within_variance: float, between_variance: float
) -> BestGuesses | CannotTell:
    """Returns m + lambda (y - m), with lambda = tau² / (tau² + sigma² / n).

    m is the mean of the scores, each weighted by 1 / (tau² + sigma² / n). The error has the terms
    of a known tau², of m, and of tau² being estimated.
    Source: Morris, JASA 78, 1983 (parametric empirical Bayes). The doctest is the dyestuff of Davies 1947 as
    lme4 publishes it: variances 1764.05 and 2451.25, batch E 56.73 above the mean.

    >>> yields = [1505, 1528, 1564, 1498, 1600, 1470]
    >>> found = guess_scores(yields, [5] * 6, within_variance=2451.25, between_variance=1764.05)
    >>> round(float(found.weights[0]), 4), round(float(found.points[4]) - found.centre, 2)
    (0.7825, 56.73)

    Args:
        scores: (n_subjects,), scale points; NaN = no score, and no guess.
        rater_counts: (n_subjects,), how many raters each score rests on.
        within_variance: sigma², squared scale points.
        between_variance: tau², squared scale points.
    """
    points, counts = np.asarray(scores, dtype=np.float64), np.asarray(rater_counts, dtype=np.float64)
    is_scored = np.isfinite(points) & (counts > 0)
    if not is_scored.any():
        return CannotTell(why=Why.NO_ANSWERS)
    if within_variance <= 0:
        return CannotTell(why=Why.NO_SPREAD)
    noise = within_variance / np.where(is_scored, counts, np.nan)
    precision = 1 / (between_variance + noise)
    centre = float(np.nansum(precision * points) / np.nansum(np.where(is_scored, precision, 0.0)))
    weights = between_variance * precision
    return BestGuesses(
        points=centre + weights * (points - centre),
        weights=weights,
        errors=_errors(points - centre, noise, weights, precision),
        centre=centre,
        is_alike=between_variance <= 0,
    )


def _errors(
    distances: NDArray[np.float64],
    noise: NDArray[np.float64],
    weights: NDArray[np.float64],
    precision: NDArray[np.float64],
) -> NDArray[np.float64]:
    drawn = 1 - weights
    of_centre = drawn**2 / np.nansum(precision)
    left = max(int(np.isfinite(noise).sum()) - _MORRIS_LEAST, 1)
    of_between = 2 / left * drawn**2 * distances**2 * precision / np.nanmean(precision)
    return np.sqrt(weights * noise + of_centre + of_between)
