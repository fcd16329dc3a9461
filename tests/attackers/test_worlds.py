"""P2 and attack 3: all worlds an attacker can imagine, and what item sums beside person means would tell."""

from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest

LOW, HIGH, STEP = 1, 5, 1


def code(sums, count, *, step=STEP):
    """The coded sum as publishing computes it (tests/pipeline/publishing/test_coding.py holds it to that)."""
    return np.clip(sums, count * LOW + step, count * HIGH - step)


def fewest_possible(sizes, coding):
    """Of all worlds: the fewest answers any one rater can have given, for any release."""
    answers = np.array(list(product(range(LOW, HIGH + 1), repeat=sum(sizes))), dtype=np.int8)
    ends = np.cumsum([0, *sizes])
    released = [coding(answers[:, start:end].sum(axis=1), end - start) for start, end in pairwise(ends)]
    _, release = np.unique(np.stack(released, axis=1), axis=0, return_inverse=True)
    return min(fewest_seen(release.ravel(), rater) for rater in answers.T)


def fewest_seen(release, rater):
    """Over all releases, how many answers of this rater lead to it."""
    seen = np.zeros((release.max() + 1, HIGH + 1), dtype=bool)
    seen[release, rater] = True
    return int(seen.sum(axis=1).min())


def test_exhaustive_attacker_when_sums_are_coded_then_two_answers_stay_possible_for_everybody():
    assert fewest_possible((3, 4), code) == 2  # 78,125 worlds


def test_exhaustive_attacker_when_sums_are_exact_then_knows_what_everybody_answered():
    assert fewest_possible((4,), lambda sums, _: sums) == 1


def test_exhaustive_attacker_when_scores_are_only_rounded_then_knows_too():
    assert fewest_possible((4,), lambda sums, count: np.round(sums / count, 1)) == 1


ANSWERS = {"a": (2, 4), "b": (5, None), "c": (3, 3), "d": (4, 1)}
"""Four raters, two items; one of them did not see the second."""


def item_sums():
    return [sum(given for both in ANSWERS.values() if (given := both[item]) is not None) for item in (0, 1)]


def test_attacker_when_a_trait_is_a_mean_of_person_means_then_reads_off_the_one_with_a_missing_answer():
    """Attack 3: persons with both answers count half each, the one with a missing answer counts whole."""
    person_means = [
        Fraction(sum(given), len(given))
        for both in ANSWERS.values()
        if (given := [one for one in both if one is not None])
    ]
    total = sum(person_means)
    assert (total - Fraction(sum(item_sums()), 2)) * 2 == ANSWERS["b"][0]


@pytest.mark.parametrize("turn", range(4))
def test_trait_when_it_is_a_mean_of_item_means_then_tells_nothing_that_its_items_do_not(turn):
    """Deal the answers of each item out anew: items and trait stay, and so would every page."""
    names = list(ANSWERS)
    first = [both[0] for both in ANSWERS.values()]
    second = [both[1] for both in ANSWERS.values()]
    dealt = dict(zip(names, zip(first, second[turn:] + second[:turn], strict=True), strict=True))
    sums = [sum(one[item] or 0 for one in dealt.values()) for item in (0, 1)]
    assert sums == item_sums()
    assert Fraction(sums[0], 4) + Fraction(sums[1], 3) == Fraction(14, 4) + Fraction(8, 3)
