"""Pages that have nothing to show say why, and what would change it."""

import streamlit as st

from dashboard.views.evidence import show_note
from dashboard.wording import escape_markdown, waiting_words
from pipeline.release import ReleasedWave


def show_no_release() -> None:
    """Nothing was published yet."""
    st.title("Nothing is published yet")
    st.write(
        "Results appear here once a wave is closed and published, all at once, so that nobody sees them drip in."
    )
    st.write("If you run the surveys: take in the answers, then publish the wave.")
    st.code("pmhealth ingest FILE --wave WAVE\npmhealth publish --wave WAVE", language="bash")


def show_no_results(title: str) -> None:
    """The viewer has no number here."""
    st.title(escape_markdown(title))
    st.write(
        "There are no results of yours in this survey yet. They stand here once a wave that you are "
        "part of is published."
    )


def show_no_unit() -> None:
    """The viewer may open no unit."""
    st.title("There is no unit for you to open")
    st.write(
        "Results of units are for their leads, HR and executives. Your own results are under My results."
    )


def show_private(title: str) -> None:
    """An instrument that only its subject may read."""
    st.title(escape_markdown(title))
    st.write("Only the PM who answered can read this. There is nothing here for anyone else, by design.")


def show_waiting(waves: tuple[ReleasedWave, ...]) -> None:
    """Says from which day pages of units show which wave."""
    for wave in waves:
        show_note(escape_markdown(waiting_words(wave)))


def show_withdrawn(waves: tuple[ReleasedWave, ...]) -> None:
    """Says which waves were taken back, and why."""
    for wave in waves:
        show_note(
            f"{wave.period} ({wave.campaign}) was withdrawn and is not part of these numbers: {wave.reason}"
        )
