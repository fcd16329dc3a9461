"""HR's waves: what is under way and what comes next in it, planning another one, and those that are over."""

from collections.abc import Sequence

import streamlit as st

from dashboard.desk import Desk, Wish
from dashboard.desk_wave import DeskWave, NextStep, next_step
from dashboard.views import hr_wave
from dashboard.views.evidence import show_note
from dashboard.views.hr_job import of_one_moment, show_job
from dashboard.views.hr_plan import ask_days, ask_words
from dashboard.wording import escape_markdown, said
from survey.campaign import WaveState
from survey.collection import quarter_of
from survey.job_kind import JobKind
from survey.language import Wording

WAVE = "wave"
"""The query parameter that names the wave looked at."""

_OVER = frozenset({WaveState.PUBLISHED, WaveState.WITHDRAWN})


def show(desk: Desk, words: Wording) -> None:
    """Draws one wave where the link names it, else all of them."""
    with of_one_moment(desk):
        wave_id = st.query_params.get(WAVE, "")
        one = desk.wave(wave_id) if wave_id else None
        if one is None:
            show_all(desk, words)
            return
        st.button(words.say("hr_waves_back"), key="back", type="tertiary", on_click=leave)
        hr_wave.show(desk, one, words)


def leave() -> None:
    """Goes back to all waves."""
    st.query_params.pop(WAVE, None)


def open_wave(wave_id: str) -> None:
    """Goes to one wave; its id stands in the link."""
    st.query_params[WAVE] = wave_id


def show_all(desk: Desk, words: Wording) -> None:
    """Draws what is under way, the plan of another wave, and what is over."""
    waves = desk.waves()
    running = [one for one in waves if one.state not in _OVER]
    st.title(finding(desk, waves, running, words))
    st.write(words.say("hr_waves_lead" if waves else "hr_waves_empty"))
    for one in running:
        show_card(desk, one, words)
    show_plan(desk, words, is_open=not running)
    show_over(desk, [one for one in waves if one.state in _OVER], words)


def finding(desk: Desk, waves: Sequence[DeskWave], running: Sequence[DeskWave], words: Wording) -> str:
    """Returns the headline: how many waves wait for HR today."""
    waiting = [one for one in running if step_of(desk, one) is not NextStep.WAIT]
    if not waves:
        return words.say("hr_waves_title_none")
    if not waiting:
        return words.say("hr_waves_title_quiet")
    return words.count("hr_waves_title", len(waiting))


def step_of(desk: Desk, one: DeskWave) -> NextStep:
    """Returns what comes next in a wave."""
    return next_step(one, hr_wave.known_of(desk, one), desk.today)


def show_card(desk: Desk, one: DeskWave, words: Wording) -> None:
    """Draws a wave under way: what it is, how far, what comes next."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"### {escape_markdown(hr_wave.title_words(desk, one, words))}", width="stretch")
            hr_wave.show_state(one, words)
        show_note(f"{hr_wave.window_words(one, words)} · {one.wave_id}")
        st.markdown(f"**{words.say('hr_next')}** {words.say(f'hr_next_{step_of(desk, one)}')}")
        st.button(
            words.say("hr_waves_open"), key=f"open-{one.wave_id}", on_click=open_wave, args=(one.wave_id,)
        )


def show_plan(desk: Desk, words: Wording, *, is_open: bool) -> None:
    """Draws the form that plans a wave."""
    with st.expander(words.say("hr_plan_title"), expanded=is_open, key="plan"):
        st.write(words.say("hr_plan_lead"))
        titles = {one.instrument_id: said(one.title) for one in desk.instruments()}
        with st.form("plan-form", border=False):
            instrument_id = st.selectbox(
                words.say("hr_plan_instrument"), list(titles), format_func=titles.__getitem__, key="plan-what"
            )
            period = st.text_input(
                words.say("hr_plan_period"),
                value=quarter_of(desk.today).name,
                help=words.say("hr_plan_period_help"),
                key="plan-period",
            )
            days = ask_days(None, words)
            asked = ask_words(None, words)
            is_sent = st.form_submit_button(f"**{words.say('hr_plan_button')}**")
        if is_sent:
            given = {"instrument_id": instrument_id, **days, **asked}
            planned = {"wave_id": f"{instrument_id}/{period.strip()}", **given}
            job = desk.ask(Wish(kind=JobKind.CREATE, payload=planned))
            st.session_state["planned"] = job.job_id
        job_id = st.session_state.get("planned")
        show_job(
            desk,
            desk.job(job_id) if job_id else None,
            words,
            lambda _: st.success(words.say("hr_plan_done")),
        )


def show_over(desk: Desk, waves: Sequence[DeskWave], words: Wording) -> None:
    """Draws the waves that were published, each with the way to it."""
    if not waves:
        return
    st.header(words.say("hr_waves_over"))
    with st.container(gap="xsmall"):
        for one in waves:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.button(
                    escape_markdown(hr_wave.title_words(desk, one, words)),
                    key=f"open-{one.wave_id}",
                    type="tertiary",
                    on_click=open_wave,
                    args=(one.wave_id,),
                )
                if one.state is WaveState.WITHDRAWN:
                    hr_wave.show_state(one, words)
