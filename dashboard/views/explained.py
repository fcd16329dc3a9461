"""Where a number comes from, in plain words: beside its figure, or on a page of its own that can be linked to."""

from collections.abc import Sequence

import streamlit as st

from dashboard.figures.figure import Drawn, Figure
from dashboard.reading import Reading
from dashboard.spoken import speak, spoken
from dashboard.views import links
from dashboard.wording import escape_markdown, event_words, item_text, said, trait_name, with_interval
from pipeline.lineage import Explanation
from pipeline.numbers import EVERYBODY, Number
from pipeline.release import LinePoint, Measure, Released, ReleasedFile, Suppressed
from survey.instrument import Instrument
from survey.language import Wording

PATH = "number"
NAME_PARAMETER = "name"
"""Query parameter of a link to a number; its value is the name that `pmhealth explain` takes."""

_PRINT = 12
"""Characters of a fingerprint that are shown; enough to compare by eye."""


def show_button(figure: Figure, key: str, release: Reading) -> None:
    """Offers where the numbers of a figure come from, in a dialog over the page."""
    if figure.drawn and st.button(
        spoken().say("explain_button"), key=f"explain-{key}", type="tertiary", icon=":material/help:"
    ):
        words = spoken()
        dialog = st.dialog(words.say("explain_title"), width="medium")(show_dialog)
        dialog(figure, key, release, words)


def show_dialog(figure: Figure, key: str, release: Reading, words: Wording) -> None:
    """Draws the explanation of one number of a figure. It runs apart from the page, so it is told the words."""
    speak(words)
    st.markdown(f"**{escape_markdown(figure.title)}**")
    drawn = choose_number(figure.drawn, key)
    show_value(drawn.label, drawn.number)
    show_explanation(release, drawn.number)


def choose_number(drawn: Sequence[Drawn], key: str) -> Drawn:
    """Returns the number to explain, the one that the figure says most of at first."""
    if len(drawn) == 1:
        return drawn[0]
    place: int = st.selectbox(
        spoken().say("explain_which"),
        range(len(drawn)),
        format_func=lambda number: drawn[number].label,
        key=f"explained-{key}",
    )
    return drawn[place]


def show(release: Reading) -> None:
    """Draws the page of one number. One that is not the viewer's looks like one that does not exist."""
    number = release.number_called(st.query_params.get(NAME_PARAMETER, ""))
    words = spoken()
    if number is None:
        st.title(words.say("explain_unknown_title"))
        st.write(words.say("explain_unknown"))
        return
    st.title(words.say("explain_title"))
    show_value(label_of(release, number), number)
    show_explanation(release, number)


def label_of(release: Reading, number: Number) -> str:
    """Returns what a number is called: of whom, what was measured, when, and whose answers it is."""
    found = release.explain(number)
    wave = next(wave for wave in release.waves() if wave.wave_id == found.waves[-1])
    instrument = release.instrument(wave.instrument_id, wave.instrument_version)
    about, kind, what = found.name.rsplit(":", 2)
    measure, _, measure_id = what.partition("/")
    parts = (
        whose(release, about.partition(":")[2]),
        measured(instrument, measure, measure_id),
        wave.period,
        spoken().say(f"number_{kind_of(kind)}"),
    )
    return ", ".join(part for part in parts if part)


def whose(release: Reading, about: str) -> str:
    """Returns the unit or the other PM a number is about; "" for the viewer's own."""
    kind, _, scope_id = about.partition("/")
    return release.open_people().get(scope_id, "") if kind == "pm" else scope_id.removeprefix(EVERYBODY)


def measured(instrument: Instrument, measure: str, measure_id: str) -> str:
    """Returns the name of a trait, or the words of an item."""
    if measure == Measure.TRAIT:
        return trait_name(instrument.trait(measure_id))
    return next(item_text(item) for item in instrument.items if item.item_id == measure_id)


def kind_of(kind: str) -> str:
    """Returns the part of a number's kind that has a word.

    >>> kind_of("change/quarter")
    'change'
    """
    return kind.partition("/")[0]


def show_value(label: str, number: Number) -> None:
    """Writes the number itself, as the page does."""
    st.markdown(escape_markdown(": ".join(part for part in (label, value_words(number)) if part)))


def value_words(number: Number) -> str:
    """Returns a score, a share or that it is not shown; of what is a word elsewhere, nothing."""
    match number:
        case Suppressed():
            return spoken().say("explain_hidden")
        case Released() if number.key.measure is Measure.EVENT:
            return event_words(number)
        case Released() | LinePoint():
            return with_interval(number)
        case _:
            return ""


def show_explanation(release: Reading, number: Number) -> None:
    """Writes who and what a number rests on, from what was asked to what it was worked out by."""
    found, words = release.explain(number), spoken()
    rule = found.rule.said(words)
    st.markdown(escape_markdown(f"{rule[:1].upper()}{rule[1:]}."))
    st.markdown("\n".join(f"- {line}" for line in facts(found, words)))
    show_asked(release, found, words)
    show_files(found.files, words)
    st.markdown(f"**{words.say('explain_made')}**")
    st.markdown("\n".join(f"1. `{maker}`" for maker in found.made_by))
    show_link(found.name, words)


def facts(found: Explanation, words: Wording) -> list[str]:
    """Returns n, the waves, the promise and the release, each as a line; a hidden number has no n."""
    lines = []
    if found.rater_count is not None:
        about = "explain_n_unit" if (found.pm_count or 1) > 1 else "explain_n"
        lines.append(words.count(about, found.rater_count, pms=found.pm_count))
    lines.append(words.say("explain_promise", k=found.min_raters, s=found.min_pms))
    periods = ", ".join(wave_id.rpartition("/")[2] for wave_id in found.waves)
    lines.append(words.say("explain_waves", waves=escape_markdown(periods), release=found.release_no))
    return lines


def show_asked(release: Reading, found: Explanation, words: Wording) -> None:
    """Writes the items behind the number, in the version that was asked."""
    instrument = release.instrument(*found.instrument.rsplit(" ", 1))
    title = escape_markdown(said(instrument.title))
    st.markdown(f"**{words.say('explain_asked', title=title, version=escape_markdown(instrument.version))}**")
    asked = [item for item in instrument.items if item.item_id in found.items]
    st.markdown("\n".join(f"- {escape_markdown(item_text(item))}" for item in asked))


def show_files(files: Sequence[ReleasedFile], words: Wording) -> None:
    """Writes which files came in, by fingerprint, and what read and checked them."""
    st.markdown(f"**{words.say('explain_files')}**")
    if not files:
        st.markdown(words.say("explain_no_files"))
        return
    for file in files:
        prints = {"file": file.sha256, "mapping": file.mapping_hash, "suite": file.suite_hash}
        shown = {name: f"`{value[:_PRINT]}`" for name, value in prints.items()}
        st.markdown(f"- {words.say('explain_read', tool=escape_markdown(file.tool), **shown)}")
    st.markdown(f":small[{words.say('explain_prints')}]")


def show_link(name: str, words: Wording) -> None:
    """Offers a link to the number, and the name under which the command line explains it too."""
    links.show_link(f"/{PATH}", words.say("explain_link"), **{NAME_PARAMETER: name})
    st.code(f"pmhealth explain {name}", language=None, wrap_lines=True)
