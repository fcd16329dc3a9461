"""The pages of who is signed in, run by Streamlit itself: their own, shared ones, who looked."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.directory import open_directory
from survey.register_sessions import SignInMethod

APP = Path(__file__).parents[3] / "dashboard" / "app.py"


@pytest.fixture
def settings(tmp_path, home, write_home, monkeypatch):
    monkeypatch.setenv("PMHEALTH_HOME", str(tmp_path))
    monkeypatch.delenv("PMHEALTH_DEMO", raising=False)
    return write_home(tmp_path, home)


@pytest.fixture
def directory(settings):
    return open_directory(settings)


@pytest.fixture
def visit(directory):
    """Opens the app as somebody who is signed in."""

    def open_app(person_id, **query):
        begun = directory.sessions.begin(person_id, SignInMethod.LINK, directory.now())
        page = AppTest.from_file(APP, default_timeout=120)
        page.user = {"session_id": begun.session.session_id}
        for name, value in query.items():
            page.query_params[name] = value
        page.run()
        assert not page.exception
        return page

    return open_app


def titles(page):
    return [title.value.replace("\\", "") for title in page.title]


def words(page):
    return " ".join(element.value.replace("\\", "") for element in page.markdown)


@pytest.mark.parametrize(
    ("person_id", "start"),
    [
        ("p-ada", "Others see you between 3.4 and 4.1, with honesty as a strength"),
        ("p-lead", "Growth: focus has risen"),
        ("p-hr", "Product: focus has risen"),
        ("p-exec", "Product: focus has risen"),
        ("p-council", "Release 1 has not been attacked yet"),
        ("p-eng", "What these numbers are"),
    ],
)
def test_app_when_signed_in_then_opens_on_the_first_page_of_the_role(visit, person_id, start):
    page = visit(
        person_id,
        **{"as": "hr", "session_id": "x", "unit": "Product/Platform" if person_id == "p-lead" else "Product"},
    )
    assert titles(page)[0].startswith(start)
    assert 'href="/sign-out" target="_self">Sign out<' in words(page)
    choices = {one.key for one in page.selectbox} & {"unit", "team"}
    assert len(choices) == (person_id in ("p-lead", "p-hr", "p-exec"))


def test_results_when_shared_and_taken_back_then_the_page_says_who_sees_it(visit, directory):
    page = visit("p-ada")
    assert "Only you. Lea Lead, your lead, sees it if you share it" in words(page)
    page.button(key="share").click().run()
    assert "You, and Lea Lead, with whom you shared it" in words(page)
    assert directory.viewer_of("p-lead").shared_ids == {"p-ada"}
    page.button(key="take-back").click().run()
    assert "Only you." in words(page)
    assert directory.viewer_of("p-lead").shared_ids == frozenset()


def test_session_when_revoked_then_an_open_page_is_cut_at_its_next_run(visit, directory):
    page = visit("p-ada")
    assert len(page.get("plotly_chart")) == 4
    directory.sessions.revoke_person("p-ada", directory.now(), by="cli")
    page.run()
    assert titles(page) == ["You are signed out"]
    assert len(page.get("plotly_chart")) == page.button.len == 0


def draw(settings, person_id, module, *more):
    """The script AppTest runs: one view, for a person who is signed in."""
    import importlib  # noqa: PLC0415 - Streamlit runs the source of this function alone

    from dashboard.directory import open_directory  # noqa: PLC0415
    from dashboard.reading import Reading  # noqa: PLC0415
    from pipeline.release import Releases  # noqa: PLC0415
    from survey.language import wording  # noqa: PLC0415

    directory = open_directory(settings)
    viewer = directory.viewer_of(person_id, "of a test")
    release = Releases(settings.releases_path).current()
    reading = Reading(release=release, viewer=viewer, note_look=directory.note_look)
    first = (reading, directory) if module == "shared_results" else (directory, viewer)
    importlib.import_module(f"dashboard.views.{module}").show(*first, wording(more[0]))


def view(settings, person_id, module, language="en", **query):
    page = AppTest.from_function(draw, args=(settings, person_id, module, language), default_timeout=120)
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def test_shared_page_when_nothing_is_shared_then_says_whose_choice_it_is(settings):
    page = view(settings, "p-lead", "shared_results", pm="p-ada")
    assert titles(page) == ["Nobody has shared their results with you"]
    assert page.selectbox.len == 0


def test_shared_page_when_shared_then_shows_that_pm_and_a_link_to_another_is_not_followed(
    settings, directory
):
    directory.share_with_lead("p-ada")
    page = view(settings, "p-lead", "shared_results", pm="p-bo")
    assert page.selectbox(key="pm").options == ["Ada Example"]
    assert "This is the page of Ada Example" in words(page)
    assert titles(page)[0].startswith("Others see you between 3.4 and 4.1, with honesty as a strength")
    assert "Bo Example" not in str(page)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Nobody has looked at your results but you"),
        ("de", "Niemand außer dir hat in deine Ergebnisse gesehen"),
    ],
)
def test_looks_when_nobody_looked_then_says_so(settings, language, title):
    assert titles(view(settings, "p-ada", "looks", language)) == [title]


def test_looks_when_somebody_looked_then_names_them_and_all_else_about_oneself(settings, directory, visit):
    visit("p-ada")
    directory.share_with_lead("p-ada")
    view(settings, "p-lead", "shared_results")
    directory.take_back("p-ada", "p-lead")
    directory.sessions.revoke_person("p-ada", directory.now(), by="cli")
    page = view(settings, "p-ada", "looks")
    assert titles(page) == ["Lea Lead has looked at your results"]
    (table,) = page.table
    assert [row[1] for row in table.value.values.tolist()] == [
        "Your session was ended by those who run this survey",
        "You took back what you shared with Lea Lead",
        "Lea Lead opened your results",
        "You shared your results with Lea Lead",
        "You signed in",
    ]


def test_looks_when_several_looked_then_says_how_many(settings, directory, release):
    for viewer_id in ("p-lead", "p-exec"):
        directory.note_look(directory.viewer_of(viewer_id, viewer_id), "p-bo")
    assert titles(view(settings, "p-bo", "looks")) == ["2 people have looked at your results"]


def test_sharing_when_the_roster_names_no_lead_then_says_so(settings):
    page = view(settings, "p-exec", "sharing")
    assert "Only you. The roster names no lead of yours today" in words(page)
    assert page.button.len == 0


def test_sharing_when_the_policy_opens_results_then_says_from_when(settings):
    (settings.home / "access.toml").write_text("leads_see_results_from = 2027-01-01\n")
    open_directory.cache_clear()
    assert "also without your sharing them" in words(view(settings, "p-ada", "sharing"))


def test_language_when_chosen_then_is_kept_for_the_person_and_carried_by_links(visit, directory):
    page = visit("p-ada")
    assert 'href="/sign-out" target="_self">Sign out<' in words(page)
    page.button_group(key="language").set_value("de").run()
    assert not page.exception
    assert 'href="/sign-out?lang=de" target="_self">Abmelden<' in words(page)
    assert (directory.languages.of("p-ada"), directory.languages.of("p-bo")) == ("de", "")
    assert titles(visit("p-ada"))[0].startswith("Andere erleben dich zwischen")
    assert titles(visit("p-bo", lang="xx"))[0].isascii()


def test_language_when_in_a_link_then_counts_for_the_visit_and_nothing_is_kept(visit, directory):
    page = visit("p-ada", lang="de")
    assert titles(page)[0].startswith("Andere erleben dich zwischen")
    assert directory.languages.of("p-ada") == ""
