"""A PM's own page, state by state: what it says first, what stands on it, and what it never says."""

import shutil

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.directory import open_directory
from survey.config import Settings
from survey.register_plans import MOST_LETTERS
from tests.dashboard.drawn_tables import drawn_tables

LATEST, BEFORE, FIRST = "great-pm/2026Q2", "great-pm/2026Q1", "great-pm/2025Q3"
WORDS = "In the **next** planning, say <b>no</b> once ![x](http://example.invalid/x.png)"


def draw(settings, viewer_id, language="en", **more):
    """The script AppTest runs: a PM's page, for who looks."""
    from dashboard.directory import open_directory  # noqa: PLC0415 - Streamlit runs this source alone
    from dashboard.reading import Reading  # noqa: PLC0415 - likewise
    from dashboard.spoken import speak  # noqa: PLC0415 - likewise
    from dashboard.views import my_results, sharing  # noqa: PLC0415 - likewise
    from pipeline.release import Releases  # noqa: PLC0415 - likewise
    from survey.language import wording  # noqa: PLC0415 - likewise

    speak(wording(language))
    directory = open_directory(settings)
    viewer = directory.viewer_of(viewer_id)
    reading = Reading(
        release=Releases(settings.releases_path).current(), viewer=viewer, note_look=directory.note_look
    )
    my_results.show(reading, directory, **more)
    sharing.show(directory, viewer, wording(language))


@pytest.fixture
def settings(home, tmp_path):
    """A folder of its own, for plans and shares."""
    shutil.copytree(home, tmp_path / "home")
    return Settings(home=tmp_path / "home")


@pytest.fixture
def directory(settings):
    return open_directory(settings)


@pytest.fixture
def open_page(settings):
    def _open(viewer_id, language="en", person_id="", settings=settings, **state):
        more = {"person_id": person_id} if person_id else {}
        page = AppTest.from_function(
            draw, args=(settings, viewer_id, language), kwargs=more, default_timeout=120
        )
        for name, value in state.items():
            page.session_state[name] = value
        page.run()
        assert not page.exception
        return page

    return _open


def titles(page):
    return [title.value.replace("\\", "") for title in page.title]


def headers(page):
    return [header.value.replace("\\", "") for header in page.header]


def charts(page):
    return page.get("plotly_chart")


def words(page):
    return " ".join(element.value.replace("\\", "") for element in page.markdown)


def test_page_when_there_are_waves_then_says_level_and_strength_first(open_page):
    page = open_page("p-ada")
    assert titles(page) == ["Others see you between 3.4 and 4.1, with honesty as a strength"]
    assert "Honesty stands out from your other traits. The one thing to work on is clarity." in words(page)
    assert len(charts(page)) == 4
    assert all(chart.proto.alt for chart in charts(page))
    assert "Whether taste, honesty and clarity changed cannot be told yet" in words(page)
    assert "Focus has risen since 2025Q3" in words(page)
    assert "rising · n = 7" in words(page)
    assert "Try another about clarity." in words(page)
    assert "2025Q2 (great-pm) was withdrawn" in words(page)


def test_page_when_traits_stand_behind_the_four_then_says_them_and_leads_there(open_page):
    page = open_page("p-ada")
    assert "Precise communication at 3.2 (2.7 to 3.7)" in words(page)
    assert "Follow-through at 4.2" in words(page)
    page.button(key="look-communication").click().run()
    assert titles(page) == ["Precise communication at 3.2 (2.7 to 3.7)"]


def test_page_when_it_is_the_first_wave_then_shows_one_figure_without_a_trend(open_page):
    page = open_page("p-noa")
    assert titles(page) == ["Others see you between 3.4 and 4.1"]
    assert len(charts(page)) == 1
    assert "nothing to compare it with yet" in words(page)
    assert "Follow-through, others: 4.2" in charts(page)[0].proto.alt


def test_page_when_others_are_too_few_then_shows_what_may_be_shown_and_never_how_many(open_page):
    page = open_page("p-bo")
    assert titles(page) == ["Your scores are not shown this time, to protect the people who answered"]
    assert "At least 4 others are needed." in words(page)
    assert "What you and your manager said is here" in words(page)
    assert "Taste, you: 4.0." in charts(page)[0].proto.alt
    assert headers(page)[:2] == ["What helps to grow", "Your plan"]
    assert "n = " not in words(page) + charts(page)[0].proto.alt
    assert "others only" not in words(page)


