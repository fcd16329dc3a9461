"""An open wave: how many have answered, who is to be reminded, the mails, and closing it."""

import streamlit as st

from dashboard.desk_wave import NextStep
from dashboard.views.evidence import show_note
from dashboard.views.hr_action import Action, show_action
from dashboard.views.hr_at_wave import AtWave
from dashboard.views.hr_tables import show_rows
from survey.errors import HealthError
from survey.job_kind import JobKind
from survey.progress import Progress
from survey.register_jobs import JobState
from survey.register_mail import MailState


def show(at: AtWave, step: NextStep) -> None:
    """Draws what may be done while a wave takes answers."""
    show_progress(at)
    st.header(at.words.say("hr_mails_title"))
    show_mails(at)
    show_inviting(at, is_first=step is NextStep.INVITE)
    show_action(at, Action(kind=JobKind.REMIND, name="remind", is_final=True))
    show_action(at, Action(kind=JobKind.TRY, name="try"))
    st.header(at.words.say("hr_close_title"))
    show_closing(at, is_first=step is NextStep.CLOSE)


def show_inviting(at: AtWave, *, is_first: bool) -> None:
    """Draws the button that sends the invitations, with how many there are."""
    count = at.desk.to_invite(at.one)
    told = at.words.count("hr_invite_count", count) if count else at.words.say("hr_invite_nobody")
    is_open = count > 0
    invite = Action(
        kind=JobKind.INVITE, name="invite", says=[told], is_final=is_open, is_first=is_first, is_ready=is_open
    )
    show_action(at, invite)


def show_progress(at: AtWave) -> None:
    """Draws how many were asked and how many have answered, and on wish who is missing."""
    words, found = at.words, at.desk.progress(at.one)
    st.header(words.say("hr_progress_title"))
    st.write(_told(at, found.total))
    if found.total.invited:
        st.progress(found.total.at_least / found.total.invited)
    with st.expander(words.say("hr_progress_table"), key="progress"):
        for key, rows in (("hr_progress_unit", found.units), ("hr_progress_group", found.groups)):
            header = (key, "hr_progress_asked", "hr_progress_answered")
            cells = [(_name(at, one.name), str(one.invited), _at_least(at, one)) for one in rows]
            if cells:
                show_rows(words, header, cells, key)
        show_note(words.say("hr_progress_steps"))
    show_missing(at)


def _told(at: AtWave, total: Progress) -> str:
    key = "hr_progress" if total.at_least else "hr_progress_few"
    return at.words.say(key, at_least=total.at_least, invited=total.invited)


def _name(at: AtWave, name: str) -> str:
    return (
        at.words.texts.get(f"group_{name}") or at.words.texts.get(f"hr_row_{name.replace(' ', '_')}") or name
    )


def _at_least(at: AtWave, one: Progress) -> str:
    return at.words.say("hr_progress_at_least", count=one.at_least) if one.at_least else "–"


def show_missing(at: AtWave) -> None:
    """Names who has not answered, once HR asks for it; each look is written down."""
    words = at.words
    with st.expander(words.say("hr_missing_title"), key="missing"):
        st.write(words.say("hr_missing_says"))
        if not st.button(words.say("hr_missing_button"), key="show-missing"):
            return
        try:
            people = at.desk.missing(at.wave_id)
        except HealthError:
            st.write(words.say("hr_missing_over"))
            return
        if not people:
            st.write(words.say("hr_missing_nobody"))
            return
        rows = [(one.name, one.org_unit, one.email) for one in people]
        header = ("hr_column_name", "hr_column_unit", "hr_column_mail")
        show_rows(words, header, rows, "hr_missing_title")


def show_mails(at: AtWave) -> None:
    """Draws how many mails went out, and how many did not arrive at the server."""
    sent = {kind: count for (kind, state), count in at.known.mails.items() if state is MailState.SENT}
    failed = sum(count for (_, state), count in at.known.mails.items() if state is MailState.FAILED)
    if not sent and not failed:
        st.write(at.words.say("hr_mails_none"))
        return
    told = [at.words.say(f"hr_mails_{kind}", count=count) for kind, count in sorted(sent.items())]
    st.write(" · ".join(told))
    if failed:
        st.warning(at.words.count("hr_mails_failed", failed))


def show_closing(at: AtWave, *, is_first: bool) -> None:
    """Draws the trial of closing, and closing itself once the trial said what it comes to."""
    trial = {"is_trial": True}
    show_action(at, Action(kind=JobKind.CLOSE, name="close_try", payload=trial))
    tried = at.desk.last_job(JobKind.CLOSE, {"wave_id": at.wave_id, **trial})
    if tried is None or tried.state is not JobState.DONE:
        return
    show_action(
        at,
        Action(
            kind=JobKind.CLOSE, name="close", payload={"is_trial": False}, is_final=True, is_first=is_first
        ),
    )
