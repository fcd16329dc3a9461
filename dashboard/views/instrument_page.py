"""The page of any instrument: its traits in one wave, by area, for a PM or a unit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.access import is_private, may_read
from dashboard.catalogue import FRONT_TRAITS, Shelf, front_shelf, shelves
from dashboard.figures.dots import Sentence, draw_dots
from dashboard.figures.figure import Figure
from dashboard.figures.trend import draw_trend
from dashboard.panel import Numbers, TraitPanel, shown_estimates, trait_panels, trait_row, waves_with_cells
from dashboard.reading import Reading
from dashboard.spoken import spoken
from dashboard.views import empty
from dashboard.views.evidence import show_drawing, show_figure, show_note, show_table, viewer_theme
from dashboard.wording import (
    Change,
    area_title,
    change_note,
    escape_markdown,
    instrument_title,
    said,
    trait_name,
    why_hidden,
)
from pipeline.release import Cell, Measure, Released, ReleasedWave, Scope, Stand, Suppressed
from survey.instrument import Instrument, SubjectKind, Trait

MYSELF = ""
"""How the viewer stands in a link that names whom the page is about."""

_MOST_IDEAS = 3
_MOST_NAMED = 4
"""Traits that are named in a sentence where nothing can be said of them."""


def show(release: Reading, instrument_id: str) -> None:
    """Draws the page of one instrument, for whom the viewer may look at."""
    shelf = next(shelf for shelf in shelves(release) if shelf.instrument.instrument_id == instrument_id)
    title = said(shelf.instrument.title)
    if not may_read(release.viewer, shelf.instrument):
        show_nothing(release, shelf, title)
        return
    controls = st.container(horizontal=True)
    with controls:
        about = choose_subject(release, shelf)
    if about is None:
        empty.show_no_unit()
        return
    show_numbers(release, shelf, about, controls)
    if about.scope is Scope.UNIT:
        own = {wave.wave_id for wave in shelf.waves}
        empty.show_waiting(tuple(wave for wave in release.waiting() if wave.wave_id in own))


def show_nothing(release: Reading, shelf: Shelf, title: str) -> None:
    """Says why there is nothing: it is the PM's alone, or about units that the viewer does not open."""
    if is_private(shelf.instrument):
        empty.show_private(title)
    elif release.viewer.is_pm:
        empty.show_no_results(title)
    else:
        empty.show_no_unit()


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whom the page is about: `name` is a unit's, or "" for the viewer themselves."""

    scope: Scope
    scope_id: str
    name: str


def choose_subject(release: Reading, shelf: Shelf) -> About | None:
    """Returns whom the page is about: the viewer, if they are a PM, or a unit in their scope."""
    options = subjects_of(release, shelf)
    if not options:
        return None
    if list(options) == [MYSELF]:
        return options[MYSELF]
    words = spoken()
    chosen = st.selectbox(
        words.say("instrument_about"),
        list(options),
        index=first_shown(release, shelf, options),
        format_func=lambda unit_id: unit_id or words.say("instrument_me"),
        key="unit",
        bind="query-params",
        width=320,
    )
    return options[chosen]


def subjects_of(release: Reading, shelf: Shelf) -> dict[str, About]:
    """Returns whom the page can be about, the viewer first."""
    is_about_units = shelf.instrument.subject_kind is SubjectKind.UNIT
    scope = Scope.SUBJECT if is_about_units else Scope.UNIT
    options: dict[str, About] = {}
    if release.viewer.is_pm and not is_about_units:
        options[MYSELF] = About(scope=Scope.SUBJECT, scope_id=release.viewer.person_id, name="")
    if not is_private(shelf.instrument):
        rated = {one.subject_id for one in release.subjects() if one.wave_id in wave_ids(shelf)}
        for unit in release.units_in_scope():
            if not is_about_units or unit.unit_id in rated:
                options[unit.unit_id] = About(scope=scope, scope_id=unit.unit_id, name=unit.name)
    return options


def wave_ids(shelf: Shelf) -> frozenset[str]:
    """Returns the ids of an instrument's waves."""
    return frozenset(wave.wave_id for wave in shelf.waves)


