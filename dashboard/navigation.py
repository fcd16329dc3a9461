"""Who looks, which pages they have, and drawing the one that was asked for."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import streamlit as st

from dashboard import fit
from dashboard.access import DEMO_VARIABLE, FOR_EVERYBODY, SESSION_KEY, Page, Viewer, may_read, pages_of
from dashboard.catalogue import front_shelf, shelves
from dashboard.desk import Desk
from dashboard.directory import Directory, open_directory
from dashboard.personas import personas
from dashboard.reading import Reading
from dashboard.spoken import speak
from dashboard.views import (
    about,
    chrome,
    council,
    empty,
    explained,
    hr_data,
    hr_roster,
    hr_waves,
    instrument_page,
    looks,
    my_results,
    my_team,
    review,
    shared_results,
    sharing,
    stage_fit,
)
from dashboard.views.languages import wanted_wording
from dashboard.wording import said
from pipeline.release import Release, Releases
from survey.config import Settings, demo_settings, read_settings
from survey.language import Wording

PAGE_WIDTH = 1180  # pixels; wider lines are hard to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One viewer with who is who today, before a release; `numbers` is None while nothing is published."""

    viewer: Viewer
    words: Wording
    directory: Directory
    numbers: Reading | None
    settings: Settings

    @property
    def desk(self) -> Desk:
        """HR's desk, which asks with every question whether the viewer is HR."""
        return Desk(directory=self.directory, viewer=self.viewer, settings=self.settings)

    @property
    def reading(self) -> Reading:
        """What the viewer may read; only for pages that are drawn once there is a release."""
        assert self.numbers is not None  # noqa: S101 - `show_page` has asked
        return self.numbers


