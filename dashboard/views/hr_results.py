"""What a job came to, in words: counts, rules and people by name, never an answer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboard.views.evidence import show_note
from dashboard.views.hr_file_results import show_ingest
from dashboard.views.hr_job import Result
from dashboard.views.hr_tables import show_rows
from survey.job_kind import JobKind
from survey.language import Wording

Names = Mapping[str, str]
_MOST_NAMED = 20


def show_result(words: Wording, names: Names, kind: JobKind, result: Result) -> None:
    """Draws what a job came to."""
    _SHOWN.get(kind, _show_done)(words, names, result)


def _show_done(words: Wording, _: Names, __: Result) -> None:
    st.success(words.say("hr_done"))


def _show_created(words: Wording, _: Names, result: Result) -> None:
    days = {name: words.day(date.fromisoformat(result[name])) for name in ("opens_on", "closes_on")}
    st.success(words.say("hr_done_create", **days))


def _show_assigned(words: Wording, names: Names, result: Result) -> None:
    shown = {
        "nominations": result["nomination_count"],
        "subjects": result["subject_count"],
        "people": result["rater_count"],
    }
    st.success(words.say("hr_done_assign", **shown))
    _show_dropped(words, result)
    _show_small(words, names, result)


def _show_approved(words: Wording, _: Names, result: Result) -> None:
    st.success(words.count("hr_done_approve", result["nomination_count"]))


def _show_preview(words: Wording, names: Names, result: Result) -> None:
    shown = {"people": result["rater_count"], "subjects": result["subject_count"]}
    st.success(words.say("hr_done_preview", **shown))
    header = ("hr_ahead_if", "hr_ahead_subjects", "hr_ahead_units", "hr_ahead_comments")
    rows = [
        (
            f"{one['response_pct']} %",
            *(
                "–" if one[name] is None else f"{one[name]:.0f} %"
                for name in ("subject_pct", "unit_pct", "comment_pct")
            ),
        )
        for one in result["outlooks"]
    ]
    if rows:
        show_rows(words, header, rows, "hr_ahead_table")
    _show_small(words, names, result)
    _show_named(words, names, "hr_ahead_at_risk", [one["subject_id"] for one in result["at_risk"]])
    _show_named(words, names, "hr_ahead_helped", [one["subject_id"] for one in result["helped"]])
    _show_dropped(words, result)


def _show_small(words: Wording, names: Names, result: Result) -> None:
    few = [
        f"{names.get(one['subject_id'], one['subject_id'])} ({one['other_count']})" for one in result["small"]
    ]
    if few:
        show_note(words.say("hr_small", names=_listed(words, few)))


def _show_dropped(words: Wording, result: Result) -> None:
    for reason, count in sorted(result["dropped"].items(), key=lambda one: -one[1]):
        show_note(words.say("hr_dropped", count=count, reason=words.say(f"hr_drop_{reason}")))


def _show_named(words: Wording, names: Names, key: str, ids: Sequence[str]) -> None:
    if ids:
        show_note(words.say(key, names=_listed(words, [names.get(one, one) for one in ids])))


def _listed(words: Wording, named: Sequence[str]) -> str:
    more = len(named) - _MOST_NAMED
    return ", ".join(named[:_MOST_NAMED]) + (words.say("hr_and_more", count=more) if more > 0 else "")


def _show_opened(words: Wording, _: Names, result: Result) -> None:
    day = words.day(date.fromisoformat(result["closes_on"]))
    st.success(words.say("hr_done_open", count=result["assignment_count"], day=day))


def _show_tried(words: Wording, _: Names, __: Result) -> None:
    st.success(words.say("hr_done_try"))


def _show_mailed(words: Wording, names: Names, result: Result) -> None:
    st.success(words.count("hr_done_mail", result["sent_count"]))
    if result["resting_count"]:
        show_note(words.count("hr_done_resting", result["resting_count"]))
    if result["failures"]:
        rows = [(names.get(one["person_id"], one["person_id"]), one["code"]) for one in result["failures"]]
        st.warning(words.count("hr_mails_failed", result["failure_count"]))
        show_rows(words, ("hr_column_name", "hr_column_code"), rows, "hr_failures")


def _show_closed(words: Wording, _: Names, result: Result) -> None:
    trial = result["is_trial"]
    (st.info if trial else st.success)(
        words.say(
            "hr_done_close_try" if trial else "hr_done_close",
            assigned=result["assigned_count"],
            stored=result["stored_count"],
        )
    )
    lines = ("kept", "readdressed", "withheld")
    rows = [(words.say(f"hr_close_{one}"), str(result[f"{one}_count"])) for one in lines]
    show_rows(words, ("hr_close_what", "hr_close_count"), rows, "hr_close_table")


def _show_published(words: Wording, _: Names, result: Result) -> None:
    shown = {
        "number": result["release_no"],
        "shown": result["released_count"],
        "hidden": result["suppressed_count"],
    }
    st.success(words.say("hr_done_publish", **shown))
    if result["unit_date"]:
        show_note(words.say("hr_done_publish_units", day=words.day(date.fromisoformat(result["unit_date"]))))


def _show_taken_in(words: Wording, _: Names, result: Result) -> None:
    show_ingest(words, result)


def _show_listed(words: Wording, _: Names, result: Result) -> None:
    st.write(words.count("hr_done_list_comments", result["comment_count"]))


_SHOWN: Mapping[JobKind, Callable[[Wording, Names, Mapping[str, Any]], None]] = {
    JobKind.CREATE: _show_created,
    JobKind.ASSIGN: _show_assigned,
    JobKind.APPROVE: _show_approved,
    JobKind.PREVIEW: _show_preview,
    JobKind.OPEN: _show_opened,
    JobKind.TRY: _show_tried,
    JobKind.NOMINATE: _show_mailed,
    JobKind.INVITE: _show_mailed,
    JobKind.REMIND: _show_mailed,
    JobKind.THANK: _show_mailed,
    JobKind.ANNOUNCE: _show_mailed,
    JobKind.CLOSE: _show_closed,
    JobKind.INGEST: _show_taken_in,
    JobKind.PUBLISH: _show_published,
    JobKind.LIST_COMMENTS: _show_listed,
}
