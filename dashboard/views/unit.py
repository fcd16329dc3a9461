"""How the PMs of a unit are experienced: over time, and beside the units below it."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from dashboard.catalogue import FRONT_TRAITS, Shelf, front_shelf, shelves, withdrawn_waves
from dashboard.figures.figure import Figure
from dashboard.figures.heat import HeatRow, draw_heat
from dashboard.figures.trend import draw_trend
from dashboard.panel import Numbers, TraitPanel, shown_estimates, trait_panels, waves_with_cells
from dashboard.reading import Reading
from dashboard.views import empty
from dashboard.views.evidence import show_drawing, show_figure, show_note, show_table, viewer_theme
from dashboard.wording import change_note, counted, escape_markdown, unit_title, units_title, why_hidden
from pipeline.release import Released, ReleasedUnit, ReleasedWave, Scope, Suppressed

OVER_TIME = "over-time"
SIDE_BY_SIDE = "side-by-side"
_LOOKS = {OVER_TIME: "Over time", SIDE_BY_SIDE: "Units side by side"}
_MANY_UNITS = 24
"""More rows than this are more than one screen: then only the units right below are shown."""


def show(release: Reading) -> None:
    """Draws the page."""
    units = release.units_in_scope()
    front = front_shelf(shelves(release))
    waiting = tuple(wave for wave in release.waiting() if front is not None and wave in front.waves)
    shelf = without_waiting(front, waiting)
    if not units:
        empty.show_no_unit()
        return
    if shelf is None:
        empty.show_no_results("No results on taste, honesty, clarity and focus yet")
        empty.show_waiting(waiting)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        unit = choose_unit(units)
        look = choose_look()
    if look == SIDE_BY_SIDE:
        show_side_by_side(release, shelf, unit, units)
    else:
        show_over_time(release, shelf, unit)
    empty.show_waiting(waiting)
    empty.show_withdrawn(withdrawn_waves(release))


def without_waiting(shelf: Shelf | None, waiting: Sequence[ReleasedWave]) -> Shelf | None:
    """Returns the shelf with the waves that pages of units show already; None if there is none."""
    if shelf is None:
        return None
    waves = tuple(wave for wave in shelf.waves if wave not in waiting)
    return replace(shelf, waves=waves) if waves else None


def choose_unit(units: Sequence[ReleasedUnit]) -> ReleasedUnit:
    """Returns the unit chosen, by name and place in the tree; the top one at first."""
    by_id = {unit.unit_id: unit for unit in units}
    chosen = st.selectbox("Unit", list(by_id), key="unit", bind="query-params", width=320)
    return by_id[chosen]


def choose_look() -> str:
    """Returns whether to look over time or side by side."""
    look: str = st.segmented_control(
        "Look at",
        tuple(_LOOKS),
        format_func=_LOOKS.__getitem__,
        default=OVER_TIME,
        required=True,
        key="view",
        bind="query-params",
        label_visibility="collapsed",
    )
    return look or OVER_TIME


def show_over_time(release: Reading, shelf: Shelf, unit: ReleasedUnit) -> None:
    """Draws the four traits of the first row for one unit."""
    cells = release.cells(Scope.UNIT, unit.unit_id)
    waves = waves_with_cells(shelf.waves, cells, FRONT_TRAITS)
    if not waves:
        empty.show_no_results(f"No results for {unit.name} yet")
        return
    numbers = Numbers(
        waves=waves,
        cells=cells,
        line=release.line(Scope.UNIT, unit.unit_id),
        changes=release.changes(Scope.UNIT, unit.unit_id),
    )
    panels = trait_panels(shelf.instrument, FRONT_TRAITS, numbers)
    show_headline(unit, panels, waves[-1])
    figures = show_trends(panels)
    if shown_estimates(panels):
        st.write(escape_markdown(change_note([panel.move for panel, _ in shown_estimates(panels)])))
    show_table(figures, "unit")


def show_headline(unit: ReleasedUnit, panels: Sequence[TraitPanel], latest: ReleasedWave) -> None:
    """Writes the finding, how many PMs and raters it rests on, and why anything is hidden."""
    shown = shown_estimates(panels)
    moves = [panel.move for panel, _ in shown]
    st.title(escape_markdown(unit_title(unit.name, [estimate for _, estimate in shown], moves)))
    show_note(
        " · ".join(part for part in (latest.period, pm_words(panels, latest), counted_words(panels)) if part)
    )
    for reason in sorted({panel.latest.reason for panel in panels if isinstance(panel.latest, Suppressed)}):
        st.write(escape_markdown(why_hidden(reason, min_raters=latest.min_raters, min_pms=latest.min_pms)))


def pm_words(panels: Sequence[TraitPanel], latest: ReleasedWave) -> str:
    """Returns how many PMs the latest numbers rest on."""
    cells = [panel.others.get(latest.wave_id) for panel in panels]
    counts = [cell.pm_count for cell in cells if isinstance(cell, Released)]
    return f"{max(counts)} PMs" if counts else ""


def counted_words(panels: Sequence[TraitPanel]) -> str:
    """Returns how many people the latest numbers rest on."""
    return counted([estimate.rater_count for _, estimate in shown_estimates(panels)])


def show_trends(panels: Sequence[TraitPanel]) -> tuple[Figure, ...]:
    """Draws one small figure per trait, all on the same axes; they stack on a phone."""
    figures = tuple(draw_trend(panel, viewer_theme()) for panel in panels)
    grid = st.grid(len(panels), min_column_width=250, gap="medium")
    for panel, figure in zip(panels, figures, strict=True):
        with grid.cell():
            show_figure(figure, f"trend-{panel.trait.trait_id}")
    return figures


def show_side_by_side(
    release: Reading, shelf: Shelf, unit: ReleasedUnit, units: Sequence[ReleasedUnit]
) -> None:
    """Draws the heat map of the unit and those below it in the latest wave."""
    wave = shelf.waves[-1]
    rows = heat_rows(release, wave, below(unit, units))
    traits = [shelf.instrument.trait(trait_id) for trait_id in FRONT_TRAITS]
    title = units_title(
        unit.name,
        wave.period,
        [cell for row in rows for cell in row.cells.values() if isinstance(cell, Released)],
    )
    st.title(escape_markdown(title))
    figure = draw_heat(rows, traits, shelf.instrument.scale(traits[0].scale_id), title, viewer_theme())
    with st.container(width=760):
        show_drawing(figure, "heat")
    if any(isinstance(cell, Suppressed) for row in rows for cell in row.cells.values()):
        st.write(
            f"A unit is shown when at least {wave.min_pms} PMs and {wave.min_raters} others stand behind it."
        )
    show_table((figure,), "units")


def below(unit: ReleasedUnit, units: Sequence[ReleasedUnit]) -> tuple[ReleasedUnit, ...]:
    """Returns the unit and those below it in the order of the tree; only the next level if they are many."""
    under = tuple(other for other in units if f"{other.unit_id}/".startswith(f"{unit.unit_id}/"))
    if len(under) <= _MANY_UNITS:
        return under
    return tuple(other for other in under if other is unit or other.parent_id == unit.unit_id)


def heat_rows(release: Reading, wave: ReleasedWave, units: Sequence[ReleasedUnit]) -> tuple[HeatRow, ...]:
    """Returns the cells of the first row of those units that one wave has PMs of."""
    cells = [cell for cell in release.unit_cells(wave.wave_id) if cell.key.measure_id in FRONT_TRAITS]
    top = units[0].unit_id.count("/")
    rows = (
        HeatRow(
            name=unit.name,
            depth=unit.unit_id.count("/") - top,
            cells={cell.key.measure_id: cell for cell in cells if cell.key.scope_id == unit.unit_id},
        )
        for unit in units
    )
    return tuple(row for row in rows if row.cells)
