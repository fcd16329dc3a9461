"""One wave on HR's desk: what comes next first, then everything else that may be done or looked at."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboard.desk import Desk
from dashboard.desk_wave import DeskWave, Known, NextStep, next_step
from dashboard.views import hr_after, hr_before, hr_during, hr_policy
from dashboard.views.evidence import show_note
from dashboard.views.hr_at_wave import AtWave
from dashboard.wording import escape_markdown
from survey.assignment import NominationState
from survey.campaign import WaveState
from survey.collection import Collection
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
        st.title(escape_markdown(one.wave_id), width="content")
        show_state(one, words)
    show_note(window_words(one, words))
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
        is_taken_in=bool(taken_in),
    )


def show_state(one: DeskWave, words: Wording) -> None:
    """Draws the state of a wave as a word in its colour."""
    st.badge(words.say(f"hr_state_{one.state}"), color=_COLOURS[one.state])  # type: ignore[arg-type]


def window_words(one: DeskWave, words: Wording) -> str:
    """Returns when a wave takes answers, or that another tool collects it."""
    plan = one.collection
    if plan is None:
        return words.say("hr_wave_external")
    key = {WaveState.DRAFT: "hr_wave_planned", WaveState.OPEN: "hr_wave_until"}.get(one.state, "hr_wave_was")
    return words.say(key, opens=words.day(plan.opens_on), closes=words.day(plan.closes_on))


def ask_days(plan: Collection | None, words: Wording) -> Mapping[str, Any]:
    """Draws the first and the last day of a wave, and returns them; what is left empty is not given."""
    with st.container(horizontal=True):
        opens_on = _ask_day("opens_on", plan.opens_on if plan else None, words)
        closes_on = _ask_day("closes_on", plan.closes_on if plan else None, words)
    days = {"opens_on": opens_on, "closes_on": closes_on}
    return {name: day.isoformat() for name, day in days.items() if day is not None}


def _ask_day(name: str, day: date | None, words: Wording) -> date | None:
    return st.date_input(
        words.say(f"hr_plan_{name}"),
        value=day,
        format="YYYY-MM-DD",
        help=words.say(f"hr_plan_{name}_help"),
        key=f"plan-{name}",
    )


def ask_words(plan: Collection | None, words: Wording) -> Mapping[str, Any]:
    """Draws who asks and where answers to mails go, and returns what was given."""
    asked_by = st.text_input(
        words.say("hr_plan_asked_by"),
        value=plan.asked_by if plan else "",
        help=words.say("hr_plan_asked_by_help"),
        key="plan-asked-by",
    )
    reply_to = st.text_input(
        words.say("hr_plan_reply_to"),
        value=plan.reply_to if plan else "",
        help=words.say("hr_plan_reply_to_help"),
        key="plan-reply-to",
    )
    is_repeated = st.checkbox(
        words.say("hr_plan_repeat"), value=bool(plan and plan.is_repeated), key="plan-repeat"
    )
    said = {"asked_by": asked_by.strip(), "reply_to": reply_to.strip()}
    return {name: text for name, text in said.items() if text} | {"is_repeated": is_repeated}
