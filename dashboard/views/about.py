"""What stands behind the numbers: how they are made, what protects people and what cannot, what came in."""

from collections.abc import Mapping

import streamlit as st

from dashboard.catalogue import withdrawn_waves
from dashboard.reading import Reading
from dashboard.spoken import spoken
from dashboard.views import empty
from dashboard.views.evidence import show_note, show_rows
from dashboard.wording import many
from pipeline.release import ReleasedWave
from survey.campaign import WaveState

METHODS: Mapping[str, tuple[str, ...]] = {
    "made": ("score", "interval", "n", "line", "pulse"),
    "change": ("real", "steady", "open", "mix"),
    "out": ("contrast", "guess", "gap"),
    "explain": ("button",),
}
"""How numbers come about: by section, its points; each is the text `about_<section>_<point>`."""

PRIVACY: Mapping[str, tuple[str, ...]] = {
    "raters": ("k", "watching", "coded", "words", "close", "process"),
    "pms": ("s", "rank", "share", "looks", "purpose"),
    "limits": ("style", "collusion", "operator", "asked"),
    "who": ("pm", "lead", "hr", "executive", "council"),
}
"""What is promised, and what is not, likewise. A section's name is its place in a link: `about#limits`."""


def show(release: Reading) -> None:
    """Draws the page; it is the same for everybody."""
    st.title(spoken().say("about_title"))
    st.write(spoken().say("about_lead"))
    for section, points in METHODS.items():
        show_section(section, points, {})
    latest = _published(release)[-1:]
    for wave in latest:
        for section, points in PRIVACY.items():
            show_section(section, points, promised(release, wave))
    show_waves(release)
    show_note(spoken().say("about_release", release=release.number))


def show_section(section: str, points: tuple[str, ...], values: Mapping[str, object]) -> None:
    """Writes one section, point by point."""
    words = spoken()
    st.header(words.say(f"about_{section}_title"), anchor=section)
    lines = (words.say(f"about_{section}_{point}", **values) for point in points)
    st.markdown("\n".join(f"- {line}" for line in lines))


def promised(release: Reading, wave: ReleasedWave) -> dict[str, object]:
    """Returns the numbers that the latest wave promised."""
    rules = [rule for rule in release.comment_rules() if rule.wave_id == wave.wave_id]
    needed = (rules[0].needed_submitters, rules[0].needed_authors) if rules else (wave.min_raters,) * 2
    return {"k": wave.min_raters, "s": wave.min_pms, "answered": needed[0], "written": needed[1]}


def show_waves(release: Reading) -> None:
    """Draws per wave what came in and what of it counts."""
    st.header(spoken().say("about_waves_title"), anchor="waves")
    st.write(spoken().say("about_waves_lead"))
    rows = [
        (
            wave.wave_id,
            part(wave.row_loaded_count, wave.row_received_count),
            part(wave.answer_loaded_count, wave.answer_received_count),
        )
        for wave in reversed(_published(release))
    ]
    show_rows(("about_wave", "about_rows", "about_answers"), rows, "about_waves_title")
    empty.show_withdrawn(withdrawn_waves(release))


def part(count: int, of: int) -> str:
    """Returns how many of how many."""
    return spoken().say("about_of", count=many(count), all=many(of))


def _published(release: Reading) -> list[ReleasedWave]:
    return [wave for wave in release.waves() if wave.state == WaveState.PUBLISHED]
