"""Which column of a file is what: proposed from the header, confirmed or changed by a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.desk import Desk, Wish
from dashboard.views.evidence import show_note
from dashboard.views.hr_job import Result, ask_button, show_job
from dashboard.wording import said
from survey.instrument import Instrument, SubjectKind
from survey.job_kind import JobKind
from survey.language import Wording
from survey.register_jobs import Job, JobState

FIELDS = ("subject", "relationship", "rater", "wave", "response", "submitted_at")
"""What a column may say about its row."""

_SURE = 0.97
_LONGEST = 70
_WIDTH = 340
Columns = Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What the worker proposes for a file, beside the headers it found."""

    job: Job
    headers: Columns
    instrument: Instrument
    words: Wording

    @property
    def result(self) -> Result:
        return self.job.result or {}

    @property
    def lines(self) -> Mapping[str, Mapping[str, Any]]:
        return {line["target"]: line for line in self.result["lines"]}

    def columns_of(self, target: str) -> Sequence[int]:
        """The numbers of the columns that are read as a target."""
        return self.lines[target]["columns"] if target in self.lines else ()


def show(desk: Desk, about: Mapping[str, Any], words: Wording) -> Mapping[str, Any] | None:
    """Draws what each column would be read as; returns what was confirmed, or None while nothing was."""
    st.header(words.say("hr_data_step_mapping"))
    job = desk.last_job(JobKind.PROPOSE, about) or desk.ask(Wish(kind=JobKind.PROPOSE, payload=dict(about)))
    show_job(desk, job, words, lambda _: None)
    if job.state is not JobState.DONE or job.result is None:
        return None
    if not job.result["mapping_hash"]:
        st.success(words.say("hr_mapping_own"))
        return {}
    instrument = next(one for one in desk.instruments() if one.instrument_id == about["instrument_id"])
    headers = {int(row["number"]): str(row["text"]) for row in desk.enclosure(job) or ()}
    proposed = Proposed(job=job, headers=headers, instrument=instrument, words=words)
    return show_proposed(desk, about, proposed)


def show_proposed(desk: Desk, about: Mapping[str, Any], proposed: Proposed) -> Mapping[str, Any] | None:
    """Draws the columns with their choices; returns them once they are confirmed."""
    words, result = proposed.words, proposed.result
    st.write(words.say("hr_mapping_lead", tool=words.say(f"hr_tool_{result['tool']}")))
    own = {
        name: proposed.job.payload[name] for name in ("columns", "subject_id") if name in proposed.job.payload
    }
    changed = choose_columns(proposed)
    subject_id = choose_subject(desk, proposed, str(own.get("subject_id", "")))
    now = {"columns": {**own.get("columns", {}), **changed}, "subject_id": subject_id}
    now = {name: value for name, value in now.items() if value}
    if now != own:
        st.write(words.say("hr_mapping_changed"))
        again = Wish(kind=JobKind.PROPOSE, payload={**about, **now})
        ask_button(desk, again, words.say("hr_mapping_again"), key="mapping-again")
        return None
    key = f"confirm-{result['mapping_hash'][:12]}"
    is_confirmed = st.checkbox(words.say("hr_mapping_confirm"), key=key, disabled=not result["is_usable"])
    return {"mapping_hash": result["mapping_hash"], **own} if is_confirmed else None


def choose_columns(proposed: Proposed) -> dict[str, str]:
    """Draws what a row and its answers are read from; returns the columns that were chosen in another way."""
    words = proposed.words
    st.markdown(f"### {words.say('hr_mapping_row')}")
    changed = show_choices(proposed, {one: words.say(f"hr_field_{one}") for one in FIELDS})
    titles = targets(proposed.instrument)
    found = [one for one in titles if proposed.columns_of(one)]
    doubtful = {one: titles[one] for one in found if not is_sure(proposed, one)}
    if doubtful:
        st.markdown(f"### {words.count('hr_mapping_doubtful', len(doubtful))}")
        changed |= show_choices(proposed, doubtful)
    for key, ids in (("sure", found), ("lacking", [one for one in titles if one not in found])):
        folded = {one: titles[one] for one in ids if one not in doubtful}
        if folded:
            with st.expander(words.count(f"hr_mapping_{key}", len(folded)), key=f"mapping-{key}"):
                changed |= show_choices(proposed, folded)
    return changed


