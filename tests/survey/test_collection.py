"""The days of a wave, and what is due on each."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from survey.campaign import WaveState, parse_period
from survey.collection import (
    Collection,
    Step,
    check_days,
    due_steps,
    next_collection,
    next_period,
    quarter_of,
    reminder_days,
    unit_date,
    usual_days,
)
from survey.errors import WaveError

TODAY = date(2026, 11, 25)
DRAFT = Collection(
    wave_id="great-pm/2026Q4",
    campaign="great-pm",
    period=parse_period("2026Q4"),
    instrument_id="great-pm",
    opens_on=date(2026, 12, 1),
    closes_on=date(2026, 12, 21),
    asked_by="People team",
    reply_to="people@example.org",
    unit_days=3,
    created_on=TODAY,
    policy_text="",
)


@pytest.mark.parametrize(
    ("today", "opens_on"),
    [("2026-10-01", "2026-12-11"), ("2026-12-11", "2026-12-11"), ("2026-12-20", "2026-12-20")],
)
def test_a_wave_is_open_at_the_end_of_its_period_or_from_today(today, opens_on):
    found = usual_days(parse_period("2026Q4"), date.fromisoformat(today))
    assert found[0] == date.fromisoformat(opens_on)
    assert (found[1] - found[0]).days == 20


@pytest.mark.parametrize(("days", "is_right"), [(13, False), (14, True), (28, True), (29, False), (0, False)])
def test_a_window_is_two_to_four_weeks(days, is_right):
    planned = replace(DRAFT, closes_on=DRAFT.opens_on + timedelta(days=days - 1))
    assert planned.window_days == days
    if is_right:
        check_days(planned, TODAY)
    else:
        with pytest.raises(WaveError) as refused:
            check_days(planned, TODAY)
        assert refused.value.code == "wave-window"


def test_a_wave_does_not_open_in_the_past():
    with pytest.raises(WaveError) as refused:
        check_days(DRAFT, date(2026, 12, 2))
    assert refused.value.code == "wave-opens-past"


@pytest.mark.parametrize(
    ("period", "following"),
    [
        ("2026Q1", "2026Q2"), ("2026Q4", "2027Q1"), ("2026H1", "2026H2"), ("2026H2", "2027H1"), ("2026-09", "2026-10"),
        ("2026-12", "2027-01"), ("2026", "2027"),
    ],
)  # fmt: skip
def test_the_next_period_has_the_same_length(period, following):
    assert next_period(parse_period(period)).name == following


def test_the_next_wave_repeats_the_words_and_not_the_hashes():
    opened = replace(DRAFT, assignments_hash="a", roster_hash="b")
    following = next_collection(opened, date(2026, 12, 28))
    assert following.wave_id == "great-pm/2027Q1"
    assert (following.opens_on, following.closes_on) == (date(2027, 3, 11), date(2027, 3, 31))
    assert (following.assignments_hash, following.roster_hash, following.asked_by) == ("", "", "People team")


@pytest.mark.parametrize(
    ("day", "quarter"), [("2026-01-01", "2026Q1"), ("2026-03-31", "2026Q1"), ("2026-12-31", "2026Q4")]
)
def test_a_day_lies_in_its_quarter(day, quarter):
    assert quarter_of(date.fromisoformat(day)).name == quarter


@pytest.mark.parametrize(
    ("published", "days", "shown"),
    [("2026-11-25", 0, "2026-11-25"), ("2026-11-25", 1, "2026-11-26"), ("2026-11-27", 1, "2026-11-30"),
     ("2026-11-28", 1, "2026-11-30"), ("2026-11-26", 3, "2026-12-01")],
)  # fmt: skip
def test_unit_pages_wait_for_working_days(published, days, shown):
    assert unit_date(date.fromisoformat(published), days) == date.fromisoformat(shown)


def test_reminders_come_after_a_week_and_before_the_end():
    assert reminder_days(DRAFT) == (date(2026, 12, 8), date(2026, 12, 18))


@pytest.mark.parametrize(
    ("state", "today", "steps"),
    [
        (WaveState.DRAFT, "2026-11-09", ()),
        (WaveState.DRAFT, "2026-11-10", (Step.NOMINATE,)),
        (WaveState.DRAFT, "2026-11-30", (Step.NOMINATE,)),
        (WaveState.DRAFT, "2026-12-01", (Step.OPEN,)),
        (WaveState.DRAFT, "2026-12-08", (Step.OPEN,)),
        (WaveState.DRAFT, "2026-12-09", ()),
        (WaveState.DRAFT, "2027-01-09", ()),
        (WaveState.OPEN, "2026-12-01", (Step.INVITE,)),
        (WaveState.OPEN, "2026-12-07", (Step.INVITE,)),
        (WaveState.OPEN, "2026-12-08", (Step.INVITE, Step.REMIND)),
        (WaveState.OPEN, "2026-12-21", (Step.INVITE, Step.REMIND)),
        (WaveState.OPEN, "2026-12-22", (Step.CLOSE,)),
        (WaveState.CLOSED, "2026-12-22", (Step.CLOSE, Step.INGEST, Step.PUBLISH, Step.THANK)),
        (WaveState.CLOSED, "2027-03-01", (Step.CLOSE, Step.INGEST, Step.PUBLISH)),
        (WaveState.PUBLISHED, "2027-02-01", (Step.THANK, Step.TELL)),
        (WaveState.PUBLISHED, "2027-03-01", ()),
        (WaveState.WITHDRAWN, "2027-02-01", ()),
    ],
)
def test_what_is_due_follows_from_state_and_day(state, today, steps):
    assert due_steps(DRAFT, state, date.fromisoformat(today)) == steps
