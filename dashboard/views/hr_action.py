"""One thing HR may do with a wave: what will happen is said first; what cannot be undone is confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from dashboard.desk import Wish
from dashboard.views.hr_at_wave import AtWave
from dashboard.views.hr_job import ShowResult, ask_button, show_job
from dashboard.views.hr_results import show_result
from survey.job_kind import JobKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something to do: its texts are `hr_do_<name>`, `.._title`, `.._says`. `is_final`: it cannot be undone."""

    kind: JobKind
    name: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    says: Sequence[str] = ()
    is_final: bool = False
    is_first: bool = False
    is_ready: bool = True


def show_action(at: AtWave, action: Action, show: ShowResult | None = None) -> None:
    """Draws an action: its title, what will happen, the button, and what became of it last time."""
    words = at.words
    payload = {"wave_id": at.wave_id, **action.payload}
    with st.container(border=True):
        st.markdown(f"### {words.say(f'hr_do_{action.name}_title')}")
        for line in (words.say(f"hr_do_{action.name}_says"), *action.says):
            st.write(line)
        is_sure = not action.is_final or st.checkbox(words.say("hr_sure"), key=f"sure-{action.name}")
        ask_button(
            at.desk,
            Wish(kind=action.kind, payload=payload),
            words.say(f"hr_do_{action.name}"),
            key=f"do-{action.name}",
            is_first=action.is_first,
            is_ready=is_sure and action.is_ready,
        )
        last = at.desk.last_job(action.kind, {"wave_id": at.wave_id, **_flags(action)})
        show_job(
            at.desk, last, words, show or (lambda result: show_result(words, at.names, action.kind, result))
        )


def _flags(action: Action) -> Mapping[str, Any]:
    """A trial is another job than the deed, of the same kind."""
    return {name: value for name, value in action.payload.items() if name == "is_trial"}
