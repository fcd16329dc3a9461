"""Which stage fits me: the page of the PM who answered, and of nobody else, whatever they share."""

from collections.abc import Iterator

import streamlit as st

from dashboard.catalogue import Shelf, shelves
from dashboard.figures.stages import draw_stages
from dashboard.fit import INSTRUMENT, Fit, fit_title, read_fit, today_words
from dashboard.reading import Reading
from dashboard.spoken import spoken
from dashboard.views import empty, in_their_words
from dashboard.views.evidence import show_drawing, show_note, show_table, viewer_theme
from dashboard.wording import escape_markdown, said
from pipeline.release import Scope
from survey.instrument import Trait


def show(release: Reading) -> None:
    """Draws the viewer's own answers; there is no way to anybody else's."""
    shelf = next(shelf for shelf in shelves(release) if shelf.instrument.instrument_id == INSTRUMENT)
    cells = release.cells(Scope.SUBJECT, release.viewer.person_id)
    fit = read_fit(cells, [wave.wave_id for wave in shelf.waves])
    if fit is None:
        empty.show_no_results(said(shelf.instrument.title))
        return
    st.title(escape_markdown(fit_title(fit)), anchor=False)
    show_note(spoken().say("fit_note", period=fit.wave_id.rpartition("/")[2]))
    st.write(escape_markdown(today_words(fit)))
    show_answers(release, shelf, fit)
    in_their_words.show_own(release, release.viewer.person_id, shelf.waves)


def show_answers(release: Reading, shelf: Shelf, fit: Fit) -> None:
    """Draws the stages, and beside them what to try next."""
    instrument = shelf.instrument
    drawing, beside = st.columns((3, 2), gap="large")
    with drawing:
        scale = instrument.scale(instrument.traits[0].scale_id)
        figure = draw_stages(fit, scale, viewer_theme())
        show_drawing(figure, "stages", release)
    with beside:
        show_ideas([text for trait in next_traits(shelf, fit) for text in map(said, trait.grow)])
    show_table((figure,), INSTRUMENT)


def next_traits(shelf: Shelf, fit: Fit) -> Iterator[Trait]:
    """Yields the traits that say what to try: about the gap where there is one, else about what one enjoys."""
    fits = {*fit.where} & {*fit.liked}
    wanted = {f"enjoy_{stage}" for stage in fits} if fits else {"stage_today"}
    return (trait for trait in shelf.instrument.traits if trait.trait_id in wanted)


def show_ideas(texts: list[str]) -> None:
    """Writes what helps, as the instrument says it."""
    if texts:
        st.header(spoken().say("fit_next"), anchor=False)
        st.markdown("\n".join(f"- {escape_markdown(text)}" for text in texts))
