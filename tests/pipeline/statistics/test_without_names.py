"""Distribution of scores and coverage of strengths: everybody is counted, once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics.coverage import count_strengths
from pipeline.statistics.distribution import BINS, bin_edges, count_in_bins

GUESSES = st.lists(st.one_of(st.floats(0, 6), st.just(float("nan"))), max_size=40)


@given(GUESSES)
def test_bins_when_filled_then_everybody_with_a_guess_is_counted_once(guesses):
    edges = bin_edges(low=1, high=5)
    found = count_in_bins(guesses, edges)
    assert len(found) == BINS == len(edges) - 1
    assert found.sum() == np.isfinite(guesses).sum()


@given(st.lists(st.floats(1, 5), max_size=40))
def test_bins_when_compared_with_numpys_histogram_then_are_the_same(guesses):
    edges = bin_edges(low=1, high=5)
    assert count_in_bins(guesses, edges).tolist() == np.histogram(guesses, edges)[0].tolist()


@pytest.mark.parametrize(("guess", "place"), [(0.9, 0), (1, 0), (1.5, 1), (4.99, 7), (5, 7), (5.2, 7)])
def test_guess_on_a_border_when_counted_then_belongs_to_the_bin_above(guess, place):
    assert count_in_bins([guess], bin_edges(low=1, high=5))[place] == 1


def test_strengths_when_nobody_has_any_then_all_are_zero():
    assert count_strengths([], trait_count=3).tolist() == [0, 0, 0]
    assert count_strengths([-1, -1], trait_count=2).tolist() == [0, 0]
