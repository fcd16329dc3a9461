"""How others experience you: the page of one PM, for that PM, or for whom they let read it."""

import streamlit as st

from dashboard.catalogue import FRONT_TRAITS, withdrawn_waves
from dashboard.directory import Directory
from dashboard.figures.dots import Sentence, draw_dots
from dashboard.figures.figure import Figure
from dashboard.figures.trend import draw_trend
from dashboard.own_results import Results, read_results
from dashboard.own_wording import first_wave_title, results_title, standout_words, whom_words
from dashboard.panel import TraitPanel, shown_estimates
from dashboard.reading import Reading
from dashboard.spoken import spoken
from dashboard.views import closer_look, empty, growth_plan, in_their_words
from dashboard.views.evidence import show_figure, show_note, show_table, viewer_theme
from dashboard.wording import change_note, counted, escape_markdown, listed, said, trait_name, why_hidden
from pipeline.release import Reason, Stand, Suppressed

OVERVIEW = "all"


def show(release: Reading, directory: Directory, person_id: str = "") -> None:
    """Draws the page of the viewer, or of another PM whose results they may open."""
    whose = person_id or release.viewer.person_id
    results = read_results(release, whose, directory.expectations)
    if results is None:
        empty.show_no_results(spoken().say("mine_nothing_title"))
        return
    look = choose_look(results)
    if look == OVERVIEW:
        show_overview(release, directory, results)
    else:
        closer_look.show(release, results, look)
    empty.show_withdrawn(withdrawn_waves(release))


def choose_look(results: Results) -> str:
    """Returns the trait chosen to look at closer, the four of the first row first; or the overview."""
    names = {one.trait_id: trait_name(one) for one in results.instrument.traits}
    names[OVERVIEW] = spoken().say("mine_overview")
    look: str = st.segmented_control(
        spoken().say("mine_look"),
        (OVERVIEW, *results.trait_ids),
        format_func=lambda trait_id: escape_markdown(names[trait_id]),
        default=OVERVIEW,
        required=True,
        key="trait",
        bind="query-params",
        label_visibility="collapsed",
    )
    return look or OVERVIEW


def show_overview(release: Reading, directory: Directory, results: Results) -> None:
    """Draws the finding, what came of the plan, the traits, what to do next, and the words of others."""
    panels = results.panels(FRONT_TRAITS)
    plan = directory.plan_of(release.viewer, results.person_id)
    show_headline(results, panels)
    growth_plan.show_outcome(results, plan)
    if any(panel.segments for panel in panels) and len(results.numbers.waves) > 1:
        figures = show_trends(release, panels)
        show_change(panels)
        show_expected(results)
        show_behind(results)
    else:
        figures = show_first_wave(release, results, panels)
    show_table(figures, "my-results")
    show_next(release, directory, results)
    in_their_words.show(release, results.person_id, results.numbers.waves)


def show_headline(results: Results, panels: tuple[TraitPanel, ...]) -> None:
    """Writes the finding, what it rests on, what stands out, and why anything is hidden."""
    shown = [estimate for _, estimate in shown_estimates(panels)]
    stand = results.standout()
    st.title(escape_markdown(results_title(shown, stand)), anchor=False)
    counts = counted([estimate.rater_count for estimate in shown])
    parts = (results.latest.period, counts, spoken().say("mine_others"))
    show_note(" · ".join(part for part in parts if part))
    if shown:
        st.write(escape_markdown(standout_words(stand)))
    show_reasons(results, panels)


def show_reasons(results: Results, panels: tuple[TraitPanel, ...]) -> None:
    """Says what would show others' numbers that are hidden, never how many there are; and what there is."""
    latest, is_any_shown = results.latest, bool(shown_estimates(panels))
    for reason in sorted({panel.latest.reason for panel in panels if isinstance(panel.latest, Suppressed)}):
        if reason is Reason.TOO_FEW_RATERS and not is_any_shown:
            st.write(spoken().say("mine_needed", k=latest.min_raters))
        else:
            st.write(
                escape_markdown(why_hidden(reason, min_raters=latest.min_raters, min_pms=latest.min_pms))
            )
    if not is_any_shown:
        st.write(spoken().say("mine_still"))


