"""Benjamini and Hochberg: of what a page calls real, at most a twentieth is expected to be chance.

The family is what one page asks at once: a PM's traits, or one unit's review. It is declared here,
before anybody looks.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

RATE = 0.05


def adjust_for_page(p_values: ArrayLike) -> NDArray[np.float64]:
    """Returns p values adjusted within each page; one at or below the rate is a discovery.

    Source: Benjamini & Hochberg, Journal of the Royal Statistical Society B 57, 1995:
    of these 15 p values the procedure finds 4, Bonferroni's 3.

    >>> p = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344,
    ...      .0459, .3240, .4262, .5719, .6528, .7590, 1.0]
    >>> int((adjust_for_page(p) <= RATE).sum())
    4

    Args:
        p_values: (..., n_tests), each last row a page; NaN = not tested, and not counted.
    """
    given = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(given, axis=-1)  # NaN sort to the end
    ordered = np.take_along_axis(given, order, axis=-1)
    tested = np.isfinite(given).sum(axis=-1, keepdims=True)
    stepped = ordered * tested / np.arange(1, given.shape[-1] + 1)
    from_the_end = np.flip(np.fmin.accumulate(np.flip(stepped, axis=-1), axis=-1), axis=-1)
    adjusted = np.empty_like(given)
    np.put_along_axis(adjusted, order, np.minimum(from_the_end, 1.0), axis=-1)
    return np.where(np.isfinite(given), adjusted, np.nan)
