"""One-way analysis of variance by subject: how much of a rating is the subject, how much the rater."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.statistics.cannot_tell import CannotTell, Why

MIN_GROUPS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class OneWay:
    """Mean squares, in squared scale points, and the sizes that go with them."""

    between: float
    within: float
    group_count: int
    value_count: int
    effective_size: float

    @property
    def mean_size(self) -> float:
        """Raters per subject, N / J."""
        return self.value_count / self.group_count

    @property
    def degrees_of_freedom(self) -> int:
        """Of the mean square within: N - J."""
        return self.value_count - self.group_count

    @property
    def between_variance(self) -> float:
        """tau² = max(0, (MSB - MSW) / c0), the variance of true scores between subjects."""
        return max(0.0, (self.between - self.within) / self.effective_size)


def analyse_groups(values: ArrayLike, groups: ArrayLike) -> OneWay | CannotTell:
    """Returns the analysis of variance of ratings in groups; the order of rows does not matter.

    Source: Davies, Statistical Methods in Research and Production, 1947, table 6.2 (dyestuff:
    between batches 11271.5, within 2451.25, variance of batches 1764.05 in lme4).

    >>> yields = [1545, 1440, 1440, 1520, 1580, 1540, 1555, 1490, 1560, 1495,
    ...           1595, 1550, 1605, 1510, 1560, 1445, 1440, 1595, 1465, 1545,
    ...           1595, 1630, 1515, 1635, 1625, 1520, 1455, 1450, 1480, 1445]
    >>> found = analyse_groups(yields, [place // 5 for place in range(30)])
    >>> found.between, found.within, found.between_variance
    (11271.5, 2451.25, 1764.05)

    Args:
        values: (n_values,), scale points; NaN = no rating, left out.
        groups: (n_values,), whole numbers; which subject each value is about.
    """
    points, labels = np.asarray(values, dtype=np.float64), np.asarray(groups)
    is_given = np.isfinite(points)
    _, places = np.unique(labels[is_given], return_inverse=True)
    points, places = points[is_given], places.reshape(-1)
    sizes = np.bincount(places)
    means = np.bincount(places, weights=points) / sizes
    return analyse_sums(sizes, means, float(((points - means[places]) ** 2).sum()))


def analyse_sums(sizes: ArrayLike, means: ArrayLike, within_sum_squares: float) -> OneWay | CannotTell:
    """Returns the same from each group's size and mean and the sum of squares within groups.

    c0 = (N - sum(n²) / N) / (J - 1) is the size of groups that counts where sizes differ.
    Source: Searle, Casella & McCulloch, Variance Components, 1992 (their n0).

    Args:
        sizes: (n_groups,), raters per subject; groups of none are left out.
        means: (n_groups,), scale points.
        within_sum_squares: squared scale points.
    """
    counts, centres = np.asarray(sizes, dtype=np.float64), np.asarray(means, dtype=np.float64)
    counts, centres = counts[counts > 0], centres[counts > 0]
    total, groups = float(counts.sum()), len(counts)
    if groups < MIN_GROUPS:
        return CannotTell(why=Why.TOO_FEW_SUBJECTS)
    if total <= groups:
        return CannotTell(why=Why.TOO_FEW_RATERS)
    squares = float((counts * (centres - _mean(counts, centres)) ** 2).sum())
    return OneWay(
        between=squares / (groups - 1),
        within=within_sum_squares / (total - groups),
        group_count=groups,
        value_count=int(total),
        effective_size=(total - float((counts**2).sum()) / total) / (groups - 1),
    )


def _mean(counts: NDArray[np.float64], centres: NDArray[np.float64]) -> float:
    return float((counts * centres).sum() / counts.sum())
