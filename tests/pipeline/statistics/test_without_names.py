"""Where guesses lie: everybody has one place, and everybody could have any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics.distribution import BINS, bin_edges, place_in_bins, reachable_edges

GUESSES = st.lists(st.floats(0, 6), max_size=40)
REACHES = st.lists(st.tuples(st.floats(0.5, 3), st.floats(3, 5.5)), max_size=6)


@given(GUESSES)
def test_bins_when_filled_then_everybody_has_one_place(guesses):
    edges = bin_edges(low=1, high=5)
    found = place_in_bins(guesses, edges)
    assert len(found) == len(guesses)
    assert all(0 <= place < BINS == len(edges) - 1 for place in found)


@given(st.lists(st.floats(1, 5), max_size=40))
def test_bins_when_compared_with_numpys_histogram_then_are_the_same(guesses):
    edges = bin_edges(low=1, high=5)
    counts = np.bincount(place_in_bins(guesses, edges), minlength=BINS)
    assert counts.tolist() == np.histogram(guesses, edges)[0].tolist()


@pytest.mark.parametrize(("guess", "place"), [(0.9, 0), (1, 0), (1.5, 1), (4.99, 7), (5, 7), (5.2, 7)])
def test_guess_on_a_border_when_placed_then_belongs_to_the_bin_above(guess, place):
    assert place_in_bins([guess], bin_edges(low=1, high=5)).tolist() == [place]


@given(REACHES)
def test_edges_when_reaches_differ_then_every_bin_can_hold_everybody(reaches):
    lows, highs = [low for low, _ in reaches], [high for _, high in reaches]
    edges = reachable_edges(bin_edges(low=1, high=5), lows, highs)
    if len(edges) > 2:
        for low, high in reaches:
            assert place_in_bins([low], edges)[0] == 0
            assert place_in_bins([high], edges)[0] == len(edges) - 2


def test_edges_when_nobody_differs_then_there_is_one_bin():
    assert reachable_edges(bin_edges(low=1, high=5), [3.2], [3.2]).tolist() == [1, 5]
