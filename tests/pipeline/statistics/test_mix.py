"""Real change against mix: the parts add up, mix is called mix, and nothing is made up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.statistics.mix import Cohort, Cohorts, Part, split_change

SEEDS = st.integers(0, 2**32 - 1)
NOISE = {"sigma": 0.6, "degrees_of_freedom": 200}


def some_cohorts(rng, mean=3.0, shape=(5, 3, 4)) -> Cohorts:
    """Units x cohorts x items; cohorts other than the stayers may be empty."""
    counts = rng.integers(0, 9, shape)
    counts[:, Cohort.STAYERS] += 1
    return Cohorts(
        sums=counts * rng.normal(mean, 0.4, shape), counts=counts, raters=counts.sum(axis=-1) / shape[-1]
    )


def unit_mean(cohorts: Cohorts):
    """What a page shows: each item over all its ratings, then the mean over items."""
    return (np.sum(cohorts.sums, axis=-2) / np.sum(cohorts.counts, axis=-2)).mean(axis=-1)


@given(SEEDS)
def test_parts_when_added_then_they_are_the_difference_of_the_units_means(seed):
    rng = np.random.default_rng(seed)
    before, after = some_cohorts(rng), some_cohorts(rng)
    found = split_change(before, after, **NOISE)
    assert found.change == pytest.approx(unit_mean(after) - unit_mean(before))
    assert found.parts.sum(axis=-1) == pytest.approx(found.change)
    assert found.parts[..., Part.STAYERS] == pytest.approx(found.stayers)
    assert found.stayers + found.composition == pytest.approx(found.change)


@given(SEEDS, st.floats(-2, 2))
def test_scale_when_moved_then_no_part_changes(seed, shift):
    rng = np.random.default_rng(seed)
    before, after = some_cohorts(rng), some_cohorts(rng)
    moved = [
        Cohorts(sums=one.sums + shift * one.counts, counts=one.counts, raters=one.raters)
        for one in (before, after)
    ]
    plain, shifted = split_change(before, after, **NOISE), split_change(*moved, **NOISE)
    assert shifted.parts == pytest.approx(plain.parts, abs=1e-9)
    assert shifted.composition_margin == pytest.approx(plain.composition_margin)


@given(SEEDS)
def test_time_when_turned_round_then_every_part_is_its_opposite(seed):
    rng = np.random.default_rng(seed)
    before, after = some_cohorts(rng), some_cohorts(rng)
    there, back = split_change(before, after, **NOISE), split_change(after, before, **NOISE)
    mirrored = [Part.STAYERS, Part.MOVED_OUT, Part.LEAVERS, Part.MOVED_IN, Part.JOINERS]
    assert back.parts == pytest.approx(-there.parts[..., mirrored])
    assert back.stayers_margin == pytest.approx(there.stayers_margin)


def test_change_when_nobody_came_or_left_then_all_of_it_is_real():
    counts = [[6, 6], [0, 0], [0, 0]]
    before = Cohorts(sums=[[18, 18], [0, 0], [0, 0]], counts=counts, raters=[6, 0, 0])
    after = Cohorts(sums=[[21, 21], [0, 0], [0, 0]], counts=counts, raters=[6, 0, 0])
    found = split_change(before, after, sigma=0.6, degrees_of_freedom=10**6, factor=0.5)
    assert float(found.stayers) == 0.5
    assert float(found.composition) == float(found.composition_margin) == 0.0
    assert float(found.stayers_margin) == pytest.approx(0.5 * 1.959964 * 0.6 * np.sqrt(2 / 6), rel=1e-5)


def test_change_when_no_item_is_shown_or_nobody_stayed_then_there_is_none():
    none = Cohorts(sums=[[0], [0], [0]], counts=[[0], [0], [0]], raters=[0, 0, 0])
    others = Cohorts(sums=[[0], [0], [9]], counts=[[0], [0], [3]], raters=[0, 0, 3])
    for one in (none, others):
        found = split_change(one, one, **NOISE)
        assert np.isnan([found.change, found.stayers, found.composition, found.stayers_margin]).all()


def test_item_when_one_wave_does_not_show_it_then_it_is_left_out():
    before = Cohorts(sums=[[12, 5], [0, 0], [0, 0]], counts=[[4, 4], [0, 0], [0, 0]], raters=[4, 0, 0])
    after = Cohorts(sums=[[14, 0], [0, 0], [0, 0]], counts=[[4, 0], [0, 0], [0, 0]], raters=[4, 0, 0])
    assert float(split_change(before, after, **NOISE).change) == 0.5


def test_moved_team_when_truth_is_known_then_its_effect_is_mix_and_intervals_cover():
    """Eight PMs of mean 3.4 stay as they are; four of mean 4.4 move in: .33 points, none of it real."""
    rng = np.random.default_rng(3)
    runs, raters, sigma = 4000, 6, 0.57
    truth = np.array([3.4] * 8 + [4.4] * 4)
    before, after = (truth + rng.normal(0, sigma / np.sqrt(raters), (runs, 12)) for _ in range(2))
    stay, come = slice(0, 8), slice(8, 12)
    empty = np.zeros((runs, 1))

    def cohorts(scores, moved):
        sums = np.stack([scores[:, stay].sum(1, keepdims=True) * raters, moved, empty], axis=1)
        counts = np.array([[48], [24 * moved.any()], [0]]) * np.ones((runs, 1, 1))
        return Cohorts(sums=sums, counts=counts, raters=counts[..., 0])

    arrived = after[:, come].sum(1, keepdims=True) * raters
    found = split_change(
        cohorts(before, empty), cohorts(after, arrived), sigma=sigma, degrees_of_freedom=10**6
    )
    assert np.mean(np.abs(found.stayers) > found.stayers_margin) == pytest.approx(0.05, abs=0.015)
    assert np.mean(np.abs(found.composition - 1 / 3) <= found.composition_margin) == pytest.approx(
        0.95, abs=0.015
    )
    assert np.mean(found.composition > found.composition_margin) > 0.95
