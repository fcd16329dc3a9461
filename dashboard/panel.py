"""What a page shows about one trait: released cells and line points, laid out by wave.

Nothing is computed here: cells are found, put in order, and the one to say first is chosen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from dashboard.wording import Change, Estimate, Move, trait_name, within
from pipeline.release import (
    Cell,
    Group,
    Kind,
    LinePoint,
    Measure,
    Released,
    ReleasedChange,
    ReleasedWave,
    Suppressed,
    Verdict,
)
from survey.instrument import Instrument, Item, ResponseScale, Trait


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitPanel:
    """One trait over the waves of a page, oldest first.

    `name` is the trait's on a page, `name_within` its inside a sentence. `others`, `self_ratings` and
    `manager_ratings` are by wave id; a wave without an entry has no such number. `segments` are the
    stretches of the line over which the same items were asked. `expected` is the score that the
    organisation expects of the PM, or None.
    """

    trait: Trait
    name: str
    name_within: str
    scale: ResponseScale
    waves: tuple[ReleasedWave, ...]
    others: Mapping[str, Cell]
    self_ratings: Mapping[str, Cell]
    manager_ratings: Mapping[str, Cell]
    segments: tuple[tuple[LinePoint, ...], ...]
    changes: tuple[ReleasedChange, ...] = ()
    expected: float | None = None

    @property
    def last_segment(self) -> tuple[LinePoint, ...]:
        """The stretch that reaches the latest wave; empty where the line ended before."""
        latest = self.segments[-1] if self.segments else ()
        return latest if latest and latest[-1].wave_id == self.waves[-1].wave_id else ()

    @property
    def latest(self) -> Estimate | Suppressed | None:
        """What others said in the latest wave, as it is drawn."""
        if self.last_segment:
            return self.last_segment[-1]
        return self.others.get(self.waves[-1].wave_id)

    @property
    def has_trend(self) -> bool:
        return len(self.last_segment) > 1

    @property
    def decisive(self) -> ReleasedChange | None:
        """The judged change that says most of the latest wave: a real one, else a steady one, else the latest step.

        Of two real ones the quarter's goes before half-years and the slope.
        """
        return most_said(one for one in self.changes if one.wave_id == self.waves[-1].wave_id)

    @property
    def moved(self) -> Change:
        """What may be said of the trait over time, as judged when the latest wave was published."""
        return Change.CANNOT_TELL if self.decisive is None else _CHANGES[self.decisive.verdict]

    @property
    def since(self) -> str:
        """The period that the latest wave is compared with; "" where there is none."""
        first = self.last_segment[0].wave_id if self.has_trend else ""
        if self.decisive is not None:
            first = self.decisive.since_wave_id
        return next((wave.period for wave in self.waves if wave.wave_id == first), "")

    @property
    def move(self) -> Move:
        needed = None if self.decisive is None else self.decisive.needed_points
        return Move(name=self.name_within, change=self.moved, since=self.since, needed_points=needed)


def most_said(changes: Iterable[ReleasedChange]) -> ReleasedChange | None:
    """Returns the one of several changes of a trait that says most, as `TraitPanel.decisive` has it."""
    ordered = sorted(changes, key=lambda one: (_WEIGHT[one.verdict], _KINDS.index(one.kind)))
    return ordered[0] if ordered else None


_KINDS = tuple(Kind)
_CHANGES = {
    Verdict.RISEN: Change.RISEN,
    Verdict.FALLEN: Change.FALLEN,
    Verdict.STEADY: Change.STEADY,
    Verdict.CANNOT_TELL: Change.CANNOT_TELL,
    Verdict.NOT_MEASURED: Change.CANNOT_TELL,
}
_WEIGHT = {
    Verdict.RISEN: 0,
    Verdict.FALLEN: 0,
    Verdict.STEADY: 1,
    Verdict.CANNOT_TELL: 2,
    Verdict.NOT_MEASURED: 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What is released about one subject or unit: the waves of a page, and what they hold."""

    waves: tuple[ReleasedWave, ...]
    cells: tuple[Cell, ...]
    line: tuple[LinePoint, ...]
    changes: tuple[ReleasedChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a dot plot: a trait or an item, with what each group said in one wave.

    `expected` is the score that the organisation expects of the PM, or None.
    """

    label: str
    trait_id: str
    scale: ResponseScale
    others: Cell | None
    self_rating: Cell | None
    manager_rating: Cell | None
    expected: float | None = None


def trait_panels(
    instrument: Instrument, trait_ids: Sequence[str], numbers: Numbers
) -> tuple[TraitPanel, ...]:
    """Returns one panel per trait, all over the same waves, so that they share their axis."""
    return tuple(
        TraitPanel(
            trait=instrument.trait(trait_id),
            name=trait_name(instrument.trait(trait_id)),
            name_within=within(trait_name(instrument.trait(trait_id))),
            scale=instrument.scale(instrument.trait(trait_id).scale_id),
            waves=numbers.waves,
            others=_by_wave(numbers.cells, Group.OTHERS, trait_id),
            self_ratings=_by_wave(numbers.cells, Group.SELF, trait_id),
            manager_ratings=_by_wave(numbers.cells, Group.MANAGER, trait_id),
            segments=_segments(numbers.line, trait_id, numbers.waves),
            changes=tuple(one for one in numbers.changes if one.trait_id == trait_id),
        )
        for trait_id in trait_ids
    )


def _by_wave(cells: Sequence[Cell], group: Group, trait_id: str) -> dict[str, Cell]:
    return {
        cell.key.wave_id: cell
        for cell in cells
        if cell.key.group is group and cell.key.measure is Measure.TRAIT and cell.key.measure_id == trait_id
    }


def _segments(
    line: Sequence[LinePoint], trait_id: str, waves: Sequence[ReleasedWave]
) -> tuple[tuple[LinePoint, ...], ...]:
    place = {wave.wave_id: number for number, wave in enumerate(waves)}
    own = [point for point in line if point.trait_id == trait_id and point.wave_id in place]
    own.sort(key=lambda point: (point.segment_no, place[point.wave_id]))
    return tuple(tuple(group) for _, group in groupby(own, key=attrgetter("segment_no")))


def waves_with_cells(
    waves: Sequence[ReleasedWave], cells: Sequence[Cell], trait_ids: Sequence[str]
) -> tuple[ReleasedWave, ...]:
    """Returns the waves in which a subject or unit has any number on those traits, oldest first."""
    found = {cell.key.wave_id for cell in cells if cell.key.measure_id in trait_ids}
    return tuple(wave for wave in waves if wave.wave_id in found)


def trait_row(instrument: Instrument, trait_id: str, wave_id: str, cells: Sequence[Cell]) -> Row:
    """Returns the dot plot row of a trait in one wave."""
    trait = instrument.trait(trait_id)
    others, own, manager = _ratings(cells, wave_id, Measure.TRAIT, trait_id)
    return Row(
        label=trait_name(trait),
        trait_id=trait_id,
        scale=instrument.scale(trait.scale_id),
        others=others,
        self_rating=own,
        manager_rating=manager,
    )


def item_row(instrument: Instrument, item: Item, label: str, wave_id: str, cells: Sequence[Cell]) -> Row:
    """Returns the dot plot row of an item in one wave."""
    others, own, manager = _ratings(cells, wave_id, Measure.ITEM, item.item_id)
    return Row(
        label=label,
        trait_id=item.trait_id,
        scale=instrument.scale(item.scale_id),
        others=others,
        self_rating=own,
        manager_rating=manager,
    )


def _ratings(
    cells: Sequence[Cell], wave_id: str, measure: Measure, measure_id: str
) -> tuple[Cell | None, Cell | None, Cell | None]:
    found = {
        cell.key.group: cell
        for cell in cells
        if (cell.key.wave_id, cell.key.measure, cell.key.measure_id) == (wave_id, measure, measure_id)
    }
    return found.get(Group.OTHERS), found.get(Group.SELF), found.get(Group.MANAGER)


def shown_estimates(panels: Sequence[TraitPanel]) -> tuple[tuple[TraitPanel, Estimate], ...]:
    """Returns the panels whose latest number may be shown, with that number."""
    return tuple(
        (panel, panel.latest)
        for panel in panels
        if panel.latest is not None and not isinstance(panel.latest, Suppressed)
    )


def released(cell: Cell | None) -> Released | None:
    """Returns the cell if it holds a number."""
    return cell if isinstance(cell, Released) else None
