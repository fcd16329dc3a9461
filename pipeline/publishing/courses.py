"""Scores over several waves as arrays: what changes are judged from. All come from released item means."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.publishing.staging import Staging
from pipeline.publishing.values import Floats, ranked
from pipeline.statistics.interval import allow_for_overlap, effective_raters

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Released numbers of the waves up to this one: (n_scopes, n_items, n_waves), NaN = not shown.

    `item_traits` are places of traits, `item_counts` how many items each trait has in each wave.
    """

    scope_nos: Numbers
    is_unit: NDArray[np.bool_]
    trait_nos: Numbers
    item_traits: Numbers
    scores: Floats
    ratings: Floats
    responses: Floats
    people: Floats
    item_counts: Floats
    sigmas: Floats
    degrees_of_freedom: int
    low: Floats
    high: Floats

    def over_last(self, wave_count: int) -> tuple[Floats, Floats]:
        """Returns scores and effective raters (n_scopes, n_traits, wave_count) over items shown in all of them."""
        scores, ratings = self.scores[..., -wave_count:], self.ratings[..., -wave_count:]
        is_kept = np.asarray(np.isfinite(scores).all(axis=2, keepdims=True), dtype=np.bool_)
        means, worth = [], []
        for place in range(len(self.trait_nos)):
            mine = self.item_traits == place
            shown = is_kept[:, mine].sum(axis=1)
            total = np.where(is_kept[:, mine], scores[:, mine], 0.0).sum(axis=1)
            means.append(total / np.where(shown > 0, shown, np.nan))
            counted = np.where(is_kept[:, mine], ratings[:, mine], 0.0).sum(axis=1)
            worth.append(self._raters(counted, self.item_counts[place, -wave_count:], wave_count))
        return np.stack(means, axis=1), np.stack(worth, axis=1)

    def _raters(self, ratings: Floats, item_counts: Floats, wave_count: int) -> Floats:
        responses, people = self.responses[:, -wave_count:], self.people[:, -wave_count:]
        whole = effective_raters(responses, ratings, item_count=item_counts)
        return allow_for_overlap(whole, response_count=responses, people_count=people)


def stage_course_waves(staging: Staging) -> tuple[int, ...]:
    """Stages `course_wave`: the published waves of this instrument up to this one; returns their numbers by time."""
    start = staging.wave.period.starts_on
    before = [
        (one.starts_on, one.wave_no)
        for one in staging.earlier.waves
        if one.is_published
        and one.wave_no != staging.wave_no
        and one.instrument_id == staging.instrument.instrument_id
        and one.starts_on < start
    ]
    waves = (*(wave_no for _, wave_no in sorted(before)), staging.wave_no)
    rows = [(wave_no, place) for place, wave_no in enumerate(waves)]
    staging.put("course_wave", {"wave_no": pa.uint16(), "course_place": pa.int32()}, rows)
    return waves


def read_ground(staging: Staging, wave_count: int) -> Ground:
    """Returns the released numbers of the staged waves."""
    items, loads = staging.read("course_item"), staging.read("course_load")
    traits = staging.query("course_trait")
    here = [row for row in traits if row["course_place"] == wave_count - 1]
    trait_nos = np.array([row["trait_no"] for row in here], dtype=np.int64)
    scope_nos, rows = ranked(_ints(items, "scope_no"))
    measures, columns = ranked(_ints(items, "measure_no"))
    owners = np.zeros(len(measures), dtype=np.int64)
    np.maximum.at(owners, columns, _ints(items, "trait_no"))
    index = rows, columns, _ints(items, "course_place")
    shape = len(scope_nos), len(measures), wave_count
    kept = np.isin(_ints(loads, "scope_no"), scope_nos)
    loads = loads.filter(pa.array(kept))
    places = np.searchsorted(scope_nos, _ints(loads, "scope_no"))
    of_wave = places, _ints(loads, "course_place")
    is_unit = np.zeros(len(scope_nos), dtype=np.bool_)
    is_unit[places] = loads["is_unit"].to_numpy()
    return Ground(
        scope_nos=scope_nos,
        is_unit=is_unit,
        trait_nos=trait_nos,
        item_traits=_places(trait_nos, owners),
        scores=_scatter(shape, index, items["score"].to_numpy()),
        ratings=_scatter(shape, index, items["rating_count"].to_numpy()),
        responses=_scatter((len(scope_nos), wave_count), of_wave, loads["response_count"].to_numpy()),
        people=_scatter((len(scope_nos), wave_count), of_wave, loads["people_count"].to_numpy()),
        item_counts=_by_trait(traits, trait_nos, wave_count, "item_count"),
        sigmas=_spread(_by_trait(traits, trait_nos, wave_count, "sigma")),
        degrees_of_freedom=min((row["degrees_of_freedom"] for row in traits), default=1),
        low=np.array([row["low"] for row in here]),
        high=np.array([row["high"] for row in here]),
    )


def read_lines(staging: Staging, ground: Ground, wave_count: int) -> tuple[Floats, Floats]:
    """Returns scores and effective raters of the line's latest stretch: (n_scopes, n_traits, n_waves)."""
    found = staging.read("course_line")
    found = found.filter(pa.array(np.isin(_ints(found, "scope_no"), ground.scope_nos)))
    index = (
        np.searchsorted(ground.scope_nos, _ints(found, "scope_no")),
        _places(ground.trait_nos, _ints(found, "trait_no")),
        _ints(found, "course_place"),
    )
    shape = len(ground.scope_nos), len(ground.trait_nos), wave_count
    return tuple(_scatter(shape, index, found[name].to_numpy()) for name in ("score", "raters"))  # type: ignore[return-value]


def _ints(table: pa.Table, name: str) -> Numbers:
    return np.asarray(table[name].to_numpy(), dtype=np.int64)


def _places(numbers: Numbers, wanted: Numbers) -> Numbers:
    """The place of each wanted number; numbers are in order. One that is not there is nowhere: -1."""
    if not len(numbers):
        return np.full(len(wanted), -1, dtype=np.int64)
    found = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
    return np.where(numbers[found] == wanted, found, -1)


def _scatter(shape: tuple[int, ...], index: tuple[Numbers, ...], values: Floats) -> Floats:
    made = np.full(shape, np.nan)
    made[index] = values
    return made


def _by_trait(rows: Sequence[dict[str, float]], trait_nos: Numbers, wave_count: int, name: str) -> Floats:
    made = np.full((len(trait_nos), wave_count), np.nan)
    places = {number: place for place, number in enumerate(trait_nos.tolist())}
    for row in rows:
        if row["trait_no"] in places:
            made[places[int(row["trait_no"])], int(row["course_place"])] = row[name]
    return made


def _spread(sigmas: Floats) -> Floats:
    """Of this wave and the one before, as one: the root of their mean square."""
    return np.asarray(np.sqrt(np.nanmean(sigmas[:, -2:] ** 2, axis=1)), dtype=np.float64)
