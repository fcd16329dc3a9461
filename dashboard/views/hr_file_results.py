"""What taking a file in came to: every row accounted for, what validation said, where something was refused."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.views.evidence import show_note
from dashboard.views.hr_job import Result
from dashboard.views.hr_tables import show_rows
from dashboard.wording import escape_markdown
from survey.language import Wording

_FATES = ("received", "loaded", "superseded", "quarantined")


def show_ingest(words: Wording, result: Result, key: str = "") -> None:
    """Draws the counts first, then the quarantine, then every check."""
    outcome = result["outcome"]
    tally = result["tally"]
    if tally is None:
        st.info(words.say("hr_ingest_unchanged"))
        return
    shown = {"rows": tally["row_loaded_count"], "all": tally["row_received_count"]}
    (st.success if outcome == "loaded" else st.info)(words.say(f"hr_ingest_{outcome}", **shown))
    show_tally(words, tally)
    show_quarantine(words, result)
    show_checks(words, result, key or result["outcome"])


def show_tally(words: Wording, tally: Mapping[str, int]) -> None:
    """Draws what became of every row and every answer; the counts add up, visibly."""
    rows = [
        (words.say(f"hr_tally_{fate}"), *(str(tally[f"{level}_{fate}_count"]) for level in ("row", "answer")))
        for fate in _FATES
    ]
    show_rows(words, ("hr_tally_what", "hr_tally_rows", "hr_tally_answers"), rows, "hr_tally_table")


def show_quarantine(words: Wording, result: Result) -> None:
    """Draws what was refused: by rule, with lines and columns of the file, and never a value."""
    broken = result["broken"]
    if not broken:
        st.write(words.say("hr_quarantine_none"))
        return
    st.markdown(f"### {words.say('hr_quarantine_title')}")
    st.write(words.say("hr_quarantine_lead"))
    header = ("hr_quarantine_rule", "hr_quarantine_count", "hr_quarantine_where")
    rows = [(one["message"], str(one["count"]), place_words(words, one)) for one in broken]
    show_rows(words, header, rows, "hr_quarantine_title")
    for one in broken:
        show_note(f"{one['rule_id']}: {one['hint']}")


def place_words(words: Wording, one: Mapping[str, Any]) -> str:
    """Returns the first lines and columns of a rule's cases, as the worker sends them."""
    lines = words.say("hr_quarantine_lines", numbers=", ".join(map(str, one["lines"])))
    if not one["columns"]:
        return lines
    columns = words.say("hr_quarantine_columns", numbers=", ".join(map(str, one["columns"])))
    return f"{lines}; {columns}"


def show_checks(words: Wording, result: Result, key: str) -> None:
    """Draws what Great Expectations said of the file, what failed first."""
    checks: list[Mapping[str, Any]] = sorted(
        result["checks"], key=lambda one: (one["is_met"], one["check_id"])
    )
    failed = [one for one in checks if not one["is_met"]]
    met = len(checks) - len(failed)
    st.write(words.say("hr_checks", met=met, all=len(checks)))
    with st.expander(words.say("hr_checks_title"), key=f"checks-{key}"):
        header = ("hr_checks_what", "hr_checks_result", "hr_checks_failing")
        rows = [
            (
                one["message"],
                words.say("hr_checks_met" if one["is_met"] else f"hr_checks_{one['severity']}"),
                f"{one['failing_count']} / {one['evaluated_count']}",
            )
            for one in checks
        ]
        show_rows(words, header, rows, "hr_checks_title")
    if result["notice_count"]:
        show_note(escape_markdown(words.count("hr_notices", result["notice_count"])))
