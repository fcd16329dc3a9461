"""How the best guesses of a unit's PMs are distributed, without names: counts in bins set beforehand.

Raw scores scatter more than the PMs do, since each rests on few raters; best guesses scatter less.
What is counted here goes through `disclosure.tally` before anybody sees it.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS = 8


def bin_edges(*, low: float, high: float) -> NDArray[np.float64]:
    """Returns the edges of eight bins of equal width over the scale: half a point each on 1 to 5.

    They rest on the scale alone: edges found from the scores would tell about the scores.
    Source: docs/decisions.md 56.

    >>> bin_edges(low=1, high=5).tolist()
    [1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0]

    Args:
        low: lower end of the scale, scale points.
        high: upper end of the scale, scale points.
    """
    return np.linspace(low, high, BINS + 1)


def count_in_bins(guesses: ArrayLike, edges: ArrayLike) -> NDArray[np.int64]:
    """Returns how many guesses lie in each bin; a bin holds its lower edge, the last one both.

    >>> count_in_bins([3.2, 3.5, 3.9, 5.0, float("nan")], bin_edges(low=1, high=5)).tolist()
    [0, 0, 0, 0, 1, 2, 0, 1]

    Args:
        guesses: (n_subjects,), empirical-Bayes points of one trait; NaN = none, and not counted.
        edges: (n_bins + 1,), rising. A guess beyond them counts in the bin at that end.
    """
    points, borders = np.asarray(guesses, dtype=np.float64), np.asarray(edges, dtype=np.float64)
    places = np.searchsorted(borders[1:-1], points[np.isfinite(points)], side="right")
    return np.bincount(places, minlength=len(borders) - 1).astype(np.int64)
