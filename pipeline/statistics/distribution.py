"""How the best guesses of a unit's PMs are distributed, without names: counts in bins set beforehand.

Raw scores scatter more than the PMs do, since each rests on few raters; best guesses scatter less.
What is placed here goes through `disclosure.tally` before anybody sees it.
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


def reachable_edges(edges: ArrayLike, lows: ArrayLike, highs: ArrayLike) -> NDArray[np.float64]:
    """Returns edges whose outer bins everybody's guess could lie in: what few could reach is one bin with its neighbour.

    A guess that rests on few raters is drawn towards the middle and never comes to the ends. Were the
    ends bins of their own, only those with many raters could be in them, and a count would tell who.
    Source: docs/decisions.md 76.

    >>> reachable_edges(bin_edges(low=1, high=5), [1.4, 2.2], [4.8, 4.3]).tolist()
    [1.0, 2.5, 3.0, 3.5, 4.0, 5.0]

    Args:
        edges: as `bin_edges` has them.
        lows: (n_subjects,), the lowest guess that each subject's raters could have made.
        highs: (n_subjects,), the highest.
    """
    borders = np.asarray(edges, dtype=np.float64)
    lowest, highest = np.max(lows, initial=borders[0]), np.min(highs, initial=borders[-1])
    inner = borders[1:-1]
    return np.concatenate([borders[:1], inner[(inner > lowest) & (inner <= highest)], borders[-1:]])


def place_in_bins(guesses: ArrayLike, edges: ArrayLike) -> NDArray[np.int64]:
    """Returns which bin each guess lies in; a bin holds its lower edge, the last one both.

    >>> place_in_bins([3.2, 3.5, 3.9, 5.0], bin_edges(low=1, high=5)).tolist()
    [4, 5, 5, 7]

    Args:
        guesses: (n_subjects,), empirical-Bayes points of one trait.
        edges: (n_bins + 1,), rising. A guess beyond them lies in the bin at that end.
    """
    inner = np.asarray(edges, dtype=np.float64)[1:-1]
    return np.asarray(np.searchsorted(inner, guesses, side="right"), dtype=np.int64)
