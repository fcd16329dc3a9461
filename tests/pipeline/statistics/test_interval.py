"""Interval A against closed forms, a published number (doctest) and recovery of known truth."""

import numpy as np
import pytest

from pipeline.statistics.interval import margin_of_one, pooled_interval
from pipeline.statistics.spread import MAX_DEGREES_OF_FREEDOM, SpreadSource, estimate_spread


def test_interval_when_raters_quadruple_then_halves():
    found = pooled_interval([3.0, 3.0], [4, 16], sigma=0.6, degrees_of_freedom=100)
    widths = found.high - found.low
    assert widths[0] == pytest.approx(2 * widths[1])
    assert (found.high + found.low) / 2 == pytest.approx([3.0, 3.0])


def test_margin_when_degrees_are_many_then_is_the_normal_quantile():
    assert margin_of_one(1.0, 10**9) == pytest.approx(1.959964, abs=1e-5)


def test_interval_when_truth_is_known_then_covers_it_in_95_of_100():
    rng = np.random.default_rng(7)
    subjects, raters, sigma = 40, 6, 0.57
    covered = []
    for _ in range(200):
        truth = rng.normal(3.5, 0.35, subjects)
        ratings = rng.normal(truth[:, None], sigma, (subjects, raters))
        squares = float(((ratings - ratings.mean(axis=1, keepdims=True)) ** 2).sum())
        spread = estimate_spread(
            within_sum_squares=squares, rater_count=subjects * raters, subject_count=subjects
        )
        found = pooled_interval(
            ratings.mean(axis=1),
            np.full(subjects, raters),
            sigma=float(spread.sigma),
            degrees_of_freedom=spread.degrees_of_freedom,
        )
        covered.append(np.mean((found.low <= truth) & (truth <= found.high)))
    assert np.mean(covered) == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize(("squares", "raters", "subjects"), [(0.0, 40, 10), (5.0, 10, 10), (5.0, 9, 10)])
def test_spread_when_there_is_nothing_to_estimate_from_then_is_none(squares, raters, subjects):
    assert estimate_spread(within_sum_squares=squares, rater_count=raters, subject_count=subjects) is None


def test_spread_when_estimated_then_is_coarse():
    spread = estimate_spread(within_sum_squares=123.456, rater_count=397, subject_count=40)
    assert (str(spread.sigma), spread.degrees_of_freedom) == ("0.59", 350)
    assert spread.source is SpreadSource.WAVE
    many = estimate_spread(within_sum_squares=123.456, rater_count=90000, subject_count=40)
    assert many.degrees_of_freedom == MAX_DEGREES_OF_FREEDOM
