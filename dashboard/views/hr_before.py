"""A planned wave: who is asked, what will be visible, a look at the form, and opening it."""

from collections import Counter

import streamlit as st

from dashboard.desk import Wish
from dashboard.desk_wave import NextStep
from dashboard.views.evidence import show_note
from dashboard.views.hr_action import Action, show_action
from dashboard.views.hr_at_wave import AtWave
from dashboard.views.hr_job import show_job
from dashboard.views.hr_plan import ask_days, ask_words
from dashboard.views.hr_results import show_result
from dashboard.views.hr_tables import show_rows
from dashboard.views.hr_upload import show_upload, uploaded_file
from survey.assignment import ENOUGH_OTHERS, NominationState
from survey.campaign import WaveState
from survey.job_kind import JobKind
from survey.register_jobs import JobState

_STATES = tuple(NominationState)


def show(at: AtWave, step: NextStep) -> None:
    """Draws what may be done before a wave opens, in the order in which it is done."""
    show_plan(at)
    st.header(at.words.say("hr_asked_title"))
    show_lists(at)
    show_assign(at)
    show_action(at, Action(kind=JobKind.NOMINATE, name="nominate", is_final=True))
    st.header(at.words.say("hr_ahead_title"))
    show_action(at, Action(kind=JobKind.PREVIEW, name="preview", is_first=step is NextStep.PREVIEW))
    show_action(at, Action(kind=JobKind.TRY, name="try"))
    st.header(at.words.say("hr_open_title"))
    show_opening(at, is_first=step is NextStep.OPEN)


def show_plan(at: AtWave) -> None:
    """Draws the form that changes the plan of the wave."""
    words = at.words
    with st.expander(words.say("hr_plan_change"), key="plan-change"):
        with st.form("plan-form", border=False):
            given = {**ask_days(at.one.collection, words), **ask_words(at.one.collection, words)}
            is_sent = st.form_submit_button(words.say("hr_plan_change_button"))
        if is_sent:
            at.desk.ask(Wish(kind=JobKind.CREATE, payload={"wave_id": at.wave_id, **given}))
        changed = at.desk.last_job(JobKind.CREATE, {"wave_id": at.wave_id})
        show_job(at.desk, changed, words, lambda result: show_result(words, at.names, JobKind.CREATE, result))


def show_lists(at: AtWave) -> None:
    """Draws how far each PM's list of raters is."""
    found = at.desk.nominations(at.wave_id)
    if not found:
        st.write(at.words.say("hr_lists_none"))
        return
    counts = Counter((one.subject_id, one.state) for one in found)
    names = at.names
    subjects = sorted({one.subject_id for one in found}, key=lambda one: (names.get(one, one), one))
    st.write(at.words.say("hr_lists", count=len(subjects), people=len({one.rater_id for one in found})))
    with st.expander(at.words.say("hr_lists_table"), key="lists"):
        header = ("hr_column_pm", *(f"hr_list_{state}" for state in _STATES))
        rows = [(names.get(one, one), *(str(counts[one, state]) for state in _STATES)) for one in subjects]
        show_rows(at.words, header, rows, "hr_lists_table")
    if any(one.state is NominationState.PROPOSED for one in found):
        show_action(at, Action(kind=JobKind.APPROVE, name="approve"))


def show_assign(at: AtWave) -> None:
    """Draws the two ways to say who works with whom: a file, or an earlier wave's list."""
    words = at.words
    with st.container(border=True):
        st.markdown(f"### {words.say('hr_assign_title')}")
        st.write(words.say("hr_assign_says"))
        show_upload(words, back="/waves", wave=at.wave_id)
    file = uploaded_file()
    if file:
        show_action(
            at,
            Action(kind=JobKind.ASSIGN, name="assign_try", payload={"file": file, "is_trial": True}),
        )
        show_action(
            at,
            Action(
                kind=JobKind.ASSIGN,
                name="assign",
                payload={"file": file, "is_trial": False},
                is_first=True,
                is_ready=_was_tried(at, file),
            ),
        )
    show_earlier(at)


def _was_tried(at: AtWave, file: str) -> bool:
    tried = at.desk.last_job(JobKind.ASSIGN, {"wave_id": at.wave_id, "file": file, "is_trial": True})
    return tried is not None and tried.state is JobState.DONE


def show_earlier(at: AtWave) -> None:
    """Draws the choice of an earlier wave whose list is taken over."""
    earlier = [
        one.wave_id
        for one in at.desk.waves()
        if not one.is_external and one.state is not WaveState.DRAFT and one.wave_id != at.wave_id
    ]
    if not earlier:
        return
    with st.expander(at.words.say("hr_earlier_title"), key="earlier"):
        chosen = st.selectbox(at.words.say("hr_earlier_label"), earlier, key="earlier-wave")
        show_action(at, Action(kind=JobKind.ASSIGN, name="assign_earlier", payload={"from_wave": chosen}))


def show_opening(at: AtWave, *, is_first: bool) -> None:
    """Draws the button that opens the wave for good, once somebody has looked ahead."""
    looked = at.desk.last_job(JobKind.PREVIEW, {"wave_id": at.wave_id})
    result = looked.result if looked is not None and looked.state is JobState.DONE else None
    if result is None:
        st.write(at.words.say("hr_open_look_first"))
        return
    says = [
        at.words.say(
            "hr_open_size",
            people=result["rater_count"],
            subjects=result["subject_count"],
            assignments=result["assignment_count"],
        )
    ]
    small = len(result["small"])
    if small:
        says.append(at.words.count("hr_open_small", small, enough=ENOUGH_OTHERS))
    payload = {"is_small_accepted": bool(small)}
    show_action(
        at,
        Action(kind=JobKind.OPEN, name="open", payload=payload, says=says, is_final=True, is_first=is_first),
    )
    show_note(at.words.say("hr_open_freezes"))
