"""The change of raters who are known to be the same: only where a tool links them itself."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from pipeline.statistics.cannot_tell import CannotTell, Why
from pipeline.statistics.interval import CONFIDENCE

_LEAST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedChange:
    """Second minus first, scale points, with its 95 % interval."""

    points: float
    low: float
    high: float
    t: float
    degrees_of_freedom: int
    p_value: float


def linked_change(first: ArrayLike, second: ArrayLike) -> LinkedChange | CannotTell:
    """Returns the mean of the raters' own changes with a paired t test.

    Source: Student, Biometrika 6, 1908; as R's `t.test(..., paired = TRUE)` of its data set sleep.

    >>> drug_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    >>> drug_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    >>> found = linked_change(drug_1, drug_2)
    >>> round(found.t, 4), round(found.p_value, 6)
    (4.0621, 0.002833)

    Args:
        first: (n_raters,), scale points; NaN = did not answer, the rater is left out.
        second: (n_raters,), the same raters in the same order.
    """
    changes = np.asarray(second, dtype=np.float64) - np.asarray(first, dtype=np.float64)
    changes = changes[np.isfinite(changes)]
    if len(changes) < _LEAST:
        return CannotTell(why=Why.TOO_FEW_RATERS)
    error = float(changes.std(ddof=1)) / float(np.sqrt(len(changes)))
    if error <= 0:
        return CannotTell(why=Why.NO_SPREAD)
    points, degrees = float(changes.mean()), len(changes) - 1
    margin = float(stdtrit(degrees, (1 + CONFIDENCE) / 2)) * error
    return LinkedChange(
        points=points,
        low=points - margin,
        high=points + margin,
        t=points / error,
        degrees_of_freedom=degrees,
        p_value=2 * float(stdtr(degrees, -abs(points / error))),
    )
