"""A lead's team: trends, what to talk about, who stands behind it, and pages that were shared, one at a time."""

import shutil
from dataclasses import replace

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access import Role, Viewer
from dashboard.coaching import Occasion, ideas, lowest
from dashboard.directory import open_directory
from dashboard.panel import Numbers, trait_panels
from dashboard.reading import Reading
from pipeline.release import Releases, Scope
from pipeline.released_unit import Coverage, ReleasedCoverage
from survey.config import Settings
from survey.language import languages

TRAITS = ("taste", "honesty", "clarity", "focus")
SHARES = """
    insert into nonresponse
    select distinct w.wave_no, s.scope_no, m.measure_no, 0.75, 2, 4, false
    from cell
    inner join wave as w on cell.wave_no = w.wave_no and w.period = '2026Q2'
    inner join scope as s on cell.scope_no = s.scope_no and s.scope_id = 'Product/Growth'
    inner join measure as m on cell.measure_no = m.measure_no and m.measure = 'trait'
"""
LEAD = Viewer(name="Lea", roles=frozenset({Role.LEAD}), person_id="p-lead", unit_ids=("Product/Growth",))


def draw(home, release, viewer, language):
    """The script AppTest runs: the page, for a viewer."""
    from dashboard.directory import open_directory  # noqa: PLC0415 - Streamlit runs the source of this function alone
    from dashboard.reading import Reading  # noqa: PLC0415
    from dashboard.spoken import speak  # noqa: PLC0415
    from dashboard.views import my_team  # noqa: PLC0415
    from survey.config import Settings  # noqa: PLC0415
    from survey.language import wording  # noqa: PLC0415

    speak(wording(language))
    my_team.show(Reading(release=release, viewer=viewer), open_directory(Settings(home=home)))


@pytest.fixture
def team(home, release):
    """Opens the page as somebody."""

    def open_page(viewer, language="en", shown=release, **query):
        page = AppTest.from_function(draw, args=(home, shown, viewer, language), default_timeout=120)
        for name, value in query.items():
            page.query_params[name] = value
        page.run()
        assert not page.exception
        return page

    return open_page


def words(page):
    elements = (*page.title, *page.header, *page.markdown)
    return " ".join(element.value.replace("\\", "") for element in elements)


def titles(page):
    return [title.value.replace("\\", "") for title in page.title]


@pytest.mark.parametrize("language", languages())
def test_team_when_opened_then_shows_four_trends_ideas_and_who_stands_behind(team, language):
    page = team(LEAD, language)
    assert len(page.get("plotly_chart")) == 4
    assert len(page.header) == 3
    assert page.table[0].value.values.tolist()[0] == ["2026Q2", "7", "32"]
    assert len([button for button in page.button if button.key.startswith("explain-")]) == 4


def test_team_when_our_own_form_asked_then_says_how_many_answered_at_least(team, home, tmp_path):
    shutil.copytree(home / "releases", tmp_path / "releases")
    with duckdb.connect(str(tmp_path / "releases" / "release-000001.duckdb")) as connection:
        connection.execute(SHARES)
    shown = team(LEAD, shown=Releases(tmp_path / "releases").current()).table[0].value
    assert list(shown.columns) == ["Wave", "PMs counted", "Answers by others", "Of those asked"]
    assert shown.values.tolist()[:2] == [["2026Q2", "7", "32", "at least 75 %"], ["2026Q1", "7", "32", "–"]]


def test_team_when_a_trait_has_risen_then_asks_what_made_the_difference(team):
    said = words(team(LEAD))
    assert "Focus has risen since 2025Q3" in said
    assert "Ask what made the difference" in said
    assert "Try one small thing about focus this week." in said
    assert "Growth has 3 PMs today." in said


def test_team_when_a_link_names_another_unit_then_it_is_not_opened(team):
    assert team(LEAD, team="Product/Platform").selectbox(key="team").value == "Product/Growth"


def test_team_when_the_viewer_also_opens_every_unit_then_is_about_the_led_ones_alone(team):
    both = replace(LEAD, roles=frozenset({Role.LEAD, Role.HR}))
    assert team(both).selectbox(key="team").options == ["Product/Growth", "Product/Growth/Activation"]


def test_team_when_nothing_is_shown_then_says_why_and_gives_no_idea(team):
    page = team(replace(LEAD, unit_ids=("Product/Small <b>",)))
    assert "not shown this time" in titles(page)[0]
    assert "At least 3 PMs are needed" in words(page)
    assert "What to talk about" not in words(page)
    assert {cell for row in page.table[0].value.values.tolist() for cell in row[1:]} == {"not shown"}


