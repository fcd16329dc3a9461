"""Careless answering: indices per response, and a flag that needs two of them. Nothing is deleted.

A flag is a reason to look at how a survey went, over the whole organisation. Results without the
flagged may be shown there; about one PM they would be a difference of a few people.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

MIN_INDICES = 2
"""No single index tells carelessness (Goldammer et al., Behavior Research Methods 56, 2024)."""

_LEAST = 2
_RESPONSES_PER_ITEM = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From where each index is a hit.

    Half the form in one run, hardly any spread (scale points), halves that contradict each other,
    a pattern of one in a thousand, under a second per item (Wood et al. 2017).
    """

    run_share: float = 0.5
    deviation: float = 0.3
    even_odd: float = 0.0
    pattern_p: float = 0.001
    seconds: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """Per response: how many indices hit, how many could be worked out, and the flag."""

    hit_counts: NDArray[np.int64]
    index_counts: NDArray[np.int64]
    is_flagged: NDArray[np.bool_]


def longest_runs(answers: ArrayLike) -> NDArray[np.int64]:
    """Returns the longest run of equal raw answers in the order of the form; a gap ends a run.

    Source: Johnson, Journal of Research in Personality 39, 2005; as R's `careless::longstring`.

    >>> longest_runs([[3, 3, 3, 2, 2, 4]]).tolist()
    [3]

    Args:
        answers: (n_responses, n_items), as ticked, not turned; NaN = no rating.
    """
    points = np.asarray(answers, dtype=np.float64)
    run = best = np.isfinite(points[:, 0]).astype(np.int64)
    for before, now in zip(points.T[:-1], points.T[1:], strict=True):
        run = np.where(now == before, run + 1, np.isfinite(now).astype(np.int64))
        best = np.maximum(best, run)
    return best


def response_deviations(answers: ArrayLike) -> NDArray[np.float64]:
    """Returns IRV: the standard deviation (n - 1) of a response's raw answers; NaN under two.

    Source: Dunn et al., Journal of Business and Psychology 33, 2018; as `careless::irv`.

    >>> response_deviations([[1.0, 3.0, 5.0]]).tolist()
    [2.0]

    Args:
        answers: as in `longest_runs`.
    """
    return np.sqrt(_spread(np.asarray(answers, dtype=np.float64)))


def even_odd(answers: ArrayLike, traits: ArrayLike) -> NDArray[np.float64]:
    """Returns minus the Spearman-Brown corrected correlation of half scales: higher = more careless.

    Each trait's items are taken in turn into an odd and an even half; the correlation runs over
    traits. It is held above -1; NaN where fewer than two traits or no spread are left.
    Source: Johnson 2005; as `careless::evenodd`.

    Args:
        answers: (n_responses, n_items), turned; NaN = no rating.
        traits: (n_items,), whole numbers; which trait each item measures.
    """
    points, labels = np.asarray(answers, dtype=np.float64), np.asarray(traits)
    halves = [
        [_mean(points[:, labels == label][:, start::2]) for start in (0, 1)] for label in np.unique(labels)
    ]
    found = np.array([pair for pair in halves if pair[1] is not None], dtype=np.float64)
    if len(found) < _LEAST:
        return np.full(len(points), np.nan)
    odd, even = _paired(found[:, 0].T, found[:, 1].T)
    r = _correlations(odd, even)
    corrected = 2 * r / np.where(r > -1, 1 + r, np.nan)
    return -np.where(r <= -1, -1.0, np.maximum(corrected, -1.0))


def squared_distances(answers: ArrayLike) -> NDArray[np.float64]:
    """Returns Mahalanobis' D² of each response from the mean of all; NaN where it has a gap.

    All NaN with fewer than 10 responses per item on average, or if items depend on each other.
    Source: Mahalanobis 1936; as `careless::mahad` without gaps. To be held against chi²(n_items).

    Args:
        answers: as in `longest_runs`, or turned: it makes no difference.
    """
    points = np.asarray(answers, dtype=np.float64)
    complete = np.isfinite(points).all(axis=1)
    rows = points[complete]
    found = np.full(len(points), np.nan)
    if len(rows) < _LEAST or len(rows) <= points.shape[1]:
        return found
    centred = rows - rows.mean(axis=0)
    covariance = centred.T @ centred / (len(rows) - 1)
    if np.linalg.matrix_rank(covariance) < len(covariance):
        return found
    found[complete] = np.einsum("ij,ij->i", centred, np.linalg.solve(covariance, centred.T).T)
    return found


def flag_responses(
    answers: ArrayLike,
    turned: ArrayLike,
    traits: ArrayLike,
    *,
    seconds_per_item: ArrayLike | None = None,
    limits: Limits | None = None,
) -> Flags:
    """Returns which responses at least two indices call careless; an index without a value is no hit.

    Args:
        answers: (n_responses, n_items), as ticked, in the order of the form; NaN = no rating.
        turned: the same with reverse items turned.
        traits: (n_items,), which trait each item measures.
        seconds_per_item: (n_responses,), where a tool gave times; NaN = not known.
        limits: where the indices hit.
    """
    points, held = np.asarray(answers, dtype=np.float64), limits or Limits()
    rows, items = points.shape
    is_large = rows >= _RESPONSES_PER_ITEM * items
    distances = squared_distances(points) if is_large else np.full(rows, np.nan)
    seconds = np.full(rows, np.nan) if seconds_per_item is None else np.asarray(seconds_per_item)
    deviations, halves = response_deviations(points), even_odd(turned, traits)
    hits = np.array(
        [
            longest_runs(points) >= max(_LEAST, held.run_share * items),
            deviations <= held.deviation,
            halves >= held.even_odd,
            chdtrc(items, distances) < held.pattern_p,
            seconds < held.seconds,
        ]
    )
    known = np.array([deviations, halves, distances, seconds])
    hit_counts = hits.sum(axis=0)
    return Flags(
        hit_counts=hit_counts,
        index_counts=1 + np.isfinite(known).sum(axis=0),
        is_flagged=hit_counts >= MIN_INDICES,
    )


def _mean(points: NDArray[np.float64]) -> NDArray[np.float64] | None:
    if not points.shape[1]:
        return None
    counts = np.isfinite(points).sum(axis=1)
    totals = np.where(np.isfinite(points), points, 0.0).sum(axis=1)
    return np.asarray(np.where(counts > 0, totals / np.maximum(counts, 1), np.nan), dtype=np.float64)


def _spread(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance (n - 1) of each row's numbers."""
    is_given = np.isfinite(points)
    counts = is_given.sum(axis=1)
    means = np.where(is_given, points, 0.0).sum(axis=1) / np.maximum(counts, 1)
    squares = (np.where(is_given, points - means[:, None], 0.0) ** 2).sum(axis=1)
    return np.asarray(np.where(counts >= _LEAST, squares / np.maximum(counts - 1, 1), np.nan))


def _paired(
    odd: NDArray[np.float64], even: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    is_both = np.isfinite(odd) & np.isfinite(even)
    return np.where(is_both, odd, np.nan), np.where(is_both, even, np.nan)


def _correlations(odd: NDArray[np.float64], even: NDArray[np.float64]) -> NDArray[np.float64]:
    """Row by row; var(a + b) - var(a - b) = 4 cov(a, b) spares sums of products with gaps."""
    covariance = (_spread(odd + even) - _spread(odd - even)) / 4
    product = _spread(odd) * _spread(even)
    found = covariance / np.sqrt(np.where(product > 0, product, np.nan))
    return np.asarray(np.clip(found, -1.0, 1.0), dtype=np.float64)
