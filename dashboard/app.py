"""The script that Streamlit runs for every visitor: who looks, and which pages they have."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard.access import DEMO_VARIABLE, SESSION_KEY, Viewer, may_read
from dashboard.catalogue import front_shelf, shelves
from dashboard.directory import Directory, open_directory
from dashboard.reading import Reading
from dashboard.views import (
    about,
    chrome,
    empty,
    instrument_page,
    looks,
    my_results,
    shared_results,
    sharing,
    unit,
)
from dashboard.wording import said
from pipeline.release import Release, Releases
from survey.config import Settings, read_settings
from survey.language import Wording, languages, wording

PAGE_WIDTH = 1180  # pixels; wider lines are hard to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One viewer before one release. `directory` is None in a demo, where nobody is signed in."""

    reading: Reading
    words: Wording
    directory: Directory | None = None

    @property
    def viewer(self) -> Viewer:
        return self.reading.viewer


@st.cache_resource(show_spinner=False)
def open_releases(folder: Path) -> Releases:
    """Returns the one reader of this process; it opens a new release under its new name by itself."""
    return Releases(folder)


def pages_for(visit: Visit) -> list[st.Page]:
    """Returns the pages a viewer has: what is about them, units, further instruments, what stands behind."""
    say = visit.words.say
    return [
        *own_pages(visit),
        *unit_pages(visit),
        *instrument_pages(visit),
        *looks_pages(visit),
        page(say("about_page"), "about", partial(about.show, visit.reading)),
    ]


def own_pages(visit: Visit) -> list[st.Page]:
    """Returns a PM's own results."""
    if not visit.viewer.is_pm:
        return []
    return [page(visit.words.say("my_results_page"), "my-results", partial(show_my_results, visit))]


def show_my_results(visit: Visit) -> None:
    """Draws a PM's results, and whom they share them with."""
    my_results.show(visit.reading)
    if visit.directory is not None:
        sharing.show(visit.directory, visit.viewer, visit.words)


def unit_pages(visit: Visit) -> list[st.Page]:
    """Returns the units of who opens any, and what PMs shared with who leads some."""
    pages = []
    if visit.reading.units_in_scope():
        pages.append(page(visit.words.say("units_page"), "units", partial(unit.show, visit.reading)))
    if visit.viewer.is_lead and visit.directory is not None:
        shown = partial(shared_results.show, visit.reading, visit.words)
        pages.append(page(visit.words.say("shared_page"), "shared", shown))
    return pages


def instrument_pages(visit: Visit) -> list[st.Page]:
    """Returns one page for each instrument that the first page does not show and the viewer may read."""
    own_shelves = shelves(visit.reading)
    front = front_shelf(own_shelves)
    shown = front.instrument.instrument_id if front is not None else ""
    return [
        page(
            said(shelf.instrument.title),
            shelf.instrument.instrument_id,
            partial(instrument_page.show, visit.reading, shelf.instrument.instrument_id),
        )
        for shelf in own_shelves
        if shelf.instrument.instrument_id != shown and may_read(visit.viewer, shelf.instrument)
    ]


def looks_pages(visit: Visit) -> list[st.Page]:
    """Returns who looked at the viewer's results; a persona of the demo has no such list."""
    if visit.directory is None:
        return []
    shown = partial(looks.show, visit.directory, visit.viewer, visit.words)
    return [page(visit.words.say("looks_page"), "who-looked", shown)]


def page(title: str, path: str, show: Callable[[], None]) -> st.Page:
    """Returns a page of the navigation."""
    return st.Page(show, title=title, url_path=path)


def wanted_wording() -> Wording:
    """Returns the words in the language of the visitor's browser, if we have it, else in English."""
    wanted = (st.context.locale or "").partition("-")[0].lower()
    return wording(wanted if wanted in languages() else "en")


def visit_demo(release: Release, settings: Settings) -> Visit:
    """Returns the visit of a persona that is chosen on the page."""
    viewer = chrome.choose_viewer(release, is_made_up=settings.is_made_up)
    return Visit(reading=Reading(release=release, viewer=viewer), words=wording("en"))


def visit_signed_in(release: Release, directory: Directory, viewer: Viewer, words: Wording) -> Visit:
    """Returns the visit of who is signed in; the session is asked for again with every number."""
    chrome.show_signed_in(viewer, words)
    reading = Reading(
        release=release,
        viewer=viewer,
        note_look=directory.note_look,
        still_holds=lambda: directory.session(viewer.session_id) is not None,
    )
    return Visit(reading=reading, words=words, directory=directory)


def main() -> None:
    """Draws the page that was asked for."""
    st.set_page_config(page_title="Team health", layout="wide", initial_sidebar_state="collapsed")
    settings = read_settings()
    is_demo = os.environ.get(DEMO_VARIABLE) == "1"
    directory = None if is_demo else open_directory(settings)
    words = wanted_wording()
    viewer = None if directory is None else directory.viewer(str(st.user.get(SESSION_KEY) or ""))
    if directory is not None and viewer is None:
        chrome.show_signed_out(words)
        st.stop()
    release = open_releases(settings.releases_path).current()
    if release is None:
        empty.show_no_release()
        return
    with st.container(horizontal_alignment="center"), st.container(width=PAGE_WIDTH):
        if directory is None or viewer is None:
            visit = visit_demo(release, settings)
        else:
            visit = visit_signed_in(release, directory, viewer, words)
        st.navigation(pages_for(visit), position="top").run()


main()
