"""In which language a page is drawn, and the choice of it on every page.

What was chosen on this page counts first, then a link, then what the person chose before, then the browser.
"""

from collections.abc import Callable

import streamlit as st

from dashboard.views.links import LANGUAGE_PARAMETER
from survey.language import MEASURE, Wording, languages, wording

LANGUAGE_STATE = "language"
Keep = Callable[[str], None]


def wanted_wording(kept: str = "") -> Wording:
    """Returns the words to speak with; a link to this page carries the language where the browser wants another.

    Args:
        kept: the code of the language that the viewer chose before, or "".
    """
    wishes = (
        st.session_state.get(LANGUAGE_STATE),
        st.query_params.get(LANGUAGE_PARAMETER),
        kept,
        browsers_language(),
    )
    language = next(code for code in (*wishes, MEASURE) if code in languages())
    st.session_state[LANGUAGE_STATE] = language
    if language != browsers_language():
        st.query_params[LANGUAGE_PARAMETER] = language
    else:
        st.query_params.pop(LANGUAGE_PARAMETER, None)
    return wording(language)


def browsers_language() -> str:
    """Returns the language that the visitor's browser asks for first, or the one for everybody else."""
    code = (st.context.locale or "").partition("-")[0].lower()
    return code if code in languages() else MEASURE


def keep_nothing(_: str) -> None:
    """Keeps no choice: in a demo the persona is everybody's, and the link carries the language."""


def choose_language(words: Wording, keep: Keep = keep_nothing) -> None:
    """Offers every language by its own name; the choice is kept before the page is drawn anew."""
    st.segmented_control(
        words.say("languages_label"),
        languages(),
        format_func=lambda code: wording(code).say("language"),
        key=LANGUAGE_STATE,
        required=True,
        label_visibility="collapsed",
        on_change=lambda: keep(st.session_state[LANGUAGE_STATE]),
    )