def show_change(panels: tuple[TraitPanel, ...]) -> None:
    """Writes what can be told about change."""
    shown = shown_estimates(panels)
    if shown:
        st.write(escape_markdown(change_note([panel.move for panel, _ in shown])))


def show_trends(release: Reading, panels: tuple[TraitPanel, ...]) -> tuple[Figure, ...]:
    """Draws one small figure per trait, all on the same axes; they stack on a phone."""
    figures = tuple(draw_trend(panel, viewer_theme()) for panel in panels)
    grid = st.grid(len(panels), min_column_width=250, gap="medium")
    for panel, figure in zip(panels, figures, strict=True):
        with grid.cell():
            show_figure(figure, f"trend-{panel.trait.trait_id}", release)
    return figures


def show_behind(results: Results) -> None:
    """Writes the traits right behind the four, each with its finding and the way to its own look."""
    panels = results.panels(results.trait_ids[len(FRONT_TRAITS) :])
    if not panels:
        return
    st.header(spoken().say("behind_title"), anchor=False)
    grid = st.grid(len(panels), min_column_width=300, gap="medium")
    for panel in panels:
        with grid.cell():
            figure = draw_trend(panel, viewer_theme())
            st.markdown(f"### {escape_markdown(figure.title)}")
            show_note(figure.subtitle)
            label = escape_markdown(spoken().say("behind_look", name=panel.name_within))
            st.button(
                label, key=f"look-{panel.trait.trait_id}", on_click=look_at, args=(panel.trait.trait_id,)
            )


def look_at(trait_id: str) -> None:
    """Opens the closer look at a trait."""
    st.session_state["trait"] = trait_id


def show_first_wave(release: Reading, results: Results, panels: tuple[TraitPanel, ...]) -> tuple[Figure, ...]:
    """Draws the first wave: each trait as a dot with its interval."""
    rows = [results.row(trait_id) for trait_id in results.trait_ids]
    shown = [estimate for _, estimate in shown_estimates(panels)]
    title = first_wave_title(results.latest.period, shown)
    figure = draw_dots(rows, Sentence(title=title, subtitle=""), viewer_theme())
    with st.container(width=720):
        show_figure(figure, "first-wave", release)
    show_change(panels)
    show_expected(results)
    return (figure,)


def show_expected(results: Results) -> None:
    """Says what the mark beside the scores is, and of whom that is expected."""
    whom = dict.fromkeys(whom_words(one) for one in results.expected.values())
    if whom:
        show_note(spoken().say("expected_mark", whom=listed(tuple(whom))))


def show_next(release: Reading, directory: Directory, results: Results) -> None:
    """Draws what helps to grow, and beside it the plan: to make for the PM, to read for whom it is shown."""
    helps, plan = st.columns(2, gap="large")
    with helps:
        show_growth(results)
    with plan:
        growth_plan.show(release, directory, results)


def show_growth(results: Results) -> None:
    """Offers what helps: in the one trait to work on, else one thing for each of the four."""
    work = results.distinct(Stand.TO_WORK_ON)
    if work:
        closer_look.show_growth(results.panels((work,))[0])
        return
    traits = [results.instrument.trait(trait_id) for trait_id in FRONT_TRAITS]
    offers = [(trait_name(one), said(one.grow[0])) for one in traits if one.grow]
    if not offers:
        return
    st.header(spoken().say("grow_title"), anchor=False)
    st.write(spoken().say("grow_lead"))
    lines = (
        spoken().say("grow_offer", name=escape_markdown(name), text=escape_markdown(text))
        for name, text in offers
    )
    st.markdown("\n".join(f"- {line}" for line in lines))
