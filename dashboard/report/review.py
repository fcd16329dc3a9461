"""What there is to review of a unit in a quarter, as one viewer may read it. Nothing is computed here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from dashboard.catalogue import FRONT_TRAITS, Shelf
from dashboard.figures.heat import HeatRow
from dashboard.panel import Numbers, TraitPanel, most_said, trait_panels, waves_with_cells
from dashboard.reading import Reading
from dashboard.spoken import spoken
from pipeline.release import (
    Cell,
    Group,
    Kind,
    Measure,
    ReleasedChange,
    ReleasedRelationship,
    ReleasedSlice,
    ReleasedUnit,
    ReleasedWave,
    Scope,
    Verdict,
)
from pipeline.released_unit import Mix, NonResponse, ReleasedCoverage, ReleasedDistribution
from survey.instrument import Instrument
from survey.register_closing import Closing
from survey.register_promises import Promise

MIN_RESPONSE = 0.6
"""Where fewer than this share of a whole wave answered, only units as a whole are shown. As `statistics.nonresponse` has it."""

_MANY_UNITS = 24
"""More rows than this are more than one screen: then only the units right below are shown."""


class Effect(StrEnum):
    """What the wave after a promise showed of its trait."""

    WAITING = "waiting"
    RISEN = "risen"
    FALLEN = "fallen"
    STEADY = "steady"
    TOO_FEW = "too_few"


_EFFECTS = {Verdict.RISEN: Effect.RISEN, Verdict.FALLEN: Effect.FALLEN, Verdict.STEADY: Effect.STEADY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A promise with what came of it; `change` is the released one that the effect was judged by, if there is one."""

    promise: Promise
    effect: Effect
    change: ReleasedChange | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A unit in a quarter: `waves` end with that quarter's, oldest first.

    `panels` are the four traits of the first row, `further` those right behind. `rows` of the heat map
    begin with the unit itself, and so do `slices` and `relationships`, which are empty where a unit has none. `mixes` say what
    made the change since the wave before, `bins` where PMs lie (the first row only), `strengths` what they
    are strong in; these two are read when they are asked for, since the first screen shows neither. `closing` is None where another tool asked. `nonresponse` says trait by trait what those who
    did not answer could change; it is empty where that is not known, or would tell on somebody.
    """

    unit: ReleasedUnit
    instrument: Instrument
    waves: tuple[ReleasedWave, ...]
    panels: tuple[TraitPanel, ...]
    further: tuple[TraitPanel, ...]
    rows: tuple[HeatRow, ...]
    slices: tuple[HeatRow, ...]
    relationships: tuple[HeatRow, ...]
    mixes: tuple[Mix, ...]
    bins: Callable[[], tuple[ReleasedDistribution, ...]]
    strengths: Callable[[], tuple[ReleasedCoverage, ...]]
    promises: tuple[Reviewed, ...]
    closing: Closing | None
    nonresponse: tuple[NonResponse, ...]

    @property
    def wave(self) -> ReleasedWave:
        return self.waves[-1]

    @property
    def is_representative(self) -> bool:
        """False where it is known that too few answered to look at anything smaller than units."""
        if self.nonresponse:
            return not any(one.is_needed for one in self.nonresponse)
        return self.closing is None or self.closing.answered >= MIN_RESPONSE * self.closing.invited


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the register knows beside the numbers: promises to the unit, and how the wave closed."""

    promises: tuple[Promise, ...] = ()
    closing: Closing | None = None


def quarters(release: Reading, shelf: Shelf, unit_id: str) -> dict[str, ReleasedWave]:
    """Returns the waves that a unit has numbers of, the latest first, by what a link calls them.

    That is the period, or the whole id of a wave whose period another campaign has too.
    """
    waves = waves_with_cells(shelf.waves, release.trait_cells(unit_id), FRONT_TRAITS)
    periods = [wave.period for wave in waves]
    return {
        wave.period if periods.count(wave.period) == 1 else wave.wave_id: wave for wave in reversed(waves)
    }


