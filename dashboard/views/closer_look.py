"""One trait from near: its line, the behaviours behind it, and what helps to grow in it."""

from collections.abc import Sequence

import streamlit as st

from dashboard.figures.dots import Sentence, draw_dots
from dashboard.figures.figure import Figure
from dashboard.figures.trend import draw_trend
from dashboard.panel import Row, TraitPanel, item_row
from dashboard.views.evidence import show_drawing, show_figure, show_note, show_table, viewer_theme
from dashboard.wording import change_note, escape_markdown, event_words, item_text, said, trait_title
from pipeline.release import Cell, Group, Measure
from survey.instrument import Instrument


def show(
    panel: TraitPanel, instrument: Instrument, cells: Sequence[Cell], beside_score: Sequence[str]
) -> None:
    """Draws the page of one trait; `beside_score` are sentences about its latest score."""
    wave_id = panel.waves[-1].wave_id
    st.title(escape_markdown(trait_title(panel.name, panel.latest, panel.moved, panel.since)))
    if beside_score:
        show_note(" ".join(beside_score))
    evidence, beside = st.columns((3, 2), gap="large")
    with evidence:
        figures = (*show_line(panel), *show_items(panel, instrument, wave_id, cells))
        show_events(panel, instrument, wave_id, cells)
    with beside:
        show_growth(panel)
    if figures:
        show_table(figures, panel.trait.trait_id)


def show_line(panel: TraitPanel) -> tuple[Figure, ...]:
    """Draws the trait over time, where there is more than one wave."""
    if not panel.has_trend:
        return ()
    figure = draw_trend(panel, viewer_theme())
    show_drawing(figure, "line")
    st.write(escape_markdown(change_note([panel.move])))
    return (figure,)


def show_items(
    panel: TraitPanel, instrument: Instrument, wave_id: str, cells: Sequence[Cell]
) -> tuple[Figure, ...]:
    """Draws what others saw, behaviour by behaviour."""
    items = instrument.scaled_items(panel.trait.trait_id)
    rows = [item_row(instrument, item, item_text(item), wave_id, cells) for item in items]
    rows = [row for row in rows if has_any(row)]
    if not rows:
        return ()
    title = f"{panel.name}, behaviour by behaviour"
    figure = draw_dots(rows, Sentence(title=title, subtitle=""), viewer_theme())
    show_figure(figure, "items")
    return (figure,)


def has_any(row: Row) -> bool:
    """True if anybody was asked."""
    return any(cell is not None for cell in (row.others, row.self_rating, row.manager_rating))


def show_events(panel: TraitPanel, instrument: Instrument, wave_id: str, cells: Sequence[Cell]) -> None:
    """Writes what happened or did not: events are counted apart from the score."""
    asked = {item.item_id: item for item in instrument.items if item.is_event}
    for cell in cells:
        item = asked.get(cell.key.measure_id)
        is_ours = (cell.key.wave_id, cell.key.measure, cell.key.group) == (
            wave_id,
            Measure.EVENT,
            Group.OTHERS,
        )
        if item is not None and is_ours and item.trait_id == panel.trait.trait_id:
            st.write(escape_markdown(f"{item_text(item)} {event_words(cell)}"))


def show_growth(panel: TraitPanel) -> None:
    """Writes what helps to grow in the trait, and where the idea of it comes from."""
    if not panel.trait.grow:
        return
    st.header(f"What helps to grow in {escape_markdown(panel.name.lower())}")
    st.markdown("\n".join(f"- {escape_markdown(said(text))}" for text in panel.trait.grow))
    if panel.trait.provenance:
        show_note(panel.trait.provenance)
