"""How others experience you: the page of one PM, for that PM."""

from dataclasses import dataclass

import streamlit as st

from dashboard.catalogue import FRONT_TRAITS, Shelf, front_shelf, shelves, withdrawn_waves
from dashboard.figures.dots import Sentence, draw_dots
from dashboard.figures.figure import Figure
from dashboard.figures.trend import draw_trend
from dashboard.panel import TraitPanel, shown_estimates, trait_panels, trait_row, waves_with_cells
from dashboard.reading import Reading
from dashboard.views import closer_look, empty, in_their_words
from dashboard.views.evidence import show_figure, show_note, show_table, viewer_theme
from dashboard.wording import (
    change_note,
    counted,
    escape_markdown,
    first_wave_title,
    gap_words,
    guess_words,
    level_words,
    results_title,
    said,
    trait_name,
    why_hidden,
)
from pipeline.release import (
    BestGuess,
    Cell,
    Group,
    LinePoint,
    Released,
    ReleasedChange,
    ReleasedGap,
    ReleasedStanding,
    ReleasedWave,
    Scope,
    Stand,
    Suppressed,
)

OVERVIEW = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything released about one PM on the instrument of the first row."""

    shelf: Shelf
    waves: tuple[ReleasedWave, ...]
    cells: tuple[Cell, ...]
    line: tuple[LinePoint, ...]
    changes: tuple[ReleasedChange, ...]
    standings: tuple[ReleasedStanding, ...]
    gaps: tuple[ReleasedGap, ...]
    guesses: tuple[BestGuess, ...]

    def panels(self, trait_ids: tuple[str, ...]) -> tuple[TraitPanel, ...]:
        return trait_panels(self.shelf.instrument, trait_ids, self.waves, self.cells, self.line, self.changes)

    def distinct(self, stand: Stand) -> str:
        """Returns the name of the one trait that the latest wave names so, or "" if it names none."""
        return next(
            (
                trait_name(self.shelf.instrument.trait(one.trait_id))
                for one in self.standings
                if (one.wave_id, one.stand, one.is_most_distinct) == (self.waves[-1].wave_id, stand, True)
            ),
            "",
        )


def read_results(release: Reading, person_id: str) -> Results | None:
    """Returns the PM's results, or None where no wave has any."""
    shelf = front_shelf(shelves(release))
    if shelf is None:
        return None
    cells = release.cells(Scope.SUBJECT, person_id)
    trait_ids = tuple(trait.trait_id for trait in shelf.instrument.traits)
    waves = waves_with_cells(shelf.waves, cells, trait_ids)
    if not waves:
        return None
    return Results(
        shelf=shelf,
        waves=waves,
        cells=cells,
        line=release.line(Scope.SUBJECT, person_id),
        changes=release.changes(Scope.SUBJECT, person_id),
        standings=release.standings(person_id),
        gaps=release.gaps(person_id),
        guesses=release.best_guesses(person_id),
    )


def show(release: Reading, person_id: str = "") -> None:
    """Draws the page of the viewer, or of another PM whose results they may open."""
    results = read_results(release, person_id or release.viewer.person_id)
    if results is None:
        empty.show_no_results("No results for you yet")
        return
    look = choose_look(results.shelf)
    if look == OVERVIEW:
        show_overview(results)
        in_their_words.show(release, person_id or release.viewer.person_id, results.waves)
    else:
        panel = results.panels((look,))[0]
        closer_look.show(panel, results.shelf.instrument, results.cells, beside_score(results, panel))
    empty.show_withdrawn(withdrawn_waves(release))


def choose_look(shelf: Shelf) -> str:
    """Returns the trait chosen to look at closer, the four of the first row first; or the overview."""
    behind = tuple(trait.trait_id for trait in shelf.instrument.traits if trait.trait_id not in FRONT_TRAITS)
    names = {trait.trait_id: trait_name(trait) for trait in shelf.instrument.traits} | {OVERVIEW: "Overview"}
    look: str = st.segmented_control(
        "Look at",
        (OVERVIEW, *FRONT_TRAITS, *behind),
        format_func=lambda trait_id: escape_markdown(names[trait_id]),
        default=OVERVIEW,
        required=True,
        key="trait",
        bind="query-params",
        label_visibility="collapsed",
    )
    return look or OVERVIEW


def show_overview(results: Results) -> None:
    """Draws the four traits of the first row, over time where there is a line."""
    panels = results.panels(FRONT_TRAITS)
    show_headline(results, panels)
    if any(panel.has_trend for panel in panels):
        figures = show_trends(panels)
        show_change(panels)
        show_growth(panels)
    else:
        figures = show_first_wave(results, panels)
    show_table(figures, "my-results")


