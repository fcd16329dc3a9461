"""ICCs of a full block, in which every rater rated every subject: not how our surveys normally are.

Some exports of other tools are such blocks (a panel that rates all); for them these are exact.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipeline.statistics.cannot_tell import CannotTell, Why

_LEAST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoWayReliability:
    """Agreement counts raters' leniency as error, consistency does not; `_mean` is of all raters' mean."""

    agreement: float
    consistency: float
    agreement_mean: float
    consistency_mean: float


def estimate_two_way(ratings: ArrayLike) -> TwoWayReliability | CannotTell:
    """Returns ICC(A,1), ICC(C,1), ICC(A,k), ICC(C,k); a gap anywhere makes it no full block.

    Source: McGraw & Wong, Psychological Methods 1, 1996; in Shrout & Fleiss 1979 they are
    ICC(2,1) = .29, ICC(3,1) = .71, ICC(2,4) = .62 and ICC(3,4) = .91 of the doctest's table 2.

    >>> table = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> found = estimate_two_way(table)
    >>> [round(one, 2) for one in (found.agreement, found.consistency, found.agreement_mean)]
    [0.29, 0.71, 0.62]

    Args:
        ratings: (n_subjects, n_raters), scale points.
    """
    points = np.asarray(ratings, dtype=np.float64)
    rows, columns = points.shape
    if not np.isfinite(points).all():
        return CannotTell(why=Why.NO_ANSWERS)
    if min(rows, columns) < _LEAST:
        return CannotTell(why=Why.TOO_FEW_RATERS if columns < _LEAST else Why.TOO_FEW_SUBJECTS)
    by_row, by_column = points.mean(axis=1, keepdims=True), points.mean(axis=0, keepdims=True)
    subject = columns * float(by_row.var(ddof=1))
    rater = rows * float(by_column.var(ddof=1))
    left = points - by_row - by_column + points.mean()
    error = float((left**2).sum()) / ((rows - 1) * (columns - 1))
    if subject <= 0:
        return CannotTell(why=Why.NO_SPREAD)
    lenient = (rater - error) / rows
    return TwoWayReliability(
        agreement=(subject - error) / (subject + (columns - 1) * error + columns * lenient),
        consistency=(subject - error) / (subject + (columns - 1) * error),
        agreement_mean=(subject - error) / (subject + lenient),
        consistency_mean=(subject - error) / subject,
    )
