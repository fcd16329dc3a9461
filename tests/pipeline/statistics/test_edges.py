"""Where there is hardly anything to estimate from: one subject, one rater, no spread, no answers.

"Cannot tell" is a result; none of these may raise, warn (warnings are errors here) or make up a number.
"""

import numpy as np
import pytest

from pipeline.statistics.cannot_tell import CannotTell, Why
from pipeline.statistics.change import Question, Verdict, judge_pages
from pipeline.statistics.course import change_between, fit_to_scale, half_year_change, slope_over
from pipeline.statistics.false_discovery import adjust_for_page
from pipeline.statistics.favourable import favourable_shares
from pipeline.statistics.gap import Sight, find_gaps
from pipeline.statistics.linked import linked_change
from pipeline.statistics.noise import Noise, NoiseSource, estimate_noise, robust_spread
from pipeline.statistics.nonresponse import weighted_mean, worst_case
from pipeline.statistics.one_way import OneWay, analyse_groups, analyse_sums
from pipeline.statistics.reliability import Comparison, compare, estimate_reliability
from pipeline.statistics.scoring import score_raters, score_subjects
from pipeline.statistics.shrinkage import guess_scores
from pipeline.statistics.standing_out import (
    NO_TRAIT,
    Standing,
    find_standings,
    independent_traits,
    pick_most_distinct,
    pool_trait_spread,
)
from pipeline.statistics.two_way import estimate_two_way

GONE = np.nan
FAIR = Noise(factor=1.0, degrees_of_freedom=100, source=NoiseSource.RATERS)


@pytest.mark.parametrize(
    ("answers", "is_scored"),
    [
        ([4, 4, GONE, GONE], True),
        ([4, GONE, GONE, GONE], False),
        ([GONE] * 4, False),
        ([4, 2, 3], True),
        ([4, GONE, GONE], False),
        ([5], True),
        ([GONE], False),
    ],
)
def test_rater_when_less_than_half_is_rated_then_has_no_score(answers, is_scored):
    found = score_raters([answers])
    assert bool(found.is_scored[0]) is is_scored
    assert bool(np.isfinite(found.scores[0])) is is_scored


def test_subject_when_no_item_is_shown_then_has_no_score():
    found = score_subjects([[GONE, GONE], [3.0, GONE]])
    assert found.is_scored.tolist() == [False, True]
    assert found.answered_counts.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("values", "groups", "why"),
    [
        ([], [], Why.TOO_FEW_SUBJECTS),
        ([3, 4, 5], [1, 1, 1], Why.TOO_FEW_SUBJECTS),
        ([3, 4], [1, 2], Why.TOO_FEW_RATERS),
        ([GONE, GONE], [1, 2], Why.TOO_FEW_SUBJECTS),
    ],
)
def test_analysis_when_there_is_one_subject_or_one_rater_each_then_cannot_tell(values, groups, why):
    found = analyse_groups(values, groups)
    assert found == CannotTell(why=why)
    assert estimate_reliability(found) == found


def test_analysis_when_a_group_is_empty_then_leaves_it_out():
    assert analyse_sums([2, 0, 2], [3.0, GONE, 4.0], 1.0) == analyse_sums([2, 2], [3.0, 4.0], 1.0)


def test_reliability_when_subjects_are_few_or_alike_then_cannot_tell():
    few = OneWay(between=2, within=1, group_count=9, value_count=40, effective_size=4)
    alike = OneWay(between=0, within=0, group_count=10, value_count=40, effective_size=4)
    assert estimate_reliability(few) == CannotTell(why=Why.TOO_FEW_SUBJECTS)
    assert estimate_reliability(alike) == CannotTell(why=Why.NO_SPREAD)


def test_reliability_when_raters_differ_more_than_subjects_then_is_negative_and_compares_nothing():
    table = OneWay(between=1, within=2, group_count=10, value_count=40, effective_size=4)
    found = estimate_reliability(table)
    assert found.icc1 < 0
    assert found.icc2 < 0
    assert found.comparison is Comparison.NOT_COMPARABLE
    assert table.between_variance == 0
    assert (table.degrees_of_freedom, table.mean_size) == (30, 4)
    assert [compare(one) for one in (0.5, 0.7)] == [Comparison.INDICATIVE, Comparison.COMPARABLE]


