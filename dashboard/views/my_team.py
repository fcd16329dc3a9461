"""What a lead's team shows together, what to talk about, and whose page was shared: never one beside another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.catalogue import FRONT_TRAITS, front_shelf, shelves, withdrawn_waves
from dashboard.coaching import Idea, Occasion, ideas
from dashboard.directory import Directory
from dashboard.figures.figure import Figure
from dashboard.figures.trend import draw_trend
from dashboard.panel import Numbers, TraitPanel, shown_estimates, trait_panels, waves_with_cells
from dashboard.reading import Reading
from dashboard.spoken import spoken
from dashboard.views import empty
from dashboard.views.evidence import show_figure, show_note, show_rows, show_table, viewer_theme
from dashboard.views.links import link_here
from dashboard.wording import change_note, escape_markdown, said, share, unit_title, why_hidden
from pipeline.release import Cell, Group, Measure, Released, ReleasedUnit, ReleasedWave, Scope, Suppressed

SHARED_PATH = "/shared"


def show(release: Reading, directory: Directory) -> None:
    """Draws the page for the units the viewer leads."""
    units = led_units(release)
    shelf = front_shelf(shelves(release))
    if not units or shelf is None:
        empty.show_no_unit()
        show_shared(release)
        return
    unit = choose_unit(units)
    cells = release.trait_cells(unit.unit_id)
    waves = waves_with_cells(shelf.waves, cells, FRONT_TRAITS)
    if waves:
        numbers = Numbers(
            waves=waves,
            cells=cells,
            line=release.line(Scope.UNIT, unit.unit_id),
            changes=release.changes(Scope.UNIT, unit.unit_id),
        )
        panels = trait_panels(shelf.instrument, FRONT_TRAITS, numbers)
        show_team(release, unit, panels)
        show_participation(release, directory, unit, Behind(waves=waves, cells=cells))
    else:
        st.title(escape_markdown(spoken().say("team_nothing_title", unit=unit.name)))
        st.write(spoken().say("team_nothing"))
    show_shared(release)
    empty.show_waiting(tuple(wave for wave in release.waiting() if wave in shelf.waves))
    empty.show_withdrawn(withdrawn_waves(release))


def led_units(release: Reading) -> tuple[ReleasedUnit, ...]:
    """Returns the units the viewer leads and those below, whatever else a further role opens."""
    led = tuple(f"{unit_id}/" for unit_id in release.viewer.unit_ids)
    return tuple(unit for unit in release.units_in_scope() if f"{unit.unit_id}/".startswith(led))


def choose_unit(units: Sequence[ReleasedUnit]) -> ReleasedUnit:
    """Returns the unit chosen, the top one at first; offers nothing where there is one."""
    by_id = {unit.unit_id: unit for unit in units}
    if len(units) == 1:
        return units[0]
    label = spoken().say("team_choose")
    return by_id[st.selectbox(label, list(by_id), key="team", bind="query-params", width=320)]


def show_team(release: Reading, unit: ReleasedUnit, panels: Sequence[TraitPanel]) -> None:
    """Writes the finding, then draws the four traits over time, then what to talk about."""
    shown = shown_estimates(panels)
    moves = [panel.move for panel, _ in shown]
    st.title(escape_markdown(unit_title(unit.name, [estimate for _, estimate in shown], moves)))
    show_reasons(panels)
    figures = show_trends(release, panels)
    if shown:
        st.write(escape_markdown(change_note(moves)))
        show_ideas(ideas(panels, release.strengths(unit.unit_id, panels[0].waves[-1].wave_id)))
    show_table(figures, "my-team")


def show_reasons(panels: Sequence[TraitPanel]) -> None:
    """Writes why numbers of the latest wave are hidden, each reason once."""
    wave = panels[0].waves[-1]
    for reason in sorted({panel.latest.reason for panel in panels if isinstance(panel.latest, Suppressed)}):
        st.write(escape_markdown(why_hidden(reason, min_raters=wave.min_raters, min_pms=wave.min_pms)))


def show_trends(release: Reading, panels: Sequence[TraitPanel]) -> tuple[Figure, ...]:
    """Draws one small figure per trait, all on the same axes; they stack on a phone."""
    figures = tuple(draw_trend(panel, viewer_theme()) for panel in panels)
    grid = st.grid(len(panels), min_column_width=250, gap="medium", vertical_alignment="bottom")
    for panel, figure in zip(panels, figures, strict=True):
        with grid.cell():
            show_figure(figure, f"team-{panel.trait.trait_id}", release)
    return figures


def show_ideas(found: Sequence[Idea]) -> None:
    """Writes what to talk about with the team: one idea each, and how to begin."""
    if not found:
        return
    words = spoken()
    st.header(words.say("coach_title"))
    st.write(words.say("coach_lead_open" if found[0].occasion is Occasion.OPEN else "coach_lead"))
    for idea in found:
        name = escape_markdown(idea.name)
        st.markdown(
            f"### {words.say(f'coach_{idea.occasion}', name=name, since=escape_markdown(idea.since))}"
        )
        st.markdown(words.say(f"coach_{idea.occasion}_try", idea=escape_markdown(said(idea.grow))))
    show_note(words.say("coach_note"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What the numbers of a unit rest on: its waves and its cells."""

    waves: Sequence[ReleasedWave]
    cells: Sequence[Cell]


