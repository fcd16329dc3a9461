"""Explain this number: in the dialog of a figure, and on the page that a link leads to, for those who may read it."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access import Role, Viewer
from dashboard.reading import Reading

TASTE = "great-pm/2026Q2:pm/p-ada:others:trait/taste"
HIDDEN = "great-pm/2026Q2:pm/p-bo:others:trait/taste"
GROWTH = "great-pm/2026Q2:unit/Product/Growth:line:trait/focus"
CHANGE = "great-pm/2026Q2:unit/Product/Growth:change/quarter:trait/focus"
LENSES = "three-lenses/2026H1:team/Product/Growth:others:trait/user_value"
FIT = "stage-fit/2026H1:pm/p-sam:self:trait/good_early"
EVERY = (TASTE, HIDDEN, GROWTH, CHANGE, LENSES, FIT)


def viewer(role, **more):
    return Viewer(name="x", roles=frozenset({role}), **more)


ADA, BO, SAM = (viewer(Role.PM, person_id=one) for one in ("p-ada", "p-bo", "p-sam"))
HR, EXECUTIVE, COUNCIL = viewer(Role.HR), viewer(Role.EXECUTIVE), viewer(Role.COUNCIL, person_id="p-council")
LEAD = viewer(Role.LEAD, person_id="p-lead", unit_ids=("Product/Growth",))
SHARED = viewer(
    Role.LEAD, person_id="p-lead", unit_ids=("Product/Growth",), shared_ids=frozenset({"p-ada", "p-sam"})
)
ELSEWHERE = viewer(Role.LEAD, person_id="p-plat", unit_ids=("Product/Platform",))


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        (ADA, {TASTE}),
        (BO, {HIDDEN}),
        (SAM, {FIT}),
        (HR, {GROWTH, CHANGE, LENSES}),
        (EXECUTIVE, {GROWTH, CHANGE, LENSES}),
        (COUNCIL, set()),
        (LEAD, {GROWTH, CHANGE, LENSES}),
        (SHARED, {GROWTH, CHANGE, LENSES, TASTE}),
        (ELSEWHERE, set()),
    ],
    ids=("ada", "bo", "sam", "hr", "executive", "council", "lead", "shared", "elsewhere"),
)
def test_number_when_called_by_name_then_only_those_who_may_read_it_get_it(release, who, reads):
    reading = Reading(release=release, viewer=who)
    assert {name for name in EVERY if reading.number_called(name) is not None} == reads
    assert reading.number_called("great-pm/2026Q2:pm/p-none:others:trait/taste") is None
    assert reading.number_called("") is None


def test_number_of_somebody_else_when_called_then_is_written_down(release):
    looks = []
    reading = Reading(release=release, viewer=SHARED, note_look=lambda who, whom: looks.append(whom))
    reading.number_called(TASTE)
    reading.number_called(GROWTH)
    reading.number_called(HIDDEN)
    assert looks == ["p-ada"]


def test_number_when_the_session_is_over_then_is_not_there(release):
    reading = Reading(release=release, viewer=HR, still_holds=lambda: False)
    assert [name for name in EVERY if reading.number_called(name) is not None] == []


def draw_number(release, viewer, language):
    """The script AppTest runs: the page of one number."""
    from dashboard.reading import Reading  # noqa: PLC0415 - Streamlit runs the source of this function alone
    from dashboard.spoken import speak  # noqa: PLC0415
    from dashboard.views import explained  # noqa: PLC0415
    from survey.language import wording  # noqa: PLC0415

    speak(wording(language))
    explained.show(Reading(release=release, viewer=viewer))


def number_page(release, who, name, language="en"):
    page = AppTest.from_function(draw_number, args=(release, who, language), default_timeout=120)
    page.query_params["name"] = name
    page.run()
    assert not page.exception
    return page


def words(page):
    return " ".join(element.value.replace("\\", "") for element in (*page.title, *page.markdown, *page.code))


@pytest.mark.parametrize("language", ["en", "de"])
def test_page_when_the_number_is_shown_then_says_who_and_what_it_rests_on(release, language):
    said = words(number_page(release, ADA, TASTE, language))
    assert {"en": "3.8 (3.3 to 4.3)", "de": "3,8 (3,3 bis 4,3)"}[language] in said
    assert ("answers of 7 people" in said) is (language == "en")
    assert ("Antworten von 7 Personen" in said) is (language == "de")
    assert "number 1 of taste" in said
    assert "sql/marts/item.sql" in said
    assert f"pmhealth explain {TASTE}" in said


def test_page_when_the_number_is_hidden_then_says_the_rule_and_no_count(release):
    said = words(number_page(release, BO, HIDDEN))
    assert "Hidden: at least 4 others are needed" in said
    assert "It rests on" not in said


@pytest.mark.parametrize("name", ["", "great-pm/2026Q2:pm/p-none:others:trait/taste", TASTE])
def test_page_when_there_is_none_or_it_is_somebody_elses_then_looks_the_same(release, name):
    page = number_page(release, BO, name)
    assert [title.value for title in page.title] == ["There is no such number here"]
    assert len(page.markdown) == 1
    assert page.code.len == 0


@pytest.mark.parametrize(
    ("who", "name", "start"),
    [
        (LEAD, GROWTH, "Product/Growth, Focus, 2026Q2, others: 3.9"),
        (SHARED, TASTE, "Ada Example, Taste, 2026Q2, others: 3.8"),
        (ADA, TASTE, "Taste, 2026Q2, others: 3.8"),
        (ADA, "great-pm/2026Q2:pm/p-ada:others:event/honesty_4", "Gives specific reasons"),
    ],
    ids=("unit", "shared", "own", "event"),
)
def test_page_when_opened_then_says_of_whom_the_number_is(release, who, name, start):
    first = number_page(release, who, name).markdown[0].value.replace("\\", "")
    assert first.startswith(start)
    assert ("50 % of those who could tell" in first) is ("event" in name)


def draw_figure(release, viewer):
    """The script AppTest runs: an instrument's page, whose figures can be explained."""
    from dashboard.reading import Reading  # noqa: PLC0415 - Streamlit runs the source of this function alone
    from dashboard.views import instrument_page  # noqa: PLC0415

    instrument_page.show(Reading(release=release, viewer=viewer), "core-competencies")


def test_figure_when_asked_where_its_numbers_come_from_then_says_it_for_each(release):
    page = AppTest.from_function(draw_figure, args=(release, ADA), default_timeout=120).run()
    assert "What was asked" not in words(page)
    page.button(key="explain-area-strategy").click().run()
    assert not page.exception
    assert "Strategic skill 1, others: 3.0 (2.5 to 3.5)" in words(page)
    page.session_state["explained-area-strategy"] = 1
    page.button(key="explain-area-strategy").click().run()
    assert "Strategic skill 1, you: 3.5" in words(page)
    assert "Shown with its author" in words(page)
