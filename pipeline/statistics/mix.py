"""Real change against mix: how much of a unit's change its people made, and how much who is in it.

A unit's mean also moves when people come and go. The difference of two means is taken apart into
what those did who stayed, and what arrivals and departures did; the parts add up exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from pipeline.statistics.change import STEADY_POINTS, Question, Verdict, judge_pages
from pipeline.statistics.course import Courses
from pipeline.statistics.interval import CONFIDENCE
from pipeline.statistics.noise import Noise, NoiseSource


class Cohort(IntEnum):
    """Whom a group of a unit's PMs holds; the numbers are places on an axis, not amounts.

    In the earlier wave `MOVED` left for another unit and `OTHERS` have no score in the later wave;
    in the later wave `MOVED` came from another unit and `OTHERS` had no score in the earlier one.
    """

    STAYERS = 0
    MOVED = 1
    OTHERS = 2


class Part(IntEnum):
    """What made a unit's mean change; the numbers are places on an axis, not amounts."""

    STAYERS = 0
    MOVED_IN = 1
    JOINERS = 2
    MOVED_OUT = 3
    LEAVERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohorts:
    """The cohorts of units in one wave, over the items that both waves show.

    `sums` and `counts` of ratings: (..., 3, n_items), as released, an item that is not shown is 0
    ratings in both waves. `raters`: (..., 3), what each cohort's trait score is worth in raters.
    """

    sums: ArrayLike
    counts: ArrayLike
    raters: ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Scale points. `parts` is (..., 5) in the order of `Part`, 0 where a cohort is empty.

    `stayers` is the real change, `composition` all the rest, `change` their sum: the difference of
    the unit's means. NaN where nobody stayed, or where stayers left an item to others.
    """

    change: NDArray[np.float64]
    stayers: NDArray[np.float64]
    stayers_margin: NDArray[np.float64]
    composition: NDArray[np.float64]
    composition_margin: NDArray[np.float64]
    parts: NDArray[np.float64]


def split_change(
    before: Cohorts, after: Cohorts, *, sigma: float, degrees_of_freedom: int, factor: float = 1.0
) -> Mix:
    """Returns M2 - M1 = (S2 - S1) + sum of w2 (A2 - S2) - sum of w1 (D1 - S1), which is exact.

    M are the unit's means, S the stayers', A those of arrivals (joined, moved in), D those of
    departures (left, moved out), each item by item over ratings, w the cohort's share of the item's ratings; then the
    mean over items. Who comes counts by how far above the stayers they are. Margins are
    t(.975) · sigma · sqrt(sum of c² / n) with c the weight of each cohort's mean in the sum, and the
    factor of `noise` on the stayers' change. The PMs are those of the unit, not a sample of any.
    Source: Melitz & Polanec, RAND Journal of Economics 46, 2015, dynamic Olley-Pakes decomposition
    (there shares of a market, here of ratings). No published example in ratings was found; worked by hand.
    Four stay and rise from 3.0 to 3.5; two of 2.0 leave; two of 4.5 come.

    >>> before = Cohorts(sums=[[12.0], [0.0], [4.0]], counts=[[4], [0], [2]], raters=[4, 0, 2])
    >>> after = Cohorts(sums=[[14.0], [0.0], [9.0]], counts=[[4], [0], [2]], raters=[4, 0, 2])
    >>> found = split_change(before, after, sigma=0.6, degrees_of_freedom=10**6)
    >>> [round(float(one), 3) for one in (found.change, found.stayers, found.composition)]
    [1.167, 0.5, 0.667]
    >>> found.parts.round(3).tolist()
    [0.5, 0.0, 0.333, 0.0, 0.333]

    Args:
        before: the cohorts in the earlier wave.
        after: the cohorts in the later wave.
        sigma: pooled spread of raters, scale points.
        degrees_of_freedom: of sigma.
        factor: how much less changes scatter than strangers' ratings would, 0 to 1.
    """
    first, second = _parted(before), _parted(after)
    is_used = (first.total > 0) & (second.total > 0)
    gained = _mean(second.shares * (second.means - second.means[..., :1, :]), is_used)
    lost = _mean(first.shares * (first.means - first.means[..., :1, :]), is_used)
    stayers = _mean((second.means - first.means)[..., :1, :], is_used)[..., 0]
    composition = gained.sum(axis=-1) - lost.sum(axis=-1)
    noise = _variance(first, is_used, before.raters) + _variance(second, is_used, after.raters)
    margin = float(stdtrit(degrees_of_freedom, (1 + CONFIDENCE) / 2)) * sigma
    return Mix(
        change=stayers + composition,
        stayers=stayers,
        stayers_margin=margin * factor * np.sqrt(_of_stayers(before.raters) + _of_stayers(after.raters)),
        composition=composition,
        composition_margin=margin * np.sqrt(noise),
        parts=np.concatenate([stayers[..., None], gained[..., 1:], 0.0 - lost[..., 1:]], axis=-1),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPart:
    """The real changes of units, or their mixes: (n_units, n_traits), `verdicts` are codes of `Verdict`."""

    points: NDArray[np.float64]
    margins: NDArray[np.float64]
    verdicts: NDArray[np.uint8]


def judge_mixes(
    mixes: Sequence[Mix], *, lengths: ArrayLike, degrees_of_freedom: int
) -> tuple[JudgedPart, JudgedPart]:
    """Returns what may be said of the real changes, and of the mixes: both of all traits are one family.

    Like any change (`judge_pages`); where nobody came or left the mix is nothing, and that is known.

    >>> before = Cohorts(sums=[[[70.0], [0.0], [90.0]]], counts=[[[20], [0], [20]]], raters=[[20, 0, 20]])
    >>> after = Cohorts(sums=[[[70.0], [0.0], [0.0]]], counts=[[[20], [0], [0]]], raters=[[20, 0, 0]])
    >>> found = split_change(before, after, sigma=0.6, degrees_of_freedom=200)
    >>> real, mix = judge_mixes([found], lengths=[1.0], degrees_of_freedom=200)
    >>> Verdict(real.verdicts[0, 0]).name, Verdict(mix.verdicts[0, 0]).name, float(mix.points[0, 0])
    ('STEADY', 'FALLEN', -0.5)

    Args:
        mixes: one per trait, of the same units (n_units,).
        lengths: (n_traits,), how long each trait's scale is against one of five points.
        degrees_of_freedom: of sigma.
    """
    parts = (
        [(one.stayers, one.stayers_margin) for one in mixes],
        [(one.composition, one.composition_margin) for one in mixes],
    )
    steady = STEADY_POINTS * np.asarray(lengths, dtype=np.float64)
    questions = [
        _question(points, margins, float(limit), degrees_of_freedom)
        for part in parts
        for (points, margins), limit in zip(part, steady, strict=True)
    ]
    verdicts = np.concatenate([one.verdicts for one in judge_pages(*questions)], axis=-1)
    real, mix = (
        _judged(part, found) for part, found in zip(parts, np.split(verdicts, 2, axis=-1), strict=True)
    )
    return real, mix


_Points = NDArray[np.float64]


def _judged(part: Sequence[tuple[_Points, _Points]], verdicts: NDArray[np.uint8]) -> JudgedPart:
    points, margins = (np.stack(one, axis=-1) for one in zip(*part, strict=True))
    is_nothing = (points == 0) & (margins == 0)
    found = np.where(is_nothing, np.uint8(Verdict.STEADY), verdicts)
    return JudgedPart(points=points, margins=margins, verdicts=found)


def _question(points: _Points, margins: _Points, steady_points: float, degrees_of_freedom: int) -> Question:
    quantile = float(stdtrit(degrees_of_freedom, (1 + CONFIDENCE) / 2))
    courses = Courses(
        points=points[..., None],
        unit_errors=margins[..., None] / quantile,
        levels=points[..., None],
        is_measured=np.isfinite(points)[..., None],
    )
    noise = Noise(factor=1.0, degrees_of_freedom=degrees_of_freedom, source=NoiseSource.RATERS)
    return Question(courses=courses, sigmas=1.0, noise=noise, steady_points=steady_points)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parted:
    """Means and shares of ratings by cohort and item; the mean of an empty cohort is its stayers'."""

    means: NDArray[np.float64]
    shares: NDArray[np.float64]
    total: NDArray[np.float64]


