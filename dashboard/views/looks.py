"""Who looked at the viewer's page: every entry of the audit about them, in words."""

from collections.abc import Sequence

import streamlit as st

from dashboard.access import Viewer
from dashboard.directory import Directory
from dashboard.views.evidence import show_note
from dashboard.wording import escape_markdown
from survey.audit import LOOK, AuditLine
from survey.language import Wording

SAID = {
    LOOK: "looks_look",
    "share.begin": "looks_share",
    "share.end": "looks_share_end",
    "plan.show": "looks_plan",
    "plan.hide": "looks_plan_end",
    "session.begin": "looks_session",
    "session.end": "looks_session_end",
    "session.revoke": "looks_session_revoke",
}
"""The key of the words for each action that is about a person."""

OPERATORS = ("cli", "serve")
"""What stands in an entry in the place of a person: the program, run by an operator."""

_MOST = 200


def show(directory: Directory, viewer: Viewer, words: Wording) -> None:
    """Draws the page."""
    lines = directory.entries_about(viewer.person_id)
    looked = [line for line in lines if line.entry.action == LOOK]
    st.title(finding(directory, looked, words))
    st.write(words.say("looks_lead"))
    if lines:
        show_entries(directory, viewer, lines[:_MOST], words)
    show_note(words.say("looks_proof"))


def finding(directory: Directory, looked: Sequence[AuditLine], words: Wording) -> str:
    """Returns the headline: nobody, one person by name, or how many."""
    people = sorted({line.entry.done_by for line in looked})
    match len(people):
        case 0:
            return words.say("looks_nobody_title")
        case 1:
            return words.say("looks_one_title", name=escape_markdown(name_of(directory, people[0], words)))
        case count:
            return words.say("looks_many_title", count=count)


def show_entries(directory: Directory, viewer: Viewer, lines: Sequence[AuditLine], words: Wording) -> None:
    """Draws the entries as a table, the latest first."""
    rows = [(when(line), said(directory, viewer, line, words)) for line in lines if line.entry.action in SAID]
    st.table(
        {
            words.say("looks_when"): [moment for moment, _ in rows],
            words.say("looks_what"): [escape_markdown(text) for _, text in rows],
        },
        border="horizontal",
        hide_index=True,
        alt=words.say("looks_table"),
    )


def said(directory: Directory, viewer: Viewer, line: AuditLine, words: Wording) -> str:
    """Returns what an entry says, with names in the place of ids."""
    entry = line.entry
    other = (
        entry.detail.removeprefix("viewer ")
        if entry.action.startswith(("share.", "plan."))
        else entry.done_by
    )
    name = words.say("looks_you") if other == viewer.person_id else name_of(directory, other, words)
    return words.say(SAID[entry.action], name=name)


def when(line: AuditLine) -> str:
    """Returns the moment of an entry, in the one time zone that is the same for everybody."""
    return f"{line.entry.done_at:%Y-%m-%d %H:%M} UTC"


def name_of(directory: Directory, person_id: str, words: Wording) -> str:
    """Returns a person's name today, or what else there is to say of who did something."""
    if person_id in OPERATORS:
        return words.say("looks_operator")
    person = directory.organisation().person(person_id)
    return words.say("looks_somebody", id=person_id) if person is None else person.name
