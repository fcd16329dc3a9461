"""Scores over several waves as arrays: what changes are judged from. All come from released item means."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.publishing.staging import Staging
from pipeline.publishing.told import MILLION, Counts, Told, integers
from pipeline.publishing.values import Floats, Numbers
from pipeline.statistics.interval import allow_for_overlap, effective_raters


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


def read_ground(staging: Staging, told: Told, waves: tuple[int, ...]) -> Ground:
    """Returns the released numbers of the given waves, about whoever has an item of the last one."""
    traits = staging.query("course_trait")
    here = [row for row in traits if row["course_place"] == len(waves) - 1]
    trait_nos = np.array([row["trait_no"] for row in here], dtype=np.int64)
    owners = _owners(told, waves)
    columns = np.array([told.places(wave_no, _asked(told, wave_no, owners)) for wave_no in waves])
    is_here = (told.ratings[columns[-1]] > 0).any(axis=0)
    ratings = _by_scope(told.ratings[columns], is_here)
    responses, people = _loads(told, waves, is_here)
    return Ground(
        scope_nos=told.scope_nos[is_here],
        is_unit=told.is_unit[is_here],
        trait_nos=trait_nos,
        item_traits=_places(trait_nos, np.array(list(owners.values()), dtype=np.int64)),
        scores=np.where(ratings > 0, _by_scope(told.scores[columns], is_here) / MILLION, np.nan),
        ratings=np.where(ratings > 0, ratings, np.nan),
        responses=responses,
        people=people,
        item_counts=_by_trait(traits, trait_nos, len(waves), "item_count"),
        sigmas=_spread(_by_trait(traits, trait_nos, len(waves), "sigma")),
        degrees_of_freedom=min((row["degrees_of_freedom"] for row in traits), default=1),
        low=np.array([row["low"] for row in here]),
        high=np.array([row["high"] for row in here]),
    )


def _owners(told: Told, waves: tuple[int, ...]) -> dict[int, int]:
    """The trait of each item that any of the waves asked, by the item's number; an item may have had several."""
    found = sorted(
        (measure_no, trait_no)
        for trait_no, by_wave in told.items.items()
        for wave_no in waves
        for measure_no in by_wave.get(wave_no, ())
    )
    return dict(found)


def _asked(told: Told, wave_no: int, measure_nos: Iterable[int]) -> Iterator[int]:
    """The same items, with 0 for those that the wave did not ask."""
    asked = {one for by_wave in told.items.values() for one in by_wave.get(wave_no, ())}
    return (one if one in asked else 0 for one in measure_nos)


def _by_scope(grid: Counts, is_here: NDArray[np.bool_]) -> Floats:
    """(n_scopes, n_items, n_waves), of some scopes."""
    return np.ascontiguousarray(grid[..., is_here].transpose(2, 1, 0), dtype=np.float64)


def _loads(told: Told, waves: tuple[int, ...], is_here: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Responses and people behind each scope, (n_scopes, n_waves); NaN where the wave shows no trait of it."""
    found = []
    for wave_no in waves:
        traits = told.places(wave_no, (no for no, by_wave in told.items.items() if wave_no in by_wave))
        raters = told.ratings[traits].max(axis=0).astype(np.float64)
        found.append(told.load(wave_no, np.where(raters > 0, raters, np.nan)))
    responses, people = (np.stack(several, axis=1)[is_here] for several in zip(*found, strict=True))
    return responses, people


def read_lines(staging: Staging, ground: Ground, wave_count: int) -> tuple[Floats, Floats]:
    """Returns scores and effective raters of the line's latest stretch: (n_scopes, n_traits, n_waves)."""
    found = staging.read("course_line")
    found = found.filter(pa.array(np.isin(integers(found, "scope_no"), ground.scope_nos)))
    index = (
        np.searchsorted(ground.scope_nos, integers(found, "scope_no")),
        _places(ground.trait_nos, integers(found, "trait_no")),
        integers(found, "course_place"),
    )
    shape = len(ground.scope_nos), len(ground.trait_nos), wave_count
    return tuple(_scatter(shape, index, found[name].to_numpy()) for name in ("score", "raters"))  # type: ignore[return-value]


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
