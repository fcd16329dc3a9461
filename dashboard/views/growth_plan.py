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
from pipeline.release import Cell, Stand
from survey.instrument import Item
from survey.register_plans import MOST_LETTERS, Plan

TRAIT, ITEM, WORDS = "plan-trait", "plan-item", "plan-words"
"""Keys of what is chosen and written."""

KEPT = "plan-kept"
"""Key of how many plans were kept in this session."""

MISSING = "plan-missing"
"""Key of the mark that a plan without words was sent."""


def show_outcome(results: Results, plan: Plan | None) -> None:
    """Draws, in a wave after the plan was made, its item first: then, now, and what may be said of it."""
    item = None if plan is None else results.item(plan.item_id)
    if plan is None or item is None or not is_followed_up(results, plan):
        return
    with st.container(border=True, key="plan-outcome"):
        planned, came = st.columns((3, 2), gap="large")
        with planned:
            st.header(spoken().say("plan_outcome_title"), anchor=False)
            st.markdown(f"**{escape_markdown(item_text(item))}**")
            st.text(plan.words)
        with came:
            show_then_and_now(results, plan, item)


def show_then_and_now(results: Results, plan: Plan, item: Item) -> None:
    """Writes the item's two numbers, when and on whom they rest, and the verdict on their difference."""
    then, now = results.seen(item, plan.wave_id), results.seen(item, results.latest.wave_id)
    period = plan.wave_id.rpartition("/")[2]
    rests = (
        spoken().say("plan_then", wave=rests_on(period, then.item)),
        spoken().say("plan_now", wave=rests_on(results.latest.period, now.item)),
    )
    show_note(" · ".join(rests))
    st.markdown(f"### {escape_markdown(cell_words(then.item))} → {escape_markdown(cell_words(now.item))}")
    st.write(escape_markdown(outcome_words(outcome_of(then, now))))


def rests_on(period: str, cell: Cell | None) -> str:
    """Returns a wave, with how many people a number of it rests on."""
    shown = released(cell)
    return period if shown is None else f"{period}, {counted((shown.rater_count,))}"


def is_followed_up(results: Results, plan: Plan) -> bool:
    """True where a wave after the plan shows what came of it."""
    return plan.wave_id != results.latest.wave_id and results.item(plan.item_id) is not None


def show(release: Reading, directory: Directory, results: Results) -> None:
    """Draws the plan to its PM, with the way to make or change one; to others only what is shown to them."""
    plan = directory.plan_of(release.viewer, results.person_id)
    is_own = release.viewer.person_id == results.person_id
    if not is_own and (plan is None or is_followed_up(results, plan)):
        return
    st.header(spoken().say("plan_title"), anchor=False)
    if plan is not None and not is_followed_up(results, plan):
        show_plan(results, plan)
    if plan is None:
        show_making(directory, results)
    elif is_own:
        show_changing(directory, results, plan)


def show_plan(results: Results, plan: Plan) -> None:
    """Writes the item and the PM's own words, as they were written."""
    item = results.item(plan.item_id)
    text = spoken().say("plan_item_gone") if item is None else item_text(item)
    st.markdown(f"**{escape_markdown(text)}**")
    st.text(plan.words)
    show_note(spoken().say("plan_made", day=spoken().day(plan.made_at.date())))
    if plan.wave_id == results.latest.wave_id:
        st.write(spoken().say("plan_next_wave"))


def show_changing(directory: Directory, results: Results, plan: Plan) -> None:
    """Draws who else reads the PM's plan, and the ways to another one or to none."""
    show_readers(directory, results.person_id, plan)
    st.button(
        spoken().say("plan_drop"), key="plan-drop", on_click=directory.drop_plan, args=(results.person_id,)
    )
    with st.expander(spoken().say("plan_another"), key="plan-another"):
        show_making(directory, results)


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
        key=words_key(),
        max_chars=MOST_LETTERS,
        placeholder=spoken().say("plan_example"),
    )
    st.button(spoken().say("plan_keep"), key="plan-keep", on_click=keep, args=(directory, results))
    if st.session_state.pop(MISSING, False):
        st.write(spoken().say("plan_missing"))
    show_note(spoken().say("plan_private"))


def choose_items(results: Results) -> tuple[Item, ...]:
    """Returns the behaviours of the trait chosen, at first of the one to work on; turned ones are nothing to plan."""
    names = {trait_id: trait_name(results.instrument.trait(trait_id)) for trait_id in results.trait_ids}
    work = results.distinct(Stand.TO_WORK_ON)
    trait_id: str = st.selectbox(
        spoken().say("plan_which_trait"),
        list(names),
        index=list(names).index(work) if work else 0,
        format_func=names.__getitem__,
        key=TRAIT,
    )
    return tuple(item for item in results.instrument.scaled_items(trait_id) if not item.is_reverse)


def keep(directory: Directory, results: Results) -> None:
    """Keeps the plan that stands on the page; without words there is none."""
    words, item_id = str(st.session_state.get(words_key(), "")), st.session_state.get(ITEM)
    if not words.strip():
        st.session_state[MISSING] = True
        return
    if item_id is not None and results.item(item_id) is not None:
        directory.make_plan(results.person_id, wave_id=results.latest.wave_id, item_id=item_id, words=words)
        st.session_state[KEPT] = st.session_state.get(KEPT, 0) + 1


def words_key() -> str:
    """Returns the key of the field for words: another one after each plan, as browsers hold on to what was typed."""
    return f"{WORDS}-{st.session_state.get(KEPT, 0)}"
