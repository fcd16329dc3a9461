"""The statistics on made-up organisations whose truth is known: a short version of `make calibrate`.

Chance gets its due: with so few organisations a share may be off by the slack given here. The long
version holds 93 to 97 % exactly and is in docs/calibration.md.
"""

from functools import cache
from pathlib import Path

import pytest

from bench.calibration.__main__ import EXPOSURE, HARD, MAIN, POWER, SMALL
from bench.calibration.demo_trial import try_demo
from bench.calibration.group_trial import try_alpha, try_units
from bench.calibration.organisation import CEILING, MIDDLE, Setting
from bench.calibration.tables import Results, Row, problems, render_page
from bench.calibration.trial import Tally, run_trial
from survey.definition import BUILT_IN, read_instrument

PAGE = Path(__file__).parents[2] / "docs" / "calibration.md"
SLACK = 0.01
SHOWN = ("interval A", "gap", "quarter", "half-year", "slope", "contrast")
SETTINGS = (
    Setting(raters=3, icc=0.3),
    Setting(raters=4, icc=0.1),
    Setting(raters=6, icc=0.2, mean=CEILING),
    Setting(raters=12, icc=0.4, mean=CEILING),
)


@cache
def counted(setting: Setting) -> Tally:
    return run_trial(setting, 60, seed=1)


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
@pytest.mark.parametrize("name", SHOWN)
def test_interval_when_it_is_shown_then_holds_the_truth_as_often_as_it_says(setting, name):
    assert 0.93 - SLACK <= counted(setting).share(name) <= 0.97 + SLACK


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_pages_when_nothing_changed_then_hardly_any_alarms(setting):
    assert counted(setting).share("alarm") <= 0.05 + SLACK


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_best_guesses_when_compared_then_are_nearer_to_the_truth_than_scores(setting):
    tally = counted(setting)
    assert tally.share("squared error of guesses") < tally.share("squared error of scores")


def test_change_when_it_is_larger_or_more_people_answer_then_is_found_more_often():
    found = [
        counted(Setting(raters=raters, shift=shift)).share("quarter found")
        for raters, shift in ((4, 0.6), (4, 1.2), (8, 1.2))
    ]
    assert found == sorted(found)
    assert found[-1] > 0.9


def test_organisation_of_twelve_when_nothing_changed_then_is_cautious():
    tally = counted(Setting(raters=6, subjects=12, mean=MIDDLE))
    assert tally.share("quarter factor") == 1
    assert tally.share("alarm") < 0.02


def test_unit_when_raters_overlap_then_its_interval_allows_for_it():
    tally = try_units(2, 100, seed=1)
    assert 0.93 - SLACK <= tally.share("unit") <= 0.97 + SLACK
    assert tally.share("unit, overlap ignored") < tally.share("unit")
    assert 0.93 - SLACK <= tally.share("favourable") <= 0.97 + SLACK


def test_alpha_when_responses_hang_together_then_its_interval_allows_for_it():
    assert 0.93 - 2 * SLACK <= try_alpha(100, seed=1).share("alpha") <= 0.97 + 2 * SLACK


def test_demo_when_changes_are_planted_then_pages_call_four_of_five_real_and_the_move_mix():
    tally = try_demo(read_instrument(BUILT_IN / "great-pm.yaml"), range(4))
    assert tally.share("planted, six raters or more") >= 0.80
    assert tally.share("alarm") <= 0.05
    assert tally.share("move called mix") >= 0.80
    assert tally.share("move called change") <= 0.05
    assert 0.93 - SLACK <= tally.share("mix covers") <= 0.97 + SLACK


def test_page_when_rendered_anew_then_has_the_shape_of_the_one_in_docs():
    """The numbers take minutes; head, tables and settings are compared here."""
    row = Row(setting=MAIN[0], tally=counted(SETTINGS[0]))
    rows = {
        name: tuple(Row(setting=one, tally=row.tally) for one in settings)
        for name, settings in (
            ("main", MAIN), ("power", POWER), ("small", SMALL), ("exposure", EXPOSURE), ("hard", HARD)
        )
    }  # fmt: skip
    alike = dict.fromkeys((1, 2, 4), row.tally)
    results = Results(count=2000, **rows, units=alike, alpha=row.tally, demo=row.tally)
    assert shape(render_page(results)) == shape(PAGE.read_text(encoding="utf-8"))
    assert any("planted" in problem for problem in problems(results))


def shape(page: str) -> list[str]:
    """Headings, and of each table's rows what they are about."""
    lines = page.splitlines()
    return [
        line if line.startswith("#") else line.split("|")[1] for line in lines if line.startswith(("#", "|"))
    ]
