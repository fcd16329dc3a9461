"""Which column of a file is what: proposed from the header, confirmed or changed by a person."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.desk import Desk, Wish
from dashboard.views.evidence import show_note
from dashboard.views.hr_job import Result, ask_button, show_job
from dashboard.wording import escape_markdown, said
from survey.instrument import Instrument
from survey.job_kind import JobKind
from survey.language import Wording
from survey.register_jobs import Job, JobState

FIELDS = ("subject", "relationship", "rater", "wave", "response", "submitted_at")
"""What a column may say about its row."""

_SURE = 0.999
_SHORTEST = 60


def show(desk: Desk, about: Mapping[str, Any], words: Wording) -> Mapping[str, Any] | None:
    """Draws what each column would be read as; returns what was confirmed, or None while nothing was."""
    st.header(words.say("hr_data_step_mapping"))
    wish = Wish(kind=JobKind.PROPOSE, payload=dict(about))
    proposed = desk.last_job(wish.kind, about)
    if proposed is None:
        proposed = desk.ask(wish)
    show_job(desk, proposed, words, lambda _: None)
    if proposed.state is not JobState.DONE or proposed.result is None:
        return None
    if not proposed.result["mapping_hash"]:
        st.success(words.say("hr_mapping_own"))
        return {}
    return show_columns(desk, about, proposed, words)


def show_columns(
    desk: Desk, about: Mapping[str, Any], proposed: Job, words: Wording
) -> Mapping[str, Any] | None:
    """Draws the columns with their choices, and the button that confirms them."""
    result = proposed.result or {}
    st.write(words.say("hr_mapping_lead", tool=result["tool"]))
    show_lacks(result, words)
    instrument = next(one for one in desk.instruments() if one.instrument_id == about["instrument_id"])
    texts = {row["number"]: str(row["text"]) for row in desk.enclosure(proposed) or ()}
    changed = choose(proposed, texts, instrument, words)
    own = dict(proposed.payload.get("columns") or {})
    if changed:
        st.write(words.count("hr_mapping_changed", len(changed)))
        again = Wish(kind=JobKind.PROPOSE, payload={**about, "columns": {**own, **changed}})
        ask_button(desk, again, words.say("hr_mapping_again"), key="mapping-again")
        return None
    confirmed = {"mapping_hash": result["mapping_hash"], **({"columns": own} if own else {})}
    is_confirmed = st.checkbox(
        words.say("hr_mapping_confirm"),
        key=f"confirm-{result['mapping_hash'][:12]}",
        disabled=not result["is_usable"],
    )
    return confirmed if is_confirmed else None


def show_lacks(result: Result, words: Wording) -> None:
    """Says what no column was found for."""
    missing = result["missing"]
    if "subject" in missing:
        st.warning(words.say("hr_mapping_no_subject"))
    others = [one for one in missing if one != "subject"]
    if others:
        show_note(words.count("hr_mapping_missing", len(others), names=", ".join(others)))


def choose(proposed: Job, texts: Mapping[int, str], instrument: Instrument, words: Wording) -> dict[str, str]:
    """Draws one line per column and returns the columns whose choice differs from what was proposed."""
    lines = (proposed.result or {})["lines"]
    target_of = {number: line["target"] for line in lines for number in line["columns"]}
    by_target = {line["target"]: line for line in lines}
    numbers = sorted(texts) or sorted(target_of)
    options = targets(instrument)
    chosen = {}
    for number in numbers:
        line = by_target.get(target_of.get(number, ""))
        now = line["target"] if line is not None else ""
        label = f"{number}. {shortened(texts.get(number, ''))}"
        picked = choose_one(label, now, options, words, key=f"column-{proposed.job_id}-{number}")
        if line is not None:
            show_fit(line, words)
        if picked != now:
            chosen[str(number)] = picked
    return chosen


def choose_one(label: str, now: str, options: Mapping[str, str], words: Wording, *, key: str) -> str:
    """Returns the target chosen for one column."""
    names = {
        "": words.say("hr_mapping_unused"),
        **{one: words.say(f"hr_field_{one}") for one in FIELDS},
        **options,
    }
    keys = list(names)
    picked = st.selectbox(
        escape_markdown(label),
        keys,
        index=keys.index(now) if now in names else 0,
        format_func=names.__getitem__,
        key=key,
    )
    return str(picked)


def targets(instrument: Instrument) -> Mapping[str, str]:
    """Returns what can be answered, by id, each with its words."""
    items = {one.item_id: f"{one.item_id}: {said(one.text)}" for one in instrument.items}
    return items | {one.prompt_id: f"{one.prompt_id}: {said(one.text)}" for one in instrument.prompts}


def shortened(text: str) -> str:
    """Returns the end of a header, where tools put what tells columns apart."""
    return text if len(text) <= _SHORTEST else f"…{text[-_SHORTEST:]}"


def show_fit(line: Mapping[str, Any], words: Wording) -> None:
    """Says how sure a match is, and how many cells can be read."""
    parts: Sequence[str] = [
        words.say("hr_mapping_readable", readable=line["readable"], filled=line["filled"]),
        *([] if line["confidence"] >= _SURE else [words.say("hr_mapping_unsure")]),
    ]
    show_note(" · ".join(parts))
