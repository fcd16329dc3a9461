"""Cronbach's alpha with Feldt's interval: whether a trait's items go together. Organisation only."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtri

from pipeline.statistics.cannot_tell import CannotTell, Why
from pipeline.statistics.interval import CONFIDENCE

MIN_RESPONSES = 100
_LEAST_ITEMS = 2
_LEAST_SUBJECTS = 10
_LEAST_WORTH = 3.0


class Gaps(StrEnum):
    """What is done about answers that are missing; alpha differs with it, so it is always said."""

    LISTWISE = "listwise"
    PAIRWISE = "pairwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alpha:
    """Between minus infinity and 1; `response_count` is of the responses that entered."""

    alpha: float
    low: float
    high: float
    response_count: int
    item_count: int
    gaps: Gaps


def estimate_alpha(
    answers: ArrayLike,
    *,
    gaps: Gaps = Gaps.LISTWISE,
    min_responses: int = MIN_RESPONSES,
    subjects: ArrayLike | None = None,
) -> Alpha | CannotTell:
    """Returns T / (T - 1) · (1 - sum of item variances / variance of the sum).

    The interval is 1 - (1 - alpha) · F(.975 and .025; N - 1, (N - 1)(T - 1)). Responses about the
    same subject are not independent; with `subjects` N is what the jackknife over them finds that
    the responses are worth (Miller, Biometrika 61, 1974), never more than their number.
    Source: Cronbach, Psychometrika 16, 1951; Feldt, Woodruff & Salih, Applied Psychological
    Measurement 11, 1987. Published numbers are held by tests/pipeline/statistics.

    >>> answers = [[1, 2], [2, 1], [3, 4], [4, 3]]
    >>> round(estimate_alpha(answers, min_responses=4).alpha, 2)
    0.75

    Args:
        answers: (n_responses, n_items), one trait's items, turned; NaN = no rating.
        gaps: LISTWISE leaves out responses with a gap; PAIRWISE takes each covariance from the
            responses that have both items, and counts responses with any rating.
        min_responses: below so many there is no answer.
        subjects: (n_responses,), whole numbers; whom each response is about.
    """
    points = np.asarray(answers, dtype=np.float64)
    if points.shape[1] < _LEAST_ITEMS:
        return CannotTell(why=Why.TOO_FEW_ITEMS)
    is_given = np.isfinite(points)
    is_kept = is_given.all(axis=1) if gaps is Gaps.LISTWISE else is_given.any(axis=1)
    kept = points[is_kept]
    if len(kept) < max(min_responses, 2):
        return CannotTell(why=Why.TOO_FEW_RATERS)
    alpha = _alpha(kept)
    if np.isnan(alpha):
        return CannotTell(why=Why.NO_SPREAD)
    worth = len(kept) if subjects is None else _worth(kept, np.asarray(subjects)[is_kept])
    low, high = _feldt(alpha, worth, points.shape[1])
    return Alpha(
        alpha=alpha,
        low=low,
        high=high,
        response_count=len(kept),
        item_count=points.shape[1],
        gaps=gaps,
    )


def pairwise_covariance(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns covariances (n - 1), each from the rows that have both columns; NaN where under two do.

    Args:
        points: (n_rows, n_columns); NaN = missing.
    """
    is_given = np.isfinite(points).astype(np.float64)
    filled = np.where(np.isfinite(points), points, 0.0)
    counts = is_given.T @ is_given
    enough = np.where(counts > 1, counts, np.nan)
    sums = filled.T @ is_given  # of the row's item, over rows that also have the column's
    return np.asarray((filled.T @ filled - sums * sums.T / enough) / (enough - 1), dtype=np.float64)


def _alpha(points: NDArray[np.float64]) -> float:
    covariance, items = pairwise_covariance(points), points.shape[1]
    total, own = float(covariance.sum()), float(np.trace(covariance))
    return float(items / (items - 1) * (1 - own / total)) if total > 0 else float("nan")


def _worth(points: NDArray[np.float64], subjects: NDArray[np.int64]) -> float:
    """How many independent responses would let log(1 - alpha) scatter as it does over subjects."""
    names = np.unique(subjects)
    left_out = np.array([_alpha(points[subjects != name]) for name in names])
    logs = np.log(np.maximum(1 - left_out, np.finfo(np.float64).tiny))
    logs, items = logs[np.isfinite(logs)], points.shape[1]
    if len(logs) < _LEAST_SUBJECTS:
        return float(len(points))
    scatter = (len(logs) - 1) * float(logs.var())
    independent = 2 * items / (items - 1)  # the variance of log(1 - alpha) is this over N
    return float(min(len(points), max(_LEAST_WORTH, independent / max(scatter, 1e-12))))


def _feldt(alpha: float, responses: float, items: int) -> tuple[float, float]:
    degrees = responses - 1, (responses - 1) * (items - 1)
    tail = (1 - CONFIDENCE) / 2
    low, high = (1 - (1 - alpha) * float(fdtri(*degrees, share)) for share in (1 - tail, tail))
    return low, high