@cache
def open_releases(folder: Path) -> Releases:
    """Returns the one reader of this process; it opens a new release under its new name by itself."""
    return Releases(folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """A page of the navigation: its title, its path in a link, and what draws it."""

    title: str
    path: str
    show: Callable[[], None]
    is_listed: bool = True


def pages_for(visit: Visit) -> list[st.Page]:
    """Returns the pages a viewer has. The first stands at `/`, and at its own path for links to it."""
    first, *others = menu_for(visit)
    return [
        st.Page(first.show, title=first.title, url_path="start", default=True),
        *(page_at(item, is_listed=item.is_listed) for item in others),
        page_at(first, is_listed=False),
    ]


def page_at(item: MenuItem, *, is_listed: bool) -> st.Page:
    """Returns the page of an item; one that is not listed opens by its link alone."""
    return st.Page(
        item.show,
        title=item.title,
        url_path=item.path,
        visibility="visible" if is_listed else "hidden",
    )


def menu_for(visit: Visit) -> list[MenuItem]:
    """Returns the viewer's pages, from the one table of roles and pages; instruments stand before what explains."""
    items = [menu_item(visit, page) for page in pages_of(visit.viewer)]
    front = sum(item.path not in FOR_EVERYBODY for item in items)
    return [*items[:front], *instrument_items(visit), *items[front:]]


def menu_item(visit: Visit, page: Page) -> MenuItem:
    """Returns where a page stands; its title is the text `<name>_page`."""
    title = visit.words.say(f"{page.name.lower()}_page")
    shown = partial(show_page, visit, page)
    return MenuItem(title=title, path=page.value, show=shown, is_listed=page not in BY_LINK)


def show_page(visit: Visit, page: Page) -> None:
    """Draws a page, or that nothing is published yet where the page is about numbers."""
    if visit.numbers is None and page not in BEFORE_RELEASE:
        empty.show_no_release()
    else:
        SHOWN[page](visit)


def instrument_items(visit: Visit) -> list[MenuItem]:
    """Returns one page for each instrument that the first page does not show and the viewer may read."""
    if visit.numbers is None:
        return []
    own_shelves = shelves(visit.reading)
    front = front_shelf(own_shelves)
    shown = front.instrument.instrument_id if front is not None else ""
    return [
        MenuItem(
            title=said(shelf.instrument.title),
            path=shelf.instrument.instrument_id,
            show=partial(show_instrument, visit, shelf.instrument.instrument_id),
        )
        for shelf in own_shelves
        if shelf.instrument.instrument_id != shown and may_read(visit.viewer, shelf.instrument)
    ]


def show_instrument(visit: Visit, instrument_id: str) -> None:
    """Draws an instrument; what only the PM answers has a page of its own shape."""
    if instrument_id == fit.INSTRUMENT:
        stage_fit.show(visit.reading)
    else:
        instrument_page.show(visit.reading, instrument_id)


def show_my_results(visit: Visit) -> None:
    """Draws a PM's results, and whom they share them with."""
    my_results.show(visit.reading, visit.directory)
    sharing.show(visit.directory, visit.viewer, visit.words)


SHOWN: Mapping[Page, Callable[[Visit], None]] = {
    Page.MY_RESULTS: show_my_results,
    Page.MY_TEAM: lambda visit: my_team.show(visit.reading, visit.directory),
    Page.SHARED: lambda visit: shared_results.show(visit.reading, visit.directory, visit.words),
    Page.COUNCIL: lambda visit: council.show(visit.reading, visit.directory),
    Page.WAVES: lambda visit: hr_waves.show(visit.desk, visit.words),
    Page.DATA: lambda visit: hr_data.show(visit.desk, visit.words),
    Page.ROSTER: lambda visit: hr_roster.show(visit.desk, visit.words),
    Page.UNITS: lambda visit: review.show(visit.reading, visit.directory),
    Page.NUMBER: lambda visit: explained.show(visit.reading),
    Page.ABOUT: lambda visit: about.show(visit.reading),
    Page.LOOKS: lambda visit: looks.show(visit.directory, visit.viewer, visit.words),
}
"""What draws each page; who has it is decided in `access.PAGES`."""

BY_LINK = frozenset({Page.NUMBER})
"""Only a link leads there."""

BEFORE_RELEASE = frozenset({Page.LOOKS, Page.WAVES, Page.DATA, Page.ROSTER})
"""There is something to read on these before anything is published."""


def choose_viewer(directory: Directory, words: Wording) -> Viewer | None:
    """Returns who a demo is looked at as: a person of its register, with the roles they have today."""
    found = personas(directory, words)
    return directory.viewer_of(chrome.choose_persona(found, words).person_id) if found else None


def demo_visit(settings: Settings) -> Visit | None:
    """Returns the visit of a persona; None where no demo is, since nothing else is shown without sign-in."""
    words = wanted_wording()
    speak(words)
    directory = open_directory(settings) if settings.is_made_up else None
    viewer = None if directory is None else choose_viewer(directory, words)
    if directory is None or viewer is None:
        chrome.show_no_demo(words)
        return None
    return visit_of(viewer, directory, words, settings)


def signed_in_visit(settings: Settings) -> Visit | None:
    """Returns the visit of who is signed in, in their language, or None if nobody is."""
    directory = open_directory(settings)
    viewer = directory.viewer(str(st.user.get(SESSION_KEY) or ""))
    words = wanted_wording(directory.languages.of(viewer.person_id) if viewer else "")
    speak(words)
    if viewer is None:
        chrome.show_signed_out(words)
        return None
    chrome.show_signed_in(viewer, words, partial(directory.languages.choose, viewer.person_id))
    return visit_of(viewer, directory, words, settings)


def visit_of(viewer: Viewer, directory: Directory, words: Wording, settings: Settings) -> Visit:
    """Returns a viewer's visit; the session, where there is one, is asked for again with every number."""
    release = open_releases(settings.releases_path).current()
    return Visit(
        viewer=viewer,
        words=words,
        directory=directory,
        numbers=None if release is None else read_as(viewer, release, directory),
        settings=settings,
    )


def read_as(viewer: Viewer, release: Release, directory: Directory) -> Reading:
    """Returns a release as somebody may read it; their session, where there is one, is asked for with every number."""
    return Reading(
        release=release,
        viewer=viewer,
        note_look=directory.note_look,
        still_holds=lambda: not viewer.session_id or directory.session(viewer.session_id) is not None,
    )


def draw() -> None:
    """Draws the page that was asked for."""
    st.set_page_config(page_title="Team health", layout="wide", initial_sidebar_state="collapsed")
    with st.container(horizontal_alignment="center"), st.container(width=PAGE_WIDTH):
        if os.environ.get(DEMO_VARIABLE) == "1":
            visit = demo_visit(demo_settings(read_settings()))
        else:
            visit = signed_in_visit(read_settings())
        if visit is not None:
            st.navigation(pages_for(visit), position="top").run()
