"""Scale scores: answers become one score per rater and trait, item means one score per subject.

Scores of single raters feed models only (spread, reliability); what is published about a subject
is the mean of the trait's published item means, so that no answer can be worked out from the two.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleScores:
    """One score per row, scale points. Where `is_scored` is False the score is NaN and means nothing."""

    scores: NDArray[np.float64]
    is_scored: NDArray[np.bool_]
    answered_counts: NDArray[np.int64]


def turn(values: ArrayLike, is_reverse: ArrayLike, *, low: float, high: float) -> NDArray[np.float64]:
    """Returns answers with reverse items turned: low + high - x. Turning twice gives them back.

    >>> turn([2.0, 4.0], [True, False], low=1, high=6).tolist()
    [5.0, 4.0]

    Args:
        values: (..., n_items), scale points; NaN = no rating.
        is_reverse: (n_items,).
        low: the lowest point of the scale.
        high: the highest.
    """
    points = np.asarray(values, dtype=np.float64)
    return np.where(np.asarray(is_reverse, dtype=np.bool_), low + high - points, points)


def needed_answers(item_count: int) -> int:
    """Returns how many items of a trait a rater must have rated for a score: half, rounded up.

    >>> [needed_answers(count) for count in (1, 2, 3, 4, 5)]
    [1, 1, 2, 2, 3]
    """
    return (item_count + 1) // 2


def score_raters(values: ArrayLike) -> ScaleScores:
    """Returns the mean of the items that were rated, if at least half of them were.

    Nothing is filled in: "not enough exposure to judge" is missing, never the middle.
    Source: Revelle, psych: Procedures for Psychological Research, `scoreItems`; the doctest is the
    first respondent of its data set bfi (agreeableness, whose first item is reversed): 4.0.

    >>> answers = turn([[2, 4, 3, 4, 4]], [True, False, False, False, False], low=1, high=6)
    >>> score_raters(answers).scores.tolist()
    [4.0]

    Args:
        values: (..., n_items), one trait's items, already turned, scale points; NaN = no rating.
    """
    points = np.asarray(values, dtype=np.float64)
    answered = np.isfinite(points).sum(axis=-1)
    is_scored = answered >= max(1, needed_answers(points.shape[-1]))
    return ScaleScores(scores=_mean_of(points, is_scored), is_scored=is_scored, answered_counts=answered)


def score_subjects(item_means: ArrayLike) -> ScaleScores:
    """Returns each subject's trait score: the mean of the published item means, each item alike.

    >>> score_subjects([[3.5, 4.0, float("nan"), 4.5]]).scores.tolist()
    [4.0]

    Args:
        item_means: (..., n_items), scale points; NaN = the item's mean is not shown.
    """
    means = np.asarray(item_means, dtype=np.float64)
    shown = np.isfinite(means).sum(axis=-1)
    is_scored = shown > 0
    return ScaleScores(scores=_mean_of(means, is_scored), is_scored=is_scored, answered_counts=shown)


def _mean_of(points: NDArray[np.float64], is_scored: NDArray[np.bool_]) -> NDArray[np.float64]:
    is_given = np.isfinite(points)
    totals = np.where(is_given, points, 0.0).sum(axis=-1)
    means = totals / np.maximum(is_given.sum(axis=-1), 1)
    return np.asarray(np.where(is_scored, means, np.nan), dtype=np.float64)
