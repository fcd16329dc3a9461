"""The noise of changes, learnt from how all subjects' changes scatter.

Raters mostly stay the same people and keep their view, so changes scatter less than two
unconnected sets of ratings would. How much less cannot be known from unlinked answers of one
subject, but it shows in all subjects' changes together, and most of those are noise.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.statistics.course import Courses

MIN_SUBJECTS = 20
"""With fewer the scatter itself is too uncertain; raters then count as different people (rho = 0)."""

_TUNING = 9.0
"""Distances beyond nine median deviations, real changes, have no weight (Mosteller & Tukey 1977)."""

_FIT = 1.0092
"""What the estimator gives for normal changes with a spread of one; tests integrate it anew."""


class NoiseSource(StrEnum):
    """Where the noise comes from."""

    CHANGES = "changes"
    RATERS = "raters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """`factor` (0 to 1) times sigma times the unit error is the standard error of a change."""

    factor: float
    degrees_of_freedom: int
    source: NoiseSource


def estimate_noise(courses: Courses, sigmas: ArrayLike, degrees_of_freedom: int) -> Noise:
    """Returns the noise of one kind of change, for all traits of an instrument together.

    Each change is divided by what unlinked raters' noise would be; the biweight midvariance of
    these, around each trait's median, is the square of the factor. It is never above 1. Real
    changes of a few subjects have no weight; of many they widen the noise: it errs towards
    "cannot tell". The degrees of freedom count a subject once, not each of its traits.
    Source: measurement 1.5; Lax, JASA 80, 1985, for the biweight midvariance.

    Args:
        courses: (n_subjects, n_traits), unjudged changes of the same kind.
        sigmas: (n_traits,), pooled spread of raters, scale points.
        degrees_of_freedom: of the sigmas, used where there are too few subjects.
    """
    spread = np.asarray(sigmas, dtype=np.float64)
    ratios = courses.points / (courses.unit_errors * np.where(spread > 0, spread, np.nan))
    subjects = int(np.isfinite(ratios).any(axis=-1).sum())
    if subjects < MIN_SUBJECTS:
        return Noise(factor=1.0, degrees_of_freedom=degrees_of_freedom, source=NoiseSource.RATERS)
    kept = ratios[:, np.isfinite(ratios).any(axis=0)]
    centred = kept - np.nanmedian(kept, axis=0)
    factor = min(1.0, robust_spread(centred[np.isfinite(centred)]) / _FIT)
    return Noise(factor=factor, degrees_of_freedom=subjects - 1, source=NoiseSource.CHANGES)


def robust_spread(distances: NDArray[np.float64]) -> float:
    """Returns the root of the biweight midvariance of distances from a centre of zero.

    One wild value does not move it: these are the 24 copper contents of the Analytical Methods
    Committee (The Analyst 114, 1989) without and with their outlier of 28.95, around the median;
    Huber's proposal 2, slower, gives .67 for all 24 (Venables & Ripley, MASS, `hubers(chem)`).

    >>> copper = [2.20, 2.20, 2.40, 2.40, 2.50, 2.70, 2.80, 2.90, 3.03, 3.03, 3.10, 3.37, 3.40, 3.40,
    ...           3.40, 3.50, 3.60, 3.70, 3.70, 3.70, 3.70, 3.77, 5.28, 28.95]
    >>> both = [robust_spread(np.array(some) - 3.385) for some in (copper[:-1], copper)]
    >>> [round(one, 2) for one in both]
    [0.67, 0.68]
    """
    scale = float(np.median(np.abs(distances)))
    if scale <= 0:
        return float(np.sqrt(np.mean(distances**2)))  # over half did not move: no robust centre
    u2 = (distances / (_TUNING * scale)) ** 2
    weight = np.where(u2 < 1, 1 - u2, 0.0)
    above = len(distances) * float((distances**2 * weight**4).sum())
    below = float((weight * (1 - 5 * u2)).sum())
    return float(np.sqrt(above)) / abs(below)
