"""HR's roster: how many are where today, and another one in its place, with the difference shown first."""

from collections import Counter

import streamlit as st

from dashboard.desk import Desk, Wish
from dashboard.views.evidence import show_note
from dashboard.views.hr_job import Result, ask_button, of_one_moment, show_job
from dashboard.views.hr_tables import show_rows
from dashboard.views.hr_upload import show_upload, uploaded_file
from survey.job_kind import JobKind
from survey.language import Wording
from survey.register_jobs import JobState

_FEW, _MOST = 20, 200
_KINDS = ("joins", "leaves", "moves", "manager_changes", "role_changes")


def show(desk: Desk, words: Wording) -> None:
    """Draws who is there today by unit, and the way to another roster."""
    with of_one_moment(desk):
        show_people(desk, words)
        show_file(desk, words)


def show_people(desk: Desk, words: Wording) -> None:
    """Draws how many there are, and in which units."""
    people = desk.people()
    pms = sum(person.is_pm for person in people)
    st.title(
        words.say("hr_roster_title", people=len(people), pms=pms) if people else words.say("hr_roster_empty")
    )
    st.write(words.say("hr_roster_lead"))
    units = Counter(person.org_unit for person in people)
    own_pms = Counter(person.org_unit for person in people if person.is_pm)
    if units:
        with st.expander(words.say("hr_roster_units"), key="roster-units"):
            rows = [(unit, str(units[unit]), str(own_pms[unit])) for unit in sorted(units)]
            show_rows(words, ("hr_column_unit", "hr_roster_people", "hr_roster_pms"), rows, "hr_roster_units")


def show_file(desk: Desk, words: Wording) -> None:
    """Draws the way to another roster: a file, what it would change, taking it."""
    st.header(words.say("hr_roster_import"))
    st.write(words.say("hr_roster_import_says"))
    file = uploaded_file()
    show_upload(words, back="/roster", key="hr_upload_other" if file else "hr_upload")
    if file:
        show_import(desk, file, words)


def show_import(desk: Desk, file: str, words: Wording) -> None:
    """Draws what a file would change, and the button that takes it."""
    trial = Wish(kind=JobKind.IMPORT_ROSTER, payload={"wave_id": "", "file": file, "is_trial": True})
    tried = desk.last_job(trial.kind, trial.payload) or desk.ask(trial)
    show_job(desk, tried, words, lambda result: show_difference(desk, result, words))
    if tried.state is not JobState.DONE:
        return
    taking = Wish(kind=JobKind.IMPORT_ROSTER, payload={"wave_id": "", "file": file, "is_trial": False})
    taken = desk.last_job(taking.kind, taking.payload)
    if taken is None or taken.state is JobState.FAILED:
        is_sure = st.checkbox(words.say("hr_roster_sure"), key="sure-roster-take")
        ask_button(desk, taking, words.say("hr_roster_button"), key="roster-take", is_ready=is_sure)
    show_job(
        desk,
        taken,
        words,
        lambda result: st.success(words.say("hr_roster_done", count=result["record_count"])),
    )


def show_difference(desk: Desk, result: Result, words: Wording) -> None:
    """Draws what changes: counts in a sentence, then person by person."""
    counts = {kind: len(result[kind]) for kind in (*_KINDS, "edits")}
    if not (result["gained_count"] or result["lost_count"]):
        st.info(words.say("hr_roster_same"))
        return
    st.write(words.say("hr_roster_difference", **counts))
    names = desk.names()
    rows = [
        (
            words.say(f"hr_roster_{kind}"),
            names.get(one["person_id"], one["person_id"]),
            _before(kind, one),
            _after(kind, one),
        )
        for kind in _KINDS
        for one in result[kind]
    ]
    header = ("hr_roster_change", "hr_column_name", "hr_roster_before", "hr_roster_after")
    if rows:
        with st.expander(words.say("hr_roster_table"), expanded=len(rows) <= _FEW, key="roster-changes"):
            show_rows(words, header, rows[:_MOST], "hr_roster_table")
            if len(rows) > _MOST:
                show_note(words.say("hr_and_more", count=len(rows) - _MOST))


def _before(kind: str, one: Result) -> str:
    return "" if kind == "joins" else str(one["org_unit"] if kind == "leaves" else one["before"])


def _after(kind: str, one: Result) -> str:
    return "" if kind == "leaves" else str(one["org_unit"] if kind == "joins" else one["after"])
