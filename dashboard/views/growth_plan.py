"""The growth plan: one item, what the PM will do about it, and in the next wave what came of it."""

import streamlit as st

from dashboard.directory import Directory, Lead
from dashboard.outcome import outcome_of
from dashboard.own_results import Results
from dashboard.own_wording import outcome_words
from dashboard.panel import released
from dashboard.reading import Reading
from dashboard.spoken import spoken
from dashboard.views.evidence import show_note
from dashboard.wording import cell_words, counted, escape_markdown, item_text, said, trait_name
from pipeline.release import Stand
from survey.instrument import Item
from survey.register_plans import MOST_LETTERS, Plan

TRAIT, ITEM, WORDS = "plan-trait", "plan-item", "plan-words"
"""Keys of what is chosen and written."""

MISSING = "plan-missing"
"""Key of the mark that a plan without words was sent."""


def show_outcome(results: Results, plan: Plan | None) -> None:
    """Draws, in a wave after the plan was made, its item first: then, now, and what may be said of it."""
    item = None if plan is None else results.item(plan.item_id)
    if plan is None or item is None or plan.wave_id == results.latest.wave_id:
        return
    with st.container(border=True, gap="small", key="plan-outcome"):
        st.header(escape_markdown(spoken().say("plan_outcome_title")))
        st.markdown(f"**{escape_markdown(item_text(item))}**")
        st.text(plan.words)
        show_then_and_now(results, plan)


def show_then_and_now(results: Results, plan: Plan) -> None:
    """Writes the item's two numbers side by side, and the verdict on their difference."""
    then = results.item_cell(plan.item_id, plan.wave_id)
    now = results.item_cell(plan.item_id, results.latest.wave_id)
    period = plan.wave_id.rpartition("/")[2]
    with st.container(horizontal=True, gap="large"):
        for name, wave, cell in (("then", period, then), ("now", results.latest.period, now)):
            shown = released(cell)
            n = "" if shown is None else counted((shown.rater_count,))
            with st.container(gap=None, width="content"):
                show_note(" · ".join(part for part in (spoken().say(f"plan_{name}"), wave, n) if part))
                st.markdown(f"### {escape_markdown(cell_words(cell))}")
    st.write(escape_markdown(outcome_words(outcome_of(then, now))))


def show(release: Reading, directory: Directory, results: Results) -> None:
    """Draws the plan to its PM, with the way to make or change one; to others only what is shown to them."""
    plan = directory.plan_of(release.viewer, results.person_id)
    if release.viewer.person_id != results.person_id:
        if plan is not None:
            show_to_others(results, plan)
        return
    st.header(spoken().say("plan_title"))
    if plan is None:
        show_making(directory, results)
    else:
        show_own(directory, results, plan)


def show_to_others(results: Results, plan: Plan) -> None:
    """Draws a plan to whom its PM shows it."""
    st.header(spoken().say("plan_title"))
    show_plan(results, plan)


def show_plan(results: Results, plan: Plan) -> None:
    """Writes the item and the PM's own words, as they were written."""
    item = results.item(plan.item_id)
    text = spoken().say("plan_item_gone") if item is None else item_text(item)
    st.markdown(f"**{escape_markdown(text)}**")
    st.text(plan.words)
    show_note(spoken().say("plan_made", day=spoken().day(plan.made_at.date())))


def show_own(directory: Directory, results: Results, plan: Plan) -> None:
    """Draws the PM's plan, who else reads it, and the way to another."""
    show_plan(results, plan)
    if plan.wave_id == results.latest.wave_id:
        st.write(spoken().say("plan_next_wave"))
    show_readers(directory, results.person_id, plan)
    st.button(
        spoken().say("plan_drop"), key="plan-drop", on_click=directory.drop_plan, args=(results.person_id,)
    )


def show_readers(directory: Directory, person_id: str, plan: Plan) -> None:
    """Says who reads the plan; the lead can, where the PM shares their results and shows the plan too."""
    lead = directory.lead_of(person_id)
    if lead is None or lead.share is None:
        show_note(spoken().say("plan_alone"))
        return
    is_shown = plan.shown_to == lead.person_id
    show_note(spoken().say("plan_shown" if is_shown else "plan_not_shown", name=lead.name))
    show_switch(directory, person_id, lead, is_shown=is_shown)


def show_switch(directory: Directory, person_id: str, lead: Lead, *, is_shown: bool) -> None:
    """Draws the button that shows the plan to the lead, or hides it again."""
    label = spoken().say("plan_hide" if is_shown else "plan_show", name=escape_markdown(lead.name))
    st.button(
        label,
        key="plan-show",
        on_click=directory.show_plan,
        args=(person_id,),
        kwargs={"is_shown": not is_shown},
    )


def show_making(directory: Directory, results: Results) -> None:
    """Draws the making of a plan: a trait, one of its items, and what the PM will do."""
    st.write(spoken().say("plan_lead"))
    items = choose_items(results)
    by_id = {item.item_id: item for item in items}
    st.radio(
        spoken().say("plan_which_item"),
        list(by_id),
        format_func=lambda item_id: escape_markdown(said(by_id[item_id].text_self or by_id[item_id].text)),
        key=ITEM,
    )
    st.text_area(
        spoken().say("plan_what"),
        key=WORDS,
        max_chars=MOST_LETTERS,
        placeholder=spoken().say("plan_example"),
    )
    st.button(
        spoken().say("plan_keep"), key="plan-keep", type="primary", on_click=keep, args=(directory, results)
    )
    if st.session_state.pop(MISSING, False):
        st.write(spoken().say("plan_missing"))
    show_note(spoken().say("plan_private"))


def choose_items(results: Results) -> tuple[Item, ...]:
    """Returns the items of the trait chosen; at first the one that stands out to work on."""
    names = {trait_id: trait_name(results.instrument.trait(trait_id)) for trait_id in results.trait_ids}
    work = results.distinct(Stand.TO_WORK_ON)
    trait_id: str = st.selectbox(
        spoken().say("plan_which_trait"),
        list(names),
        index=list(names).index(work) if work else 0,
        format_func=names.__getitem__,
        key=TRAIT,
    )
    return results.instrument.scaled_items(trait_id)


def keep(directory: Directory, results: Results) -> None:
    """Keeps the plan that stands on the page; without words there is none."""
    words, item_id = str(st.session_state.get(WORDS, "")), st.session_state.get(ITEM)
    if not words.strip():
        st.session_state[MISSING] = True
        return
    if item_id is not None and results.item(item_id) is not None:
        directory.make_plan(results.person_id, wave_id=results.latest.wave_id, item_id=item_id, words=words)
