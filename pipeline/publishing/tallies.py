"""How a unit's PMs are distributed and what they are strong in, without names. Worked out once, with the wave.

Counted are only PMs who could be in any place: with a guess, or with every trait measured. The others of a
unit are among the unplaced.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.disclosure.tally import TallyRule, tell_units
from pipeline.publishing.derived import GUESS_DECIMALS, guess_trait, judge_standings
from pipeline.publishing.names import POINTS, coding_step
from pipeline.publishing.scatter import Scatter
from pipeline.publishing.staging import Staging, arrow_table
from pipeline.publishing.values import Floats, Trait, Values
from pipeline.release import Scope
from pipeline.released_unit import COVERAGES, Coverage
from pipeline.statistics.distribution import bin_edges, place_in_bins, reachable_edges
from pipeline.statistics.shrinkage import BestGuesses
from pipeline.statistics.standing_out import Standing
from survey.instrument import SubjectKind

_KEY = {"wave_no": pa.uint16(), "scope_no": pa.int32(), "measure_no": pa.uint16()}
_DISTRIBUTION = {
    **_KEY,
    "edges": pa.list_(POINTS),
    "at_least": pa.list_(pa.int32()),
    "unplaced_count": pa.int32(),
}
_COVERAGE = {**_KEY, "coverage_no": pa.uint8(), "pm_count": pa.int32()}

Units = Mapping[int, Mapping[str, int]]
"""By trait: the units whose number is shown, and how many PMs it is about."""


def tally_tables(staging: Staging, scatter: Scatter, values: Values) -> Iterator[tuple[str, pa.Table]]:
    """Yields the rows of `release.distribution` and `release.coverage` of this wave.

    Args:
        staging: with this wave's cells in the release.
        scatter: how raters scatter in this wave.
        values: the wave's scores.
    """
    if staging.instrument.subject_kind is SubjectKind.UNIT:
        return
    units, homes = _units(staging), _homes(staging, values)
    distributions = sorted(_distributions(staging, scatter, values, units, homes))
    yield "distribution", arrow_table(_DISTRIBUTION, distributions)
    yield "coverage", arrow_table(_COVERAGE, sorted(_coverages(staging, scatter, values, units, homes)))


def _units(staging: Staging) -> Units:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in staging.query("unit_trait"):
        found[row["measure_no"]][row["unit_id"]] = row["pm_count"]
    return found


def _homes(staging: Staging, values: Values) -> NDArray[np.object_]:
    """The unit of every subject with a score."""
    unit_of = {
        staging.scopes[Scope.SUBJECT.value, one.person_id]: one.org_unit
        for one in staging.members.people
        if (Scope.SUBJECT.value, one.person_id) in staging.scopes
    }
    return np.array([unit_of[number] for number in values.scope_nos.tolist()], dtype=object)


def _distributions(
    staging: Staging, scatter: Scatter, values: Values, units: Units, homes: NDArray[np.object_]
) -> Iterator[tuple[Any, ...]]:
    for place, trait in enumerate(values.traits):
        found = guess_trait(values, scatter, place)
        if found is None:
            continue
        is_there = np.isfinite(found.points)
        edges = _edges(staging, trait, found)
        if len(edges) < 3:  # noqa: PLR2004 - one bin tells nothing
            continue
        bins = place_in_bins(np.round(found.points[is_there], GUESS_DECIMALS), edges)
        rule = _rule(staging, len(edges) - 1)
        told = tell_units(homes[is_there].tolist(), bins.tolist(), units.get(trait.measure_no, {}), rule)
        for unit, (tally, _) in told.items():
            key = staging.wave_no, staging.scopes[Scope.UNIT.value, unit], trait.measure_no
            yield *key, _decimals(edges), list(tally.at_least), tally.unplaced


def _edges(staging: Staging, trait: Trait, found: BestGuesses) -> Floats:
    """Scores keep a step of the scale away from its ends for each rater, so guesses keep away still more."""
    low, high = float(trait.scale.low), float(trait.scale.high)
    kept = float(coding_step(trait.scale)) / staging.policy.min_item_ratings
    weights = found.weights[np.isfinite(found.points)]
    lows, highs = (
        np.round(found.centre + weights * (end - found.centre), GUESS_DECIMALS)
        for end in (low + kept, high - kept)
    )
    return reachable_edges(bin_edges(low=low, high=high), lows, highs)


def _coverages(
    staging: Staging, scatter: Scatter, values: Values, units: Units, homes: NDArray[np.object_]
) -> Iterator[tuple[Any, ...]]:
    """A unit must be shown with every trait, since each is a category of all the others' statements."""
    found = judge_standings(values, scatter)
    is_there = (found.codes != Standing.NOT_MEASURED).all(axis=1)
    shown = _shown_throughout(values, units)
    rule = _rule(staging, len(values.traits))
    told = tell_units(homes[is_there].tolist(), found.strengths[is_there].tolist(), shown, rule)
    for unit, (tally, can_tell_few) in told.items():
        for trait, at_least in zip(values.traits, tally.at_least, strict=True):
            few = Coverage.HARDLY_ANYONE if can_tell_few else Coverage.NOT_TOLD
            word = Coverage.SEVERAL if at_least else few
            key = staging.wave_no, staging.scopes[Scope.UNIT.value, unit], trait.measure_no
            yield *key, COVERAGES.index(word), sum(tally.at_least) + tally.unplaced


def _shown_throughout(values: Values, units: Units) -> dict[str, int]:
    of_traits = [units.get(trait.measure_no, {}) for trait in values.traits]
    shown = set(of_traits[0]).intersection(*of_traits) if of_traits else set()
    return {unit: min(one[unit] for one in of_traits) for unit in sorted(shown)}


def _rule(staging: Staging, category_count: int) -> TallyRule:
    policy = staging.policy
    return TallyRule(
        min_pms=policy.min_pms,
        min_pms_for_distribution=policy.min_pms_for_distribution,
        category_count=category_count,
    )


def _decimals(edges: Floats) -> list[Decimal]:
    return [round(Decimal(edge), 6) for edge in edges.tolist()]
