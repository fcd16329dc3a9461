"""How far raters of one subject agree: rwg, rwg(j) and the average deviation, which gives a word.

A PM reads only the word. The figures are for the survey's owner, over many subjects.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

SLIGHT_SKEW_VARIANCE = 1.34
"""Null variance of five points when raters lean a little to one side (James et al. 1984)."""

_LEAST = 2


class Accord(IntEnum):
    """The word for raters of one subject; the numbers are codes for arrays, not amounts."""

    CANNOT_TELL = 0
    AGREE = 1
    MIXED = 2
    SPLIT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Accords:
    """`words` holds codes of `Accord`; `deviations` are scale points, NaN where it cannot be told."""

    words: NDArray[np.uint8]
    deviations: NDArray[np.float64]


def uniform_variance(point_count: int) -> float:
    """Returns the variance of ratings ticked at random: (A² - 1) / 12.

    >>> uniform_variance(5)
    2.0
    """
    return (point_count**2 - 1) / 12


def rwg(variances: ArrayLike, null_variance: float) -> NDArray[np.float64]:
    """Returns 1 - s² / null, for one item; below zero counts as zero.

    Source: James, Demaree & Wolf, Journal of Applied Psychology 69, 1984.

    >>> rwg([0.5, 3.0], uniform_variance(5)).tolist()
    [0.75, 0.0]

    Args:
        variances: (...,), with n - 1, squared scale points; NaN = fewer than two ratings.
        null_variance: of ratings given at random, squared scale points.
    """
    return np.maximum(0.0, 1 - np.asarray(variances, dtype=np.float64) / null_variance)


def rwg_j(variances: ArrayLike, null_variance: float) -> NDArray[np.float64]:
    """Returns T (1 - r) / (T (1 - r) + r), with r the mean item variance over the null's.

    Where raters differ more than at random (r > 1) it is 0, as R's `multilevel` has it.
    Source: James, Demaree & Wolf 1984; items with a mean variance of half the null's.

    >>> rwg_j([[1.0, 1.0, 1.0]], uniform_variance(5)).tolist()
    [0.75]

    Args:
        variances: (..., n_items), with n - 1; an item without is left out.
        null_variance: as in `rwg`.
    """
    given = np.asarray(variances, dtype=np.float64)
    is_given = np.isfinite(given)
    count = is_given.sum(axis=-1)
    share = np.where(is_given, given, 0.0).sum(axis=-1) / np.maximum(count, 1) / null_variance
    agreed = count * np.maximum(0.0, 1 - share)
    found = agreed / np.maximum(agreed + share, np.finfo(np.float64).tiny)
    return np.asarray(np.where(count > 0, found, np.nan), dtype=np.float64)


def item_variances(ratings: ArrayLike) -> NDArray[np.float64]:
    """Returns the variance (n - 1) of each item's ratings; NaN where fewer than two rated it.

    Args:
        ratings: (..., n_raters, n_items), scale points; NaN = no rating.
    """
    points = np.asarray(ratings, dtype=np.float64)
    counts, distances = _distances(points, _means(points))
    variances = (distances**2).sum(axis=-2) / np.maximum(counts - 1, 1)
    return np.asarray(np.where(counts >= _LEAST, variances, np.nan), dtype=np.float64)


def average_deviations(ratings: ArrayLike, *, about_median: bool = False) -> NDArray[np.float64]:
    """Returns AD(M): the mean distance of ratings from their item's mean, averaged over items.

    Source: Burke, Finkelstein & Dusig, Organizational Research Methods 2, 1999.

    >>> average_deviations([[1.0, 2.0], [3.0, 2.0]]).tolist()
    0.5

    Args:
        ratings: (..., n_raters, n_items), scale points; NaN = no rating. Items with fewer than two
            ratings are left out; NaN where none is left.
        about_median: AD(Md), distances from the median instead.
    """
    points = np.asarray(ratings, dtype=np.float64)
    counts, distances = _distances(points, _medians(points) if about_median else _means(points))
    is_item = counts >= _LEAST
    by_item = np.where(is_item, distances.sum(axis=-2) / np.maximum(counts, 1), 0.0)
    items = is_item.sum(axis=-1)
    found = by_item.sum(axis=-1) / np.maximum(items, 1)
    return np.asarray(np.where(items > 0, found, np.nan), dtype=np.float64)


def find_accords(ratings: ArrayLike, *, point_count: int) -> Accords:
    """Returns per subject whether raters agree, are mixed or are split.

    They agree up to AD(M) = A / 6, the limit of Burke & Dunlap (Organizational Research Methods 5,
    2002), and are split from (A² - 1) / 4A, which ticking at random gives: .83 and 1.2 of 5 points.

    >>> find_accords([[[4.0], [4.0], [5.0]], [[1.0], [5.0], [3.0]]], point_count=5).words.tolist()
    [1, 3]

    Args:
        ratings: (n_subjects, n_raters, n_items), scale points one apart; NaN = no rating.
        point_count: A, how many points the scale has.
    """
    deviations = average_deviations(ratings)
    agreed, random = point_count / 6, (point_count**2 - 1) / (4 * point_count)
    words = np.select(
        [np.isnan(deviations), deviations <= agreed, deviations < random],
        [Accord.CANNOT_TELL, Accord.AGREE, Accord.MIXED],
        Accord.SPLIT,
    )
    return Accords(words=words.astype(np.uint8), deviations=deviations)


def _means(points: NDArray[np.float64]) -> NDArray[np.float64]:
    is_given = np.isfinite(points)
    totals = np.where(is_given, points, 0.0).sum(axis=-2, keepdims=True)
    return np.asarray(totals / np.maximum(is_given.sum(axis=-2, keepdims=True), 1), dtype=np.float64)


def _medians(points: NDArray[np.float64]) -> NDArray[np.float64]:
    ordered = np.sort(points, axis=-2)  # NaN sort to the end
    last = np.maximum(np.isfinite(points).sum(axis=-2, keepdims=True) - 1, 0)
    low = np.take_along_axis(ordered, last // 2, axis=-2)
    high = np.take_along_axis(ordered, (last + 1) // 2, axis=-2)
    return np.asarray((low + high) / 2, dtype=np.float64)


def _distances(
    points: NDArray[np.float64], centres: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    is_given = np.isfinite(points)
    return is_given.sum(axis=-2), np.where(is_given, np.abs(points - centres), 0.0)
