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
from dashboard.personas import personas
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
from survey.config import Settings, demo_settings, read_settings
from survey.language import Wording, languages, wording

PAGE_WIDTH = 1180  # pixels; wider lines are hard to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One viewer before one release, with who is who today."""

    reading: Reading
    words: Wording
    directory: Directory

    @property
    def viewer(self) -> Viewer:
        return self.reading.viewer


@st.cache_resource(show_spinner=False)
def open_releases(folder: Path) -> Releases:
    """Returns the one reader of this process; it opens a new release under its new name by itself."""
    return Releases(folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page of the navigation: its title, its path in a link, and what draws it."""

    title: str
    path: str
    show: Callable[[], None]


def pages_for(visit: Visit) -> list[st.Page]:
    """Returns the pages a viewer has. The first stands at `/`, and at its own path for links to it."""
    first, *others = places_for(visit)
    return [
        st.Page(first.show, title=first.title, url_path="start", default=True),
        *(st.Page(place.show, title=place.title, url_path=place.path) for place in others),
        st.Page(first.show, title=first.title, url_path=first.path, visibility="hidden"),
    ]


def places_for(visit: Visit) -> list[Place]:
    """Returns what is about the viewer, units, further instruments, and what stands behind the numbers."""
    say = visit.words.say
    return [
        *own_places(visit),
        *unit_places(visit),
        *instrument_places(visit),
        Place(title=say("about_page"), path="about", show=partial(about.show, visit.reading)),
        *looks_places(visit),
    ]


def own_places(visit: Visit) -> list[Place]:
    """Returns a PM's own results."""
    if not visit.viewer.is_pm:
        return []
    title = visit.words.say("my_results_page")
    return [Place(title=title, path="my-results", show=partial(show_my_results, visit))]


def show_my_results(visit: Visit) -> None:
    """Draws a PM's results, and whom they share them with."""
    my_results.show(visit.reading)
    sharing.show(visit.directory, visit.viewer, visit.words)


def unit_places(visit: Visit) -> list[Place]:
    """Returns the units of who opens any, and what PMs shared with who leads some."""
    say = visit.words.say
    places = []
    if visit.reading.units_in_scope():
        places.append(Place(title=say("units_page"), path="units", show=partial(unit.show, visit.reading)))
    if visit.viewer.is_lead:
        shown = partial(shared_results.show, visit.reading, visit.words)
        places.append(Place(title=say("shared_page"), path="shared", show=shown))
    return places


def instrument_places(visit: Visit) -> list[Place]:
    """Returns one page for each instrument that the first page does not show and the viewer may read."""
    own_shelves = shelves(visit.reading)
    front = front_shelf(own_shelves)
    shown = front.instrument.instrument_id if front is not None else ""
    return [
        Place(
            title=said(shelf.instrument.title),
            path=shelf.instrument.instrument_id,
            show=partial(instrument_page.show, visit.reading, shelf.instrument.instrument_id),
        )
        for shelf in own_shelves
        if shelf.instrument.instrument_id != shown and may_read(visit.viewer, shelf.instrument)
    ]


def looks_places(visit: Visit) -> list[Place]:
    """Returns who looked at the viewer's results."""
    shown = partial(looks.show, visit.directory, visit.viewer, visit.words)
    return [Place(title=visit.words.say("looks_page"), path="who-looked", show=shown)]


def wanted_wording() -> Wording:
    """Returns the words in the language of the visitor's browser, if we have it, else in English."""
    wanted = (st.context.locale or "").partition("-")[0].lower()
    return wording(wanted if wanted in languages() else "en")


def choose_viewer(directory: Directory, words: Wording) -> Viewer:
    """Returns who a demo is looked at as: a person of its register, with the roles they have today."""
    chosen = chrome.choose_persona(personas(directory, words), words)
    viewer = directory.viewer_of(chosen.person_id)
    return viewer if viewer is not None else Viewer(name=chosen.label, roles=frozenset())


def visit_demo(release: Release, directory: Directory, words: Wording) -> Visit:
    """Returns the visit of a persona: what they open is written down as anybody's is."""
    viewer = choose_viewer(directory, words)
    reading = Reading(release=release, viewer=viewer, note_look=directory.note_look)
    return Visit(reading=reading, words=words, directory=directory)


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


def show_pages(visit: Visit) -> None:
    """Draws the page of the address, within the width that can be read."""
    st.navigation(pages_for(visit), position="top").run()


def show_demo(settings: Settings, words: Wording) -> None:
    """Draws a page of the demo; over anything else there is nothing without sign-in."""
    if not settings.is_made_up:
        chrome.show_no_demo(words)
        return
    release = open_releases(settings.releases_path).current()
    if release is None:
        empty.show_no_release()
        return
    with st.container(horizontal_alignment="center"), st.container(width=PAGE_WIDTH):
        show_pages(visit_demo(release, open_directory(settings), words))


def show_behind_sign_in(settings: Settings, words: Wording) -> None:
    """Draws a page for who is signed in."""
    directory = open_directory(settings)
    viewer = directory.viewer(str(st.user.get(SESSION_KEY) or ""))
    if viewer is None:
        chrome.show_signed_out(words)
        return
    release = open_releases(settings.releases_path).current()
    if release is None:
        empty.show_no_release()
        return
    with st.container(horizontal_alignment="center"), st.container(width=PAGE_WIDTH):
        show_pages(visit_signed_in(release, directory, viewer, words))


def main() -> None:
    """Draws the page that was asked for."""
    st.set_page_config(page_title="Team health", layout="wide", initial_sidebar_state="collapsed")
    if os.environ.get(DEMO_VARIABLE) == "1":
        show_demo(demo_settings(read_settings()), wanted_wording())
    else:
        show_behind_sign_in(read_settings(), wanted_wording())


main()
