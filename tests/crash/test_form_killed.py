"""The form is killed at random moments under load: what was acknowledged is stored, and nothing counts twice.

`make kills` kills 200 times in each kind of store and prints what happened; `make test` less often.
"""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.closing import close_wave
from survey.participation import ParticipationState
from tests.crash.crowd_world import WAVE, open_crowd_world
from tests.crash.form_process import running
from tests.crash.siege import Siege

KILLS = int(os.environ.get("KILLS", "6"))
MOST_MORE_KILLS = 60
RATERS = 48


@pytest.mark.slow
@pytest.mark.parametrize("process_count", [1, 2])
def test_form_when_killed_under_load_then_acknowledged_is_stored_and_nothing_counts_twice(
    settings, process_count
):
    world = open_crowd_world(settings, RATERS)
    started = time.monotonic()
    with running(settings, process_count) as processes:
        siege = Siege(world, processes, seed=process_count)
        for number in range(KILLS):
            siege.kill_under_load(number)
        if process_count == 1:  # with two, whoever is cut goes on at the other at once
            kill_until_something_is_half_done(siege)
        gone = siege.half_done
        for one in siege.crowd:
            one.finish(but=gone)
        siege.look()
        for process in processes:
            process.stop()
    assert siege.acknowledged > KILLS
    check_closing(siege, gone)
    store = "PostgreSQL" if settings.register_url else "SQLite"
    say(f"{store}, {process_count} form(s), {time.monotonic() - started:.0f} s: {siege.summary()}")


def kill_until_something_is_half_done(siege: Siege) -> None:
    """One kill in five leaves a response that is stored, and of which nobody has heard."""
    for number in range(MOST_MORE_KILLS):
        if siege.half_done:
            return
        siege.kill_under_load(number)


def check_closing(siege: Siege, gone: frozenset[tuple[str, str]]) -> None:
    """Some never come back after the last kill: what they left half done is told apart, and counts once."""
    kept = siege.world.kept()
    done = [key for key, one in kept.items() if one.state is ParticipationState.DONE]
    left = {key for key, one in kept.items() if one.state is ParticipationState.SUBMITTING}
    assert left == gone, "whatever was retried is finished"
    assert len(done) == sum(bool(task.sure) for task in siege.tasks if task.key not in gone)
    report = close_wave(siege.world.settings, WAVE, now=datetime.now(UTC), progress=lambda _: None)
    assert report.is_even
    assert report.assigned_count == len(siege.tasks)
    assert report.done_count == len(done)
    assert report.unfinished_count == len(gone)
    assert report.stored_count == sum(bool(one.comments) for one in kept.values())
    siege.seen["stored at close"] = report.stored_count
    siege.seen["done at close"] = report.done_count
    siege.seen["unfinished at close"] = report.unfinished_count


def say(line: str) -> None:
    """Where somebody asked for many kills, they want to read what happened."""
    place = os.environ.get("KILLS_REPORT")
    if place:
        with Path(place).open("a", encoding="utf-8") as report:
            report.write(f"{line}\n")
