"""Plans: one at a time, for the PM alone, and whom they show it to is written down without its words."""

from datetime import UTC, datetime

import pytest

from survey.register_plans import MOST_LETTERS, Plan, Plans

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
WORDS = "Say no to the next request without a reason."


@pytest.fixture
def plans(register):
    return Plans(register.store)


def plan(words=WORDS, item_id="focus_declines"):
    return Plan(wave_id="great-pm/2026Q3", item_id=item_id, words=words, made_at=NOW)


def test_plan_when_made_again_then_takes_the_place_of_the_one_before(plans):
    plans.make("p001", plan())
    plans.make("p002", plan("Another's"))
    plans.make("p001", plan("Write it down first.", "taste_reasons"))
    assert plans.find("p001") == plan("Write it down first.", "taste_reasons")
    assert plans.find("p002").words == "Another's"
    plans.drop("p001")
    assert plans.find("p001") is None
    assert plans.find("p002") is not None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  two\nlines \x00\x1b[2J", "two\nlines [2J"),
        ("x" * (MOST_LETTERS + 1), "x" * MOST_LETTERS),
        ("<b>**[a](b)", "<b>**[a](b)"),
    ],
)
def test_plan_when_its_words_are_odd_then_are_kept_as_plain_text(plans, written, kept):
    plans.make("p001", plan(written))
    assert plans.find("p001").words == kept


def test_plan_when_shown_then_its_words_are_in_no_entry(plans, register):
    assert not plans.show_to("p001", "p009", NOW)
    plans.make("p001", plan())
    assert plans.show_to("p001", "p009", NOW)
    assert not plans.show_to("p001", "p009", NOW)
    assert plans.find("p001").shown_to == "p009"
    assert plans.show_to("p001", "", NOW)
    entries = [line.entry for line in register.audit_about("p001")]
    assert [(one.action, one.detail) for one in entries] == [("plan.hide", ""), ("plan.show", "viewer p009")]
    assert not any(WORDS in str(one) for one in entries)


def test_plan_when_made_anew_then_is_shown_to_nobody(plans):
    plans.make("p001", plan())
    plans.show_to("p001", "p009", NOW)
    plans.make("p001", plan("New"))
    assert plans.find("p001").shown_to == ""