def test_page_when_never_asked_about_then_says_so_and_how_results_come(open_page):
    page = open_page("p-sam")
    assert titles(page) == ["No results for you yet"]
    assert charts(page) == []


def test_page_when_nobody_was_asked_about_the_four_traits_then_says_so(
    settings, instruments, new_draft, open_page
):
    draft = new_draft()
    draft.add("meta", 1, 3)
    draft.instrument(instruments.core)
    wave_id = draft.wave(instruments.core, "2026H1")
    draft.unit(wave_id, "Product", "", "Product")
    draft.hidden(wave_id, ("unit", "Product"), ("trait", instruments.core.traits[0].trait_id), "too_few_pms")
    for path in settings.releases_path.iterdir():
        path.unlink()
    draft.write(settings.releases_path / "release-000001.duckdb")
    assert titles(open_page("p-ada")) == ["No results for you yet"]


@pytest.mark.parametrize(
    ("trait", "name"), [("honesty", "Honesty at 4.1"), ("communication", "Precise communication at 3.2")]
)
def test_page_when_a_trait_is_chosen_then_shows_its_behaviours(open_page, trait, name):
    page = open_page("p-ada", trait=trait)
    assert titles(page)[0].startswith(name)
    assert len(charts(page)) == 2
    assert "Try another about" in words(page)
    assert ("50 % of those who could tell said yes" in words(page)) is (trait == "honesty")


def test_page_when_a_trait_of_the_first_wave_is_chosen_then_shows_what_there_is(open_page):
    page = open_page("p-noa", trait="taste")
    assert titles(page) == ["Taste at 3.8 (3.3 to 4.3)"]
    assert charts(page) == []


def test_page_when_shown_as_a_table_then_holds_every_drawn_number(open_page):
    page = open_page("p-ada")
    page.session_state["table-my-results"] = True
    ((_, *rows),) = drawn_tables(page.run())
    assert len(rows) == 4 * 4 * 3


def test_page_when_read_in_german_then_all_of_it_is(open_page):
    page = open_page("p-ada", "de")
    assert titles(page) == ["Andere erleben dich zwischen 3,4 und 4,1, mit Ehrlichkeit als Stärke"]
    assert headers(page) == [
        "Gleich hinter den vieren",
        "Klarheit: was beim Wachsen hilft",
        "Dein Plan",
        "In ihren Worten",
        "Wer diese Seite sehen kann",
    ]
    assert "Gespür bei 3,8 (3,3 bis 4,3)" in words(page)
    assert "Skala 1 bis 5" in words(page)
    assert "2026Q2: andere 3,8 (3,3 bis 4,3), n = 7." in charts(page)[0].proto.alt
    assert not {"scale", "others", "interval", "stands"} & set(words(page).split())


def plan_page(open_page, text=WORDS, item="focus_2"):
    page = open_page("p-ada")
    assert page.selectbox(key="plan-trait").value == "clarity"  # what stands out to work on
    page.selectbox(key="plan-trait").select("focus").run()
    page.radio(key="plan-item").set_value(item).run()
    page.text_area[0].set_value(text).run()
    page.button(key="plan-keep").click().run()
    assert not page.exception
    return page


def test_plan_when_made_then_stands_there_as_text_and_says_when_it_is_followed_up(open_page, directory):
    page = plan_page(open_page)
    assert WORDS in [text.value for text in page.text]
    assert "number 2 of focus" in words(page)
    assert "The next survey shows this behaviour first" in words(page)
    assert "Only you read this." in words(page)
    assert "http" not in words(page).replace("https://", "")
    plan = directory.plan_of(directory.viewer_of("p-ada"), "p-ada")
    assert (plan.wave_id, plan.item_id, plan.words) == (LATEST, "focus_2", WORDS)
    page.button(key="plan-drop").click().run()
    assert page.text_area[0].max_chars == MOST_LETTERS
    assert directory.plan_of(directory.viewer_of("p-ada"), "p-ada") is None


def test_plan_when_it_has_no_words_then_asks_for_some_and_keeps_nothing(open_page, directory):
    page = plan_page(open_page, "   ")
    assert "Please write a few words first" in words(page)
    assert directory.plan_of(directory.viewer_of("p-ada"), "p-ada") is None


