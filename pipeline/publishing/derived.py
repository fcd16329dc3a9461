"""What is worked out from a wave's scores beside them: gaps, best guesses, standings, shares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.publishing.scatter import Scatter
from pipeline.publishing.staging import Staging
from pipeline.publishing.values import Floats, Values
from pipeline.statistics.cannot_tell import CannotTell
from pipeline.statistics.favourable import favourable_shares
from pipeline.statistics.gap import LEAST_POINTS, find_gaps
from pipeline.statistics.shrinkage import BestGuesses, guess_scores
from pipeline.statistics.standing_out import (
    NO_TRAIT,
    Standing,
    TraitSpread,
    find_standings,
    independent_traits,
    pick_most_distinct,
)

GUESS_DECIMALS = 1
"""Best guesses rest on the scores of all: more digits would tell of the others."""


def derived_tables(staging: Staging, scatter: Scatter, values: Values) -> Iterator[tuple[str, pa.Table]]:
    """Yields the rows of every derived table of the release, with its name."""
    yield "best_guess", _best_guesses(staging, values, scatter)
    yield "gap", _gaps(staging, values)
    yield "standing", _standings(staging, values, scatter)
    yield "favourable", _favourable(staging)


def _best_guesses(staging: Staging, values: Values, scatter: Scatter) -> pa.Table:
    guesses = np.full(values.scores.shape, np.nan)
    for place in range(len(values.traits)):
        if (found := guess_trait(values, scatter, place)) is not None:
            guesses[:, place] = np.round(found.points, GUESS_DECIMALS)
    return values.table(staging.wave_no, np.isfinite(guesses), score=guesses)


def guess_trait(values: Values, scatter: Scatter, place: int) -> BestGuesses | None:
    """Returns the best guesses of one trait, or None where the wave itself does not say how people scatter."""
    trait = values.traits[place]
    between = scatter.between.get(trait.trait_id)
    if not trait.is_own_spread or between is None:
        return None
    found = guess_scores(
        values.scores[:, place],
        values.raters[:, place],
        within_variance=trait.sigma**2,
        between_variance=between,
    )
    return None if isinstance(found, CannotTell) else found


def _gaps(staging: Staging, values: Values) -> pa.Table:
    grids = {name: np.full(values.scores.shape, np.nan) for name in ("points", "low", "high", "sight_no")}
    for place, trait in enumerate(values.traits):
        found = find_gaps(
            values.scores[:, place],
            values.self_scores[:, place],
            values.raters[:, place],
            sigma=trait.sigma,
            degrees_of_freedom=trait.degrees_of_freedom,
            self_raters=np.sqrt(values.self_shares[:, place]),
            least_points=LEAST_POINTS * trait.length,
        )
        kept: Mapping[str, object] = {
            "points": found.points,
            "low": found.low,
            "high": found.high,
            "sight_no": found.sights,
        }
        for name, grid in grids.items():
            grid[:, place] = kept[name]
    is_row = np.isfinite(grids["points"])
    return values.table(staging.wave_no, is_row, **{name: rounded(grid) for name, grid in grids.items()})


def rounded(grid: Floats) -> Floats:
    """Returns numbers with the six decimals of a release; rounded twice, so that a half is a half everywhere."""
    return np.asarray(np.round(np.round(grid, 9), 6), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """`codes` of `Standing` and `is_chosen`: (n_subjects, n_traits); `strengths` as `pick_most_distinct` has them."""

    codes: NDArray[np.uint8]
    is_chosen: NDArray[np.bool_]
    strengths: NDArray[np.int64]


def judge_standings(values: Values, scatter: Scatter) -> Standings:
    """Returns what stands out of each subject's traits; these are compared only where all have one scale."""
    codes = np.zeros(values.scores.shape, dtype=np.uint8)
    is_chosen = np.zeros(values.scores.shape, dtype=np.bool_)
    strengths = np.full(len(values.scope_nos), NO_TRAIT, dtype=np.int64)
    if len({trait.scale.scale_id for trait in values.traits}) == 1 and len(values.scope_nos):
        found = find_standings(values.scores, values.raters, _trait_spread(values, scatter))
        chosen = pick_most_distinct(found)
        codes, strengths = found.standings, chosen.strengths
        columns = np.arange(len(values.traits))
        for places in (chosen.strengths, chosen.things_to_work_on):
            is_chosen |= places[:, None] == columns
    return Standings(codes=codes, is_chosen=is_chosen, strengths=strengths)


def _standings(staging: Staging, values: Values, scatter: Scatter) -> pa.Table:
    found = judge_standings(values, scatter)
    return values.table(
        staging.wave_no,
        found.codes != Standing.NOT_MEASURED,
        standing_no=found.codes,
        is_most_distinct=found.is_chosen,
    )


def _trait_spread(values: Values, scatter: Scatter) -> TraitSpread:
    """From raters' scores where there are enough people; else as if traits had nothing in common."""
    degrees = min(trait.degrees_of_freedom for trait in values.traits)
    pairs = [(one.trait_id, other.trait_id) for one in values.traits for other in values.traits]
    if not all(pair in scatter.covariances for pair in pairs):
        return independent_traits([trait.sigma for trait in values.traits], degrees)
    covariance = np.reshape([scatter.covariances[pair] for pair in pairs], (len(values.traits),) * 2)
    return TraitSpread(covariance=covariance, degrees_of_freedom=degrees)


def _favourable(staging: Staging) -> pa.Table:
    counts = staging.read("favourable_count")
    found = favourable_shares(counts["favourable_count"].to_numpy(), counts["rating_count"].to_numpy())
    made = counts.append_column("wave_no", pa.array(np.full(len(counts), staging.wave_no)))
    for name, column in (("share", found.shares), ("low", found.low), ("high", found.high)):
        made = made.append_column(name, pa.array(rounded(column)))
    return made.drop_columns(["favourable_count"]).filter(pa.array(found.is_enough))
