"""The same for what is worked out from single answers: agreement, consistency, carelessness."""

import numpy as np
import pytest

from pipeline.statistics.agreement import Accord, average_deviations, find_accords, item_variances, rwg_j
from pipeline.statistics.cannot_tell import CannotTell, Why
from pipeline.statistics.careless import (
    Limits,
    even_odd,
    flag_responses,
    longest_runs,
    response_deviations,
    squared_distances,
)
from pipeline.statistics.consistency import Gaps, estimate_alpha
from pipeline.statistics.omega import estimate_omega

GONE = np.nan


@pytest.mark.parametrize(
    ("ratings", "word"),
    [
        ([[4.0]], Accord.CANNOT_TELL),
        ([[GONE], [GONE]], Accord.CANNOT_TELL),
        ([[4.0], [4.0]], Accord.AGREE),
        ([[2.0], [4.0]], Accord.MIXED),
        ([[1.0], [5.0]], Accord.SPLIT),
        ([[1.0, 4.0], [GONE, 4.0]], Accord.AGREE),
    ],
)
def test_accord_when_raters_are_few_or_far_apart_then_the_word_says_so(ratings, word):
    assert find_accords([ratings], point_count=5).words.tolist() == [word]


def test_deviation_when_about_the_median_then_one_far_rater_counts_less():
    ratings = [[1.0], [4.0], [4.0], [GONE]]
    assert average_deviations(ratings, about_median=True) == pytest.approx(1.0)
    assert average_deviations(ratings) == pytest.approx(4 / 3)


def test_rwg_j_when_items_are_missing_then_uses_the_others():
    variances = item_variances([[3.0, 3.0], [5.0, GONE]])
    assert variances.tolist() == [2.0, pytest.approx(GONE, nan_ok=True)]
    assert rwg_j([variances, [GONE, GONE], [0.0, 0.0], [3.0, 3.0]], 2.0).tolist() == [
        0.0,
        pytest.approx(GONE, nan_ok=True),
        1.0,
        0.0,
    ]


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (np.ones((200, 1)), Why.TOO_FEW_ITEMS),
        (np.ones((99, 3)), Why.TOO_FEW_RATERS),
        (np.ones((200, 3)), Why.NO_SPREAD),
        (np.full((200, 3), GONE), Why.TOO_FEW_RATERS),
    ],
)
def test_consistency_when_there_is_too_little_then_cannot_tell(answers, why):
    for gaps in Gaps:
        assert estimate_alpha(answers, gaps=gaps) == CannotTell(why=why)
    assert estimate_omega(answers) == CannotTell(why=why)


def test_consistency_when_items_are_never_rated_together_then_cannot_tell():
    apart = np.full((200, 2), GONE)
    apart[:100, 0], apart[100:, 1] = 3.0, 4.0
    assert estimate_alpha(apart, gaps=Gaps.PAIRWISE) == CannotTell(why=Why.NO_SPREAD)


def test_omega_when_one_item_is_all_of_the_trait_then_there_is_no_fit():
    rng = np.random.default_rng(3)
    trait = rng.standard_normal(300)
    answers = np.column_stack([trait, trait + 0.3 * rng.standard_normal(300), trait])
    answers[:, 2] += 0.001 * rng.standard_normal(300)
    assert estimate_omega(answers) == CannotTell(why=Why.NO_FIT)


def test_alpha_when_subjects_are_named_then_the_interval_is_wider_or_alike():
    rng = np.random.default_rng(4)
    whom = np.repeat(np.arange(30), 8)
    answers = rng.standard_normal((30, 1)).repeat(8, axis=0) + rng.standard_normal((240, 4))
    plain, grouped = estimate_alpha(answers), estimate_alpha(answers, subjects=whom)
    few = estimate_alpha(answers, subjects=whom // 10)
    assert grouped.alpha == plain.alpha
    assert grouped.low < plain.low
    assert (few.low, few.high) == (plain.low, plain.high)


def test_careless_indices_when_answers_are_missing_then_have_no_value():
    answers = [[GONE] * 4, [3, GONE, 3, 3], [3, 3, 3, 3]]
    assert longest_runs(answers).tolist() == [0, 2, 4]
    assert response_deviations(answers).tolist() == [pytest.approx(GONE, nan_ok=True), 0.0, 0.0]
    assert np.isnan(even_odd(answers, [0, 0, 1, 1])).all()
    assert np.isnan(even_odd(answers, [0, 0, 0, 0])).all()
    assert np.isnan(even_odd(answers, [0, 1, 2, 3])).all()  # traits of one item have no halves
    assert np.isnan(squared_distances(answers)).all()
    assert np.isnan(squared_distances(np.ones((9, 2)))).all()


def test_even_odd_when_halves_contradict_each_other_then_is_held():
    exact = even_odd([[1, 5, 5, 1], [1, 1, 5, 5]], [0, 0, 1, 1])
    assert exact.tolist() == [1.0, -1.0]


def test_response_when_only_one_index_hits_then_is_not_flagged():
    varied = [1, 5, 2, 4, 3, 1, 5, 2]
    straight = [3] * 8
    traits = np.repeat(np.arange(4), 2)
    found = flag_responses([varied, straight], [varied, straight], traits)
    assert found.is_flagged.tolist() == [False, True]
    assert found.hit_counts.tolist()[1] == 2
    fast = flag_responses(
        [varied, straight],
        [varied, straight],
        traits,
        seconds_per_item=[0.4, GONE],
        limits=Limits(even_odd=2.0),
    )
    assert fast.hit_counts.tolist() == [1, 2]


def test_responses_when_there_are_many_then_patterns_are_judged_too():
    rng = np.random.default_rng(6)
    traits = np.repeat(np.arange(5), 2)
    answers = rng.normal(3, 1, (200, 5)).repeat(2, axis=1) + rng.normal(0, 0.3, (200, 10))
    answers[0] = [1, 5] * 5
    answers[1] = [1, 5, 5, 1, 1, 5, 5, 1, 1, 5]
    found = flag_responses(answers, answers, traits)
    assert found.index_counts[:2].tolist() == [3, 4]  # halves of the first do not vary
    assert found.is_flagged[1]
    assert found.is_flagged.mean() < 0.05
