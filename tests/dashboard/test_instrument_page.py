"""Every instrument's page: joined to a longer one's trend, with what to try, in the reader's language."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access import Role, Viewer
from dashboard.catalogue import shelves
from dashboard.reading import Reading
from dashboard.views.instrument_page import About, to_try
from pipeline.release import Releases, Scope
from survey.definition_document import sealed
from survey.language import languages
from tests.dashboard.drawn_tables import drawn_tables

ADA = Viewer(name="Ada", roles=frozenset({Role.PM}), person_id="p-ada")
EXECUTIVE = Viewer(name="Eve", roles=frozenset({Role.EXECUTIVE}))
LEAD = Viewer(name="Lea", roles=frozenset({Role.LEAD}), unit_ids=("Product",))
TRAITS = ("taste", "honesty", "clarity", "focus")


def draw(release, viewer, instrument_id, language):
    """The script AppTest runs: one instrument's page."""
    from dashboard.reading import Reading  # noqa: PLC0415 - Streamlit runs the source of this function alone
    from dashboard.spoken import speak  # noqa: PLC0415
    from dashboard.views import instrument_page  # noqa: PLC0415
    from survey.language import wording  # noqa: PLC0415

    speak(wording(language))
    instrument_page.show(Reading(release=release, viewer=viewer), instrument_id)


def page_of(release, viewer, instrument_id, language="en"):
    arguments = (release, viewer, instrument_id, language)
    page = AppTest.from_function(draw, args=arguments, default_timeout=120).run()
    assert not page.exception
    return page


def written(page):
    elements = (*page.title, *page.header, *page.markdown)
    return " ".join(element.value.replace("\\", "") for element in elements)


@pytest.fixture
def with_pulse(tmp_path, new_draft, instruments):
    """A full wave, then a short one that asks two behaviours of each trait; the line goes through both."""
    short = {f"{trait_id}_{number}" for trait_id in TRAITS for number in (1, 2)}
    pulse = sealed(
        replace(
            instruments.great_pm,
            instrument_id="great-pm-pulse",
            title={"en": "Pulse", "de": "Puls"},
            traits=tuple(one for one in instruments.great_pm.traits if one.trait_id in TRAITS),
            items=tuple(one for one in instruments.great_pm.items if one.item_id in short),
            prompts=(),
        )
    )
    draft = new_draft()
    draft.add("meta", 1, 3)
    for of in (instruments.great_pm, pulse):
        draft.instrument(of)
    waves = draft.wave(instruments.great_pm, "2026Q1"), draft.wave(pulse, "2026Q2")
    for about in (("subject", "p-ada"), ("unit", "Product")):
        for wave_id in waves:
            for trait_id in TRAITS:
                draft.others(wave_id, about, ("trait", trait_id), 3.4)
                draft.line(about, trait_id, wave_id, 3.4)
    for wave_id in waves:
        draft.subject(wave_id, "p-ada", "pm", "Ada Example", "Product")
        draft.unit(wave_id, "Product", "", "Product")
    draft.write(tmp_path / "release-000001.duckdb")
    return Releases(tmp_path).current()


@pytest.mark.parametrize("viewer", [ADA, LEAD, EXECUTIVE], ids=("pm", "lead", "executive"))
@pytest.mark.parametrize("language", languages())
def test_pulse_when_opened_then_stands_in_the_trend_of_the_full_one(with_pulse, viewer, language):
    page = page_of(with_pulse, viewer, "great-pm-pulse", language)
    assert len(page.get("plotly_chart")) == 4 + 1
    assert "What makes a great PM" in written(page)
    page.session_state["table-great-pm-pulse"] = True
    _, *rows = drawn_tables(page.run())[0]
    assert {row[1] for row in rows} == {"2026Q1", "2026Q2", ""}
    assert {bool(row[1]) ^ bool(row[-1]) for row in rows} == {True}, (
        "a wave or a trait, each under its heading"
    )


def test_pulse_when_the_full_one_is_asked_for_then_draws_no_second_trend(with_pulse):
    assert len(page_of(with_pulse, ADA, "great-pm").get("plotly_chart")) == 1


@pytest.mark.parametrize("language", languages())
def test_core_competencies_when_opened_by_a_pm_then_offer_one_idea_for_each_area(release, language):
    page = page_of(release, ADA, "core-competencies", language)
    ideas = [element.value for element in page.markdown if "Try one small thing" in element.value]
    assert len(ideas) == 1
    assert ideas[0].count("\n") == 2
    assert len(page.get("plotly_chart")) == 3


def test_ideas_when_a_trait_stands_out_to_work_on_then_are_about_it_alone(release):
    reading = Reading(release=release, viewer=ADA)
    shelf = next(one for one in shelves(reading) if one.instrument.instrument_id == "core-competencies")
    about = About(scope=Scope.SUBJECT, scope_id="p-ada", name="")
    assert [one.trait_id for one in to_try(reading, shelf.instrument, about, shelf.waves[-1])] == [
        "strategy_1",
        "execution_1",
        "influence_1",
    ]


def draw_failure(language):
    """The script AppTest runs: what a page says that broke."""
    from dashboard.spoken import speak  # noqa: PLC0415 - Streamlit runs the source of this function alone
    from dashboard.views import empty  # noqa: PLC0415
    from survey.language import wording  # noqa: PLC0415

    speak(wording(language))
    try:
        int("Ada Example answered 5")
    except ValueError as error:
        empty.show_failure(error)


@pytest.mark.parametrize(
    ("language", "title"), [("en", "This page could not be drawn"), ("de", "Diese Seite")]
)
def test_page_when_it_breaks_then_says_so_and_the_log_says_where_but_not_what(language, title, caplog):
    page = AppTest.from_function(draw_failure, args=(language,), default_timeout=120).run()
    assert page.header[0].value.startswith(title)
    (line,) = [record.getMessage() for record in caplog.records if record.name == "pmhealth.pages"]
    assert "ValueError in draw_failure" in line
    assert "Ada" not in line


def draw_about(release, viewer, language):
    """The script AppTest runs: methods and privacy."""
    from dashboard.reading import Reading  # noqa: PLC0415 - Streamlit runs the source of this function alone
    from dashboard.spoken import speak  # noqa: PLC0415
    from dashboard.views import about  # noqa: PLC0415
    from survey.language import wording  # noqa: PLC0415

    speak(wording(language))
    about.show(Reading(release=release, viewer=viewer))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("role", Role)
def test_about_when_anybody_reads_it_then_each_section_can_be_linked_to(release, role, language):
    viewer = Viewer(name="x", roles=frozenset({role}))
    page = AppTest.from_function(draw_about, args=(release, viewer, language), default_timeout=120).run()
    assert not page.exception
    anchors = [header.anchor for header in page.header]
    assert anchors == ["made", "change", "out", "explain", "raters", "pms", "limits", "who", "waves"]
    assert "5" in written(page)
