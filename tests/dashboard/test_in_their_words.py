"""What people wrote: shown as written to whom it is about, with what was promised (IW-01 .. IW-05)."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access import Role, Viewer
from dashboard.reading import Reading
from survey.config import Settings

MEAN_WORDS = "Ask **why** <b>more</b> ![x](http://example.invalid/x.png)"


def pm(person_id):
    return Viewer(name=person_id, roles=frozenset({Role.PM}), person_id=person_id)


def draw(release, viewer, settings):
    """The script AppTest runs."""
    from dashboard.directory import open_directory  # noqa: PLC0415 - Streamlit runs this source alone
    from dashboard.reading import Reading  # noqa: PLC0415 - likewise
    from dashboard.views import my_results  # noqa: PLC0415 - likewise

    my_results.show(Reading(release=release, viewer=viewer), open_directory(settings))


@pytest.fixture
def open_page(release, home):
    def _open(person_id, **state):
        page = AppTest.from_function(
            draw, args=(release, pm(person_id), Settings(home=home)), default_timeout=120
        )
        for name, value in state.items():
            page.session_state[name] = value
        page.run()
        assert not page.exception
        return page

    return _open


def words(page):
    return " ".join(element.value.replace("\\", "") for element in page.markdown)


def test_words_when_they_are_shown_then_are_plain_text_in_the_releases_order(open_page):
    page = open_page("p-ada")
    assert [one.value for one in page.text] == [
        MEAN_WORDS,
        "Thank you for the plan.",
        "Keep saying no.",
        "I said no twice.",
        "A good quarter.",
    ]
    assert "http" not in words(page).replace("https://", "")


def test_words_when_somebody_signed_or_is_attributed_then_stand_with_the_author(open_page):
    shown = words(open_page("p-ada"))
    assert "Signed: Kim *Example*" in shown
    assert "Your manager" in shown
    assert "You, about yourself" in shown
    assert "What helped most?" in shown
    assert "at least 5 of them have answered and at least 2 have written" in shown


def test_words_when_there_are_none_then_the_page_says_what_it_takes(open_page):
    page = open_page("p-bo")
    assert not page.text
    assert "at least 5 people have to answer before words are shown" in words(page)


def test_words_when_a_trait_is_chosen_then_are_not_on_the_page(open_page):
    assert not open_page("p-ada", trait="focus").text


@pytest.mark.parametrize(("viewer", "count"), [("p-ada", 5), ("p-noa", 0)])
def test_reading_when_somebody_else_asks_then_gets_no_words(release, viewer, count):
    assert len(Reading(release=release, viewer=pm(viewer)).comments("p-ada")) == count


def test_reading_when_the_session_is_over_then_gets_no_words(release):
    reading = Reading(release=release, viewer=pm("p-ada"), still_holds=lambda: False)
    assert reading.comments("p-ada") == ()
