"""The days of a wave, and what is due on each."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from survey.campaign import WaveState, parse_period
from survey.collection import (
    Collection,
    Step,
    check_days,
    due_plan,
    due_steps,
    last_collections,
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
    following = next_collection(opened, (), date(2026, 12, 28))
    assert following.wave_id == "great-pm/2027Q1"
    assert (following.opens_on, following.closes_on) == (date(2027, 3, 11), date(2027, 3, 31))
    assert (following.assignments_hash, following.roster_hash, following.asked_by) == ("", "", "People team")


@pytest.mark.parametrize(
    ("today", "days", "expected"),
    [
        ("2026-12-28", 21, ("2027Q1", "2027-03-11")),
        ("2026-12-28", 14, ("2027Q1", "2027-03-18")),  # as long as the one before
        ("2027-03-05", 21, ("2027Q1", "2027-03-26")),  # late: PMs still get their three weeks to choose
        ("2027-03-10", 21, ("2027Q1", "2027-03-31")),
        ("2027-03-11", 21, ("2027Q2", "2027-06-10")),  # too late: nobody is asked about a period that is over
        ("2027-12-01", 21, ("2027Q4", "2027-12-22")),  # a timer that stood still plans one wave, not four
    ],
)
def test_the_next_wave_opens_when_pms_have_chosen(today, days, expected):
    last = replace(DRAFT, closes_on=DRAFT.opens_on + timedelta(days=days - 1))
    following = next_collection(last, (), date.fromisoformat(today))
    assert (following.period.name, str(following.opens_on)) == expected
    assert following.window_days == days
    check_days(following, date.fromisoformat(today))


def test_the_next_wave_leaves_out_a_period_that_an_export_has_taken():
    assert next_collection(DRAFT, {"great-pm/2027Q1"}, TODAY).wave_id == "great-pm/2027Q2"


def test_a_plan_is_due_four_weeks_before_its_wave_opens_and_only_where_the_campaign_goes_on():
    repeated = replace(DRAFT, is_repeated=True)
    assert due_plan(repeated, (), date(2027, 2, 10)) is None
    assert due_plan(repeated, (), date(2027, 2, 11)).wave_id == "great-pm/2027Q1"
    assert due_plan(DRAFT, (), date(2027, 2, 11)) is None


def test_the_last_collection_of_each_campaign_is_that_of_the_last_period():
    later = replace(DRAFT, wave_id="great-pm/2027Q1", period=parse_period("2027Q1"))
    other = replace(DRAFT, wave_id="pulse/2026H1", campaign="pulse", period=parse_period("2026H1"))
    assert last_collections((later, other, DRAFT)) == (later, other)


AFTER = {
    Step.OPEN: WaveState.OPEN,
    Step.CLOSE: WaveState.CLOSED,
    Step.PUBLISH: WaveState.PUBLISHED,
}


def live(first: Collection, days: list[date]) -> list[tuple[str, str, Step]]:
    """Does on these days all that is due, and returns what happened once."""
    states, happened = {first: WaveState.DRAFT}, {}
    for today in days:
        for last in last_collections(states):
            following = due_plan(last, (), today)
            if following is not None:
                happened.setdefault((following.wave_id, Step.PLAN), today)
                states[following] = WaveState.DRAFT
        for one in tuple(states):
            for step in (step for _ in AFTER for step in due_steps(one, states[one], today)):
                happened.setdefault((one.wave_id, step), today)
                states[one] = AFTER.get(step, states[one])
    return [(str(day), wave_id, step) for (wave_id, step), day in happened.items()]


@pytest.mark.parametrize("every", [1, 7], ids=["daily", "weekly"])
def test_a_repeated_campaign_lives_a_year_by_itself(every):
    days = [TODAY + timedelta(days=number) for number in range(0, 400, every)]
    happened = live(replace(DRAFT, is_repeated=True), days)
    told = {step: [wave_id for _, wave_id, each in happened if each is step] for step in Step}
    waves = [f"great-pm/{period}" for period in ("2026Q4", "2027Q1", "2027Q2", "2027Q3", "2027Q4")]
    assert told[Step.PLAN] == waves[1:]
    assert told[Step.NOMINATE] == told[Step.OPEN] == told[Step.REMIND] == waves
    assert told[Step.PUBLISH] == waves[:-1]


def test_a_repeated_campaign_has_its_days():
    days = [TODAY + timedelta(days=number) for number in range(400)]
    happened = live(replace(DRAFT, is_repeated=True), days)
    spring = [(day, step) for day, wave_id, step in happened if wave_id == "great-pm/2027Q1"]
    assert spring == [
        ("2027-02-11", Step.PLAN), ("2027-02-18", Step.NOMINATE), ("2027-03-11", Step.OPEN), ("2027-03-11", Step.INVITE),
        ("2027-03-18", Step.REMIND), ("2027-04-01", Step.CLOSE), ("2027-04-01", Step.INGEST), ("2027-04-01", Step.PUBLISH),
        ("2027-04-01", Step.THANK), ("2027-04-01", Step.TELL),
    ]  # fmt: skip


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
