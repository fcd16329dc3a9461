"""The quarterly review of a unit: what changed, is it real, what was promised, did it work."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard.catalogue import Shelf, front_shelf, shelves, withdrawn_waves
from dashboard.directory import Directory
from dashboard.reading import Reading
from dashboard.report.paper import render_html
from dashboard.report.review import Kept, Review, Reviewed, quarters, read_review, until
from dashboard.report.story import (
    FIRST,
    Part,
    Told,
    basis,
    effect_words,
    file_stem,
    headline,
    kept_words,
    on_screen,
    parts_of,
    promise_head,
    tell,
)
from dashboard.report.workbook import render_xlsx
from dashboard.spoken import speak, spoken
from dashboard.views import empty
from dashboard.views.evidence import show_drawing, show_figure, show_note, show_table, viewer_theme
from dashboard.wording import escape_markdown, trait_name
from pipeline.release import ReleasedUnit, ReleasedWave
from survey.language import Wording
from survey.register_promises import MOST_PROMISE_LETTERS, NewPromise, Outcome

LOOK, OVERVIEW = "look", "overview"
"""Query parameter of what is looked at, and its value for the review itself."""
MIMES = {
    "html": "text/html",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
HEAT_WIDTH = 760  # pixels; wider squares part what belongs together


def show(release: Reading, directory: Directory) -> None:
    """Draws the page."""
    units = release.units_in_scope()
    front = front_shelf(shelves(release))
    waiting = tuple(wave for wave in release.waiting() if front is not None and wave in front.waves)
    shelf = without_waiting(front, waiting)
    if not units:
        empty.show_no_unit()
        return
    if shelf is None:
        empty.show_no_results(spoken().say("review_no_front"))
        empty.show_waiting(waiting)
        return
    show_unit(release, directory, shelf, units)
    empty.show_waiting(waiting)
    empty.show_withdrawn(withdrawn_waves(release))


def without_waiting(shelf: Shelf | None, waiting: Sequence[ReleasedWave]) -> Shelf | None:
    """Returns the shelf with the waves that pages of units show already; None if there is none."""
    if shelf is None:
        return None
    waves = tuple(wave for wave in shelf.waves if wave not in waiting)
    return replace(shelf, waves=waves) if waves else None


def show_unit(release: Reading, directory: Directory, shelf: Shelf, units: Sequence[ReleasedUnit]) -> None:
    """Draws the unit and quarter that were chosen; a link to what is out of scope leads to the first unit."""
    controls = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with controls:
        unit = choose_unit(units)
    waves = quarters(release, shelf, unit.unit_id)
    if not waves:
        empty.show_no_results(spoken().say("review_nobody", unit=unit.name))
        return
    with controls:
        wave = choose_quarter(waves)
    read = partial(read_anew, release, directory, shelf, unit, until(waves, wave))
    review = read()
    part = choose_part(parts_of(review))
    if part is None:
        show_first_screen(review, directory, release, is_latest=wave == next(iter(waves.values())))
    else:
        show_closer(review, part, release)
    show_files(review, read, release.number)


def read_anew(
    release: Reading,
    directory: Directory,
    shelf: Shelf,
    unit: ReleasedUnit,
    waves: tuple[ReleasedWave, ...],
) -> Review:
    """Returns the review as the viewer may read it now: a file is made later than the page was drawn."""
    kept = Kept(
        promises=directory.promises_of(release.viewer, unit.unit_id),
        closing=directory.closing_of(waves[-1].wave_id),
    )
    return read_review(release, shelf, unit, waves, kept)


def show_files(review: Review, read: Callable[[], Review], release_no: int) -> None:
    """Offers the review as a file to print and as a workbook; each is made when it is asked for."""
    words = spoken()
    with st.container(horizontal=True, gap="small"):
        for kind, render in (("html", render_html), ("xlsx", render_xlsx)):
            st.download_button(
                words.say(f"review_take_{kind}"),
                data=partial(make_file, render, read, words, release_no),
                file_name=f"{file_stem(review)}.{kind}",
                mime=MIMES[kind],
                on_click="ignore",
                key=f"file-{kind}",
            )


def make_file(
    render: Callable[[Review, int], bytes], read: Callable[[], Review], words: Wording, release_no: int
) -> bytes:
    """Returns the file; Streamlit asks for it apart from the page, so it is told the words."""
    speak(words)
    return render(read(), release_no)


def choose_unit(units: Sequence[ReleasedUnit]) -> ReleasedUnit:
    """Returns the unit chosen, by its place in the tree; the top one at first."""
    by_id = {unit.unit_id: unit for unit in units}
    chosen = st.selectbox(
        spoken().say("review_unit"), list(by_id), key="unit", bind="query-params", width=300
    )
    return by_id[chosen]


def choose_quarter(waves: dict[str, ReleasedWave]) -> ReleasedWave:
    """Returns the quarter chosen, the latest at first."""
    chosen = st.selectbox(
        spoken().say("review_quarter"), list(waves), key="quarter", bind="query-params", width=150
    )
    return waves[chosen]


def choose_part(parts: Sequence[Part]) -> Part | None:
    """Returns what to look at closer, or None for the review itself; a link to it is the same in every language."""
    names = {part.value: spoken().say(f"review_part_{part}") for part in parts if part not in FIRST}
    names = {OVERVIEW: spoken().say("review_look_overview"), **names}
    if st.session_state.get(LOOK) not in names:
        linked = st.query_params.get(LOOK, OVERVIEW)
        st.session_state[LOOK] = linked if linked in names else OVERVIEW
    chosen = st.segmented_control(
        spoken().say("review_look"),
        tuple(names),
        format_func=names.__getitem__,
        required=True,
        key=LOOK,
        label_visibility="collapsed",
    )
    st.query_params[LOOK] = chosen = chosen or OVERVIEW
    return None if chosen == OVERVIEW else Part(chosen)


def show_first_screen(review: Review, directory: Directory, release: Reading, *, is_latest: bool) -> None:
    """Draws what changed, whether it is real, what was promised, and whether it worked."""
    st.title(escape_markdown(headline(review)))
    show_note(basis(review))
    changed, real = (tell(review, part, on_screen(viewer_theme())) for part in (Part.CHANGED, Part.REAL))
    st.header(escape_markdown(changed.title))
    show_small_multiples(changed, release)
    show_sentences(changed)
    st.header(escape_markdown(real.title))
    show_sentences(real)
    show_promises(review, directory, release, is_latest=is_latest)
    show_table(changed.figures, "unit")


def show_closer(review: Review, part: Part, release: Reading) -> None:
    """Draws one of the parts that are one choice away; its finding is the headline."""
    told = tell(review, part, on_screen(viewer_theme()))
    if part is Part.FURTHER:
        st.title(escape_markdown(headline(review, review.further)))
        show_note(basis(review))
        show_small_multiples(told, release)
        show_table(told.figures, part.value)
    else:
        show_one_by_one(review, told, release)
    show_sentences(told)


def show_one_by_one(review: Review, told: Told, release: Reading) -> None:
    """Draws wide figures below one another; the finding of the first is the page's."""
    finding = told.figures[0].title if told.figures else f"{review.unit.name}: {told.title}"
    st.title(escape_markdown(finding))
    for place, figure in enumerate(told.figures):
        draw = show_figure if place else show_drawing
        with st.container(width=HEAT_WIDTH, gap="xsmall"):
            draw(figure, f"{told.part}-{place}", release)
            show_table((figure,), f"{told.part}-{place}" if place else told.part.value)


