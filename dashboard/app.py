"""The script that Streamlit runs for every visitor: who looks, and which pages they have."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard.access import DEMO_VARIABLE, Role, Viewer, may_read
from dashboard.catalogue import front_shelf, shelves
from dashboard.views import about, chrome, empty, instrument_page, my_results, unit
from dashboard.wording import said
from pipeline.release import Release, Releases
from survey.config import read_settings

PAGE_WIDTH = 1180  # pixels; wider lines are hard to read


@st.cache_resource(show_spinner=False)
def open_releases(folder: Path) -> Releases:
    """Returns the one reader of this process; it opens a new release under its new name by itself."""
    return Releases(folder)


def pages_for(release: Release, viewer: Viewer) -> list[st.Page]:
    """Returns the pages a viewer has: their first page, one per further instrument, about."""
    return [
        first_page(release, viewer),
        *instrument_pages(release, viewer),
        page("About these numbers", "about", partial(about.show, release, viewer)),
    ]


def first_page(release: Release, viewer: Viewer) -> st.Page:
    """Returns a PM's own results, or the units of everybody else."""
    if viewer.role is Role.PM:
        return page("My results", "my-results", partial(my_results.show, release, viewer))
    return page("Units", "units", partial(unit.show, release, viewer))


def instrument_pages(release: Release, viewer: Viewer) -> list[st.Page]:
    """Returns one page for each instrument that the first page does not show and the viewer may read."""
    own_shelves = shelves(release)
    front = front_shelf(own_shelves)
    shown = front.instrument.instrument_id if front is not None else ""
    return [
        page(
            said(shelf.instrument.title),
            shelf.instrument.instrument_id,
            partial(instrument_page.show, release, viewer, shelf.instrument.instrument_id),
        )
        for shelf in own_shelves
        if shelf.instrument.instrument_id != shown and may_read(viewer, shelf.instrument)
    ]


def page(title: str, path: str, show: Callable[[], None]) -> st.Page:
    """Returns a page of the navigation."""
    return st.Page(show, title=title, url_path=path)


def main() -> None:
    """Draws the page that was asked for."""
    st.set_page_config(page_title="Team health", layout="wide", initial_sidebar_state="collapsed")
    if os.environ.get(DEMO_VARIABLE) != "1":
        st.error(
            "The dashboard has no sign-in yet and shows only a demo: start it with 'pmhealth serve --demo'."
        )
        st.stop()
    settings = read_settings()
    release = open_releases(settings.releases_path).current()
    if release is None:
        empty.show_no_release()
        return
    with st.container(horizontal_alignment="center"), st.container(width=PAGE_WIDTH):
        viewer = chrome.choose_viewer(release, is_made_up=settings.is_made_up)
        st.navigation(pages_for(release, viewer), position="top").run()


main()