def show_participation(release: Reading, directory: Directory, unit: ReleasedUnit, behind: Behind) -> None:
    """Writes, wave by wave, how many PMs and answers the unit's numbers rest on; as the numbers say it, no finer."""
    words = spoken()
    st.header(words.say("part_title"))
    today = directory.organisation().pm_count(unit.unit_id)
    st.write(words.count("part_today", today, unit=escape_markdown(unit.name)))
    shares = response_shares(release, unit)
    columns = ("part_wave", "part_pms", "part_answers", *(("part_share",) if shares else ()))
    rows = [participation(wave, behind.cells, shares) for wave in reversed(behind.waves)]
    with st.container(width="content"):
        show_rows(columns, rows, "part_title")
    latest = behind.waves[-1]
    show_note(words.say("part_note", s=latest.min_pms, k=latest.min_raters))


def response_shares(release: Reading, unit: ReleasedUnit) -> Mapping[str, float]:
    """Returns the least share of those asked about the unit's PMs that answered, for the waves that have one."""
    return {one.wave_id: one.response_share for one in release.nonresponse(unit.unit_id)}


def participation(wave: ReleasedWave, cells: Sequence[Cell], shares: Mapping[str, float]) -> tuple[str, ...]:
    """Returns a row: the wave, its PMs and answers, and where any wave has a response share, its own."""
    told = spoken().say("part_at_least", share=share(shares[wave.wave_id])) if wave.wave_id in shares else "–"
    return (wave.period, *counts(wave, cells), *((told,) if shares else ()))


def counts(wave: ReleasedWave, cells: Sequence[Cell]) -> tuple[str, str]:
    """Returns how many PMs and answers the shown trait scores of a wave rest on at most, or that none is shown."""
    shown = [
        cell
        for cell in cells
        if isinstance(cell, Released)
        and (cell.key.wave_id, cell.key.group, cell.key.measure)
        == (wave.wave_id, Group.OTHERS, Measure.TRAIT)
    ]
    if not shown:
        return (spoken().say("part_hidden"),) * 2
    return str(max(cell.pm_count for cell in shown)), str(max(cell.rater_count for cell in shown))


def show_shared(release: Reading) -> None:
    """Writes whose page the viewer may open, by name; each opens alone."""
    words, people = spoken(), release.open_people()
    st.header(words.say("team_shared_title"))
    if not people:
        st.write(words.say("shared_nobody"))
        return
    st.write(words.say("team_shared"))
    lines = (link_here(SHARED_PATH, name, pm=person_id) for person_id, name in people.items())
    st.markdown("\n".join(f"- {line}" for line in lines), unsafe_allow_html=True)
