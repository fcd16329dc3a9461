"""The scores of a wave's subjects as arrays: a row per subject, a column per trait."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.publishing.staging import Staging
from pipeline.release import Measure
from pipeline.statistics.spread import SpreadSource
from survey.instrument import ResponseScale

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """A trait of the wave with its release number, scale and released spread."""

    trait_id: str
    measure_no: int
    scale: ResponseScale
    sigma: float
    degrees_of_freedom: int
    is_own_spread: bool

    @property
    def length(self) -> float:
        """How long the scale is against a five-point one, for limits that are said of those."""
        return float(self.scale.high - self.scale.low) / 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """(n_subjects, n_traits); NaN = none. `self_shares`: items rated by self per items rated by one of the others."""

    traits: tuple[Trait, ...]
    scope_nos: NDArray[np.int64]
    scores: Floats
    raters: Floats
    self_scores: Floats
    self_shares: Floats

    def table(self, wave_no: int, is_row: NDArray[np.bool_], **columns: NDArray[np.generic]) -> pa.Table:
        """Returns one row per subject and trait where `is_row`, by subject, then trait."""
        rows, places = np.nonzero(is_row)
        numbers = np.array([trait.measure_no for trait in self.traits], dtype=np.int64)
        keys = {"wave_no": np.full(len(rows), wave_no), "scope_no": self.scope_nos[rows]}
        values = {name: column[rows, places] for name, column in columns.items()}
        return pa.table({**keys, "measure_no": numbers[places], **values})


def ranked(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Returns the different numbers in order, and the place of each number among them: `numpy.unique` without sorting.

    >>> [found.tolist() for found in ranked(np.array([7, 3, 7]))]
    [[3, 7], [1, 0, 1]]

    Args:
        numbers: small ones, 0 or more, as a release gives to scopes and measures.
    """
    is_there = np.zeros(int(numbers.max(initial=0)) + 1, dtype=np.bool_)
    is_there[numbers] = True
    return np.flatnonzero(is_there), (np.cumsum(is_there) - 1)[numbers]


def read_values(staging: Staging) -> Values:
    """Returns the wave's staged scores of subjects."""
    traits = tuple(_traits(staging))
    found = staging.read("trait_value")
    scope_nos, rows = ranked(found["scope_no"].to_numpy().astype(np.int64))
    numbers = np.array(sorted(trait.measure_no for trait in traits), dtype=np.int64)
    order = np.argsort([trait.measure_no for trait in traits])
    columns = order[np.searchsorted(numbers, found["measure_no"].to_numpy())] if len(found) else []

    def grid(name: str) -> Floats:
        made = np.full((len(scope_nos), len(traits)), np.nan)
        made[rows, columns] = found[name].to_numpy()
        return made

    return Values(
        traits=traits,
        scope_nos=scope_nos,
        scores=grid("score"),
        raters=grid("raters"),
        self_scores=grid("self_score"),
        self_shares=grid("self_share"),
    )


def _traits(staging: Staging) -> list[Trait]:
    spreads = {row["measure_no"]: row for row in staging.query("released_spread")}
    measures = staging.measures
    found = [
        (trait, measures.get((Measure.TRAIT.value, trait.trait_id), 0)) for trait in staging.instrument.traits
    ]
    return [
        Trait(
            trait_id=trait.trait_id,
            measure_no=number,
            scale=staging.instrument.scale(trait.scale_id),
            sigma=float(spreads[number]["sigma_points"]),
            degrees_of_freedom=spreads[number]["degrees_of_freedom"],
            is_own_spread=spreads[number]["source"] == SpreadSource.WAVE,
        )
        for trait, number in found
        if number in spreads
    ]
