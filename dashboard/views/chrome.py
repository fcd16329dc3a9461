"""What stands on every page: as whom one looks, or who is signed in and how to leave."""

from collections.abc import Sequence

import streamlit as st

from dashboard.access import Viewer
from dashboard.personas import Persona
from dashboard.views.evidence import show_note
from dashboard.views.languages import Keep, choose_language
from dashboard.views.links import PERSONA_STATE, VIEWER_PARAMETER, link_here, show_link
from dashboard.wording import escape_markdown
from survey.language import Wording


def choose_persona(found: Sequence[Persona], words: Wording) -> Persona:
    """Returns the persona chosen on this page, from the link at first; kept in the link."""
    by_id = {persona.persona_id: persona for persona in found}
    if st.session_state.get(PERSONA_STATE) not in by_id:
        linked = st.query_params.get(VIEWER_PARAMETER, "")
        st.session_state[PERSONA_STATE] = linked if linked in by_id else next(iter(by_id))
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        with st.container(width="stretch"):
            show_note(words.say("demo_notice"))
        chosen = st.selectbox(
            words.say("demo_look_as"),
            list(by_id),
            format_func=lambda persona_id: by_id[persona_id].label,
            key=PERSONA_STATE,
            label_visibility="collapsed",
            width=320,
        )
        choose_language(words)
    st.query_params[VIEWER_PARAMETER] = chosen
    return by_id[chosen]


def show_signed_in(viewer: Viewer, words: Wording, keep: Keep) -> None:
    """Writes who is signed in, with the languages and the way out; the page behind it asks before it signs out."""
    with st.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"
    ):
        name = escape_markdown(viewer.name)
        choose_language(words, keep)
        st.markdown(f":small[{name}]", width="content")
        st.markdown(
            link_here("/sign-out", words.say("sign_out_button")), unsafe_allow_html=True, width="content"
        )


def show_signed_out(words: Wording) -> None:
    """The session is over: it ran out, was revoked, or its person is not in the roster today."""
    st.title(words.say("session_over_title"))
    st.write(words.say("session_over"))
    show_link("/sign-in", words.say("sign_in_again"))


def show_no_demo(words: Wording) -> None:
    """Without sign-in nothing is shown but what `pmhealth demo` made up."""
    st.title(words.say("no_demo_title"))
    st.write(words.say("no_demo"))
