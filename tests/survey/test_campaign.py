"""Periods by name, and the states a wave may go through."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.campaign import TRANSITIONS, Wave, WaveState, move, parse_period
from survey.errors import WaveError

DRAFT, OPEN, CLOSED, PUBLISHED, WITHDRAWN = WaveState
MAY_MOVE = {
    #            to:  draft  open   closed published withdrawn
    DRAFT: dict(zip(WaveState, (False, True, False, False, False), strict=True)),
    OPEN: dict(zip(WaveState, (False, False, True, False, False), strict=True)),
    CLOSED: dict(zip(WaveState, (False, False, False, True, False), strict=True)),
    PUBLISHED: dict(zip(WaveState, (False, False, False, False, True), strict=True)),
    WITHDRAWN: dict(zip(WaveState, (False, False, False, True, False), strict=True)),
}


def wave(state: WaveState) -> Wave:
    return Wave(
        wave_id="great-pm/2026Q1",
        campaign="great-pm",
        period=parse_period("2026Q1"),
        instrument_id="great-pm",
        instrument_version="1.0",
        instrument_hash="0" * 64,
        state=state,
        is_external=True,
        roster_date=date(2026, 3, 31),
        policy="minimum_raters = 4",
    )


@pytest.mark.parametrize("before", WaveState)
@pytest.mark.parametrize("after", WaveState)
def test_a_wave_moves_exactly_where_the_table_lets_it(before, after):
    if MAY_MOVE[before][after]:
        assert move(wave(before), after, "a reason").state is after
        return
    with pytest.raises(WaveError) as refused:
        move(wave(before), after, "a reason")
    assert refused.value.code == "wave-state"
    assert refused.value.where == "great-pm/2026Q1"


def test_every_state_has_its_transitions_and_a_way_on():
    assert TRANSITIONS.keys() == set(WaveState)
    assert all(TRANSITIONS.values())


def test_a_refused_move_says_where_the_wave_may_go():
    with pytest.raises(WaveError) as refused:
        move(wave(OPEN), PUBLISHED)
    assert refused.value.message == "the wave is open; it cannot become published"
    assert refused.value.hint == "from open a wave can become: closed"


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_withdrawal_needs_a_reason(reason):
    with pytest.raises(WaveError) as refused:
        move(wave(PUBLISHED), WITHDRAWN, reason)
    assert refused.value.code == "wave-reason"


def test_a_reason_longer_than_a_release_keeps_whole_is_refused():
    assert len(move(wave(PUBLISHED), WITHDRAWN, "ä" * 500).reason) == 500
    with pytest.raises(WaveError) as refused:
        move(wave(PUBLISHED), WITHDRAWN, "ä" * 501)
    assert refused.value.code == "wave-reason-long"


def test_a_wave_published_again_loses_the_reason_of_its_withdrawal():
    withdrawn = move(wave(PUBLISHED), WITHDRAWN, " wrong file ")
    assert withdrawn.reason == "wrong file"
    assert move(withdrawn, PUBLISHED).reason == ""


@pytest.mark.parametrize(
    ("name", "starts_on", "ends_on"),
    [
        ("2026Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_spans_the_days_its_name_says(name, starts_on, ends_on):
    period = parse_period(name)
    assert (period.name, period.starts_on, period.ends_on) == (name, starts_on, ends_on)


@pytest.mark.parametrize(
    "name",
    ["", "2026Q5", "2026Q0", "2026H3", "2026-13", "2026-00", "26Q1", "２０２６Q1", "2026q1", "2026Q1 "],
)
def test_another_name_is_no_period(name):
    with pytest.raises(WaveError) as refused:
        parse_period(name)
    assert refused.value.hint == "write 2026Q1, 2026H1, 2026-03 or 2026"


@given(st.integers(1000, 2999))
def test_the_quarters_of_a_year_follow_each_other_without_a_gap(year):
    quarters = [parse_period(f"{year:04}Q{number}") for number in (1, 2, 3, 4)]
    whole = parse_period(f"{year:04}")
    assert (quarters[0].starts_on, quarters[-1].ends_on) == (whole.starts_on, whole.ends_on)
    for earlier, later in pairwise(quarters):
        assert earlier.ends_on.toordinal() + 1 == later.starts_on.toordinal()


@pytest.mark.parametrize("name", ["0000Q1", "9999Q4", "0000", "9999-12"])
def test_a_year_outside_the_calendar_is_no_period(name):
    with pytest.raises(WaveError):
        parse_period(name)
