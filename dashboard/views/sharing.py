"""Whom a PM lets open their results: what holds, and a button that changes it."""

import streamlit as st

from dashboard.access import Viewer
from dashboard.directory import Directory, Lead
from dashboard.views.evidence import show_note
from dashboard.wording import escape_markdown
from survey.language import Wording


def show(directory: Directory, viewer: Viewer, words: Wording) -> None:
    """Draws who can open this page, and the button to share it or take it back."""
    lead = directory.lead_of(viewer.person_id)
    st.header(words.say("share_title"))
    if lead is None:
        st.write(words.say("share_nobody"))
        return
    shown = {"name": escape_markdown(lead.name)}
    if lead.share is None:
        st.write(words.say("share_not", **shown))
        label = words.say("share_button", name=lead.name)
        st.button(label, key="share", on_click=directory.share_with_lead, args=(viewer.person_id,))
    else:
        st.write(words.say("share_held", day=words.day(lead.share.shared_at.date()), **shown))
        st.button(
            words.say("share_take_back"),
            key="take-back",
            on_click=directory.take_back,
            args=(viewer.person_id, lead.person_id),
        )
    show_policy(lead, words)


def show_policy(lead: Lead, words: Wording) -> None:
    """Says what the lead may open without a share, and that nobody else may open anything."""
    if lead.results_from is not None and lead.share is None:
        st.write(words.say("share_policy", name=escape_markdown(lead.name), day=words.day(lead.results_from)))
    show_note(words.say("share_nobody_else"))