def show_small_multiples(told: Told, release: Reading) -> None:
    """Draws figures on the same axes beside one another; they stack on a phone."""
    grid = st.grid(max(len(told.figures), 1), min_column_width=250, gap="medium")
    for place, figure in enumerate(told.figures):
        with grid.cell():
            show_figure(figure, f"{told.part}-{place}", release)


def show_sentences(told: Told) -> None:
    """Writes the sentences of a part, each a paragraph."""
    for sentence in told.sentences:
        st.write(escape_markdown(sentence))


def show_promises(review: Review, directory: Directory, release: Reading, *, is_latest: bool) -> None:
    """Draws what was promised with what came of it, and lets the viewer promise and close."""
    st.header(escape_markdown(spoken().say("review_part_promised")))
    if review.promises:
        show_note(kept_words(review.promises))
    else:
        st.write(spoken().say("review_promise_none"))
    for one in review.promises:
        show_promise(review, one, directory, release)
    if review.promises:
        show_note(spoken().say("review_effect_note"))
    if is_latest:
        show_promise_form(review, directory, release)


def show_promise(review: Review, one: Reviewed, directory: Directory, release: Reading) -> None:
    """Draws one promise: about what, the words, whose and since when, what came of it."""
    words, promise = spoken(), one.promise
    state = words.say(f"review_promise_{promise.outcome or 'open'}")
    by = words.say(
        "review_promise_made", name=directory.name_of(promise.made_by), day=words.day(promise.made_at.date())
    )
    with st.container(gap="xsmall"):
        st.markdown(f"**{escape_markdown(promise_head(review, one))}** — {escape_markdown(state)}")
        st.text(promise.words)
        show_note(by)
        st.write(escape_markdown(effect_words(review, one)))
        if promise.outcome is Outcome.OPEN:
            show_endings(one, directory, release)


