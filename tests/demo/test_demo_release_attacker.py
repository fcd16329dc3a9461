"""Somebody who holds every number of a release, knows who was asked, and can do sums.

An attacker may add and subtract published sums as they like. What they can single out is a set of
people whose answers alone a combination leaves over: found by rank, without any rule of ours.
"""

from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest

pytestmark = pytest.mark.slow

K, MIN_PMS = 4, 3
in_every_release = pytest.mark.parametrize("number", range(1, 11))


def singled_out(rows, owners, fewer_than):
    """Every set of fewer people than that whose columns alone some combination of rows leaves over.

    Columns with the same entries in all rows always go together, so only a set of people to whom all of
    them belong can be singled out: those sets and their unions are tried.
    """
    matrix = np.array(rows, dtype=float).reshape(len(rows), len(owners))
    together = defaultdict(set)
    for column, owner in zip(matrix.T, owners, strict=True):
        if column.any():
            together[column.tobytes()].add(owner)
    small = {frozenset(people) for people in together.values() if len(people) < fewer_than}
    unions = {frozenset().union(*some) for size in range(1, fewer_than) for some in combinations(small, size)}
    whole = np.linalg.matrix_rank(matrix) if matrix.size else 0
    return {
        people
        for people in unions
        if len(people) < fewer_than and rank_without(matrix, owners, people) < whole
    }


def rank_without(matrix, owners, people):
    kept = [place for place, owner in enumerate(owners) if owner not in people]
    return np.linalg.matrix_rank(matrix[:, kept]) if kept else 0


def test_attacker_when_numbers_overlap_then_singles_out_what_the_difference_leaves():
    rows = [[1, 1, 1, 1, 1, 0], [0, 1, 1, 1, 1, 1]]
    assert singled_out(rows, "abcdef", 3) == {frozenset("af")}
    assert singled_out([*rows, [1, 1, 0, 0, 0, 0]], "abcdef", 3) == {
        frozenset(pair) for pair in ("af", "ab", "bf")
    }
    assert singled_out(rows[:1], "abcdef", 4) == set()
    assert singled_out(rows, "aacdeb", 3) == {frozenset("ab")}


def shown_units(release, wave, item_id):
    cells = release.others(wave.wave_id, is_shown=True)
    return [cell.scope_id for cell in cells if (cell.scope, cell.measure_id) == ("unit", item_id)]


def shown_subjects(release, wave, item_id):
    cells = release.others(wave.wave_id, is_shown=True)
    return [cell.scope_id for cell in cells if (cell.scope, cell.measure_id) == ("subject", item_id)]


def rater_rows(release, wave, item_id):
    """One row per number about an item, rest blocks too; one column per form, answered or "not observed"."""
    units, subjects = shown_units(release, wave, item_id), shown_subjects(release, wave, item_id)
    pools = [[block] for block in wave.rest_blocks if block.releases(item_id)]
    pools += [wave.item_blocks("subject", one, item_id) for one in subjects]
    pools += [wave.item_blocks("unit", one, item_id) for one in units]
    forms = [form for about in wave.others.values() for form in about]
    inside = [{id(form) for block in blocks for form in block.forms} for blocks in pools]
    return [[id(form) in pool for form in forms] for pool in inside], [form.rater for form in forms]


def pm_rows(wave, item_id, units):
    """One row per unit with a number about an item ("": about any); one column per subject."""
    behind = [
        wave.item_blocks("unit", unit, item_id) if item_id else wave.blocks_behind("unit", unit)
        for unit in units
    ]
    pools = [{subject for block in blocks for subject in block.subjects} for blocks in behind]
    return [[subject in pool for subject in wave.homes] for pool in pools]


def waves_of(demo, number):
    """Only the newest wave of each release: the others' rows are those of earlier ones (see ..._again.py)."""
    release = demo.releases[number - 1]
    row = max(release.tables["wave"], key=lambda row: row["wave_no"])
    return release, demo.waves[row["wave_id"]]


@in_every_release
def test_attacker_when_holding_all_numbers_of_an_item_then_singles_out_no_few_raters(demo, number):
    release, wave = waves_of(demo, number)
    for item_id in wave.items:
        rows, owners = rater_rows(release, wave, item_id)
        assert bool(rows) is wave.has_others
        assert singled_out(rows, owners, K) == set()


@in_every_release
def test_attacker_when_holding_the_units_numbers_then_singles_out_no_few_pms(demo, number):
    """Who is a PM and knows their own results is among the two: with them, no other one is singled out."""
    release, wave = waves_of(demo, number)
    for item_id in wave.items:
        rows = pm_rows(wave, item_id, shown_units(release, wave, item_id))
        assert singled_out(rows, list(wave.homes), MIN_PMS) == set()


@in_every_release
def test_attacker_when_knowing_every_page_of_a_pm_then_learns_nothing_of_a_hidden_one(demo, number):
    release, wave = waves_of(demo, number)
    for item_id in wave.items:
        shown = shown_subjects(release, wave, item_id)
        pages = [[subject == one for subject in wave.homes] for one in shown]
        rows = [*pages, *pm_rows(wave, item_id, shown_units(release, wave, item_id))]
        assert singled_out(rows, list(wave.homes), 2) == {frozenset((one,)) for one in shown}


@in_every_release
def test_attacker_when_one_more_unit_were_shown_then_singles_somebody_out(demo, number):
    """The test of the test: each unit hidden to protect others would tell on one or two PMs."""
    release, wave = waves_of(demo, number)
    whole = {
        cell.scope_id
        for cell in release.cells[wave.wave_id]
        if cell.scope == "unit" and cell.reason in ("", "too_little_exposure")
    }
    for cell in release.others(wave.wave_id, is_shown=False):
        if cell.reason == "protects_others" and cell.measure != "trait":
            item_id = cell.measure_id if cell.scope_id in whole else ""
            units = shown_units(release, wave, item_id) if item_id else sorted(whole)
            assert singled_out(pm_rows(wave, item_id, [*units, cell.scope_id]), list(wave.homes), MIN_PMS)


def test_attacker_when_the_whole_company_were_added_up_then_sees_those_who_were_withheld(demo):
    """The test of the test: a sum over everybody less the published blocks leaves a few people."""
    tried = 0
    for wave in (wave for wave in demo.waves.values() if wave.has_others):
        every = (*wave.own_blocks.values(), *wave.rest_blocks)
        item_id = next(one for one in wave.items if all(block.releases(one) for block in every))
        few = {form.rater for one in wave.withheld for form in wave.others[one]}
        if 0 < len(few) < K:
            rows, owners = rater_rows(demo.last, wave, item_id)
            assert frozenset(few) in singled_out([*rows, [True] * len(owners)], owners, K)
            tried += 1
    assert tried > 0