def show_change(panels: tuple[TraitPanel, ...]) -> None:
    """Writes what can be told about change."""
    shown = shown_estimates(panels)
    if shown:
        st.write(escape_markdown(change_note([panel.move for panel, _ in shown])))


def show_headline(results: Results, panels: tuple[TraitPanel, ...]) -> None:
    """Writes the finding, what it rests on, and why anything is hidden."""
    shown = shown_estimates(panels)
    moves = [panel.move for panel, _ in shown]
    latest = results.waves[-1]
    st.title(escape_markdown(results_title([estimate for _, estimate in shown], moves)))
    counts = counted([estimate.rater_count for _, estimate in shown])
    show_note(
        " · ".join(
            part
            for part in (latest.period, counts, "others: everyone asked but you and your manager")
            if part
        )
    )
    lead = level_words(
        [estimate for _, estimate in shown],
        results.distinct(Stand.STRENGTH),
        results.distinct(Stand.TO_WORK_ON),
        most_often_seen(results),
        is_compared=any(one.wave_id == latest.wave_id for one in results.standings),
    )
    if lead:
        st.write(escape_markdown(lead))
    for reason in sorted({panel.latest.reason for panel in panels if isinstance(panel.latest, Suppressed)}):
        st.write(escape_markdown(why_hidden(reason, min_raters=latest.min_raters, min_pms=latest.min_pms)))


def most_often_seen(results: Results) -> tuple[str, ...]:
    """Returns the two behaviours that others saw most often in the latest wave; turned ones say nothing good."""
    items = {
        item.item_id: item
        for item in results.shelf.instrument.items
        if not (item.is_reverse or item.is_event)
    }
    found = [
        cell
        for cell in results.cells
        if isinstance(cell, Released)
        and (cell.key.wave_id, cell.key.group) == (results.waves[-1].wave_id, Group.OTHERS)
        and cell.key.measure_id in items
    ]
    found.sort(key=lambda cell: -cell.score)
    return tuple(said(items[cell.key.measure_id].text) for cell in found[:2])


def beside_score(results: Results, panel: TraitPanel) -> tuple[str, ...]:
    """Returns what stands beside a trait's score: the best guess, and how the PM's own view differs."""
    if not isinstance(panel.others.get(results.waves[-1].wave_id), Released):
        return ()
    key = panel.trait.trait_id, results.waves[-1].wave_id
    guesses = (guess_words(one.score) for one in results.guesses if (one.trait_id, one.wave_id) == key)
    gaps = (
        gap_words(panel.name, one.sight, one.points)
        for one in results.gaps
        if (one.trait_id, one.wave_id) == key
    )
    return tuple(words for words in (*guesses, *gaps) if words)


def show_trends(panels: tuple[TraitPanel, ...]) -> tuple[Figure, ...]:
    """Draws one small figure per trait, all on the same axes; they stack on a phone."""
    figures = tuple(draw_trend(panel, viewer_theme()) for panel in panels)
    grid = st.grid(len(panels), min_column_width=250, gap="medium")
    for panel, figure in zip(panels, figures, strict=True):
        with grid.cell():
            show_figure(figure, f"trend-{panel.trait.trait_id}")
    return figures


def show_first_wave(results: Results, panels: tuple[TraitPanel, ...]) -> tuple[Figure, ...]:
    """Draws the first wave: each trait as a dot with its interval; beside it, what to do with it."""
    wave = results.waves[-1]
    rows = [
        trait_row(results.shelf.instrument, trait_id, wave.wave_id, results.cells)
        for trait_id in FRONT_TRAITS
    ]
    title = first_wave_title(wave.period, [estimate for _, estimate in shown_estimates(panels)])
    figure = draw_dots(rows, Sentence(title=title, subtitle=""), viewer_theme())
    drawing, beside = st.columns((3, 2), gap="large")
    with drawing:
        show_figure(figure, "first-wave")
        show_change(panels)
    with beside:
        show_growth(panels)
    return (figure,)


def show_growth(panels: tuple[TraitPanel, ...]) -> None:
    """Offers one thing to try per trait."""
    offers = [(panel.name, said(panel.trait.grow[0])) for panel in panels if panel.trait.grow]
    if not offers:
        return
    st.header("What to try next")
    st.write("Pick one, and tell somebody you work with that you are trying it.")
    st.markdown("\n".join(f"- **{escape_markdown(name)}:** {escape_markdown(text)}" for name, text in offers))