@pytest.mark.parametrize(
    ("since", "item", "told"),
    [
        (FIRST, "focus_1", ("2.5", "4.0", "by more than chance explains")),
        (BEFORE, "focus_1", ("3.6", "4.0", "a difference of about 1.3 points")),
        (BEFORE, "focus_3", ("not shown", "cannot be compared yet")),
    ],
)
def test_plan_when_the_next_wave_is_there_then_shows_its_item_first(open_page, directory, since, item, told):
    directory.make_plan("p-ada", wave_id=since, item_id=item, words=WORDS)
    page = open_page("p-ada")
    assert headers(page)[0] == "What you set out to do"
    assert page.text[0].value == WORDS
    assert all(part in words(page) for part in told)


def test_plan_when_its_item_is_not_asked_any_more_then_says_so(open_page, directory):
    directory.make_plan("p-ada", wave_id=FIRST, item_id="gone_1", words=WORDS)
    page = open_page("p-ada")
    assert headers(page)[0] != "What you set out to do"
    assert "A behaviour that is not asked about any more" in words(page)


def test_plan_when_results_are_shared_then_the_lead_reads_it_only_if_it_is_shown_too(open_page, directory):
    directory.make_plan("p-ada", wave_id=BEFORE, item_id="focus_1", words=WORDS)
    directory.share_with_lead("p-ada")
    page = open_page("p-ada")
    assert "Lea Lead sees your results, but not this plan." in words(page)
    by_lead = open_page("p-lead", person_id="p-ada")
    assert titles(by_lead) == ["Others see you between 3.4 and 4.1, with honesty as a strength"]
    assert WORDS not in [text.value for text in by_lead.text]
    assert not {"Your plan", "What you set out to do"} & set(headers(by_lead))
    page.button(key="plan-show").click().run()
    assert "Lea Lead reads this too, as long as you share your results." in words(page)
    by_lead = open_page("p-lead", person_id="p-ada")
    assert [text.value for text in by_lead.text].count(WORDS) == 1
    assert not {"plan-show", "plan-keep", "plan-drop"} & {one.key for one in by_lead.button}
    page.button(key="take-back").click().run()
    assert titles(open_page("p-lead", person_id="p-ada")) == ["No results for you yet"]


@pytest.mark.parametrize("viewer_id", ["p-exec", "p-hr", "p-council", "p-noa", "p-lead"])
def test_page_when_asked_for_by_somebody_it_is_not_shared_with_then_holds_nothing(
    open_page, directory, viewer_id
):
    directory.make_plan("p-ada", wave_id=BEFORE, item_id="focus_1", words=WORDS)
    page = open_page(viewer_id, person_id="p-ada")
    assert titles(page) == ["No results for you yet"]
    assert WORDS not in str(page)


EXPECTED = """
[[expected]]
level = "Senior"
focus = 3.5
clarity = 4.5
taste = 9
"""


@pytest.mark.parametrize(
    ("trait", "told"),
    [
        ("focus", "Expected of Senior PMs: 3.5. That lies within the interval of what others say"),
        ("clarity", "Expected of Senior PMs: 4.5. That lies outside the interval of what others say"),
    ],
)
def test_page_when_something_is_expected_then_a_mark_and_a_word_say_so(settings, open_page, trait, told):
    settings.expectations_path.write_text(EXPECTED)
    page = open_page("p-ada", trait=trait)
    assert told in words(page)
    assert f"expected {EXPECTED.split(trait + ' = ')[1][:3]}." in charts(page)[0].proto.alt
    overview = open_page("p-ada")
    assert "expected 3.5." in "".join(chart.proto.alt for chart in charts(overview))
    assert "expected 9" not in "".join(chart.proto.alt for chart in charts(overview))


def test_page_when_units_wait_then_the_pm_sees_own_results_all_the_same(home, settings, open_page):
    import duckdb  # noqa: PLC0415 - only here

    titled = titles(open_page("p-ada", settings=Settings(home=home)))
    with duckdb.connect(str(settings.releases_path / "release-000001.duckdb")) as connection:
        connection.execute("update wave set unit_date = '9999-12-07'")
    assert titles(open_page("p-ada")) == titled
