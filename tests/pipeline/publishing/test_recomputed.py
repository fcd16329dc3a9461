"""Every number of a release, recomputed from single answers by code that knows nothing of the gate."""

from collections import defaultdict
from fractions import Fraction
from math import ceil, sqrt
from statistics import fmean

import pytest
from scipy.stats import t as student

from pipeline.release import Group, Measure, Reason, Released, Scope, Suppressed
from survey.relationship import ATTRIBUTED, Relationship

pytestmark = pytest.mark.thorough

K, S = 4, 3
TRAITS = {"taste": ("T1", "T2"), "focus": ("F1",)}
ITEMS = ("T1", "T2", "F1", "F2")


def points(one):
    """T2 is reversed on 1..5."""
    return 6 - one.value if one.item == "T2" else one.value


def others_by_subject(said):
    found = defaultdict(list)
    for one in said:
        if one.relationship not in ATTRIBUTED:
            found[one.subject].append(one)
    return found


def coded_means(pool):
    """The coded sum and count of each item that at least three rated."""
    sums = {}
    for item in ITEMS:
        values = [points(one) for one in pool if one.item == item and one.value is not None]
        low, high = (0, 1) if item == "F2" else (1, 5)
        n = len(values)
        if n >= 3:
            sums[item] = (min(max(sum(values), n * low + 1), n * high - 1), n)
    return sums


def blocks_of(said, homes):
    """{members: answers} of own blocks and rest blocks, worked out anew; and where each one ends."""
    pools = others_by_subject(said)
    raters = {subject: {one.rater for one in pool} for subject, pool in pools.items()}
    blocks = [({subject}, homes[subject]) for subject in pools if len(raters[subject]) >= K]
    left = {subject: homes[subject] for subject in pools if len(raters[subject]) < K}
    while left:
        unit = max(left.values(), key=lambda path: (len(path.split("/")), path))
        here = {subject for subject, place in left.items() if place == unit}
        people = set().union(*(raters[subject] for subject in here))
        if len(here) > 1 and len(people) >= K:
            blocks.append((here, unit))
        above = unit.rpartition("/")[0] if (here, unit) not in blocks else ""
        for subject in here:
            left.pop(subject)
            if above:
                left[subject] = above
    return blocks, pools


def margin_of_one(pools, items):
    """t times the pooled spread of raters' trait scores; there are enough PMs and raters for it here."""
    groups = []
    for pool in pools.values():
        by_rater = defaultdict(list)
        for one in pool:
            if one.item in items and one.value is not None:
                by_rater[one.rater].append(points(one))
        scores = [fmean(values) for values in by_rater.values() if len(values) >= ceil(len(items) / 2)]
        groups += [scores] if scores else []
    raters = sum(map(len, groups))
    assert len(groups) >= 10
    assert raters >= 30
    squares = sum((score - fmean(scores)) ** 2 for scores in groups for score in scores)
    degrees = raters - len(groups)
    sigma = float(f"{sqrt(squares / degrees):.2g}")
    return student.ppf(0.975, degrees) * sigma


@pytest.mark.parametrize("seed", range(6))
def test_release_when_recomputed_then_every_number_agrees(open_world, people, answers, seeded, seed):
    said = answers(seeded(seed))
    world = open_world(people)
    world.load("2026Q1", said)
    world.publish("2026Q1")
    release = world.release()
    homes = {person.person_id: person.org_unit for person in people}
    blocks, pools = blocks_of(said, homes)
    margins = {trait: margin_of_one(pools, items) for trait, items in TRAITS.items()}
    for subject in homes:
        cells = release.cells(Scope.SUBJECT, subject)
        has_block = any(members == {subject} for members, _ in blocks)
        check_others(cells, coded_means(pools[subject]) if has_block else None, margins, pools[subject])
        for group, relationship in ((Group.SELF, Relationship.SELF), (Group.MANAGER, Relationship.MANAGER)):
            given = [one for one in said if one.subject == subject and one.relationship is relationship]
            check_attributed(cells, group, given)
    check_units(release, blocks, pools, margins)