def first_shown(release: Reading, shelf: Shelf, options: Mapping[str, About]) -> int:
    """Returns the place of the first that has a number in the instrument's latest wave, else 0."""
    latest = shelf.waves[-1].wave_id
    for place, one in enumerate(options.values()):
        cells = release.cells(one.scope, one.scope_id)
        if any(isinstance(cell, Released) and cell.key.wave_id == latest for cell in cells):
            return place
    return 0


def show_numbers(release: Reading, shelf: Shelf, about: About, controls: DeltaGenerator) -> None:
    """Draws the traits of one wave, the latest at first; then how they moved, and what to try."""
    trait_ids = tuple(trait.trait_id for trait in shelf.instrument.traits)
    cells = release.cells(about.scope, about.scope_id)
    waves = waves_with_cells(shelf.waves, own_cells(shelf, cells), trait_ids)
    if not waves:
        empty.show_no_results(said(shelf.instrument.title))
        return
    with controls:
        wave = choose_wave(waves)
    in_wave = [cell for cell in cells if cell.key.wave_id == wave.wave_id]
    st.title(escape_markdown(instrument_title(about.name, wave.period, in_wave)))
    show_note(said(shelf.instrument.title))
    joined = show_joined(release, shelf, about, cells)
    figures = (*joined, *show_areas(release, shelf, wave, in_wave))
    show_reasons(wave, in_wave)
    if wave is waves[-1] and len(waves) > 1 and not joined:
        show_moves(panels_of(release, shelf.instrument, about, waves))
    if any(isinstance(cell, Released) for cell in in_wave):
        show_ideas(release, shelf, about, wave)
    show_table(figures, shelf.instrument.instrument_id)


def own_cells(shelf: Shelf, cells: Sequence[Cell]) -> list[Cell]:
    """Returns the cells of the instrument's own waves: others may ask the same traits."""
    return [cell for cell in cells if cell.key.wave_id in wave_ids(shelf)]


def show_joined(release: Reading, shelf: Shelf, about: About, cells: Sequence[Cell]) -> tuple[Figure, ...]:
    """Draws the four traits over all waves that ask them, where the instrument is the short form of another."""
    front = front_shelf(shelves(release))
    if front is None or not shelf.has_front or front.instrument == shelf.instrument:
        return ()
    panels = panels_of(release, front.instrument, about, waves_with_cells(front.waves, cells, FRONT_TRAITS))
    st.write(spoken().say("instrument_joined", title=escape_markdown(said(front.instrument.title))))
    figures = tuple(draw_trend(panel, viewer_theme()) for panel in panels)
    grid = st.grid(len(panels), min_column_width=250, gap="medium", vertical_alignment="bottom")
    for panel, figure in zip(panels, figures, strict=True):
        with grid.cell():
            show_figure(figure, f"joined-{panel.trait.trait_id}", release)
    show_moves(panels)
    return figures


def panels_of(
    release: Reading, instrument: Instrument, about: About, waves: Sequence[ReleasedWave]
) -> tuple[TraitPanel, ...]:
    """Returns the traits of an instrument over some waves; of the one of the first row, its four."""
    numbers = Numbers(
        waves=tuple(waves),
        cells=release.cells(about.scope, about.scope_id),
        line=release.line(about.scope, about.scope_id),
        changes=release.changes(about.scope, about.scope_id),
    )
    own = [trait.trait_id for trait in instrument.traits]
    is_front = set(FRONT_TRAITS) <= set(own)
    return trait_panels(instrument, FRONT_TRAITS if is_front else own, numbers)


def show_moves(panels: Sequence[TraitPanel]) -> None:
    """Writes what may be said of the change since earlier waves; of many traits, those without news are counted."""
    moves = [panel.move for panel, _ in shown_estimates(panels)]
    if len(moves) <= _MOST_NAMED:
        st.write(escape_markdown(change_note(moves)) if moves else "")
        return
    if all(move.change is Change.STEADY for move in moves):
        st.write(spoken().say("instrument_all_steady", all=len(moves)))
        return
    real = [move for move in moves if move.is_real]
    counts = Counter(move.change for move in moves if move.since)
    sentences = [
        escape_markdown(change_note(real)) if real else "",
        *(
            spoken().count(f"instrument_{change}", counts[change], all=len(moves))
            for change in (Change.STEADY, Change.CANNOT_TELL)
            if counts[change]
        ),
    ]
    st.write(" ".join(sentence for sentence in sentences if sentence))


