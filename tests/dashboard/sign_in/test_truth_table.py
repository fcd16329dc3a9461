"""Every role before every page: who has it opens it; for everybody else it is a page that does not exist."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.access import FOR_EVERYBODY, PAGES, Page, Reach, Role, Viewer, has_page, pages_of
from dashboard.directory import open_directory
from survey.register_sessions import SignInMethod

APP = Path(__file__).parents[3] / "dashboard" / "app.py"
INSTRUMENTS = {
    "core-competencies": {Role.PM, Role.LEAD, Role.HR, Role.EXECUTIVE},
    "three-lenses": {Role.LEAD, Role.HR, Role.EXECUTIVE},
    "stage-fit": {Role.PM},
}
PEOPLE = {
    "p-hr": {Role.HR},
    "p-exec": {Role.EXECUTIVE, Role.LEAD},
    "p-council": {Role.COUNCIL},
    "p-lead": {Role.LEAD},
    "p-ada": {Role.PM},
    "p-eng": set(),
}
WITHOUT_NUMBERS = {Role.COUNCIL}


def viewer(*roles, units=("Product/Growth",)):
    return Viewer(name="x", roles=frozenset(roles), person_id="p-x", unit_ids=units)


def test_table_when_read_then_every_page_has_a_row():
    assert set(PAGES) == set(Page)


@pytest.mark.parametrize("page", PAGES)
def test_council_when_it_has_a_page_then_it_is_one_without_scores(page):
    assert PAGES[page].get(Role.COUNCIL, Reach.NOBODY) in (Reach.NOBODY, Reach.SELF)


@pytest.mark.parametrize("page", PAGES)
def test_page_of_one_person_when_hr_or_an_executive_asks_then_it_is_their_own(page):
    for role in (Role.HR, Role.EXECUTIVE):
        assert PAGES[page].get(role) is not Reach.SHARED
        assert PAGES[page].get(role) is not Reach.SELF or page in FOR_EVERYBODY


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", Role)
def test_role_when_alone_then_has_what_the_table_says(role, page):
    assert has_page(viewer(role), page) is (role in PAGES[page])


@pytest.mark.parametrize("page", PAGES)
def test_roles_when_together_then_have_what_each_has(page):
    assert has_page(viewer(Role.PM, Role.LEAD), page) is bool({Role.PM, Role.LEAD} & set(PAGES[page]))
    assert has_page(viewer(), page) is (page in FOR_EVERYBODY)


def test_lead_when_they_lead_no_unit_then_has_no_page_about_units():
    found = pages_of(viewer(Role.LEAD, units=()))
    assert [page for page in found if PAGES[page][Role.LEAD] is Reach.LED] == []
    assert Page.SHARED in found


def test_executive_when_they_come_then_begin_with_the_units():
    assert pages_of(viewer(Role.EXECUTIVE, Role.LEAD))[0] is Page.UNITS
    assert pages_of(viewer(Role.PM, Role.LEAD))[0] is Page.MY_RESULTS


@pytest.fixture(scope="module")
def settings(tmp_path_factory, home, write_home):
    return write_home(tmp_path_factory.mktemp("table"), home)


@pytest.fixture
def visit(settings, monkeypatch):
    """Opens the app as somebody who is signed in, at a path; the same tab then goes on."""
    monkeypatch.setenv("PMHEALTH_HOME", str(settings.home))
    monkeypatch.delenv("PMHEALTH_DEMO", raising=False)
    directory = open_directory(settings)

    def open_tab(person_id):
        begun = directory.sessions.begin(person_id, SignInMethod.LINK, directory.now())
        tab = AppTest.from_file(APP, default_timeout=120)
        tab.user = {"session_id": begun.session.session_id}
        return tab

    return open_tab


def go(tab, path):
    """Returns all that is written on the page of a path; Streamlit has no other way to a callable's page."""
    tab._page_hash = calc_hash(path)
    tab.run()
    assert not tab.exception
    return [element.value for kind in (tab.title, tab.header, tab.markdown) for element in kind]


@pytest.mark.parametrize("person_id", PEOPLE)
def test_person_when_they_try_every_page_then_one_out_of_scope_is_as_one_that_is_not_there(visit, person_id):
    tab, roles = visit(person_id), PEOPLE[person_id]
    theirs = {page.value: bool(roles & set(PAGES[page])) or page in FOR_EVERYBODY for page in Page}
    theirs |= {path: bool(roles & readers) for path, readers in INSTRUMENTS.items()}
    is_start = {path: go(tab, path) == go(tab, "no-such-page") for path in theirs}
    (first,) = [path for path, has in theirs.items() if has and is_start[path]]
    assert {path for path in theirs if not is_start[path]} | {first} == {
        path for path, has in theirs.items() if has
    }, "the start page is what an unknown path leads to"


@pytest.mark.parametrize("person_id", [one for one, roles in PEOPLE.items() if roles <= WITHOUT_NUMBERS])
def test_person_without_numbers_when_they_open_every_page_then_no_figure_is_drawn(visit, person_id):
    tab = visit(person_id)
    for page in Page:
        go(tab, page.value)
        assert len(tab.get("plotly_chart")) == len(tab.get("download_button")) == 0
