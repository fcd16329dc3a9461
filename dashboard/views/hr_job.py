"""A job of the worker on a page: the button that asks for it, how far it is, what it came to."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import streamlit as st

from dashboard.desk import Desk, Wish
from dashboard.wording import escape_markdown
from survey.errors import HealthError
from survey.language import Wording
from survey.register_jobs import Job, JobProblem, JobState

Result = Mapping[str, Any]
ShowResult = Callable[[Result], object]

_SECONDS = 1.0
_LONG = timedelta(seconds=15)
"""A job that waits for longer than this is probably one without a worker."""


def ask_button(
    desk: Desk, wish: Wish, label: str, *, key: str, is_first: bool = True, is_ready: bool = True
) -> None:
    """Draws the button that asks for a job; while the same wish waits or runs, it asks for nothing more.

    What comes first is bold: in the dark theme white on the primary colour is hard to read.
    """
    last = desk.last_job(wish.kind, wish.payload)
    is_under_way = last is not None and not last.has_ended
    st.button(
        f"**{label}**" if is_first else label,
        key=key,
        disabled=is_under_way or not is_ready,
        on_click=_ask,
        args=(desk, wish),
    )


def _ask(desk: Desk, wish: Wish) -> None:
    desk.ask(wish)


@contextmanager
def of_one_moment(desk: Desk) -> Iterator[None]:
    """Draws a page anew if a job ended while it was drawn.

    What was read before the end shows a wave as it was, what was read after it a job that is done: nothing
    is left to wait for, so nothing would ever draw the rest.
    """
    before = desk.ended()
    yield
    if desk.ended() != before:
        st.rerun()


def show_job(desk: Desk, job: Job | None, words: Wording, show_result: ShowResult) -> None:
    """Draws how far a job is, or what it came to; draws nothing if there is none."""
    if job is None:
        return
    if not job.has_ended:
        watch(desk, job.job_id, words)
    elif job.state is JobState.FAILED and job.problem is not None:
        show_problem(job.job_id, job.problem, words)
    else:
        show_result(job.result or {})


@st.fragment(run_every=_SECONDS)
def watch(desk: Desk, job_id: int, words: Wording) -> None:
    """Looks every second how far a job is, and draws the page anew once it has ended."""
    job = desk.job(job_id)
    if job is None or job.has_ended:
        st.rerun()
        return
    done, total = job.progress.done, job.progress.total
    if job.state is JobState.ASKED:
        is_late = desk.directory.now() - job.asked_at > _LONG
        st.write(words.say("hr_job_late" if is_late else "hr_job_asked"))
    elif total:
        st.progress(min(done / total, 1.0), text=f"{said(job, words)} {done} / {total}")
    else:
        st.write(said(job, words))


def said(job: Job, words: Wording) -> str:
    """Returns what a running job is doing, in the reader's language."""
    return words.texts.get(job.progress.said) or words.say("hr_job_running")


def show_problem(job_id: int, problem: JobProblem, words: Wording) -> None:
    """Draws why a job failed and what to do about it, in the reader's language; below it, as the log has it."""
    st.error(f"**{words.say('hr_job_failed')}** {escape_markdown(problem_words(problem, words))}")
    with st.expander(words.say("hr_job_details"), key=f"problem-{job_id}"):
        told = (problem.code, problem.where, problem.message, problem.hint, *problem.problems)
        st.code("\n".join(part for part in told if part), language=None, wrap_lines=True)


def problem_words(problem: JobProblem | HealthError, words: Wording) -> str:
    """Returns what HR can do about a problem; in English, as it was raised, where there is no text for its code."""
    return words.texts.get(f"problem_{problem.code.replace('-', '_')}", f"{problem.message}. {problem.hint}")