def _parted(cohorts: Cohorts) -> _Parted:
    sums, counts = (np.asarray(one, dtype=np.float64) for one in (cohorts.sums, cohorts.counts))
    means = sums / np.where(counts > 0, counts, np.nan)
    total = counts.sum(axis=-2)
    shares = counts / np.maximum(total, 1)[..., None, :]
    filled = np.where(counts > 0, means, means[..., :1, :])
    return _Parted(means=filled, shares=shares, total=total)


def _mean(values: NDArray[np.float64], is_used: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Over the items used; without any there is none."""
    used = is_used[..., None, :]
    count = used.sum(axis=-1)
    summed = np.where(used, values, 0.0).sum(axis=-1)
    return np.asarray(summed / np.where(count > 0, count, np.nan), dtype=np.float64)


def _variance(wave: _Parted, is_used: NDArray[np.bool_], raters: ArrayLike) -> NDArray[np.float64]:
    """Of the composition's part in one wave, for a sigma of 1: arrivals' share, and the stayers' less of it."""
    weights = _mean(wave.shares, is_used)
    weights[..., 0] = weights[..., 1:].sum(axis=-1)
    worth = np.asarray(raters, dtype=np.float64)
    return np.asarray((weights**2 * _inverse(worth, weights > 0)).sum(axis=-1), dtype=np.float64)


def _of_stayers(raters: ArrayLike) -> NDArray[np.float64]:
    stayers = np.asarray(raters, dtype=np.float64)[..., 0]
    return _inverse(stayers, np.ones(stayers.shape, dtype=np.bool_))


def _inverse(raters: NDArray[np.float64], is_needed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """1 / raters; not known where there should be some and are none, nothing where none are needed."""
    known = 1 / np.where(raters > 0, raters, np.nan)
    return np.asarray(np.where(is_needed, known, 0.0), dtype=np.float64)
