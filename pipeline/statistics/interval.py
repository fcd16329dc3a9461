"""Interval A: how far a score may be off, from the spread of raters pooled over all subjects.

Pooling is what makes few raters enough, and what keeps a subject's own spread, hence single
answers, out of the interval: it depends on the number of raters and the score alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

CONFIDENCE = 0.95

OVERLAP_CORRELATION = 0.25
"""Of two scores that one rater gives two PMs: about a quarter is how that rater rates anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """The two ends of each interval, in scale points, and how they were found."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    confidence: float
    method: str


def margin_of_one(sigma: float, degrees_of_freedom: int) -> float:
    """Returns half the width of the interval of a single rating, in scale points.

    A mean of n ratings has this, divided by the square root of n.
    """
    return float(stdtrit(degrees_of_freedom, (1 + CONFIDENCE) / 2)) * sigma


def pooled_interval(
    scores: ArrayLike, rating_counts: ArrayLike, *, sigma: float, degrees_of_freedom: int
) -> Interval:
    """Returns the interval of each score: score ± t(.975, df) · sigma / sqrt(n).

    Source: Montgomery, Design and Analysis of Experiments, 8th ed. 2013, eq. 3.12; the doctest is
    his plasma etching experiment (mean square error 333.70 on 16 degrees of freedom, 5 runs each).

    >>> found = pooled_interval([707.0], [5], sigma=333.70**0.5, degrees_of_freedom=16)
    >>> round(float(found.low[0]), 2), round(float(found.high[0]), 2)
    (689.68, 724.32)

    Args:
        scores: (n_scores,), scale points.
        rating_counts: (n_scores,), how many ratings each score rests on; for a trait the mean of
            its items' counts, since each item's mean rests on its own raters.
        sigma: pooled standard deviation of ratings within subjects, scale points.
        degrees_of_freedom: of sigma; raters minus subjects.
    """
    centre = np.asarray(scores, dtype=np.float64)
    margin = margin_of_one(sigma, degrees_of_freedom) / np.sqrt(np.asarray(rating_counts, dtype=np.float64))
    return Interval(
        low=centre - margin, high=centre + margin, confidence=CONFIDENCE, method="pooled within-subject t"
    )


def effective_raters(
    rater_counts: ArrayLike, rating_counts: ArrayLike, *, item_count: ArrayLike
) -> NDArray[np.float64]:
    """Returns how many raters a trait score is worth: n^(2/3) · (ratings / items)^(1/3).

    It lies between the raters who answered and the ratings per item, over all items of the trait,
    shown or not, twice as near to the raters. With every item rated by everybody it is n. Where items
    are missing the mean of the items' counts would promise too much (an interval of 95 % covered 92 of
    100 at three raters), and where raters leave out single items it would promise too little.
    Source: docs/decisions.md 41 and 101; docs/calibration.md has its coverage.

    >>> effective_raters([4, 8], [16, 4], item_count=4).tolist()
    [4.0, 4.0]

    Args:
        rater_counts: (n_scores,), raters of the block.
        rating_counts: (n_scores,), ratings of the trait's shown items, summed over items.
        item_count: (n_scores,) or one for all, items of the trait in the wave's instrument, shown or not.
    """
    raters, ratings = np.asarray(rater_counts, dtype=np.float64), np.asarray(rating_counts, dtype=np.float64)
    per_item = ratings / np.asarray(item_count, dtype=np.float64)
    return np.asarray(np.cbrt(raters * raters * per_item), dtype=np.float64)


def allow_for_overlap(
    raters: ArrayLike, *, response_count: ArrayLike, people_count: ArrayLike
) -> NDArray[np.float64]:
    """Returns effective raters of a unit whose raters answered about several of its PMs.

    Divided by the design effect 1 + (load - 1) · r, load = responses / people: one person's
    responses have a leniency in common. r is taken as 0.25.
    Source: Kish, Survey Sampling, 1965 (design effect of clusters).

    >>> allow_for_overlap([24.0], response_count=[24], people_count=[12]).tolist()
    [19.2]

    Args:
        raters: (...,), effective raters as if each response were a person.
        response_count: (...,), responses of the blocks below.
        people_count: (...,), who gave them; where unknown the least it can be: responses divided by
            the largest load of the frozen assignments, rounded up.
    """
    people = np.asarray(people_count, dtype=np.float64)
    load = np.asarray(response_count, dtype=np.float64) / np.where(people > 0, people, np.nan)
    return np.asarray(np.asarray(raters) / (1 + (load - 1) * OVERLAP_CORRELATION), dtype=np.float64)
