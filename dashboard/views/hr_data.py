"""HR's data: an export of another survey tool, from the file to the release, one step after the other."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.desk import Desk, Wish
from dashboard.views import hr_mapping, hr_proof
from dashboard.views.evidence import show_note
from dashboard.views.hr_file_results import show_ingest
from dashboard.views.hr_job import ask_button, of_one_moment, show_job
from dashboard.views.hr_results import show_result
from dashboard.views.hr_upload import show_upload, uploaded_file
from dashboard.wording import said
from survey.campaign import WaveState, parse_period
from survey.collection import quarter_of
from survey.errors import WaveError
from survey.job_kind import JobKind
from survey.language import Wording
from survey.register_jobs import Job, JobState

WAVE = "wave"
_NEW = ""


def show(desk: Desk, words: Wording) -> None:
    """Draws the steps up to the first that is not done."""
    with of_one_moment(desk):
        show_steps(desk, words)
        show_past(desk, words)


def show_steps(desk: Desk, words: Wording) -> None:
    """Draws a file's way, up to the first step that is not done."""
    st.title(words.say("hr_data_title"))
    st.write(words.say("hr_data_lead"))
    wave_id, instrument_id = choose_wave(desk, words)
    file = uploaded_file()
    st.header(words.say("hr_data_step_file"))
    if wave_id:
        st.write(words.say("hr_data_has_file" if file else "hr_data_file"))
        show_upload(words, back="/data", key="hr_upload_other" if file else "hr_upload", wave=wave_id)
    taken = desk.last_job(JobKind.INGEST, {"wave_id": wave_id, "file": file, "is_trial": False})
    if wave_id and file and taken is not None and _is_done(taken):
        show_taken_in(desk, wave_id, taken, words)
    elif wave_id and file:
        about = {"wave_id": wave_id, "instrument_id": instrument_id, "file": file}
        mapped = hr_mapping.show(desk, about, words)
        if mapped is not None:
            show_trial(desk, {**about, **mapped}, words)


def choose_wave(desk: Desk, words: Wording) -> tuple[str, str]:
    """Returns the id of the wave that the file belongs to and its instrument; "" while it is not named."""
    st.header(words.say("hr_data_step_wave"))
    known = {one.wave_id: one for one in desk.waves() if one.is_external and one.state is WaveState.OPEN}
    linked = st.query_params.get(WAVE, "")
    options = [_NEW, *known] if linked in known or not linked else [linked, _NEW, *known]
    st.session_state.setdefault("data-wave", linked if linked in options else _NEW)
    chosen = st.selectbox(
        words.say("hr_data_wave"),
        options,
        format_func=lambda one: one or words.say("hr_data_wave_new"),
        key="data-wave",
    )
    if chosen in known:
        return chosen, known[chosen].instrument_id
    return (chosen, chosen.partition("/")[0]) if chosen else plan_new(desk, words)


def plan_new(desk: Desk, words: Wording) -> tuple[str, str]:
    """Returns the wave that the first file is to open: what was asked, and when."""
    titles = {one.instrument_id: said(one.title) for one in desk.instruments()}
    with st.container(horizontal=True):
        instrument_id = st.selectbox(
            words.say("hr_plan_instrument"), list(titles), format_func=titles.__getitem__, key="data-what"
        )
        period = st.text_input(
            words.say("hr_plan_period"), value=quarter_of(desk.today).name, key="data-period"
        ).strip()
    try:
        parse_period(period)
    except WaveError:
        st.error(words.say("hr_plan_period_wrong"))
        return "", instrument_id
    show_note(words.say("hr_data_opens"))
    return f"{instrument_id}/{period}", instrument_id


def show_trial(desk: Desk, about: Mapping[str, Any], words: Wording) -> None:
    """Draws the trial of taking the file in, and taking it in once the trial said what that comes to."""
    st.header(words.say("hr_data_step_check"))
    st.write(words.say("hr_data_check"))
    trial = Wish(kind=JobKind.INGEST, payload={**about, "is_trial": True})
    ask_button(desk, trial, words.say("hr_data_check_button"), key="data-try")
    tried = desk.last_job(trial.kind, trial.payload)
    show_job(desk, tried, words, lambda result: show_ingest(words, result))
    if not _is_done(tried):
        return
    st.header(words.say("hr_data_step_take_in"))
    st.write(words.say("hr_data_take_in"))
    taking = Wish(kind=JobKind.INGEST, payload={**about, "is_trial": False})
    is_sure = st.checkbox(words.say("hr_data_sure"), key="sure-data-take-in")
    ask_button(desk, taking, words.say("hr_data_take_in_button"), key="data-take-in", is_ready=is_sure)
    taken = desk.last_job(taking.kind, taking.payload)
    show_job(desk, taken, words, lambda result: show_ingest(words, result))


def show_taken_in(desk: Desk, wave_id: str, taken: Job, words: Wording) -> None:
    """Draws what became of the file, once it was taken in, and the step after it."""
    st.header(words.say("hr_data_step_take_in"))
    show_ingest(words, taken.result or {})
    show_publish(desk, wave_id, words)


def show_publish(desk: Desk, wave_id: str, words: Wording) -> None:
    """Draws the last step: publishing what was taken in."""
    st.header(words.say("hr_data_step_publish"))
    st.write(words.say("hr_do_publish_says"))
    wish = Wish(kind=JobKind.PUBLISH, payload={"wave_id": wave_id})
    is_sure = st.checkbox(words.say("hr_sure"), key="sure-data-publish")
    ask_button(desk, wish, words.say("hr_do_publish"), key="data-publish", is_ready=is_sure)
    published = desk.last_job(wish.kind, wish.payload)
    show_job(desk, published, words, lambda result: show_result(words, desk.names(), JobKind.PUBLISH, result))
    hr_proof.show(desk, wave_id, words)


def _is_done(job: Job | None) -> bool:
    return job is not None and job.state is JobState.DONE


def show_past(desk: Desk, words: Wording) -> None:
    """Draws what was taken in before, each with what became of its rows and what was refused."""
    past = [
        job
        for job in desk.jobs(JobKind.INGEST, {})
        if _is_done(job) and job.result and not job.payload.get("is_trial")
    ]
    if not past:
        return
    st.header(words.say("hr_data_past"))
    for job in past[:20]:
        day = words.day((job.ended_at or job.asked_at).date())
        with st.expander(f"{job.payload['wave_id']} · {day}", key=f"past-{job.job_id}"):
            show_ingest(words, job.result or {}, key=f"past-{job.job_id}")
