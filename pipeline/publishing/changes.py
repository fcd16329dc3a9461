"""Which changes are real: judged once, when a wave is published, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.publishing.courses import Ground, read_ground, read_lines, stage_course_waves
from pipeline.publishing.derived import rounded
from pipeline.publishing.staging import Staging
from pipeline.publishing.told import Told
from pipeline.publishing.values import Floats
from pipeline.statistics.change import STEADY_POINTS, Changes, Question, Verdict, judge_pages
from pipeline.statistics.course import (
    MIN_WAVES_FOR_TREND,
    Courses,
    change_between,
    fit_to_scale,
    half_year_change,
    slope_over,
)
from pipeline.statistics.noise import MIN_SUBJECTS, Noise, NoiseSource, estimate_noise

MARGIN_DECIMALS = 2
"""Margins rest on how everybody's scores moved: more digits would tell of the others."""

QUARTER, HALF_YEAR, SLOPE = range(3)
"""Places in `pipeline.release.KINDS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """One kind of change, over the last so many waves; a slope says for each where its line began."""

    kind_no: int
    courses: Courses
    steady_points: float
    since: NDArray[np.int64]


def judge_changes(staging: Staging, told: Told) -> tuple[Ground, pa.Table] | None:
    """Returns the rows of `release.change` of this wave and what they were judged from; None where nothing is before it.

    Args:
        staging: with the points of lines.
        told: what the release tells of this wave and those before it.
    """
    waves = stage_course_waves(staging)
    if len(waves) < 2:  # noqa: PLR2004 - a change takes two
        return None
    ground = read_ground(staging, told, waves)
    if not (len(ground.scope_nos) and len(ground.trait_nos)):
        return None
    return ground, _change_table(staging, ground, waves)


def _change_table(staging: Staging, ground: Ground, waves: tuple[int, ...]) -> pa.Table:
    kinds = tuple(_kinds(staging, ground, waves))
    tables = [
        _table(staging.wave_no, ground, group, kind, changes)
        for is_unit in (False, True)
        if (group := np.flatnonzero(ground.is_unit == is_unit)).size
        for kind, changes in _judge(ground, group, kinds, is_unit=is_unit)
    ]
    return pa.concat_tables(tables).sort_by(
        [(name, "ascending") for name in ("scope_no", "measure_no", "kind_no")]
    )


def _kinds(staging: Staging, ground: Ground, waves: tuple[int, ...]) -> Iterator[_Kind]:
    shape = len(ground.scope_nos), len(ground.trait_nos)
    yield _Kind(
        kind_no=QUARTER,
        steady_points=STEADY_POINTS,
        courses=change_between(*ground.over_last(2)),
        since=np.full(shape, waves[-2]),
    )
    if len(waves) < MIN_WAVES_FOR_TREND:
        return
    yield _Kind(
        kind_no=HALF_YEAR,
        steady_points=STEADY_POINTS,
        courses=half_year_change(*ground.over_last(4)),
        since=np.full(shape, waves[-4]),
    )
    scores, raters = read_lines(staging, ground, len(waves))
    first = np.isfinite(scores).argmax(axis=2)
    slope = slope_over(scores, raters, np.arange(len(waves)))
    per_wave = STEADY_POINTS / (len(waves) - 1)  # as much in all as a change may be to be steady
    yield _Kind(kind_no=SLOPE, steady_points=per_wave, courses=slope, since=np.array(waves)[first])


def _judge(
    ground: Ground, group: NDArray[np.int64], kinds: tuple[_Kind, ...], *, is_unit: bool
) -> Iterator[tuple[_Kind, Changes]]:
    """All that a page asks for is one family, whatever the scales of its traits."""
    scales = sorted(set(zip(ground.low.tolist(), ground.high.tolist(), strict=True)))
    asked = [(kind, low, high) for kind in kinds for low, high in scales]
    questions = [_question(ground, group, *one, is_unit=is_unit) for one in asked]
    yield from zip((kind for kind, _, _ in asked), judge_pages(*questions), strict=True)


def _question(
    ground: Ground, group: NDArray[np.int64], kind: _Kind, low: float, high: float, *, is_unit: bool
) -> Question:
    courses = _only(kind.courses, group, (ground.low == low) & (ground.high == high))
    noise = Noise(factor=1.0, degrees_of_freedom=ground.degrees_of_freedom, source=NoiseSource.RATERS)
    if not is_unit:
        courses = _fitted(courses, low, high)
        noise = estimate_noise(courses, ground.sigmas, ground.degrees_of_freedom)
        noise = replace(noise, factor=round(noise.factor, MARGIN_DECIMALS))
    return Question(
        courses=courses,
        sigmas=ground.sigmas,
        noise=noise,
        steady_points=kind.steady_points * (high - low) / 4,
    )


def _only(courses: Courses, group: NDArray[np.int64], is_trait: NDArray[np.bool_]) -> Courses:
    """The courses of some scopes; traits of other scales are not asked about."""
    is_measured = courses.is_measured[group] & is_trait
    points, errors, levels = (
        np.where(is_measured, one[group], np.nan)
        for one in (courses.points, courses.unit_errors, courses.levels)
    )
    return Courses(points=points, unit_errors=errors, levels=levels, is_measured=is_measured)


def _fitted(courses: Courses, low: float, high: float) -> Courses:
    """Errors that shrink towards the ends, relative to everybody's: only where these are many."""
    is_many = courses.is_measured.sum(axis=0) >= MIN_SUBJECTS
    fitted = fit_to_scale(courses, low=low, high=high)
    return replace(courses, unit_errors=np.where(is_many, fitted.unit_errors, courses.unit_errors))


def _table(wave_no: int, ground: Ground, group: NDArray[np.int64], kind: _Kind, changes: Changes) -> pa.Table:
    rows, places = np.nonzero(changes.verdicts != Verdict.NOT_MEASURED)
    margin: Floats = np.round(changes.needed_points, MARGIN_DECIMALS)
    points = rounded(changes.points)
    numbers = {"points": points, "low": rounded(points - margin), "high": rounded(points + margin)}
    return pa.table(
        {
            "wave_no": np.full(len(rows), wave_no),
            "scope_no": ground.scope_nos[group][rows],
            "measure_no": ground.trait_nos[places],
            "kind_no": np.full(len(rows), kind.kind_no),
            "since_wave_no": kind.since[group][rows, places],
            **{name: grid[rows, places] for name, grid in numbers.items()},
            "needed_points": margin[rows, places],
            "verdict_no": changes.verdicts[rows, places].astype(np.int64),
        }
    )