def check_others(cells, sums, margins, pool):
    """Own cells: the coded means, or the reason why there is none."""
    own = {cell.key.measure_id: cell for cell in cells if cell.key.group is Group.OTHERS}
    assert set(own) == {*TRAITS, *ITEMS}
    for item in ITEMS:
        if sums is None:
            assert own[item].reason is Reason.TOO_FEW_RATERS
        elif item not in sums:
            assert own[item].reason is Reason.TOO_LITTLE_EXPOSURE
        else:
            total, count = sums[item]
            assert own[item].score == pytest.approx(Fraction(total, count), abs=1e-6)
            assert own[item].rater_count == count >= 3
    for trait, items in TRAITS.items():
        parts = [sums[item] for item in items if sums and item in sums]
        check_trait(own[trait], parts, margins[trait] / sqrt(worth(pool, parts, items)) if parts else 0)


def worth(pool, parts, items):
    """Raters a score is worth: between raters and ratings per item, less for raters of several PMs."""
    responses = len({(one.subject, one.rater) for one in pool})
    load = responses / len({one.rater for one in pool})
    ratings = sum(count for _, count in parts) / len(items)
    return (responses**2 * ratings) ** (1 / 3) / (1 + (load - 1) / 4)


def check_trait(cell, parts, margin):
    if not parts:
        assert isinstance(cell, Suppressed)
        return
    score = sum(Fraction(total, count) for total, count in parts) / len(parts)
    assert cell.score == pytest.approx(score, abs=2e-6)
    assert cell.low == pytest.approx(max(1, float(score) - margin), abs=1e-4)
    assert cell.high == pytest.approx(min(5, float(score) + margin), abs=1e-4)
    assert cell.rater_count >= K or cell.key.scope is Scope.UNIT


def check_attributed(cells, group, given):
    found = {cell.key.measure_id: cell for cell in cells if cell.key.group is group}
    values = {one.item: points(one) for one in given if one.value is not None}
    for item, value in values.items():
        assert (found[item].score, found[item].rater_count) == (value, 1)
        assert found[item].low is None
    for trait, items in TRAITS.items():
        rated = [values[item] for item in items if item in values]
        assert (trait in found) == bool(rated)
        if rated:
            assert found[trait].score == pytest.approx(sum(rated) / len(rated), abs=1e-6)


def check_units(release, blocks, pools, margins):
    """What is shown is the pool of whole blocks, of at least s PMs; so is every difference."""
    for unit in {unit.unit_id for unit in release.units()}:
        inside = [(members, end) for members, end in blocks if f"{end}/".startswith(f"{unit}/")]
        sums = [(coded_means([one for m in members for one in pools[m]]), members) for members, _ in inside]
        cells = {cell.key.measure_id: cell for cell in release.cells(Scope.UNIT, unit)}
        assert set(cells) == {*TRAITS, *ITEMS}
        shown = {}
        for item in ITEMS:
            having = [(found[item], members) for found, members in sums if item in found]
            pms = sum(len(members) for _, members in having)
            if isinstance(cells[item], Released):
                total, count = (sum(part[place] for part, _ in having) for place in (0, 1))
                assert cells[item].score == pytest.approx(Fraction(total, count), abs=1e-6)
                assert (cells[item].rater_count, cells[item].pm_count) == (count, pms)
                assert pms >= S
                shown[item] = (total, count)
        for trait, items in TRAITS.items():
            parts = [shown[item] for item in items if item in shown]
            behind = [one for members, _ in inside for m in members for one in pools[m]]
            check_trait(
                cells[trait], parts, margins[trait] / sqrt(worth(behind, parts, items)) if parts else 0
            )
            if isinstance(cells[trait], Released):
                assert cells[trait].pm_count == sum(len(members) for members, _ in inside) >= S
                assert cells[trait].key.measure is Measure.TRAIT
