"""Links between our pages: in the same tab, in the same language, and in a demo as the same persona."""

from urllib.parse import urlencode

import streamlit as st

from dashboard.wording import escape_markdown

VIEWER_PARAMETER = "as"
"""Query parameter of a demo's link that names the persona."""

LANGUAGE_PARAMETER = "lang"
"""Query parameter of the language, where it is not the browser's."""

PERSONA_STATE = "viewer"
"""Under this a demo keeps who one looks as; signed in, nobody is kept there."""


def link_here(path: str, label: str, **query: str) -> str:
    """Returns a link that opens in this tab; Streamlit's own open another. Needs `unsafe_allow_html`."""
    asked = {**query, **carried()}
    address = f"{path}?{urlencode(asked)}" if asked else path
    return f'<a href="{address}" target="_self">{escape_markdown(label)}</a>'


def carried() -> dict[str, str]:
    """Returns what every link of ours carries on: a demo's persona, and a language that is not the browser's."""
    kept = {
        VIEWER_PARAMETER: st.session_state.get(PERSONA_STATE),
        LANGUAGE_PARAMETER: st.query_params.get(LANGUAGE_PARAMETER),
    }
    return {name: value for name, value in kept.items() if value}


def show_link(path: str, label: str, **query: str) -> None:
    """Writes a link to a page of ours on a line of its own."""
    st.markdown(link_here(path, label, **query), unsafe_allow_html=True)
