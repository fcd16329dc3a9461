"""The next wave of a repeated campaign is planned once, also by two runs at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from survey.campaign import WaveState
from survey.register import open_register
from survey.repeating import add_draft, due_drafts

NOW = datetime(2027, 3, 1, 7, tzinfo=UTC)


@pytest.fixture
def repeated(collections, draft):
    one = replace(draft, is_repeated=True)
    collections.add(one)
    return one


def test_draft_when_two_runs_plan_it_at_the_same_moment_then_there_is_one(
    settings, register, collections, repeated
):
    (planned,) = due_drafts(register, NOW.date())
    start = threading.Barrier(2)

    def plan() -> bool:
        with open_register(settings.register_address) as opened:
            start.wait()
            return add_draft(opened, planned, done_at=NOW, done_by="run-due")

    with ThreadPoolExecutor(2) as pool:
        added = [future.result() for future in (pool.submit(plan), pool.submit(plan))]
    assert sorted(added) == [False, True]
    assert collections.list() == ((repeated, WaveState.DRAFT), (planned, WaveState.DRAFT))
    assert [entry.target for entry in register.audit()] == [planned.wave_id]
    assert due_drafts(register, NOW.date()) == ()
