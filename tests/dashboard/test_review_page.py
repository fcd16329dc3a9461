"""The quarterly review, run by Streamlit itself without a browser: per role, unit, quarter and choice."""

import shutil

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.directory import Directory
from pipeline.release import Releases
from survey.config import Settings
from survey.register import open_register
from survey.register_promises import NewPromise
from tests.dashboard.drawn_tables import drawn_tables
from tests.made_up_people import POLICY, write_people

SMALL = "Product/Small <b>"
LATEST, BEFORE, FIRST = "great-pm/2026Q2", "great-pm/2026Q1", "great-pm/2025Q3"


@pytest.fixture
def directory(tmp_path):
    settings = Settings(home=tmp_path / "people")
    write_people(settings, is_made_up=False)
    with open_register(settings.register_address) as register:
        yield Directory(register, POLICY)


PLACES = f"""
    (select wave_no from wave where wave_id = '{LATEST}'),
    (select scope_no from scope where scope = 'unit' and scope_id = 'Product'),
    (select measure_no from measure where measure = 'trait' and measure_id = 'focus')
"""  # noqa: S608 - our tables


def place_inside(connection):
    """Takes one change apart, places the PMs of the top unit on one trait, and says that several stand out."""
    since = f"(select wave_no from wave where wave_id = '{BEFORE}')"  # noqa: S608 - ours
    mix = "0, 1, 3, 0.4, 0.2, 0.6, 2, 0.1, -0.1, 0.3, 1, 0.1, 0, 0, 0, 5, 3, 3"
    bins = "[1, 3, 3.5, 4, 5], [0, 3, 3, 0], 4"
    for table, numbers in (("mix", f"{since}, {mix}"), ("distribution", bins), ("coverage", "2, 10")):
        connection.execute(f"insert into {table} values ({PLACES}, {numbers})")  # noqa: S608 - our tables


def draw(release, directory, person_id, language):
    """The script AppTest runs: the page as one person of the register sees it."""
    from dashboard.reading import Reading  # noqa: PLC0415 - Streamlit runs the source of this function alone
    from dashboard.spoken import speak  # noqa: PLC0415 - likewise
    from dashboard.views import review  # noqa: PLC0415 - likewise
    from survey.language import wording  # noqa: PLC0415 - likewise

    speak(wording(language))
    viewer = directory.viewer_of(person_id)
    review.show(Reading(release=release, viewer=viewer), directory)


def visit(release, directory, person_id="p-hr", *, language="en", **parameters):
    page = AppTest.from_function(draw, args=(release, directory, person_id, language), default_timeout=120)
    for name, value in parameters.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def opened(page, *keys):
    for key in keys:
        page.session_state[key] = True
    return page.run()


def titles(page):
    return [title.value.replace("\\", "") for title in page.title]


def charts(page):
    return page.get("plotly_chart")


def words(page):
    shown = (*page.header, *page.markdown, *page.text)
    return " ".join(element.value.replace("\\", "") for element in shown)


@pytest.mark.parametrize(
    ("person_id", "first_unit"),
    [
        ("p-hr", "Product"),
        ("p-exec", "Product"),
        ("p-lead", "Product/Growth"),
        ("p-plat", "Product/Platform"),
    ],
)
def test_review_when_opened_then_first_screen_answers_the_four_questions(
    release, directory, person_id, first_unit
):
    page = visit(release, directory, person_id)
    assert page.selectbox(key="unit").value == first_unit
    assert titles(page) == [f"{first_unit.rpartition('/')[2]}: focus has risen since 2025Q3"]
    assert len(charts(page)) == 4
    assert [header.value.replace("\\", "") for header in page.header] == [
        "What changed",
        "Is it real?",
        "What was promised, and did it work?",
    ]
    assert "204 of 211 rows accepted." in words(page)
    assert "How many were asked is not known here" in words(page)


@pytest.mark.parametrize("person_id", ["p-ada", "p-council", "p-eng"])
def test_review_when_no_unit_is_in_scope_then_shows_no_number(release, directory, person_id):
    page = visit(release, directory, person_id, unit="Product")
    assert titles(page) == ["There is no unit for you to open"]
    assert len(charts(page)) == 0


@pytest.mark.parametrize("unit", ["Product/Platform", "<script>"])
def test_review_when_a_link_names_a_unit_out_of_scope_then_shows_the_first_in_scope(release, directory, unit):
    page = visit(release, directory, "p-lead", unit=unit)
    assert page.selectbox(key="unit").value == "Product/Growth"
    assert "Platform" not in words(page)


def test_review_when_a_link_names_a_quarter_then_ends_with_that_quarter(release, directory):
    page = visit(release, directory, quarter="2026Q1")
    assert titles(page) == [
        "Product: the PMs’ taste, honesty, clarity and focus are seen between 2.9 and 3.9"
    ]
    assert "2026Q1 · 8 PMs · n = 40" in words(page)
    assert "2026Q2" not in words(page)


@pytest.mark.parametrize("quarter", ["2031Q1", "' or 1=1"])
def test_review_when_a_link_names_no_quarter_then_shows_the_latest(release, directory, quarter):
    assert visit(release, directory, quarter=quarter).selectbox(key="quarter").value == "2026Q2"


def test_review_when_looked_at_side_by_side_then_says_how_many_stand_apart(release, directory):
    page = visit(release, directory, look="units")
    assert titles(page) == ["2026Q2: 12 scores of units stand apart from Product"]
    assert len(charts(page)) == 1
    assert "A unit is shown when at least 3 PMs and 4 others stand behind it." in words(page)