def is_sure(proposed: Proposed, target: str) -> bool:
    """True if a question was found in the header, with hardly a doubt."""
    return target in proposed.lines and proposed.lines[target]["confidence"] >= _SURE


def targets(instrument: Instrument) -> dict[str, str]:
    """Returns what can be answered, by id, in words."""
    items = {one.item_id: said(one.text) for one in instrument.items}
    return items | {one.prompt_id: said(one.text) for one in instrument.prompts}


def show_choices(proposed: Proposed, titles: Mapping[str, str]) -> dict[str, str]:
    """Draws one choice of a column per target; returns what was changed, by the column's number."""
    changed: dict[str, str] = {}
    grid = st.grid(2, min_column_width=_WIDTH, gap="small")
    for target, title in titles.items():
        with grid.cell():
            changed |= show_choice(proposed, target, title)
    return changed


def show_choice(proposed: Proposed, target: str, title: str) -> dict[str, str]:
    """Draws the choice for one target; a question with a column per answer cannot be changed here."""
    words, numbers = proposed.words, list(proposed.columns_of(target))
    if len(numbers) > 1:
        show_note(
            f"{shortened(title)}: {words.say('hr_mapping_several', columns=', '.join(map(str, numbers)))}"
        )
        return {}
    now = numbers[0] if numbers else 0
    picked = st.selectbox(
        shortened(title),
        sorted({0, now, *proposed.headers}),
        index=sorted({0, now, *proposed.headers}).index(now),
        format_func=lambda number: column_words(proposed, number),
        key=f"column-{proposed.job.job_id}-{target}",
    )
    if target in proposed.lines:
        show_fit(proposed, proposed.lines[target])
    if picked == now:
        return {}
    return {**({str(now): ""} if now else {}), **({str(picked): target} if picked else {})}


def column_words(proposed: Proposed, number: int) -> str:
    """Returns a column's number and its header, or that none is read."""
    if not number:
        return proposed.words.say("hr_mapping_unused")
    return f"{number}. {shortened(proposed.headers.get(number, ''))}"


def choose_subject(desk: Desk, proposed: Proposed, now: str) -> str:
    """Returns whom all rows are about, where no column says it; "" while nobody is chosen."""
    if proposed.columns_of("subject"):
        return ""
    words = proposed.words
    people = desk.people()
    if proposed.instrument.subject_kind is SubjectKind.UNIT:
        named = {unit: unit for unit in sorted({person.org_unit for person in people})}
    else:
        named = {person.person_id: person.name or person.person_id for person in people if person.is_pm}
    options = ["", *named]
    picked = st.selectbox(
        words.say("hr_mapping_no_subject"),
        options,
        index=options.index(now) if now in named else 0,
        format_func=lambda one: named.get(one, words.say("hr_mapping_nobody")),
        key=f"about-{proposed.job.job_id}",
    )
    return str(picked)


def shortened(text: str) -> str:
    """Returns the end of a long text, where tools put what tells columns apart."""
    return text if len(text) <= _LONGEST else f"…{text[-_LONGEST:]}"


def show_fit(proposed: Proposed, line: Mapping[str, Any]) -> None:
    """Says how many cells can be read, and where a match is not sure."""
    words, parts = proposed.words, []
    if line["filled"] is not None:
        parts.append(words.say("hr_mapping_readable", readable=line["readable"], filled=line["filled"]))
    if line["confidence"] < _SURE:
        parts.append(words.say("hr_mapping_unsure"))
    if parts:
        show_note(" · ".join(parts))