@pytest.mark.parametrize(
    ("ratings", "why"),
    [
        ([[1, 2], [2, GONE]], Why.NO_ANSWERS),
        ([[1], [2]], Why.TOO_FEW_RATERS),
        ([[1, 2]], Why.TOO_FEW_SUBJECTS),
        ([[3, 3], [3, 3]], Why.NO_SPREAD),
    ],
)
def test_block_when_it_is_not_full_then_cannot_tell(ratings, why):
    assert estimate_two_way(ratings) == CannotTell(why=why)


def test_guesses_when_nothing_differs_between_subjects_then_are_all_the_centre():
    found = guess_scores([3.0, 4.0, GONE], [4, 4, 0], within_variance=0.3, between_variance=0.0)
    assert found.is_alike
    assert found.points[:2] == pytest.approx([3.5, 3.5])
    assert np.isnan(found.points[2])


def test_guesses_when_there_is_no_score_or_no_spread_then_cannot_tell():
    nothing = guess_scores([GONE], [0], within_variance=0.3, between_variance=0.1)
    unanimous = guess_scores([3.0], [4], within_variance=0.0, between_variance=0.1)
    assert (nothing.why, unanimous.why) == (Why.NO_ANSWERS, Why.NO_SPREAD)


def test_guess_when_there_is_one_subject_then_is_its_score():
    found = guess_scores([3.2], [5], within_variance=0.3, between_variance=0.1)
    assert found.points == pytest.approx([3.2])


def test_gap_when_self_or_others_are_missing_then_cannot_tell():
    found = find_gaps([3.0, GONE, 3.0], [GONE, 4.0, 3.1], [4, 4, 0], sigma=0.5, degrees_of_freedom=50)
    assert found.sights.tolist() == [Sight.CANNOT_TELL] * 3
    lower = find_gaps([4.5], [2.0], [8], sigma=0.5, degrees_of_freedom=50)
    assert lower.sights.tolist() == [Sight.SELF_LOWER]


def test_gap_when_it_is_sure_but_small_then_is_not_named():
    found = find_gaps([3.0], [3.4], [100], sigma=0.1, degrees_of_freedom=1000)
    assert found.high[0] < 0
    assert found.sights[0] == Sight.CANNOT_TELL


def test_courses_when_a_wave_is_missing_then_are_not_measured():
    scores, raters = [[3.0, 3.1, GONE, 3.4], [3.0, 3.1, 3.2, 3.4]], np.full((2, 4), 6)
    for found in (change_between(scores, raters), half_year_change(scores, raters)):
        assert found.is_measured.tolist() == [False, True]
    slopes = slope_over(scores, raters, np.arange(4))
    assert slopes.is_measured.tolist() == [False, True]
    assert np.isnan(slopes.points[0])
    same_day = slope_over(scores, raters, [1, 1, 1, 1])
    assert not same_day.is_measured.any()


def test_slope_when_five_waves_have_a_gap_then_uses_the_four():
    found = slope_over([[3.0, GONE, 3.2, 3.3, 3.4]], np.full((1, 5), 6), np.arange(5))
    assert found.points == pytest.approx([0.1])
    assert found.levels == pytest.approx([3.225])


def test_course_when_nobody_rated_then_is_not_measured():
    assert not change_between([[3.0, 3.0]], [[0, 4]]).is_measured.any()


def test_fit_when_all_stand_at_the_end_then_nothing_is_measured_rather_than_sure():
    ends = fit_to_scale(change_between([[5.0, 5.0]], [[4, 4]]), low=1, high=5)
    (found,) = judge_pages(Question(courses=_table(ends), sigmas=[0.5], noise=FAIR))
    assert found.verdicts.tolist() == [[Verdict.NOT_MEASURED]]


def _table(courses):
    return type(courses)(
        points=courses.points[:, None],
        unit_errors=courses.unit_errors[:, None],
        levels=courses.levels[:, None],
        is_measured=courses.is_measured[:, None],
    )


@pytest.mark.parametrize("subjects", [1, 19])
def test_noise_when_subjects_are_few_then_raters_count_as_different_people(subjects):
    courses = change_between(np.full((subjects, 2, 2), 3.0), np.full((subjects, 2, 2), 6))
    found = estimate_noise(courses, [0.5, 0.5], 77)
    assert found == Noise(factor=1.0, degrees_of_freedom=77, source=NoiseSource.RATERS)


def test_noise_when_no_trait_was_measured_then_raters_count_as_different_people():
    courses = change_between(np.full((30, 2, 2), GONE), np.full((30, 2, 2), 6))
    assert estimate_noise(courses, [0.5, 0.5], 77).source is NoiseSource.RATERS