@pytest.mark.parametrize("look", ["changed", "slices"])
def test_review_when_a_link_names_no_part_then_shows_the_review(release, directory, look):
    assert len(charts(visit(release, directory, look=look))) == 4


def test_review_when_the_unit_is_too_small_then_says_what_is_needed(release, directory):
    page = visit(release, directory, unit=SMALL)
    assert titles(page) == ["Small <b>: not shown this time, to protect the people in it"]
    assert "At least 3 PMs are needed." in words(page)
    assert "n = " not in words(page)


def test_review_when_spoken_in_german_then_its_own_words_are_german(release, directory):
    page = visit(release, directory, language="de")
    assert next(header.value for header in page.header) == "Was sich verändert hat"
    assert "204 von 211 Zeilen angenommen." in words(page)
    assert "Noch ist nichts versprochen." in words(page)


def promise(directory, wave_id=LATEST, trait_id="focus", said="Fewer goals a quarter.", unit_id="Product"):
    made = NewPromise(unit_id=unit_id, trait_id=trait_id, wave_id=wave_id, words=said)
    assert directory.add_promise(directory.viewer_of("p-exec"), made)


def test_promise_when_made_on_the_page_then_stands_there_and_can_be_kept(release, directory):
    page = opened(visit(release, directory, "p-exec"), "promise-add")
    page.selectbox(key="promise-trait").select("focus")
    page.text_input(key="promise-words").input("Fewer **goals** <b>now</b>\u202e")
    next(button for button in page.button if button.label == "Promise").click().run()
    assert [one.value for one in page.text] == ["Fewer **goals** <b>now</b>"]
    assert "Focus, after 2026Q2** — open" in words(page)
    assert "The next wave will show whether it worked." in words(page)
    assert "Eve Exec" in words(page)
    next(button for button in page.button if button.label == "Kept").click().run()
    assert "Focus, after 2026Q2** — kept" in words(page)
    assert "1 promised, 1 kept" in words(page)
    assert not [button for button in page.button if button.label in ("Kept", "Let go")]


def test_promise_when_an_earlier_quarter_is_looked_at_then_later_ones_are_not_there(release, directory):
    promise(directory, said="Later.")
    promise(directory, wave_id=BEFORE, said="Then.")
    page = visit(release, directory, quarter="2026Q1")
    assert [one.value for one in page.text] == ["Then."]
    assert "The next wave will show whether it worked." in words(page)
    assert [one.label for one in page.expander] == ["See these numbers as a table"]


def test_promise_when_it_is_another_units_then_is_not_there(release, directory):
    promise(directory, unit_id="Product/Platform", said="For Platform.")
    assert "For Platform." not in words(visit(release, directory, "p-lead"))
    assert "For Platform." in words(visit(release, directory, "p-plat"))


def test_promise_when_its_maker_has_left_then_goes_by_their_id(release, directory):
    made = NewPromise(unit_id="Product", trait_id="focus", wave_id=LATEST, words="Gone.")
    directory.promises.add(made, "p-gone", directory.now())
    assert "p-gone" in words(visit(release, directory))


@pytest.fixture
def wait(home, tmp_path):
    """The release of the other tests, in which waves like this one wait for a day far off."""

    def _wait(like):
        shutil.copytree(home / "releases", tmp_path / "waiting")
        with duckdb.connect(str(tmp_path / "waiting" / "release-000001.duckdb")) as connection:
            connection.execute("update wave set unit_date = '9999-12-07' where wave_id like ?", [like])
        return Releases(tmp_path / "waiting").current()

    return _wait


def test_review_when_its_newest_wave_waits_then_shows_the_one_before_and_says_from_which_day(wait, directory):
    waiting = wait(LATEST)
    page = visit(waiting, directory)
    assert (
        "2026Q2 (great-pm) shows here from Tuesday, 7 December 9999. PMs see their own results first."
        in words(page)
    )
    assert page.selectbox(key="quarter").options == ["2026Q1", "2025Q4", "2025Q3"]
    assert "2026Q1" in titles(visit(waiting, directory, look="units"))[0]


def test_review_when_every_wave_waits_then_says_from_which_day(wait, directory):
    page = visit(wait("%"), directory)
    assert titles(page) == ["No results on taste, honesty, clarity and focus yet"]
    assert "shows here from Tuesday, 7 December 9999" in words(page)


def test_review_when_nobody_was_asked_about_the_four_traits_then_says_so(
    tmp_path, instruments, new_draft, directory
):
    draft = new_draft()
    draft.add("meta", 1, 1)
    draft.instrument(instruments.core)
    wave_id = draft.wave(instruments.core, "2026H1")
    draft.unit(wave_id, "Product", "", "Product")
    draft.hidden(wave_id, ("unit", "Product"), ("trait", instruments.core.traits[0].trait_id), "too_few_pms")
    draft.write(tmp_path / "release-000001.duckdb")
    page = visit(Releases(tmp_path).current(), directory)
    assert titles(page) == ["No results on taste, honesty, clarity and focus yet"]


def test_review_when_looked_at_within_then_each_figure_has_its_own_table(home, tmp_path, directory):
    shutil.copytree(home / "releases", tmp_path / "inside")
    with duckdb.connect(str(tmp_path / "inside" / "release-000001.duckdb")) as connection:
        place_inside(connection)
    page = visit(Releases(tmp_path / "inside").current(), directory, look="inside")
    assert not drawn_tables(page)
    opened(page, "table-inside", "table-inside-1")
    tables = drawn_tables(page)
    assert len(charts(page)) == len(tables) == 2
    assert {len(head) for head, *_ in tables} == {3, 7}
    assert "Several PMs here stand out for focus" in words(page)
