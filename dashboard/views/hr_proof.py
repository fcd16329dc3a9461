"""The attacks on the release that a wave came into, or left: the worker begins them by itself."""

from functools import partial

import streamlit as st

from dashboard.desk import Desk
from dashboard.views.evidence import show_note
from dashboard.views.hr_job import Result, show_job
from survey.job_kind import JobKind
from survey.language import Wording


def show(desk: Desk, wave_id: str, words: Wording) -> None:
    """Writes whether they are under way, or what came of them; nothing where nobody asked for them."""
    job = desk.last_job(JobKind.PROVE, {"wave_id": wave_id})
    if job is not None and not job.has_ended:
        show_note(words.say("hr_proof_under_way", number=job.payload["release_no"]))
    show_job(desk, job, words, partial(show_proved, words))


def show_proved(words: Wording, result: Result) -> None:
    """Writes whether anything was found."""
    is_held = result["is_held"]
    said = words.say("hr_proof_held" if is_held else "hr_proof_found", number=result["release_no"])
    (st.success if is_held else st.error)(said)