def until(waves: Mapping[str, ReleasedWave], wave: ReleasedWave) -> tuple[ReleasedWave, ...]:
    """Returns the waves up to one of them, the oldest first: a review looks back only."""
    return tuple(one for one in reversed(tuple(waves.values())) if one.starts_on <= wave.starts_on)


def read_review(
    release: Reading,
    shelf: Shelf,
    unit: ReleasedUnit,
    waves: Sequence[ReleasedWave],
    kept: Kept,
) -> Review:
    """Returns the review of a unit in the last of those waves."""
    numbers = read_numbers(release, unit.unit_id, waves)
    trait_ids = tuple(trait.trait_id for trait in shelf.instrument.traits)
    panels = trait_panels(shelf.instrument, trait_ids, numbers)
    rows = heat_rows(release, waves[-1], below(unit, release.units_in_scope()))
    whole = rows[:1]
    return Review(
        unit=unit,
        instrument=shelf.instrument,
        waves=tuple(waves),
        panels=tuple(one for trait_id in FRONT_TRAITS for one in panels if one.trait.trait_id == trait_id),
        further=tuple(panel for panel in panels if panel.trait.trait_id not in FRONT_TRAITS),
        rows=rows,
        slices=beside(whole, slice_rows(release.slices(unit.unit_id), waves[-1])),
        relationships=beside(whole, relationship_rows(release.relationships(unit.unit_id), waves[-1])),
        mixes=tuple(one for one in release.mixes(unit.unit_id) if one.wave_id == waves[-1].wave_id),
        bins=partial(read_bins, release, unit.unit_id, waves[-1].wave_id),
        strengths=partial(release.strengths, unit.unit_id, waves[-1].wave_id),
        promises=tuple(
            review_promise(one, waves, numbers.changes) for one in made_until(kept.promises, waves)
        ),
        closing=kept.closing,
        nonresponse=tuple(
            one for one in release.nonresponse(unit.unit_id) if one.wave_id == waves[-1].wave_id
        ),
    )


def read_numbers(release: Reading, unit_id: str, waves: Sequence[ReleasedWave]) -> Numbers:
    """Returns what is released about a unit in those waves."""
    ids = {wave.wave_id for wave in waves}
    cells = release.trait_cells(unit_id)
    return Numbers(
        waves=tuple(waves),
        cells=tuple(cell for cell in cells if cell.key.wave_id in ids),
        line=release.line(Scope.UNIT, unit_id),
        changes=release.changes(Scope.UNIT, unit_id),
    )


def read_bins(release: Reading, unit_id: str, wave_id: str) -> tuple[ReleasedDistribution, ...]:
    """Returns where the PMs of a unit lie on the traits of the first row."""
    found = release.distribution(unit_id, wave_id)
    return tuple(one for one in found if one.trait_id in FRONT_TRAITS)


def made_until(promises: Iterable[Promise], waves: Sequence[ReleasedWave]) -> list[Promise]:
    """Returns the promises that followed one of those waves: later ones are another quarter's."""
    ids = {wave.wave_id for wave in waves}
    return [promise for promise in promises if promise.wave_id in ids]


def review_promise(
    promise: Promise, waves: Sequence[ReleasedWave], changes: Iterable[ReleasedChange]
) -> Reviewed:
    """Returns a promise with what the wave after it showed, in the words of the release."""
    ids = [wave.wave_id for wave in waves]
    if ids[-1] == promise.wave_id:
        return Reviewed(promise=promise, effect=Effect.WAITING, change=None)
    after = (promise.trait_id, promise.wave_id, Kind.QUARTER)
    found = next(
        (
            one
            for one in changes
            if (one.trait_id, one.since_wave_id, one.kind) == after and one.wave_id in ids
        ),
        None,
    )
    effect = Effect.TOO_FEW if found is None else _EFFECTS.get(found.verdict, Effect.TOO_FEW)
    return Reviewed(promise=promise, effect=effect, change=found)