def test_noise_when_one_trait_was_not_measured_then_the_others_tell():
    scores = np.random.default_rng(1).normal(3, 0.2, (40, 2, 2))
    scores[:, 1] = GONE
    found = estimate_noise(change_between(scores, np.full((40, 2, 2), 6)), [0.5, 0.0], 77)
    assert found.source is NoiseSource.CHANGES
    assert 0 < found.factor < 1


def test_robust_spread_when_over_half_did_not_move_then_takes_all():
    assert robust_spread(np.array([0.0, 0.0, 0.0, 2.0])) == 1.0


def test_change_when_noise_is_none_then_is_not_measured():
    """No spread at all would make every change certain."""
    courses = change_between([[[3.0, 3.5]]], [[[4, 4]]])
    (found,) = judge_pages(Question(courses=courses, sigmas=[0.0], noise=FAIR))
    assert found.verdicts.tolist() == [[Verdict.NOT_MEASURED]]
    assert np.isnan(found.low).all()


def test_change_when_it_falls_then_is_said_so():
    courses = change_between([[[4.5, 2.5]]], [[[8, 8]]])
    (found,) = judge_pages(Question(courses=courses, sigmas=[0.5], noise=FAIR))
    assert found.verdicts.tolist() == [[Verdict.FALLEN]]


def test_page_when_nothing_was_tested_then_nothing_is_adjusted():
    assert np.isnan(adjust_for_page([GONE, GONE])).all()
    assert adjust_for_page([[0.01, GONE], [0.04, 0.02]]).tolist() == [
        [0.01, pytest.approx(GONE, nan_ok=True)],
        [0.04, 0.04],
    ]


def test_shares_when_few_or_nobody_rated_then_are_not_enough():
    found = favourable_shares([0, 4, 5], [0, 9, 10])
    assert found.is_enough.tolist() == [False, False, True]
    assert np.isnan(found.shares[0])


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ([1.0], [2.0], Why.TOO_FEW_RATERS),
        ([1.0, GONE], [2.0, 3.0], Why.TOO_FEW_RATERS),
        ([1.0, 2.0], [2.0, 3.0], Why.NO_SPREAD),
    ],
)
def test_linked_change_when_it_cannot_be_tested_then_cannot_tell(first, second, why):
    assert linked_change(first, second) == CannotTell(why=why)


def test_standings_when_there_is_one_trait_or_none_then_nothing_stands_out():
    scores = [[3.0, GONE], [GONE, GONE], [2.0, 4.5]]
    found = find_standings(scores, np.full((3, 2), 8), independent_traits([0.5, 0.5], 100))
    assert found.standings.tolist() == [
        [Standing.NOT_MEASURED] * 2,
        [Standing.NOT_MEASURED] * 2,
        [Standing.TO_WORK_ON, Standing.STRENGTH],
    ]
    picked = pick_most_distinct(found)
    assert picked.strengths.tolist() == [NO_TRAIT, NO_TRAIT, 1]
    assert picked.things_to_work_on.tolist() == [NO_TRAIT, NO_TRAIT, 0]


def test_trait_spread_when_rows_are_few_or_each_alone_then_cannot_tell():
    assert pool_trait_spread(np.full((40, 2), GONE), np.arange(40)).why is Why.TOO_FEW_RATERS
    assert pool_trait_spread(np.ones((29, 2)), np.zeros(29, dtype=int)).why is Why.TOO_FEW_RATERS
    assert pool_trait_spread(np.ones((40, 2)), np.arange(40)).why is Why.TOO_FEW_RATERS


def test_trait_spread_when_scores_vary_with_subjects_then_is_what_is_left():
    rng = np.random.default_rng(5)
    whom = np.repeat(np.arange(200), 5)
    noise = rng.multivariate_normal([0, 0], [[0.4, 0.2], [0.2, 0.3]], 1000)
    found = pool_trait_spread(noise + 10 * whom[:, None], whom)
    assert found.degrees_of_freedom == 800
    assert found.covariance == pytest.approx(np.array([[0.4, 0.2], [0.2, 0.3]]), abs=0.04)


def test_bounds_when_nobody_was_asked_then_there_are_none():
    found = worst_case([3.0, 3.0], [0, 8], [0, 8], low=1, high=5)
    assert np.isnan(found.low[0])
    assert (found.low[1], found.high[1], bool(found.is_needed[1])) == (3.0, 3.0, False)
    assert np.isnan(weighted_mean([GONE, GONE], [3, 4]))
