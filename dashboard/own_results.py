"""Everything released about one PM on the first row's instrument, with what their organisation expects.

Numbers come through the viewer's reading; nothing here draws.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dashboard.catalogue import FRONT_TRAITS, Shelf, front_shelf, shelves
from dashboard.outcome import Seen
from dashboard.own_wording import Standout
from dashboard.panel import (
    Numbers,
    Row,
    TraitPanel,
    trait_panels,
    trait_row,
    waves_with_cells,
)
from dashboard.reading import Reading
from dashboard.wording import said, trait_name
from pipeline.release import (
    BestGuess,
    Cell,
    Group,
    Measure,
    Released,
    ReleasedGap,
    ReleasedStanding,
    ReleasedWave,
    Scope,
    Stand,
)
from survey.expectation import Expectations, Expected
from survey.instrument import Instrument, Item

_SEEN_OFTEN = 2
"""Behaviours that are named where no trait stands out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One PM's numbers over the waves that have any; `expected` by trait id, as of the latest wave."""

    person_id: str
    shelf: Shelf
    numbers: Numbers
    standings: tuple[ReleasedStanding, ...]
    gaps: tuple[ReleasedGap, ...]
    guesses: tuple[BestGuess, ...]
    expected: Mapping[str, Expected]

    @property
    def instrument(self) -> Instrument:
        return self.shelf.instrument

    @property
    def latest(self) -> ReleasedWave:
        return self.numbers.waves[-1]

    @property
    def trait_ids(self) -> tuple[str, ...]:
        """The four of the first row, then what stands right behind them."""
        behind = (one.trait_id for one in self.instrument.traits if one.trait_id not in FRONT_TRAITS)
        return (*FRONT_TRAITS, *behind)

    def panels(self, trait_ids: tuple[str, ...]) -> tuple[TraitPanel, ...]:
        """Returns those traits over all waves."""
        panels = trait_panels(self.instrument, trait_ids, self.numbers)
        return tuple(replace(panel, expected=self._score(panel.trait.trait_id)) for panel in panels)

    def row(self, trait_id: str) -> Row:
        """Returns a trait in the latest wave."""
        row = trait_row(self.instrument, trait_id, self.latest.wave_id, self.numbers.cells)
        return replace(row, expected=self._score(trait_id))

    def item(self, item_id: str) -> Item | None:
        """Returns an item that is asked today."""
        return next((item for item in self.instrument.items if item.item_id == item_id), None)

    def seen(self, item: Item, wave_id: str) -> Seen:
        """Returns what others said about one item in one wave, with its trait beside it."""
        return Seen(
            item=self.others_cell(wave_id, Measure.ITEM, item.item_id),
            trait=self.others_cell(wave_id, Measure.TRAIT, item.trait_id),
            item_count=len(self.instrument.scaled_items(item.trait_id)),
        )

    def others_cell(self, wave_id: str, measure: Measure, measure_id: str) -> Cell | None:
        """Returns what others said about one trait or item in one wave."""
        wanted = (wave_id, Group.OTHERS, measure, measure_id)
        return next(
            (
                cell
                for cell in self.numbers.cells
                if (cell.key.wave_id, cell.key.group, cell.key.measure, cell.key.measure_id) == wanted
            ),
            None,
        )

    def distinct(self, stand: Stand) -> str:
        """Returns the id of the one trait that the latest wave names so, or "" if it names none."""
        return next(
            (
                one.trait_id
                for one in self.standings
                if (one.wave_id, one.stand, one.is_most_distinct) == (self.latest.wave_id, stand, True)
            ),
            "",
        )

    def standout(self) -> Standout:
        """Returns what stands out of the latest wave, in names."""
        return Standout(
            strength=self._name(self.distinct(Stand.STRENGTH)),
            work=self._name(self.distinct(Stand.TO_WORK_ON)),
            seen=most_often_seen(self),
            is_compared=any(one.wave_id == self.latest.wave_id for one in self.standings),
        )

    def _name(self, trait_id: str) -> str:
        return trait_name(self.instrument.trait(trait_id)) if trait_id else ""

    def _score(self, trait_id: str) -> float | None:
        expected = self.expected.get(trait_id)
        return None if expected is None else expected.score


def read_results(release: Reading, person_id: str, expectations: Expectations) -> Results | None:
    """Returns a PM's results, or None where no wave has any that the viewer may read."""
    shelf = front_shelf(shelves(release))
    if shelf is None:
        return None
    cells = release.cells(Scope.SUBJECT, person_id)
    waves = waves_with_cells(shelf.waves, cells, tuple(trait.trait_id for trait in shelf.instrument.traits))
    if not waves:
        return None
    return Results(
        person_id=person_id,
        shelf=shelf,
        numbers=Numbers(
            waves=waves,
            cells=cells,
            line=release.line(Scope.SUBJECT, person_id),
            changes=release.changes(Scope.SUBJECT, person_id),
        ),
        standings=release.standings(person_id),
        gaps=release.gaps(person_id),
        guesses=release.best_guesses(person_id),
        expected=expected_of(release, person_id, waves[-1], shelf.instrument, expectations),
    )


def expected_of(
    release: Reading, person_id: str, wave: ReleasedWave, instrument: Instrument, expectations: Expectations
) -> dict[str, Expected]:
    """Returns what is expected of a PM, by the level and stage they had in that wave."""
    if not expectations.entries:
        return {}
    found = {
        trait.trait_id: expectations.of(
            one.level, one.stage, trait.trait_id, instrument.scale(trait.scale_id)
        )
        for one in release.subjects()
        if (one.wave_id, one.subject_id) == (wave.wave_id, person_id)
        for trait in instrument.traits
    }
    return {trait_id: expected for trait_id, expected in found.items() if expected is not None}


def most_often_seen(results: Results) -> tuple[str, ...]:
    """Returns the behaviours that others saw most often in the latest wave; turned ones say nothing good."""
    items = [item for item in results.instrument.items if not (item.is_reverse or item.is_event)]
    found = [
        (item, results.others_cell(results.latest.wave_id, Measure.ITEM, item.item_id)) for item in items
    ]
    shown = [(cell.score, item) for item, cell in found if isinstance(cell, Released)]
    shown.sort(key=lambda pair: -pair[0])
    return tuple(said(item.text) for _, item in shown[:_SEEN_OFTEN])
