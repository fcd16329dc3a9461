"""Is a change real? Judged for a page at a time: risen, fallen, steady, or it cannot be told."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from pipeline.statistics.course import Courses
from pipeline.statistics.false_discovery import RATE, adjust_for_page
from pipeline.statistics.interval import CONFIDENCE
from pipeline.statistics.noise import Noise

STEADY_POINTS = 0.5
"""What lies within so many points of no change, interval and all, is steady. Of a five-point scale."""


class Verdict(IntEnum):
    """What may be said of a change; the numbers are codes for arrays, not amounts."""

    NOT_MEASURED = 0
    CANNOT_TELL = 1
    RISEN = 2
    FALLEN = 3
    STEADY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Scale points with 95 % intervals; `verdicts` holds codes of `Verdict`.

    `needed_points`: from which change on this one would have been named if it stood alone on the
    page. `p_values` are for the survey's owner. NaN where nothing was measured.
    """

    points: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    needed_points: NDArray[np.float64]
    p_values: NDArray[np.float64]
    verdicts: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One kind of change that a page asks for: of a quarter, of half a year, a slope.

    `courses` are (n_pages, n_traits), `sigmas` (n_traits,) or (n_pages, n_traits), scale points.
    `steady_points`: see `STEADY_POINTS`; of a slope it is per wave.
    """

    courses: Courses
    sigmas: ArrayLike
    noise: Noise
    steady_points: float = STEADY_POINTS

    @property
    def errors(self) -> NDArray[np.float64]:
        """Standard errors, scale points: factor · sigma · unit error."""
        spread = np.asarray(self.sigmas, dtype=np.float64)
        return np.asarray(self.noise.factor * spread * self.courses.unit_errors, dtype=np.float64)


def judge_pages(*questions: Question) -> tuple[Changes, ...]:
    """Returns the answer to each question; all that one page asks for is one family.

    A change is real if its p value, adjusted over its page, is at most .05; else steady if its
    interval lies within half a point of zero on both sides; else it cannot be told.
    Source: measurement 1.5; for steady: Schuirmann, Journal of Pharmacokinetics and
    Biopharmaceutics 15, 1987 (two one-sided tests, here at 2.5 % each).

    Args:
        questions: about the same pages, in the same order.
    """
    p_values = [_p_values(one.courses.points, one.errors, one.noise.degrees_of_freedom) for one in questions]
    adjusted = adjust_for_page(np.concatenate(p_values, axis=-1))
    ends = np.cumsum([one.shape[-1] for one in p_values])
    parts = np.split(adjusted, ends[:-1], axis=-1)
    return tuple(_judge(*each) for each in zip(questions, p_values, parts, strict=True))


def _p_values(
    points: NDArray[np.float64], errors: NDArray[np.float64], degrees_of_freedom: int
) -> NDArray[np.float64]:
    ratios = np.abs(points) / np.where(errors > 0, errors, np.nan)
    return np.asarray(2 * stdtr(degrees_of_freedom, -ratios), dtype=np.float64)


def _judge(question: Question, p_values: NDArray[np.float64], adjusted: NDArray[np.float64]) -> Changes:
    points = question.courses.points
    quantile = float(stdtrit(question.noise.degrees_of_freedom, (1 + CONFIDENCE) / 2))
    margin = np.where(np.isfinite(p_values), quantile * question.errors, np.nan)
    verdicts = np.select(
        [np.isnan(p_values), adjusted <= RATE, np.abs(points) + margin < question.steady_points],
        [Verdict.NOT_MEASURED, np.where(points > 0, Verdict.RISEN, Verdict.FALLEN), Verdict.STEADY],
        Verdict.CANNOT_TELL,
    )
    return Changes(
        points=points,
        low=points - margin,
        high=points + margin,
        needed_points=margin,
        p_values=p_values,
        verdicts=verdicts.astype(np.uint8),
    )


def smallest_detectable_change(
    rater_counts: ArrayLike, *, sigma: float, factor: float = 1.0
) -> NDArray[np.float64]:
    """Returns 1.96 · factor · sigma · sqrt(2 / n): what a change must be to count, standing alone.

    Source: de Vet et al., Health and Quality of Life Outcomes 4, 2006 (SDC = 1.96 sqrt(2) SEM).

    >>> smallest_detectable_change([4, 6, 8, 12], sigma=0.57).round(2).tolist()
    [0.79, 0.65, 0.56, 0.46]

    Args:
        rater_counts: (...,), effective raters in each of the two waves.
        sigma: pooled spread of raters, scale points.
        factor: noise of changes; sqrt(1 - rho) where the same raters answer with stability rho.
    """
    z = float(stdtrit(np.inf, (1 + CONFIDENCE) / 2))
    counts = np.asarray(rater_counts, dtype=np.float64)
    return np.asarray(z * factor * sigma * np.sqrt(2 / np.where(counts > 0, counts, np.nan)))


def change_error(first: int, second: int, *, sigma: float, common: int = 0, stability: float = 0.0) -> float:
    """Returns the standard error of a change: sigma sqrt(1/n1 + 1/n2 - 2 rho m / (n1 n2)).

    Source: measurement 1.5: with all 6 raters the same and rho = .6, 1.96 times it is .41.

    >>> round(1.96 * change_error(6, 6, sigma=0.57, common=6, stability=0.6), 2)
    0.41

    Args:
        first: raters in the first wave.
        second: raters in the second.
        sigma: pooled spread of raters, scale points.
        common: m, raters who answered both times; 0 where they are not linked.
        stability: rho, the correlation of a rater's two answers.
    """
    return float(sigma * np.sqrt(1 / first + 1 / second - 2 * stability * common / (first * second)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliableChange:
    """`index` beyond 1.96 on either side is more than the measure's unreliability explains."""

    index: float
    error_of_measurement: float
    error_of_difference: float


def reliable_change(before: float, after: float, *, deviation: float, reliability: float) -> ReliableChange:
    """Returns RC = (after - before) / S_diff, S_diff = sqrt(2) SEM, SEM = SD sqrt(1 - r).

    Source: Jacobson & Truax, Journal of Consulting and Clinical Psychology 59, 1991, p. 14: SD 7.5,
    reliability .80, from 47.5 to 32.5.

    >>> found = reliable_change(47.5, 32.5, deviation=7.5, reliability=0.80)
    >>> round(found.index, 2), round(found.error_of_measurement, 2), round(found.error_of_difference, 2)
    (-3.16, 3.35, 4.74)

    Args:
        before: score, scale points.
        after: score, scale points.
        deviation: standard deviation of scores between subjects, scale points.
        reliability: of one score, below 1: ICC(2) of the wave.
    """
    measurement = float(deviation * np.sqrt(1 - reliability))
    difference = float(np.sqrt(2)) * measurement
    return ReliableChange(
        index=(after - before) / difference,
        error_of_measurement=measurement,
        error_of_difference=difference,
    )
