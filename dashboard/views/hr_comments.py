"""The words that passed the gate: HR reads them and may hold one back with a reason; nobody can edit one."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.desk import Wish
from dashboard.views.evidence import show_note
from dashboard.views.hr_action import Action, show_action
from dashboard.views.hr_at_wave import AtWave
from dashboard.views.hr_job import ask_button, show_job
from survey.job_kind import JobKind


def show(at: AtWave) -> None:
    """Draws the button that fetches the words, and the words while they are there."""
    st.header(at.words.say("hr_comments_title"))
    show_action(at, Action(kind=JobKind.LIST_COMMENTS, name="list_comments"))
    listed = at.desk.last_job(JobKind.LIST_COMMENTS, {"wave_id": at.wave_id})
    if listed is None or not listed.has_ended or listed.result is None:
        return
    rows = at.desk.enclosure(listed)
    if rows is None:
        st.write(at.words.say("hr_comments_gone"))
        return
    names = at.names
    for row in rows:
        show_comment(at, row, names)
    if rows:
        show_note(at.words.say("hr_comments_counts_from"))


def show_comment(at: AtWave, row: Mapping[str, Any], names: Mapping[str, str]) -> None:
    """Draws one comment as text, and the way to hold it back or to let it be shown again."""
    number, subject_id = int(row["comment_no"]), str(row["subject_id"])
    with st.container(border=True):
        show_note(at.words.say("hr_comment_about", name=names.get(subject_id, subject_id)))
        st.text(str(row["words"]))
        kind, payload = holding(at, number, is_held=bool(row["is_held"]))
        ask_button(
            at.desk,
            Wish(kind=kind, payload=payload),
            at.words.say(f"hr_do_{kind}"),
            key=f"{kind}-{number}",
            is_first=False,
            is_ready=kind is JobKind.RELEASE_COMMENT or bool(payload["reason"]),
        )
        last = at.desk.last_job(kind, {"wave_id": at.wave_id, "comment_no": number})
        show_job(at.desk, last, at.words, lambda _: show_note(at.words.say(f"hr_{kind}_done")))


def holding(at: AtWave, number: int, *, is_held: bool) -> tuple[JobKind, dict[str, Any]]:
    """Returns what may be asked about a comment; holding it back needs a reason."""
    payload: dict[str, Any] = {"wave_id": at.wave_id, "comment_no": number}
    if is_held:
        show_note(at.words.say("hr_comment_held"))
        return JobKind.RELEASE_COMMENT, payload
    reason = st.text_input(at.words.say("hr_comment_reason"), key=f"reason-{number}", max_chars=500)
    return JobKind.HOLD_COMMENT, payload | {"reason": reason.strip()}
