"""What a wave promises: fixed once it is open, beside what the policy file says today."""

from dataclasses import fields

import streamlit as st

from dashboard.desk import Wish
from dashboard.views.evidence import show_note
from dashboard.views.hr_at_wave import AtWave
from dashboard.views.hr_job import ask_button, problem_words, show_job
from dashboard.views.hr_tables import show_rows
from dashboard.wording import escape_markdown
from survey.campaign import WaveState
from survey.errors import HealthError
from survey.job_kind import JobKind
from survey.policy import RETIRED, Policy, parse_policy


def show(at: AtWave) -> None:
    """Draws the promises of a wave; while it is planned they can be changed."""
    words = at.words
    st.header(words.say("hr_policy_title"))
    own, file = at.desk.policies(at.one)
    is_fixed = at.one.state is not WaveState.DRAFT
    st.write(words.say("hr_policy_fixed" if is_fixed else "hr_policy_draft"))
    differing = [name for name in names() if getattr(own, name) != getattr(file, name)]
    st.write(words.count("hr_policy_differs", len(differing)) if differing else words.say("hr_policy_same"))
    with st.expander(words.say("hr_policy_table"), key="policy", expanded=bool(differing)):
        show_rows(
            words,
            ("hr_policy_line", "hr_policy_here", "hr_policy_file"),
            rows(at, own, file),
            "hr_policy_table",
        )
        show_note(words.say("hr_policy_hash", hash=own.policy_hash[:12]))
    if not is_fixed:
        show_change(at)


def names() -> tuple[str, ...]:
    """Returns the lines of a policy, in their order."""
    return tuple(field.name for field in fields(Policy) if field.name not in RETIRED)


def rows(at: AtWave, own: Policy, file: Policy) -> list[tuple[str, str, str]]:
    """Returns each line in words with its value here and in the file; a difference is marked."""
    lines = []
    for name in names():
        here, there = getattr(own, name), getattr(file, name)
        mark = "" if here == there else " ≠"
        lines.append((at.words.say(f"hr_policy_{name}"), f"{_value(at, here)}{mark}", _value(at, there)))
    return lines


def _value(at: AtWave, value: object) -> str:
    if isinstance(value, bool):
        return at.words.say("hr_yes" if value else "hr_no")
    return str(value)


def show_change(at: AtWave) -> None:
    """Draws the text of a planned wave's policy for editing; what cannot be promised is refused at once."""
    words = at.words
    with st.expander(words.say("hr_policy_change"), key="policy-change"):
        text = st.text_area(
            words.say("hr_policy_text"), value=at.one.policy_text, height=320, key="policy-text"
        )
        problem = refusal(text)
        if problem is not None:
            st.error(f"{escape_markdown(problem.where)}: {problem_words(problem, words)}")
            st.code(f"{problem.message}\n{problem.hint}", language=None, wrap_lines=True)
        payload = {"wave_id": at.wave_id, "policy_text": text}
        ask_button(
            at.desk,
            Wish(kind=JobKind.CREATE, payload=payload),
            words.say("hr_policy_save"),
            key="policy-save",
            is_ready=problem is None and text != at.one.policy_text,
        )
        job = at.desk.last_job(JobKind.CREATE, payload)
        show_job(at.desk, job, words, lambda _: st.success(words.say("hr_policy_saved")))


def refusal(text: str) -> HealthError | None:
    """Returns why a text is no policy, or None."""
    try:
        parse_policy(text)
    except HealthError as error:
        return error
    return None
