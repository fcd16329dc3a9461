"""What must not matter: the order of people, the zero and unit of the scale, the direction of items."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import integrate
from scipy.special import erf, ndtri
from scipy.stats import false_discovery_control

from pipeline.statistics.agreement import average_deviations, find_accords, item_variances
from pipeline.statistics.cannot_tell import CannotTell
from pipeline.statistics.careless import longest_runs, response_deviations, squared_distances
from pipeline.statistics.change import Question, Verdict, judge_pages, smallest_detectable_change
from pipeline.statistics.consistency import estimate_alpha
from pipeline.statistics.course import change_between, half_year_change, slope_over
from pipeline.statistics.false_discovery import adjust_for_page
from pipeline.statistics.favourable import favourable_shares
from pipeline.statistics.gap import find_gaps
from pipeline.statistics.interval import effective_raters, margin_of_one, pooled_interval
from pipeline.statistics.noise import _FIT, _TUNING, Noise, NoiseSource, estimate_noise
from pipeline.statistics.nonresponse import weighted_mean, worst_case
from pipeline.statistics.omega import estimate_omega
from pipeline.statistics.one_way import analyse_groups
from pipeline.statistics.planning import (
    invitations_for,
    raters_for_change,
    raters_for_interval,
    raters_for_reliability,
)
from pipeline.statistics.reliability import estimate_reliability
from pipeline.statistics.scoring import score_raters, turn
from pipeline.statistics.shrinkage import guess_scores
from pipeline.statistics.standing_out import find_standings, independent_traits

POINTS = st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0, np.nan])
RATED = st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0])
SHIFTS = st.integers(-50, 50)
UNITS = st.sampled_from([0.25, 0.5, 2.0, 8.0])
SEEDS = st.integers(0, 2**32 - 1)


def tables(least_columns=1, elements=POINTS):
    return st.tuples(st.integers(2, 8), st.integers(least_columns, 6)).flatmap(
        lambda shape: arrays(np.float64, shape, elements=elements)
    )


@given(tables(), SEEDS)
def test_turning_when_done_twice_then_gives_back_and_mirrors_the_score(answers, seed):
    is_reverse = np.random.default_rng(seed).random(answers.shape[1]) < 0.5
    turned = turn(answers, is_reverse, low=1, high=5)
    assert np.array_equal(turn(turned, is_reverse, low=1, high=5), answers, equal_nan=True)
    mirrored = score_raters(turn(answers, np.ones(answers.shape[1], bool), low=1, high=5))
    plain = score_raters(answers)
    assert 6 - mirrored.scores == pytest.approx(plain.scores, nan_ok=True)
    assert mirrored.is_scored.tolist() == plain.is_scored.tolist()


@given(tables(), SEEDS)
def test_scores_when_items_are_reordered_then_stay(answers, seed):
    order = np.random.default_rng(seed).permutation(answers.shape[1])
    assert score_raters(answers[:, order]).scores == pytest.approx(score_raters(answers).scores, nan_ok=True)


@given(SEEDS, SHIFTS, UNITS)
def test_reliability_when_shifted_scaled_or_reordered_then_stays(seed, shift, unit):
    rng = np.random.default_rng(seed)
    groups = rng.integers(0, 12, 80)
    values = rng.normal(3, 1, 80) + 0.3 * groups
    order = rng.permutation(80)
    before = estimate_reliability(analyse_groups(values, groups))
    after = estimate_reliability(analyse_groups(shift + unit * values[order], 100 - groups[order]))
    assert isinstance(before, CannotTell) == isinstance(after, CannotTell)
    if not isinstance(before, CannotTell):
        assert after.icc1 == pytest.approx(before.icc1, abs=1e-8)
        assert after.icc2 == pytest.approx(before.icc2, abs=1e-8)


@given(tables(), SHIFTS)
def test_agreement_when_scale_is_mirrored_or_shifted_then_stays(answers, shift):
    for other in (6 - answers, answers + shift, answers[::-1]):
        assert average_deviations(other) == pytest.approx(average_deviations(answers), nan_ok=True)
        assert item_variances(other) == pytest.approx(item_variances(answers), nan_ok=True)
        words = find_accords(other[None], point_count=5).words
        assert words.tolist() == find_accords(answers[None], point_count=5).words.tolist()


@given(SEEDS, SHIFTS, UNITS)
@settings(max_examples=25)
def test_consistency_when_shifted_scaled_or_reordered_then_stays(seed, shift, unit):
    rng = np.random.default_rng(seed)
    answers = rng.normal(0, 1, (150, 1)) + rng.normal(0, 1, (150, 4))
    other = shift + unit * answers[rng.permutation(150)][:, rng.permutation(4)]
    assert estimate_alpha(other).alpha == pytest.approx(estimate_alpha(answers).alpha)
    before, after = estimate_omega(answers), estimate_omega(other)
    assert after.omega == pytest.approx(before.omega, abs=1e-5)
    assert sum(before.loadings) > 0


@given(SEEDS)
def test_guesses_when_subjects_are_reordered_then_move_along_and_lie_between(seed):
    rng = np.random.default_rng(seed)
    scores, counts = rng.uniform(1, 5, 9), rng.integers(1, 12, 9)
    found = guess_scores(scores, counts, within_variance=0.34, between_variance=0.12)
    order = rng.permutation(9)
    again = guess_scores(scores[order], counts[order], within_variance=0.34, between_variance=0.12)
    assert again.points == pytest.approx(found.points[order])
    assert ((found.points - scores) * (found.centre - found.points) >= -1e-12).all()


@given(arrays(np.float64, (3, 6), elements=st.floats(0, 1)), SEEDS)
def test_adjustment_when_compared_then_is_scipys_and_order_does_not_matter(p_values, seed):
    found = adjust_for_page(p_values)
    assert found == pytest.approx(false_discovery_control(p_values, axis=1))
    order = np.random.default_rng(seed).permutation(6)
    assert adjust_for_page(p_values[:, order]) == pytest.approx(found[:, order])
    assert (found >= p_values - 1e-12).all()


@given(SEEDS, st.floats(-1, 1))
def test_courses_when_all_waves_shift_then_stay_and_mirrored_turn_round(seed, shift):
    rng = np.random.default_rng(seed)
    scores, raters = rng.uniform(1, 5, (4, 6)), rng.integers(2, 12, (4, 6))
    for ask in (change_between, half_year_change, lambda s, n: slope_over(s, n, np.arange(6))):
        found = ask(scores, raters)
        assert ask(scores + shift, raters).points == pytest.approx(found.points, abs=1e-9)
        assert ask(6 - scores, raters).points == pytest.approx(-found.points, abs=1e-9)
        assert ask(scores, 4 * raters).unit_errors == pytest.approx(found.unit_errors / 2)


@given(SEEDS)
def test_verdicts_when_scale_is_mirrored_then_rise_and_fall_change_places(seed):
    rng = np.random.default_rng(seed)
    scores, raters = rng.uniform(1, 5, (5, 6, 2)), np.full((5, 6, 2), 6)
    noise = Noise(factor=0.8, degrees_of_freedom=60, source=NoiseSource.CHANGES)

    def verdicts(some):
        question = Question(courses=change_between(some, raters), sigmas=np.full(6, 0.5), noise=noise)
        return judge_pages(question, question)[0].verdicts

    swap = np.array([0, 1, Verdict.FALLEN, Verdict.RISEN, 4])
    assert np.array_equal(verdicts(6 - scores), swap[verdicts(scores)])


@given(SEEDS, SHIFTS)
@settings(max_examples=25)
def test_noise_when_everybody_changes_alike_then_stays(seed, shift):
    rng = np.random.default_rng(seed)
    scores, raters = rng.normal(3, 0.1, (30, 3, 2)), np.full((30, 3, 2), 6)
    moved = scores + np.array([0.0, shift])
    before = estimate_noise(change_between(scores, raters), np.full(3, 0.6), 100)
    after = estimate_noise(change_between(moved, raters), np.full(3, 0.6), 100)
    assert after.factor == pytest.approx(before.factor)


def test_noise_when_changes_are_normal_then_factor_is_their_spread():
    rng = np.random.default_rng(8)
    courses = change_between(rng.normal(3, 0.1, (4000, 6, 2)), np.full((4000, 6, 2), 6))
    found = estimate_noise(courses, np.full(6, 0.5), 100)
    assert found.factor == pytest.approx(0.1 * np.sqrt(2) / (0.5 * np.sqrt(2 / 6)), rel=0.02)


def test_noise_when_a_few_really_change_then_hardly_widens():
    rng = np.random.default_rng(9)
    scores = rng.normal(3, 0.1, (40, 6, 2))
    plain = estimate_noise(change_between(scores, np.full((40, 6, 2), 6)), np.full(6, 0.5), 100)
    scores[:4, 0, 1] += 1.2
    found = estimate_noise(change_between(scores, np.full((40, 6, 2), 6)), np.full(6, 0.5), 100)
    assert found.factor == pytest.approx(plain.factor, rel=0.05)


def test_noise_constant_when_integrated_anew_then_is_the_same():
    edge = _TUNING * float(ndtri(0.75))

    def density(x):
        return np.exp(-x * x / 2) / np.sqrt(2 * np.pi)

    above, _ = integrate.quad(lambda x: x * x * (1 - (x / edge) ** 2) ** 4 * density(x), -edge, edge)
    below, _ = integrate.quad(
        lambda x: (1 - (x / edge) ** 2) * (1 - 5 * (x / edge) ** 2) * density(x), -edge, edge
    )
    assert erf(edge / np.sqrt(2)) > 0.999
    assert np.sqrt(above) / abs(below) == pytest.approx(_FIT, abs=5e-5)


@given(SEEDS, st.floats(-1, 1))
def test_standings_when_all_traits_shift_or_are_reordered_then_stay(seed, shift):
    rng = np.random.default_rng(seed)
    scores, raters = rng.uniform(2, 4.5, (7, 6)), rng.integers(3, 12, (7, 6))
    sigmas = rng.uniform(0.3, 0.8, 6)
    found = find_standings(scores, raters, independent_traits(sigmas, 150))
    moved = find_standings(scores + shift, raters, independent_traits(sigmas, 150))
    assert moved.points == pytest.approx(found.points, abs=1e-9)
    order = rng.permutation(6)
    again = find_standings(scores[:, order], raters[:, order], independent_traits(sigmas[order], 150))
    assert again.low == pytest.approx(found.low[:, order])
    assert np.nansum(found.points, axis=1) == pytest.approx(np.zeros(7), abs=1e-9)


@given(st.integers(1, 30), st.integers(1, 8), st.integers(1, 8))
def test_effective_raters_when_all_is_rated_then_are_the_raters_and_never_more(raters, items, missing):
    full = effective_raters([raters], [raters * items], item_count=items)
    assert full == pytest.approx([raters])
    fewer = effective_raters([raters], [max(0, raters * items - missing)], item_count=items)
    assert fewer[0] < full[0]


@given(st.integers(10, 200), st.data())
def test_wilson_when_mirrored_then_mirrors_and_holds_the_share(n, data):
    hits = data.draw(st.integers(0, n))
    found, other = favourable_shares([hits], [n]), favourable_shares([n - hits], [n])
    assert found.low == pytest.approx(1 - other.high)
    assert 0 <= found.low[0] <= found.shares[0] <= found.high[0] <= 1


@given(tables(least_columns=2, elements=RATED))
def test_careless_indices_when_turned_alike_then_stay(answers):
    assert longest_runs(6 - answers).tolist() == longest_runs(answers).tolist()
    assert response_deviations(6 - answers) == pytest.approx(response_deviations(answers))


def test_distances_when_items_are_scaled_then_stay():
    answers = np.random.default_rng(10).normal(3, 1, (50, 4))
    assert squared_distances(answers * [1, 2, 4, 8] + 5) == pytest.approx(squared_distances(answers))
    assert squared_distances(answers).mean() == pytest.approx(4 * 49 / 50)


@given(st.floats(1, 5), st.integers(0, 9), st.integers(1, 9))
def test_bounds_when_anybody_is_missing_then_hold_the_score(score, missing, answered):
    found = worst_case([score], [answered], [answered + missing], low=1, high=5)
    assert found.low[0] - 1e-9 <= score <= found.high[0] + 1e-9
    assert found.high[0] - found.low[0] == pytest.approx(4 * missing / (answered + missing))


def test_weights_when_alike_then_give_the_plain_mean():
    assert weighted_mean([[3.0, 4.0, np.nan]], [[7, 7, 7]]) == pytest.approx([3.5])


@given(st.floats(0.2, 2), st.floats(0.2, 1))
def test_raters_needed_when_so_many_answer_then_it_is_enough_and_one_fewer_is_not(width, sigma):
    needed = raters_for_interval(width, sigma=sigma, degrees_of_freedom=200)
    margin = margin_of_one(sigma, 200)
    assert margin / np.sqrt(needed) <= width + 1e-6
    assert needed == 1 or margin / np.sqrt(needed - 1) > width - 1e-6


def test_planning_when_a_change_is_larger_or_asked_alone_then_takes_fewer():
    assert raters_for_change(1.5, sigma=0.57) < raters_for_change(1.1, sigma=0.57)
    assert raters_for_change(1.1, sigma=0.57, tests=1) < raters_for_change(1.1, sigma=0.57)
    assert raters_for_change(1.1, sigma=0.57, factor=0.75) < raters_for_change(1.1, sigma=0.57)
    assert raters_for_change(10.0, sigma=0.1) == 1
    assert raters_for_reliability(0.5, icc1=0.9) == 1
    assert invitations_for(3, response_share=0.75) == 4


@pytest.mark.parametrize(
    ("stability", "points"), [(0.0, [0.79, 0.65, 0.56, 0.46]), (0.6, [0.50, 0.41, 0.35, 0.29])]
)
def test_smallest_detectable_change_when_raters_are_linked_then_is_the_specifications(stability, points):
    found = smallest_detectable_change([4, 6, 8, 12], sigma=0.57, factor=np.sqrt(1 - stability))
    assert [round(float(one), 2) for one in found] == points


@given(st.floats(1, 5), st.floats(1, 5), st.integers(1, 20))
def test_gap_when_raters_are_many_then_the_self_rating_limits_it(others, own, raters):
    found = find_gaps([others], [own], [raters], sigma=0.6, degrees_of_freedom=300)
    alone = pooled_interval([others], [raters], sigma=0.6, degrees_of_freedom=300)
    half = (found.high - found.low) / 2
    assert half >= margin_of_one(0.6, 300)
    assert half >= (alone.high - alone.low) / 2
