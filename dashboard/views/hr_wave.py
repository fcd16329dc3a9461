"""One wave on HR's desk: what comes next first, then everything else that may be done or looked at."""

import streamlit as st

from dashboard.desk import Desk
from dashboard.desk_wave import DeskWave, Known, NextStep, next_step
from dashboard.views import hr_after, hr_before, hr_during, hr_policy
from dashboard.views.evidence import show_note
from dashboard.views.hr_at_wave import AtWave
from dashboard.wording import escape_markdown
from survey.assignment import NominationState
from survey.campaign import WaveState
from survey.job_kind import JobKind
from survey.language import Wording
from survey.register_jobs import JobState

_COLOURS = {
    WaveState.DRAFT: "gray",
    WaveState.OPEN: "blue",
    WaveState.CLOSED: "orange",
    WaveState.PUBLISHED: "green",
    WaveState.WITHDRAWN: "red",
}


def show(desk: Desk, one: DeskWave, words: Wording) -> None:
    """Draws the wave."""
    at = AtWave(desk=desk, one=one, words=words, known=known_of(desk, one))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(escape_markdown(title_words(desk, one, words)), width="content")
        show_state(one, words)
    show_note(f"{window_words(one, words)} · {one.wave_id}")
    step = next_step(one, at.known, desk.today)
    st.markdown(f"**{words.say('hr_next')}** {words.say(f'hr_next_{step}')}")
    if one.reason:
        st.write(words.say("hr_wave_reason", reason=escape_markdown(one.reason)))
    show_actions(at, step)
    hr_policy.show(at)


def show_actions(at: AtWave, step: NextStep) -> None:
    """Draws what may be done with a wave in its state."""
    match at.one.state:
        case WaveState.DRAFT:
            hr_before.show(at, step)
        case WaveState.OPEN if not at.one.is_external:
            hr_during.show(at, step)
        case _:
            hr_after.show(at, step)


def known_of(desk: Desk, one: DeskWave) -> Known:
    """Returns what decides about a wave's next step."""
    of_wave = {"wave_id": one.wave_id}
    nominations = desk.nominations(one.wave_id) if one.state is WaveState.DRAFT else ()
    looked = desk.last_job(JobKind.PREVIEW, of_wave)
    taken_in = [
        job
        for job in desk.jobs(JobKind.INGEST, of_wave)
        if job.state is JobState.DONE and not job.payload.get("is_trial")
    ]
    return Known(
        has_nominations=any(each.state is NominationState.APPROVED for each in nominations),
        is_previewed=looked is not None and looked.state is JobState.DONE,
        mails=desk.mails(one.wave_id),
        is_taken_in=bool(taken_in) or one.is_external,  # its first file opened it
    )


def show_state(one: DeskWave, words: Wording) -> None:
    """Draws the state of a wave as a word in its colour."""
    st.badge(words.say(f"hr_state_{one.state}"), color=_COLOURS[one.state])  # type: ignore[arg-type]


def title_words(desk: Desk, one: DeskWave, words: Wording) -> str:
    """Returns what is asked and for when: what a wave goes by on a page."""
    title = desk.title(one)
    named = title.get(words.language) or title.get("en") or one.instrument_id
    return words.say("hr_wave_title", title=named, period=one.period)


def window_words(one: DeskWave, words: Wording) -> str:
    """Returns when a wave takes answers, or that another tool collects it."""
    plan = one.collection
    if plan is None:
        return words.say("hr_wave_external")
    key = {WaveState.DRAFT: "hr_wave_planned", WaveState.OPEN: "hr_wave_until"}.get(one.state, "hr_wave_was")
    return words.say(key, opens=words.day(plan.opens_on), closes=words.day(plan.closes_on))