def show_endings(one: Reviewed, directory: Directory, release: Reading) -> None:
    """Offers to end a promise as kept, or to let it go."""
    with st.container(horizontal=True, gap="small"):
        for outcome, key in ((Outcome.KEPT, "review_promise_keep"), (Outcome.DROPPED, "review_promise_drop")):
            st.button(
                spoken().say(key),
                key=f"{outcome}-{one.promise.promise_no}",
                on_click=end_promise,
                args=(one, outcome, directory, release),
            )


def end_promise(one: Reviewed, outcome: Outcome, directory: Directory, release: Reading) -> None:
    """Ends a promise; runs before the page is drawn anew."""
    directory.close_promise(release.viewer, one.promise.promise_no, outcome)


def show_promise_form(review: Review, directory: Directory, release: Reading) -> None:
    """Offers to promise something about one of the four traits; the form is drawn when it is opened."""
    label = spoken().say("review_promise_add")
    with st.expander(label, key="promise-add", on_change="rerun") as offered:
        if offered.open:
            with st.form("promise", clear_on_submit=True, border=False):
                draw_promise_form(review, directory, release)


def draw_promise_form(review: Review, directory: Directory, release: Reading) -> None:
    """Draws what is asked: about which trait, and what is promised."""
    say, traits = spoken().say, {panel.trait.trait_id: panel.trait for panel in review.panels}
    trait_id = st.selectbox(
        say("review_promise_trait"),
        list(traits),
        format_func=lambda one: trait_name(traits[one]),
        key="promise-trait",
        width=300,
    )
    st.text_input(
        say("review_promise_ask"),
        max_chars=MOST_PROMISE_LETTERS,
        placeholder=say("review_promise_example"),
        key="promise-words",
    )
    show_note(say("review_promise_said", unit=review.unit.name, trait=trait_name(traits[trait_id])))
    st.form_submit_button(say("review_promise_button"), on_click=partial(promise, review, directory, release))


def promise(review: Review, directory: Directory, release: Reading) -> None:
    """Keeps what stands in the form; runs before the page is drawn anew."""
    made = NewPromise(
        unit_id=review.unit.unit_id,
        trait_id=st.session_state["promise-trait"],
        wave_id=review.wave.wave_id,
        words=st.session_state["promise-words"],
    )
    directory.add_promise(release.viewer, made)
