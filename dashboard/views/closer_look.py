"""One trait from near: its line, the behaviours behind it, and what helps to grow in it."""

import streamlit as st

from dashboard.figures.dots import Sentence, draw_dots
from dashboard.figures.figure import Figure
from dashboard.figures.trend import draw_trend
from dashboard.own_results import Results
from dashboard.own_wording import expected_words, gap_words, guess_words
from dashboard.panel import Row, TraitPanel, item_row
from dashboard.reading import Reading
from dashboard.spoken import spoken
from dashboard.views.evidence import show_drawing, show_figure, show_note, show_table, viewer_theme
from dashboard.wording import change_note, escape_markdown, event_words, item_text, said, trait_title
from pipeline.release import Group, Measure, Released


def show(release: Reading, results: Results, trait_id: str) -> None:
    """Draws the page of one trait."""
    panel = results.panels((trait_id,))[0]
    st.title(escape_markdown(trait_title(panel.name, panel.latest, panel.moved, panel.since)), anchor=False)
    show_beside(results, panel)
    evidence, beside = st.columns((3, 2), gap="large")
    with evidence:
        figures = (*show_line(release, panel), *show_items(release, results, panel))
        show_events(results, panel)
    with beside:
        show_growth(panel)
        if panel.trait.provenance:
            show_note(panel.trait.provenance)
    if figures:
        show_table(figures, panel.trait.trait_id)


def show_beside(results: Results, panel: TraitPanel) -> None:
    """Writes what stands beside the score: what is expected, the best guess, how the PM's own view differs."""
    sentences = beside_score(results, panel)
    if sentences:
        show_note(" ".join(sentences))


def beside_score(results: Results, panel: TraitPanel) -> tuple[str, ...]:
    """Returns those sentences; without a score of others only what is expected can be said."""
    expected = results.expected.get(panel.trait.trait_id)
    others = panel.others.get(results.latest.wave_id)
    first = () if expected is None else (expected_words(expected, panel.latest),)
    if not isinstance(others, Released):
        return first
    key = panel.trait.trait_id, results.latest.wave_id
    guesses = (guess_words(one.score) for one in results.guesses if (one.trait_id, one.wave_id) == key)
    gaps = (
        gap_words(panel.name_within, one.sight, one.points)
        for one in results.gaps
        if (one.trait_id, one.wave_id) == key
    )
    return tuple(words for words in (*first, *guesses, *gaps) if words)


def show_line(release: Reading, panel: TraitPanel) -> tuple[Figure, ...]:
    """Draws the trait over time, where there is more than one wave."""
    if not panel.segments or len(panel.waves) == 1:
        return ()
    figure = draw_trend(panel, viewer_theme())
    show_drawing(figure, "line", release)
    if panel.has_trend:
        st.write(escape_markdown(change_note([panel.move])))
    return (figure,)


def show_items(release: Reading, results: Results, panel: TraitPanel) -> tuple[Figure, ...]:
    """Draws what others saw, behaviour by behaviour."""
    items = results.instrument.scaled_items(panel.trait.trait_id)
    wave_id, cells = results.latest.wave_id, results.numbers.cells
    rows = [item_row(results.instrument, item, item_text(item), wave_id, cells) for item in items]
    rows = [row for row in rows if has_any(row)]
    if not rows:
        return ()
    title = spoken().say("items_title", name=panel.name)
    figure = draw_dots(rows, Sentence(title=title, subtitle=""), viewer_theme())
    show_figure(figure, "items", release)
    return (figure,)


def has_any(row: Row) -> bool:
    """True if anybody was asked."""
    return any(cell is not None for cell in (row.others, row.self_rating, row.manager_rating))


def show_events(results: Results, panel: TraitPanel) -> None:
    """Writes what happened or did not: events are counted apart from the score."""
    asked = {item.item_id: item for item in results.instrument.items if item.is_event}
    wanted = (results.latest.wave_id, Measure.EVENT, Group.OTHERS)
    for cell in results.numbers.cells:
        item = asked.get(cell.key.measure_id)
        is_ours = (cell.key.wave_id, cell.key.measure, cell.key.group) == wanted
        if item is not None and is_ours and item.trait_id == panel.trait.trait_id:
            st.write(escape_markdown(f"{item_text(item)} {event_words(cell)}"))


def show_growth(panel: TraitPanel) -> None:
    """Writes what helps to grow in the trait."""
    if not panel.trait.grow:
        return
    st.header(escape_markdown(spoken().say("grow_trait", name=panel.name_within)), anchor=False)
    st.markdown("\n".join(f"- {escape_markdown(said(text))}" for text in panel.trait.grow))
