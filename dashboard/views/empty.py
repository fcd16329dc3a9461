"""Pages that have nothing to show say why, and what would change it."""

import logging

import streamlit as st

from dashboard.spoken import spoken
from dashboard.views.evidence import show_note
from dashboard.wording import escape_markdown, waiting_words
from pipeline.release import ReleasedWave

_log = logging.getLogger("pmhealth.pages")


def show_no_release() -> None:
    """Nothing was published yet."""
    words = spoken()
    st.title(words.say("empty_release_title"))
    st.write(words.say("empty_release"))
    st.write(words.say("empty_release_how"))
    st.code("pmhealth ingest FILE --wave WAVE\npmhealth publish --wave WAVE", language=None)


def show_no_results(title: str) -> None:
    """The viewer has no number here."""
    st.title(escape_markdown(title))
    st.write(spoken().say("empty_results"))


def show_no_unit() -> None:
    """The viewer may open no unit."""
    st.title(spoken().say("empty_unit_title"))
    st.write(spoken().say("empty_unit"))


def show_private(title: str) -> None:
    """An instrument that only its subject may read."""
    st.title(escape_markdown(title))
    st.write(spoken().say("empty_private"))


def show_failure(error: Exception) -> bool:
    """Something broke: the page says so kindly. The log says where, never what was in it, since that may be a name.

    Returns:
        True, so that Streamlit does not draw it once more.
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
    _log.error("a page failed with %s in %s", type(error).__name__, place)
    st.header(spoken().say("failure_title"))
    st.write(spoken().say("failure"))
    return True


def show_waiting(waves: tuple[ReleasedWave, ...]) -> None:
    """Says from which day pages of units show which wave."""
    for wave in waves:
        show_note(waiting_words(wave))


def show_withdrawn(waves: tuple[ReleasedWave, ...]) -> None:
    """Says which waves were taken back, and why."""
    for wave in waves:
        named = {"period": wave.period, "campaign": wave.campaign, "reason": wave.reason}
        show_note(spoken().say("withdrawn_wave", **named))
