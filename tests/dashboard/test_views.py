"""Every page for every persona, run by Streamlit itself without a browser."""

import shutil
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access import Role, Viewer
from dashboard.directory import open_directory
from pipeline.release import Releases
from survey.config import DEMO_MARKER, Settings
from tests.made_up_people import write_people

HR = Viewer(name="HR", roles=frozenset({Role.HR}))
LEAD = Viewer(name="Lead of Growth", roles=frozenset({Role.LEAD}), unit_ids=("Product/Growth",))
STRANGER = Viewer(name="Lead of Elsewhere", roles=frozenset({Role.LEAD}), unit_ids=("Elsewhere",))


def pm(person_id):
    return Viewer(name=person_id, roles=frozenset({Role.PM}), person_id=person_id)


def draw(release, viewer, module, *more):
    """The script AppTest runs: it imports a view and hands it a release and a viewer."""
    import importlib  # noqa: PLC0415 - Streamlit runs the source of this function alone

    from dashboard.reading import Reading  # noqa: PLC0415 - likewise

    importlib.import_module(f"dashboard.views.{module}").show(Reading(release=release, viewer=viewer), *more)


def run(module, release, viewer, *more, **choices):
    page = AppTest.from_function(draw, args=(release, viewer, module, *more), default_timeout=120)
    for name, value in choices.items():
        page.session_state[name] = value
    page.run()
    assert not page.exception
    return page


def titles(page):
    return [title.value.replace("\\", "") for title in page.title]


def charts(page):
    return page.get("plotly_chart")


def words(page):
    return " ".join(element.value.replace("\\", "") for element in page.markdown)


@pytest.fixture
def core_only(tmp_path, instruments, new_draft):
    """A release in which nobody was asked about the four traits, and one unit has no number at all."""
    draft = new_draft()
    draft.add("meta", 1, 1)
    draft.instrument(instruments.core)
    wave_id = draft.wave(instruments.core, "2026H1")
    draft.unit(wave_id, "Product", "", "Product")
    draft.hidden(wave_id, ("unit", "Product"), ("trait", instruments.core.traits[0].trait_id), "too_few_pms")
    draft.write(tmp_path / "release-000001.duckdb")
    return Releases(tmp_path).current()


def test_instrument_page_when_every_number_is_hidden_then_says_so(core_only):
    page = run("instrument_page", core_only, HR, "core-competencies")
    assert titles(page) == ["2026H1 is not shown"]
    assert "At least 3 PMs are needed." in words(page)


def test_core_competencies_when_opened_by_a_pm_then_shows_three_areas(release):
    page = run("instrument_page", release, pm("p-ada"), "core-competencies")
    assert titles(page) == ["Others see you between 3.0 and 4.4 in 2026H1"]
    assert len(charts(page)) == 3


def test_core_competencies_when_opened_by_hr_then_is_about_a_unit(release):
    page = run("instrument_page", release, HR, "core-competencies")
    assert titles(page) == ["Product is seen between 3.2 and 4.3 in 2026H1"]


def test_three_lenses_when_opened_by_a_lead_then_is_about_the_unit_itself(release):
    page = run("instrument_page", release, LEAD, "three-lenses")
    assert titles(page) == ["Growth is seen at 3.4 in 2026H1"]
    assert len(charts(page)) == 1


def test_instrument_page_when_the_viewer_has_no_unit_then_says_so(release):
    assert titles(run("instrument_page", release, STRANGER, "three-lenses")) == [
        "There is no unit for you to open"
    ]
    assert titles(run("instrument_page", release, pm("p-ada"), "three-lenses")) == ["Three lenses"]


def test_instrument_page_when_there_are_several_waves_then_offers_them(release):
    page = run("instrument_page", release, pm("p-ada"), "great-pm")
    assert page.selectbox(key="wave").options == ["2026Q2", "2026Q1", "2025Q4", "2025Q3"]


@pytest.mark.parametrize("viewer", [HR, LEAD, pm("p-ada")], ids=("hr", "lead", "pm"))
def test_about_when_opened_then_names_the_rules_and_what_came_in(release, viewer):
    page = run("about", release, viewer)
    assert "at least **4 people**" in words(page)
    assert "at least **3 PMs**" in words(page)
    assert page.table[0].value.values.tolist()[0] == [
        "great\\-pm\\/2026Q2",
        "204 of 211",
        "4,790 of 4,812",
    ]


APP = "dashboard/app.py"


@pytest.fixture
def demo(monkeypatch, home):
    monkeypatch.setenv("PMHEALTH_HOME", str(home))
    monkeypatch.setenv("PMHEALTH_DEMO", "1")


