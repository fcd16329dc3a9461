"""What is worked out from single answers, once for a wave and its whole organisation: how raters scatter.

Nothing else of a release comes from anywhere but blocks, self and manager. It rests on many people and is
rounded to two digits; the release keeps it, so that a proof can work out everything else again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.publishing.staging import Staging
from pipeline.release import Measure
from pipeline.statistics.cannot_tell import CannotTell
from pipeline.statistics.one_way import OneWay, analyse_sums
from pipeline.statistics.reliability import estimate_reliability
from pipeline.statistics.spread import Spread, estimate_spread
from pipeline.statistics.standing_out import pool_trait_spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter:
    """By trait id, as far as enough people stand behind it.

    `between` is tau², how far subjects lie apart; `reliabilities` are ICC(1) and ICC(2);
    `covariances`, by two traits, how raters' scores of both scatter together around their subjects.
    """

    spreads: Mapping[str, Spread] = field(default_factory=dict)
    between: Mapping[str, float] = field(default_factory=dict)
    reliabilities: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    covariances: Mapping[tuple[str, str], float] = field(default_factory=dict)


def read_scatter(staging: Staging) -> Scatter:
    """Returns how raters scatter in this wave, from their single answers."""
    traits = _stage_scores(staging)
    squares = {
        row["trait_id"]: row
        for row in staging.query("wave_spread")
        if _is_enough(staging, row["subject_count"], row["rater_count"])
    }
    spreads = {trait_id: _spread(row) for trait_id, row in squares.items()}
    groups = _groups(staging, squares, traits)
    reliabilities = {trait_id: estimate_reliability(table) for trait_id, table in groups.items()}
    return Scatter(
        spreads={trait_id: one for trait_id, one in spreads.items() if one is not None},
        between={trait_id: coarse(table.between_variance) for trait_id, table in groups.items()},
        reliabilities={
            trait_id: (coarse(one.icc1), coarse(one.icc2))
            for trait_id, one in reliabilities.items()
            if not isinstance(one, CannotTell)
        },
        covariances=_covariances(staging, traits) if None not in spreads.values() else {},
    )


def _stage_scores(staging: Staging) -> tuple[str, ...]:
    """Stages raters' scores on each trait, and these by subject; returns the traits in the order of their places."""
    traits = tuple(sorted({item.trait_id for item in staging.instrument.items if not item.is_event}))
    places = [(trait_id, place) for place, trait_id in enumerate(traits)]
    staging.put("trait", {"trait_id": pa.string(), "place": pa.int32()}, places)
    for table in ("rater_score", "trait_group"):
        staging.create(table)
    return traits


def _is_enough(staging: Staging, subject_count: int, rater_count: int) -> bool:
    policy = staging.policy
    return subject_count >= policy.min_pms_for_spread and rater_count >= policy.min_raters_for_spread


def _spread(row: Mapping[str, float]) -> Spread | None:
    return estimate_spread(
        within_sum_squares=row["within_sum_squares"],
        rater_count=int(row["rater_count"]),
        subject_count=int(row["subject_count"]),
    )


def coarse(value: float) -> float:
    """Returns a number with two significant digits.

    >>> coarse(0.1234), coarse(-12.7), coarse(0.0)
    (0.12, -13.0, 0.0)
    """
    return float(f"{value:.2g}")


def _groups(
    staging: Staging, squares: Mapping[str, Mapping[str, float]], traits: Sequence[str]
) -> dict[str, OneWay]:
    """The analysis of variance of each trait: between subjects, and of raters within them."""
    found = staging.warehouse.rows("stage.trait_group")
    places, sizes, means = (found[name].to_numpy() for name in ("place", "rater_count", "mean_points"))
    tables = {}
    for trait_id, row in squares.items():
        here = places == traits.index(trait_id)
        table = analyse_sums(sizes[here], means[here], row["within_sum_squares"])
        if not isinstance(table, CannotTell):
            tables[trait_id] = table
    return tables


def _covariances(staging: Staging, traits: Sequence[str]) -> dict[tuple[str, str], float]:
    """Of raters who have a score on every trait."""
    subjects, scores = _rater_scores(staging, len(traits))
    found = pool_trait_spread(scores, subjects)
    if isinstance(found, CannotTell) or not _is_enough(staging, len(np.unique(subjects)), len(subjects)):
        return {}
    places = list(enumerate(traits))
    return {
        (one, other): coarse(found.covariance[row, column]) for row, one in places for column, other in places
    }


def _rater_scores(staging: Staging, trait_count: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Whom each rater's scores are about, and the scores, (n_raters, n_traits)."""
    found = staging.read("rater_row")
    subjects, responses = (found[name].to_numpy() for name in ("subject_no", "response_no"))
    is_first = np.ones(len(subjects), dtype=np.bool_)
    is_first[1:] = (np.diff(subjects) != 0) | (responses[1:] != responses[:-1])
    scores = np.full((np.count_nonzero(is_first), trait_count), np.nan)
    scores[np.cumsum(is_first) - 1, found["place"].to_numpy()] = found["score"].to_numpy()
    return _in_order(subjects[is_first].astype(np.int64), scores)


def _in_order(
    subjects: NDArray[np.int64], scores: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Whole rows only, those of a subject in the order of their scores: nothing but these decides how they are added up."""
    is_whole = np.isfinite(scores).all(axis=1)
    subjects, scores = subjects[is_whole], scores[is_whole]
    order = np.lexsort((*scores.T[::-1], subjects))
    return subjects[order], scores[order]


def scatter_tables(staging: Staging, scatter: Scatter) -> Iterator[tuple[str, pa.Table]]:
    """Yields the rows of the release's tables of scatter, beside its spreads."""
    number = {name: no for (measure, name), no in staging.measures.items() if measure == Measure.TRAIT.value}
    yield (
        "reliability",
        _table(
            staging.wave_no,
            ("measure_no", "icc1", "icc2"),
            [(number[trait_id], *both) for trait_id, both in scatter.reliabilities.items()],
        ),
    )
    yield (
        "subject_spread",
        _table(
            staging.wave_no,
            ("measure_no", "variance"),
            [(number[trait_id], tau2) for trait_id, tau2 in scatter.between.items()],
        ),
    )
    yield (
        "trait_covariance",
        _table(
            staging.wave_no,
            ("measure_no", "other_measure_no", "covariance"),
            [(number[one], number[other], found) for (one, other), found in scatter.covariances.items()],
        ),
    )


def _table(wave_no: int, names: Sequence[str], rows: Iterable[tuple[float, ...]]) -> pa.Table:
    ordered = sorted(rows)
    columns = {name: [row[place] for row in ordered] for place, name in enumerate(names)}
    return pa.table({"wave_no": [wave_no] * len(ordered), **columns})
