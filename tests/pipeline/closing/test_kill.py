"""kill -9 at any moment of closing: closing again ends as if nothing had been."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.closing import close_wave, try_closing
from survey.answers import open_answers
from survey.config import Settings
from survey.register import open_register
from survey.register_closing import Closings
from survey.register_participation import Participation
from tests.form_world import WAVE, seeded
from tests.pipeline.closing.conftest import CLOSED_AT, quiet

ROOT = Path(__file__).parents[3]
MOMENTS = range(1, 160)
RANDOM_TRIALS = 15


def summary(settings):
    """What a closing came to, without its random keys."""
    with open_answers(settings, WAVE) as answers:
        assert answers.is_closed
        rows = sorted((one.subject_id, one.reporting_group, one.content) for one in answers.responses())
    with open_register(settings.register_address) as register:
        closing = Closings(register.store).find(WAVE)
        counts = Participation(register.store).counts(WAVE)
    return rows, replace(closing, groups=closing.groups), counts


def check_nothing_is_left(home):
    assert not list((home / "form" / "keys").glob("*.key"))
    assert [path.name for path in (home / "answers").iterdir()] == ["great-pm.2026Q4.closed.sqlite"]


def run_trials(place, numbers):
    program = [sys.executable, "-m", "tests.pipeline.closing.closer", str(place), *numbers]
    ran = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(line.split() for line in ran.stdout.splitlines())


@pytest.mark.slow
def test_close_when_killed_at_any_moment_then_closing_again_ends_well(world, answer, tmp_path):
    answer(pa=2, pb=3, pc=8, pd=3, pe=5)
    world.submit([("boss", "pa", "{}")], is_finished=False, is_stored=False)
    expected = try_closing(world.settings, WAVE)
    whole = shutil.copytree(world.settings.home, tmp_path / "whole")
    close_wave(Settings(home=whole), WAVE, now=CLOSED_AT, progress=quiet)
    chance = seeded(9)
    numbers = [str(moment) for moment in MOMENTS]
    numbers += [f"{chance.uniform(0.001, 0.25):.6f}" for _ in range(RANDOM_TRIALS)]
    place = tmp_path / "trials"
    for number in numbers:
        shutil.copytree(world.settings.home, place / number)

    fates = run_trials(place, numbers)

    ended = [int(number) for number, fate in fates.items() if fate == "ended" and "." not in number]
    assert 40 < min(ended) < max(MOMENTS), "every moment of the whole way was tried"
    for number in fates:
        settings = Settings(home=place / number)
        report = close_wave(settings, WAVE, now=CLOSED_AT, progress=quiet)
        assert replace(report, is_trial=True) == expected, number
        assert summary(settings) == summary(Settings(home=whole)), number
        check_nothing_is_left(settings.home)