def open_app(**parameters):
    page = AppTest.from_file(Path(__file__).parents[2] / APP, default_timeout=120)
    for name, value in parameters.items():
        page.query_params[name] = value
    return page.run()


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("viewer_id", "start"),
    [
        ("hr", "Product: focus has risen"),
        ("lead:Product/Growth", "Growth: focus has risen"),
        ("pm:p-ada", "Others see you between 3.4 and 4.1, with honesty"),
    ],
)
def test_app_when_opened_as_a_persona_then_says_demo_and_shows_their_first_page(viewer_id, start):
    page = open_app(**{"as": viewer_id})
    assert not page.exception
    assert "Demo without sign-in" in words(page)
    assert titles(page)[0].startswith(start)
    assert page.query_params["as"] == viewer_id


@pytest.mark.usefixtures("demo")
def test_app_when_a_link_names_nobody_then_looks_as_hr():
    assert open_app(**{"as": "pm:nobody"}).selectbox(key="viewer").value == "hr"


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("viewer_id", ["hr", "lead:Product/Growth", "pm:p-ada"])
def test_app_when_the_people_are_real_then_nothing_is_shown_without_sign_in(
    viewer_id, home, tmp_path, monkeypatch
):
    for name in ("releases", "register"):
        shutil.copytree(home / name, tmp_path / name)
    monkeypatch.setenv("PMHEALTH_HOME", str(tmp_path))
    page = open_app(**{"as": viewer_id})
    assert not page.exception
    assert titles(page) == ["There is no demo here"]
    assert len(charts(page)) == page.selectbox.len == page.button.len == 0


@pytest.mark.usefixtures("demo")
def test_app_when_a_database_of_real_people_is_named_then_the_demo_keeps_to_its_own(monkeypatch):
    monkeypatch.setenv("PMHEALTH_REGISTER", "postgresql://nobody@localhost:1/none")
    page = open_app(**{"as": "hr"})
    assert page.selectbox(key="viewer").value == "hr"


@pytest.mark.usefixtures("demo")
def test_app_when_a_persona_shares_then_their_lead_reads_it_and_is_written_down(tmp_path, home, monkeypatch):
    shutil.copytree(home, tmp_path / "home")
    monkeypatch.setenv("PMHEALTH_HOME", str(tmp_path / "home"))
    page = open_app(**{"as": "pm:p-ada"})
    page.button(key="share").click().run()
    assert not page.exception
    directory = open_directory(Settings(home=tmp_path / "home"))
    assert directory.viewer_of("p-lead").shared_ids == {"p-ada"}


@pytest.mark.usefixtures("demo")
def test_app_when_another_persona_is_chosen_then_shows_their_page():
    page = open_app()
    page.selectbox(key="viewer").select("pm:p-noa").run()
    assert not page.exception
    assert titles(page)[0].startswith("Others see you between")


def test_app_when_nobody_is_signed_in_then_shows_the_way_to_sign_in_and_no_page(monkeypatch, home, tmp_path):
    shutil.copytree(home / "releases", tmp_path / "releases")
    monkeypatch.setenv("PMHEALTH_HOME", str(tmp_path))
    monkeypatch.delenv("PMHEALTH_DEMO", raising=False)
    page = open_app(**{"as": "hr"})
    assert not page.exception
    assert titles(page) == ["You are signed out"]
    assert 'href="/sign-in"' in words(page)
    assert len(charts(page)) == page.selectbox.len == 0


def test_app_when_nothing_is_published_then_says_what_to_do(monkeypatch, tmp_path):
    write_people(Settings(home=tmp_path), is_made_up=True)
    monkeypatch.setenv("PMHEALTH_HOME", str(tmp_path))
    monkeypatch.setenv("PMHEALTH_DEMO", "1")
    page = open_app()
    assert titles(page) == ["Nothing is published yet"]
    assert "pmhealth publish" in page.code[0].value


def test_app_when_nobody_was_made_up_yet_then_says_how_to(monkeypatch, tmp_path):
    (tmp_path / DEMO_MARKER).write_text("{}")
    monkeypatch.setenv("PMHEALTH_HOME", str(tmp_path))
    monkeypatch.setenv("PMHEALTH_DEMO", "1")
    assert titles(open_app()) == ["There is no demo here"]


def test_releases_when_a_new_one_is_there_then_pages_read_it(home):
    assert Releases(home / "releases").current().number == 1


@pytest.fixture
def wait(home, tmp_path):
    """The release of the other tests, in which waves like this one wait for a day far off."""

    def _wait(like):
        for path in (home / "releases").iterdir():
            shutil.copy(path, tmp_path)
        with duckdb.connect(str(tmp_path / "release-000001.duckdb")) as connection:
            connection.execute("update wave set unit_date = '9999-12-07' where wave_id like ?", [like])
        return Releases(tmp_path).current()

    return _wait


def test_instrument_page_when_its_wave_waits_for_units_then_says_so(wait):
    page = run("instrument_page", wait("%"), HR, "core-competencies")
    assert "shows here from Tuesday, 7 December 9999" in words(page)
