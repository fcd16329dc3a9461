"""The fields of a wave's plan: its days, who asks, whether the campaign goes on."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from survey.collection import Collection
from survey.language import Wording


def ask_days(plan: Collection | None, words: Wording) -> Mapping[str, Any]:
    """Draws the first and the last day of a wave, and returns them; what is left empty is not given."""
    with st.container(horizontal=True):
        opens_on = _ask_day("opens_on", plan.opens_on if plan else None, words)
        closes_on = _ask_day("closes_on", plan.closes_on if plan else None, words)
    days = {"opens_on": opens_on, "closes_on": closes_on}
    return {name: day.isoformat() for name, day in days.items() if day is not None}


def _ask_day(name: str, day: date | None, words: Wording) -> date | None:
    return st.date_input(
        words.say(f"hr_plan_{name}"),
        value=day,
        format=words.say("hr_plan_day_format"),
        help=words.say(f"hr_plan_{name}_help"),
        key=f"plan-{name}",
    )


def ask_words(plan: Collection | None, words: Wording) -> Mapping[str, Any]:
    """Draws who asks and where answers to mails go, and returns what was given."""
    asked_by = st.text_input(
        words.say("hr_plan_asked_by"),
        value=plan.asked_by if plan else "",
        help=words.say("hr_plan_asked_by_help"),
        key="plan-asked-by",
    )
    reply_to = st.text_input(
        words.say("hr_plan_reply_to"),
        value=plan.reply_to if plan else "",
        help=words.say("hr_plan_reply_to_help"),
        key="plan-reply-to",
    )
    is_repeated = st.checkbox(
        words.say("hr_plan_repeat"), value=bool(plan and plan.is_repeated), key="plan-repeat"
    )
    said = {"asked_by": asked_by.strip(), "reply_to": reply_to.strip()}
    return {name: text for name, text in said.items() if text} | {"is_repeated": is_repeated}
