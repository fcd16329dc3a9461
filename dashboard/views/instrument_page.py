"""The page of any instrument: its traits in one wave, by area, for a PM or a unit."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.access import Role, Viewer, may_read, units_in_scope
from dashboard.catalogue import Shelf, shelves
from dashboard.figures.dots import Sentence, draw_dots
from dashboard.figures.figure import Figure
from dashboard.panel import trait_row, waves_with_cells
from dashboard.views import empty
from dashboard.views.evidence import show_drawing, show_figure, show_note, show_table, viewer_theme
from dashboard.wording import area_title, escape_markdown, instrument_title, said, why_hidden
from pipeline.release import Cell, Release, Released, ReleasedWave, Scope, Suppressed
from survey.instrument import Instrument, SubjectKind


def show(release: Release, viewer: Viewer, instrument_id: str) -> None:
    """Draws the page of one instrument, for whom the viewer may look at."""
    shelf = next(shelf for shelf in shelves(release) if shelf.instrument.instrument_id == instrument_id)
    title = said(shelf.instrument.title)
    if viewer.role is not Role.PM and not may_read(viewer, shelf.instrument):
        empty.show_private(title)
        return
    controls = st.container(horizontal=True)
    with controls:
        about = choose_subject(release, viewer, shelf)
    if about is None:
        empty.show_no_unit() if viewer.role is not Role.PM else empty.show_no_results(title)
        return
    show_numbers(shelf, about, release.cells(about.scope, about.scope_id), controls)
    if about.scope is Scope.UNIT:
        own = {wave.wave_id for wave in shelf.waves}
        empty.show_waiting(tuple(wave for wave in release.waiting() if wave.wave_id in own))


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whom the page is about: `name` is a unit's, or "" for the viewer themselves."""

    scope: Scope
    scope_id: str
    name: str


def choose_subject(release: Release, viewer: Viewer, shelf: Shelf) -> About | None:
    """Returns whom the page is about: the PM themselves, or a unit in the viewer's scope."""
    is_unit_subject = shelf.instrument.subject_kind is SubjectKind.UNIT
    if viewer.role is Role.PM:
        return None if is_unit_subject else About(scope=Scope.SUBJECT, scope_id=viewer.person_id, name="")
    units = {unit.unit_id: unit for unit in units_in_scope(viewer, release.units())}
    if not units:
        return None
    chosen = st.selectbox("Unit", list(units), key="unit", bind="query-params", width=320)
    scope = Scope.SUBJECT if is_unit_subject else Scope.UNIT
    return About(scope=scope, scope_id=chosen, name=units[chosen].name)


def show_numbers(shelf: Shelf, about: About, cells: Sequence[Cell], controls: DeltaGenerator) -> None:
    """Draws the traits of one wave; the latest at first."""
    trait_ids = tuple(trait.trait_id for trait in shelf.instrument.traits)
    own_waves = {wave.wave_id for wave in shelf.waves}
    own_cells = [cell for cell in cells if cell.key.wave_id in own_waves]
    waves = waves_with_cells(shelf.waves, own_cells, trait_ids)
    if not waves:
        empty.show_no_results(said(shelf.instrument.title))
        return
    with controls:
        wave = choose_wave(waves)
    in_wave = [cell for cell in own_cells if cell.key.wave_id == wave.wave_id]
    st.title(escape_markdown(instrument_title(about.name, wave.period, in_wave)))
    show_note(said(shelf.instrument.title))
    figures = show_areas(shelf, wave, in_wave)
    show_reasons(wave, in_wave)
    show_table(figures, shelf.instrument.instrument_id)


def show_reasons(wave: ReleasedWave, cells: Sequence[Cell]) -> None:
    """Writes why numbers of the wave are hidden, each reason once."""
    for reason in sorted({cell.reason for cell in cells if isinstance(cell, Suppressed)}):
        st.write(escape_markdown(why_hidden(reason, min_raters=wave.min_raters, min_pms=wave.min_pms)))


def choose_wave(waves: Sequence[ReleasedWave]) -> ReleasedWave:
    """Returns the wave chosen, the latest at first; offers nothing where there is one."""
    if len(waves) == 1:
        return waves[0]
    by_period = {wave.period: wave for wave in reversed(waves)}
    chosen = st.selectbox("Wave", list(by_period), key="wave", bind="query-params", width=160)
    return by_period[chosen]


def show_areas(shelf: Shelf, wave: ReleasedWave, cells: Sequence[Cell]) -> tuple[Figure, ...]:
    """Draws one figure per area, or a single one where the instrument has no areas."""
    area_ids = tuple(dict.fromkeys(trait.area_id for trait in shelf.instrument.traits))
    figures = tuple(draw_area(shelf.instrument, area_id, wave, cells) for area_id in area_ids)
    if len(figures) == 1:
        with st.container(width=720):
            show_drawing(figures[0], "traits")
        return figures
    grid = st.grid(min(len(figures), 3), min_column_width=300, gap="large")
    for area_id, figure in zip(area_ids, figures, strict=True):
        with grid.cell():
            show_figure(figure, f"area-{area_id}")
    return figures


def draw_area(instrument: Instrument, area_id: str, wave: ReleasedWave, cells: Sequence[Cell]) -> Figure:
    """Returns the figure of the traits of one area."""
    traits = [trait.trait_id for trait in instrument.traits if trait.area_id == area_id]
    rows = [trait_row(instrument, trait_id, wave.wave_id, cells) for trait_id in traits]
    name = said(instrument.areas[area_id]) if area_id else said(instrument.title)
    asked = [row.others for row in rows if row.others is not None]
    title = area_title(name, [cell for cell in asked if isinstance(cell, Released)]) if asked else name
    return draw_dots(rows, Sentence(title=title, subtitle=""), viewer_theme())
