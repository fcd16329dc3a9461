"""Which of a subject's traits stands out from the subject's own mean: a strength, a thing to work on.

Compared with oneself only: what raters think of the person as a whole cancels, and nobody is ranked.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from pipeline.statistics.cannot_tell import CannotTell, Why
from pipeline.statistics.interval import CONFIDENCE

MIN_RATERS = 30
NO_TRAIT = -1
_LEAST_TRAITS = 2


class Standing(IntEnum):
    """How a trait stands to the subject's others; the numbers are codes for arrays, not amounts."""

    NOT_MEASURED = 0
    LIKE_THE_REST = 1
    STRENGTH = 2
    TO_WORK_ON = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitSpread:
    """How raters' scores of all traits scatter around their subjects: squared scale points."""

    covariance: NDArray[np.float64]
    degrees_of_freedom: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrasts:
    """Trait minus the mean of the subject's traits, scale points, with 95 % intervals.

    `standings` holds codes of `Standing`; a subject without a STRENGTH or TO_WORK_ON has no trait
    that stands out.
    """

    points: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    standings: NDArray[np.uint8]


def pool_trait_spread(scores: ArrayLike, subjects: ArrayLike) -> TraitSpread | CannotTell:
    """Returns the covariance of traits within subjects, pooled over all: sum of products / (N - J).

    Source: Snedecor & Cochran, Statistical Methods, 1989, analysis of covariance in one-way
    classifications (error sums of products). Like sigma it rests on single answers, so it is made
    once per organisation and wave, from 30 raters or more, and rounded before it leaves.

    Args:
        scores: (n_raters, n_traits), raters' trait scores; rows with a gap are left out.
        subjects: (n_raters,), whole numbers; whom each row is about.
    """
    points = np.asarray(scores, dtype=np.float64)
    complete = np.isfinite(points).all(axis=1)
    _, places = np.unique(np.asarray(subjects)[complete], return_inverse=True)
    rows, places = points[complete], places.reshape(-1)
    degrees = len(rows) - (int(places.max()) + 1 if len(rows) else 0)
    if len(rows) < MIN_RATERS or degrees < 1:
        return CannotTell(why=Why.TOO_FEW_RATERS)
    totals = np.zeros((int(places.max()) + 1, rows.shape[1]))
    np.add.at(totals, places, rows)
    centred = rows - (totals / np.bincount(places)[:, None])[places]
    return TraitSpread(covariance=centred.T @ centred / degrees, degrees_of_freedom=degrees)


def independent_traits(sigmas: ArrayLike, degrees_of_freedom: int) -> TraitSpread:
    """Returns what to use where the covariance is not known: no halo, so intervals come out wide.

    >>> independent_traits([0.5, 2.0], 99).covariance.tolist()
    [[0.25, 0.0], [0.0, 4.0]]
    """
    spread = np.asarray(sigmas, dtype=np.float64)
    return TraitSpread(covariance=np.diag(spread**2), degrees_of_freedom=degrees_of_freedom)


def find_standings(scores: ArrayLike, rater_counts: ArrayLike, spread: TraitSpread) -> Contrasts:
    """Returns each trait's contrast with the subject's own mean over its measured traits.

    Var = a' S a with a = (1 for the trait, 0 else) - 1 / traits, and S the covariance divided by
    sqrt(n_k n_l). A trait stands out if its interval leaves out zero. This is an invitation to look,
    not a claim that something happened, so it is not adjusted over the page; docs/calibration.md
    counts how often it points to the wrong side.
    Source: Scheffé, The Analysis of Variance, 1959 (contrasts); measurement 1.5.

    >>> found = find_standings([[4.2, 3.5, 3.6]], [[8, 8, 8]], independent_traits([0.5] * 3, 200))
    >>> [Standing(code).name for code in found.standings[0]]
    ['STRENGTH', 'LIKE_THE_REST', 'LIKE_THE_REST']

    Args:
        scores: (n_subjects, n_traits), scale points; NaN = not shown.
        rater_counts: (n_subjects, n_traits), effective raters.
        spread: of the organisation.
    """
    points, counts = np.asarray(scores, dtype=np.float64), np.asarray(rater_counts, dtype=np.float64)
    is_shown = np.isfinite(points) & (counts > 0)
    shown = is_shown.sum(axis=1, keepdims=True)
    is_shown &= shown >= _LEAST_TRAITS
    share = is_shown / np.maximum(shown, 1)
    mean = (np.where(is_shown, points, 0.0) * share).sum(axis=1, keepdims=True)
    contrasts = np.where(is_shown, points - mean, np.nan)
    errors = _errors(is_shown, share, counts, spread.covariance)
    margin = float(stdtrit(spread.degrees_of_freedom, (1 + CONFIDENCE) / 2)) * errors
    side = np.where(contrasts > 0, Standing.STRENGTH, Standing.TO_WORK_ON)
    standings = np.select(
        [~np.isfinite(margin), np.abs(contrasts) > margin],
        [Standing.NOT_MEASURED, side],
        Standing.LIKE_THE_REST,
    )
    return Contrasts(
        points=contrasts,
        low=contrasts - margin,
        high=contrasts + margin,
        standings=standings.astype(np.uint8),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MostDistinct:
    """Per subject the place of the one strength and of the one thing to work on; NO_TRAIT if none."""

    strengths: NDArray[np.int64]
    things_to_work_on: NDArray[np.int64]


def pick_most_distinct(found: Contrasts) -> MostDistinct:
    """Returns of each kind the trait that lies furthest beyond its interval.

    >>> spread = independent_traits([0.5] * 3, 200)
    >>> picked = pick_most_distinct(find_standings([[4.2, 3.5, 3.6]], [[8, 8, 8]], spread))
    >>> picked.strengths.tolist(), picked.things_to_work_on.tolist()
    ([0], [-1])

    Args:
        found: (n_subjects, n_traits).
    """
    beyond = np.abs(found.points) - (found.high - found.low) / 2
    return MostDistinct(
        strengths=_furthest(beyond, found.standings == Standing.STRENGTH),
        things_to_work_on=_furthest(beyond, found.standings == Standing.TO_WORK_ON),
    )


def _furthest(beyond: NDArray[np.float64], is_named: NDArray[np.bool_]) -> NDArray[np.int64]:
    places = np.where(is_named, beyond, -np.inf).argmax(axis=1)
    return np.asarray(np.where(is_named.any(axis=1), places, NO_TRAIT), dtype=np.int64)


def _errors(
    is_shown: NDArray[np.bool_],
    share: NDArray[np.float64],
    counts: NDArray[np.float64],
    covariance: NDArray[np.float64],
) -> NDArray[np.float64]:
    """S_kk - 2 (S a)_k + a' S a for each trait k, with a the subject's equal weights."""
    scale = np.where(is_shown, 1 / np.sqrt(np.where(is_shown, counts, 1.0)), 0.0)
    weighted = scale * ((share * scale) @ covariance)
    own = scale**2 * np.diag(covariance)
    variances = own - 2 * weighted + (share * weighted).sum(axis=1, keepdims=True)
    return np.asarray(np.sqrt(np.where(is_shown & (variances > 0), variances, np.nan)), dtype=np.float64)