def show_ideas(release: Reading, shelf: Shelf, about: About, wave: ReleasedWave) -> None:
    """Offers what to try: for the trait that stands out to work on, else one idea for each area."""
    traits = to_try(release, shelf.instrument, about, wave)
    if not traits:
        return
    words, whose = spoken(), "unit" if about.name else "mine"
    st.header(words.say(f"instrument_try_title_{whose}"))
    st.write(words.count(f"instrument_try_{whose}", len(traits)))
    lines = ((trait_name(trait), said(trait.grow[0])) for trait in traits)
    st.markdown("\n".join(f"- **{escape_markdown(name)}:** {escape_markdown(idea)}" for name, idea in lines))


def to_try(release: Reading, instrument: Instrument, about: About, wave: ReleasedWave) -> tuple[Trait, ...]:
    """Returns the traits to say an idea for; none has a place there for being low alone."""
    standings = release.standings(about.scope_id) if about.scope is Scope.SUBJECT else ()
    named = {
        one.trait_id
        for one in standings
        if (one.wave_id, one.stand, one.is_most_distinct) == (wave.wave_id, Stand.TO_WORK_ON, True)
    }
    with_ideas = [trait for trait in instrument.traits if trait.grow]
    firsts = {trait.area_id or trait.trait_id: trait for trait in reversed(with_ideas)}
    distinct = tuple(trait for trait in with_ideas if trait.trait_id in named)
    return distinct or tuple(reversed(firsts.values()))[:_MOST_IDEAS]


def show_reasons(wave: ReleasedWave, cells: Sequence[Cell]) -> None:
    """Writes why scores of the wave are hidden, each reason once."""
    traits = (cell for cell in cells if cell.key.measure is Measure.TRAIT)
    for reason in sorted({cell.reason for cell in traits if isinstance(cell, Suppressed)}):
        st.write(escape_markdown(why_hidden(reason, min_raters=wave.min_raters, min_pms=wave.min_pms)))


def choose_wave(waves: Sequence[ReleasedWave]) -> ReleasedWave:
    """Returns the wave chosen, the latest at first; offers nothing where there is one."""
    if len(waves) == 1:
        return waves[0]
    by_period = {wave.period: wave for wave in reversed(waves)}
    chosen = st.selectbox(
        spoken().say("instrument_wave"), list(by_period), key="wave", bind="query-params", width=160
    )
    return by_period[chosen]


def show_areas(
    release: Reading, shelf: Shelf, wave: ReleasedWave, cells: Sequence[Cell]
) -> tuple[Figure, ...]:
    """Draws one figure per area, or a single one where the instrument has no areas."""
    area_ids = tuple(dict.fromkeys(trait.area_id for trait in shelf.instrument.traits))
    figures = tuple(draw_area(shelf.instrument, area_id, wave, cells) for area_id in area_ids)
    if len(figures) == 1:
        with st.container(width=720):
            show_drawing(figures[0], "traits", release)
        return figures
    grid = st.grid(min(len(figures), 3), min_column_width=300, gap="large", vertical_alignment="bottom")
    for area_id, figure in zip(area_ids, figures, strict=True):
        with grid.cell():
            show_figure(figure, f"area-{area_id}", release)
    return figures


def draw_area(instrument: Instrument, area_id: str, wave: ReleasedWave, cells: Sequence[Cell]) -> Figure:
    """Returns the figure of the traits of one area."""
    traits = [trait.trait_id for trait in instrument.traits if trait.area_id == area_id]
    rows = [trait_row(instrument, trait_id, wave.wave_id, cells) for trait_id in traits]
    name = said(instrument.areas[area_id]) if area_id else said(instrument.title)
    asked = [row.others for row in rows if row.others is not None]
    title = area_title(name, [cell for cell in asked if isinstance(cell, Released)]) if asked else name
    return draw_dots(rows, Sentence(title=title, subtitle=""), viewer_theme())
