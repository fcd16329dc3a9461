"""The rating model: its spreads are those that measurement.md works with, its truth is what means find."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.synthesis.model import (
    RatingModel,
    answers_as_arrays,
    draw_ease,
    draw_true_scores,
    expected_rating,
    round_to_points,
)
from survey.synthesis.world import make_rng

MODEL = RatingModel()


def test_answers_as_arrays_gives_points_and_gaps_in_known_shares():
    answers = answers_as_arrays(MODEL, np.full((400, 6), 3.5), np.zeros((6, 4)), 8, make_rng(1, "a"))
    assert answers.shape == (400, 8, 6, 4)
    assert np.isnan(answers).mean() == pytest.approx(MODEL.not_observed_share, abs=0.01)
    assert set(np.unique(answers[~np.isnan(answers)])) == {1, 2, 3, 4, 5}


def test_answers_as_arrays_when_averaged_find_the_expected_rating():
    ease = np.array([[0.3, -0.1, -0.2, 0.0]])
    for true_score in (1.6, 3.0, 4.6):
        answers = answers_as_arrays(MODEL, np.full((4000, 1), true_score), ease, 5, make_rng(2, "b"))
        found = np.nanmean(answers, axis=(0, 1, 2)).mean()
        assert found == pytest.approx(expected_rating(MODEL, true_score, tuple(ease[0])), abs=0.02)


def test_model_has_the_spread_and_the_reliability_it_promises():
    rng, model = make_rng(3, "icc"), replace(MODEL, not_observed_share=0)
    scores = draw_true_scores(model, 3000, 1, 1, rng)[:, :, 0]
    answers = answers_as_arrays(model, scores, np.zeros((1, 4)), 8, rng)
    raters = answers.mean(axis=3)[:, :, 0]
    within = raters.var(axis=1, ddof=1).mean()
    between = raters.mean(axis=1).var(ddof=1) - within / 8
    assert 0.55 <= np.sqrt(within) <= 0.9
    assert between / (between + within) == pytest.approx(0.26, abs=0.05)


def test_true_scores_have_a_halo_and_drift():
    scores = draw_true_scores(MODEL, 4000, 2, 3, make_rng(4, "halo"))
    assert scores.shape == (4000, 2, 3)
    halo = np.corrcoef(scores[:, 0, 0], scores[:, 1, 0])[0, 1]
    assert halo == pytest.approx(MODEL.halo_share, abs=0.05)
    assert np.std(scores[:, 0, 2] - scores[:, 0, 1]) == pytest.approx(MODEL.drift_sd, rel=0.1)


def test_ease_is_none_on_average_within_each_trait():
    ease = draw_ease(MODEL, 6, 4, make_rng(5, "ease"))
    assert ease.mean(axis=1) == pytest.approx(np.zeros(6))


@given(st.floats(-2, 8), st.floats(0.01, 2))
def test_expected_rating_stays_on_the_scale_and_grows_with_the_true_score(score, more):
    low = expected_rating(MODEL, score, (0.0, 0.2))
    high = expected_rating(MODEL, score + more, (0.0, 0.2))
    assert 1 <= low <= high <= 5


@given(st.lists(st.floats(-100, 100), min_size=1))
def test_rounding_gives_points_of_the_scale(latent):
    assert set(round_to_points(np.array(latent))) <= {1, 2, 3, 4, 5}


def test_streams_of_chance_are_apart_and_repeat():
    assert make_rng(1, "a").random() == make_rng(1, "a").random()
    assert make_rng(1, "a").random() != make_rng(1, "b").random()
    assert make_rng(1, "a").random() != make_rng(2, "a").random()