def test_team_when_nothing_is_shared_then_says_whose_choice_it_is_and_names_nobody(team):
    said = words(team(LEAD))
    assert "PMs decide themselves" in said
    for name in ("Ada Example", "Bo Example", "Noa"):
        assert name not in said


def test_team_when_somebody_shared_then_a_link_opens_that_page_alone_and_no_score_stands_beside(
    team, release
):
    page = team(replace(LEAD, shared_ids=frozenset({"p-ada"})))
    (line,) = [element.value for element in page.markdown if "/shared" in element.value]
    assert "/shared?pm=p-ada" in line
    assert "Bo Example" not in words(page)
    assert not any(digit.isdigit() for digit in line.partition(">")[2])


def test_page_when_a_lead_has_no_unit_then_still_shows_what_was_shared(team):
    page = team(replace(LEAD, unit_ids=(), shared_ids=frozenset({"p-ada"})))
    assert titles(page) == ["There is no unit for you to open"]
    assert "/shared?pm=p-ada" in words(page)


def test_page_when_the_unit_has_no_wave_then_says_what_will_be_there(team, new_draft, instruments, tmp_path):
    draft = new_draft()
    draft.add("meta", 1, 3)
    draft.instrument(instruments.great_pm)
    wave_id = draft.wave(instruments.great_pm, "2026Q2")
    draft.unit(wave_id, "Product/Growth", "Product", "Growth")
    draft.hidden(wave_id, ("unit", "Product"), ("trait", "taste"), "too_few_pms")
    draft.write(tmp_path / "release-000001.duckdb")
    page = team(LEAD, shown=Releases(tmp_path).current())
    assert titles(page) == ["No results for Growth yet"]


@pytest.fixture
def panels(release, instruments):
    reading = Reading(release=release, viewer=LEAD)
    cells, line = (read(Scope.UNIT, "Product/Growth") for read in (reading.cells, reading.line))
    waves = [
        wave for wave in release.waves() if wave.wave_id.startswith("great-pm/") and wave.state == "published"
    ]
    numbers = Numbers(waves=tuple(waves), cells=cells, line=line)
    return trait_panels(instruments.great_pm, TRAITS, numbers)


def at(panel, score, half=0.2):
    """The panel with its latest number elsewhere."""
    last = replace(panel.last_segment[-1], score=score, low=score - half, high=score + half)
    return replace(panel, segments=((*panel.last_segment[:-1], last),))


def test_ideas_when_nothing_changed_and_nothing_is_low_then_offer_each_traits_first(panels):
    level = [at(panel, 3.5) for panel in panels]
    assert [idea.occasion for idea in ideas(level)] == [Occasion.OPEN] * 3
    assert lowest(level) is None


def test_ideas_when_one_trait_is_lowest_beyond_doubt_then_are_about_it_alone(panels):
    low = [at(panel, 2.5 if panel.trait.trait_id == "taste" else 3.5) for panel in panels]
    assert [(idea.occasion, idea.trait_id) for idea in ideas(low)] == [(Occasion.LOW, "taste")]


def test_ideas_when_the_lowest_might_be_chance_then_do_not_name_it(panels):
    near = [at(panel, 3.2 if panel.trait.trait_id == "taste" else 3.5) for panel in panels]
    assert {idea.occasion for idea in ideas(near)} == {Occasion.OPEN}
    assert lowest(near[:1]) is None


@pytest.mark.parametrize(
    ("coverage", "occasions"),
    [
        (Coverage.SEVERAL, [(Occasion.SEVERAL, "clarity")]),
        (Coverage.HARDLY_ANYONE, [(Occasion.OPEN, one) for one in TRAITS[:3]]),
        (Coverage.NOT_TOLD, [(Occasion.OPEN, one) for one in TRAITS[:3]]),
    ],
)
def test_ideas_when_several_share_a_strength_then_they_may_show_it_and_what_is_rare_is_nobodys_fault(
    panels, coverage, occasions
):
    level = [at(panel, 3.5) for panel in panels]
    told = ReleasedCoverage(
        scope_id="Product/Growth", trait_id="clarity", wave_id="w", coverage=coverage, pm_count=24
    )
    assert [(idea.occasion, idea.trait_id) for idea in ideas(level, [told])] == occasions


def test_directory_when_asked_then_counts_the_pms_of_a_unit_and_those_below(home):
    organisation = open_directory(Settings(home=home)).organisation()
    assert organisation.pm_count("Product") == 5
    assert organisation.pm_count("Product/Growth") == 3