def below(unit: ReleasedUnit, units: Sequence[ReleasedUnit]) -> tuple[ReleasedUnit, ...]:
    """Returns the unit and those below it in the order of the tree; only the next level if they are many."""
    under = tuple(other for other in units if f"{other.unit_id}/".startswith(f"{unit.unit_id}/"))
    if len(under) <= _MANY_UNITS:
        return under
    return tuple(other for other in under if other is unit or other.parent_id == unit.unit_id)


def heat_rows(release: Reading, wave: ReleasedWave, units: Sequence[ReleasedUnit]) -> tuple[HeatRow, ...]:
    """Returns the squares of those units that one wave has PMs of, with what really changed in each."""
    ids = {unit.unit_id for unit in units}
    cells: dict[str, dict[str, Cell]] = {}
    for cell in release.unit_cells(wave.wave_id, ids):
        cells.setdefault(cell.key.scope_id, {})[cell.key.measure_id] = cell
    verdicts = _verdicts(release.unit_changes(wave.wave_id, ids))
    top = units[0].unit_id.count("/")
    return tuple(
        HeatRow(
            name=unit.name,
            depth=unit.unit_id.count("/") - top,
            cells={trait_id: own[trait_id] for trait_id in FRONT_TRAITS if trait_id in own},
            verdicts=verdicts.get(unit.unit_id, {}),
        )
        for unit in units
        if (own := cells.get(unit.unit_id, {})).keys() & set(FRONT_TRAITS)
    )


def beside(whole: tuple[HeatRow, ...], rows: tuple[HeatRow, ...]) -> tuple[HeatRow, ...]:
    """Returns rows under the one that they stand beside; none where there are none."""
    return (*whole, *rows) if rows else ()


def slice_rows(slices: Iterable[ReleasedSlice], wave: ReleasedWave) -> tuple[HeatRow, ...]:
    """Returns the squares by PM type and stage in one wave."""
    found = ((f"review_{one.kind}", called(one.value), one.cell) for one in slices)
    named = ((spoken().say(key, value=value), cell) for key, value, cell in found)
    return _named_rows(named, wave)


def relationship_rows(
    relationships: Iterable[ReleasedRelationship], wave: ReleasedWave
) -> tuple[HeatRow, ...]:
    """Returns the squares by who answered in one wave."""
    named = ((spoken().say(f"relation_{one.relationship}"), one.cell) for one in relationships)
    return _named_rows(named, wave)


def called(value: str) -> str:
    """Returns what a PM type or stage is called; an organisation may have its own."""
    return spoken().texts.get(f"review_value_{value}", value)


def _named_rows(named: Iterable[tuple[str, Cell]], wave: ReleasedWave) -> tuple[HeatRow, ...]:
    cells: dict[str, dict[str, Cell]] = {}
    for name, cell in named:
        if (cell.key.wave_id, cell.key.group, cell.key.measure) == (
            wave.wave_id,
            Group.OTHERS,
            Measure.TRAIT,
        ):
            cells.setdefault(name, {})[cell.key.measure_id] = cell
    return tuple(HeatRow(name=name, depth=1, cells=own) for name, own in cells.items())


def _verdicts(changes: Iterable[ReleasedChange]) -> Mapping[str, Mapping[str, Verdict]]:
    by_place: dict[tuple[str, str], list[ReleasedChange]] = {}
    for one in changes:
        by_place.setdefault((one.scope_id, one.trait_id), []).append(one)
    found: dict[str, dict[str, Verdict]] = {}
    for (unit_id, trait_id), several in by_place.items():
        decisive = most_said(several)
        if decisive is not None:
            found.setdefault(unit_id, {})[trait_id] = decisive.verdict
    return found
