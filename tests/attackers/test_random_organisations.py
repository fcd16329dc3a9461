"""P3 and P4: a rank attacker on every number of random organisations, over raters and over PMs."""

from random import Random

import pytest

from pipeline.disclosure.attack import singled_out
from pipeline.disclosure.units import total_pms
from pipeline.release import Reason
from survey.roster import parent_unit
from tests.attackers.oracle import leaves_over
from tests.attackers.organisations import K, S, random_pms, release


def attacked(waves):
    """All waves together: the same raters and PMs, each wave's answers new variables."""
    rater_sums = [
        {(wave, *one) for one in some} for wave, shown in enumerate(waves) for some in shown.rater_sums
    ]
    pm_sums = [{(wave, *one) for one in some} for wave, shown in enumerate(waves) for some in shown.pm_sums]
    raters = {one: one[2] for some in rater_sums for one in some}
    pms = {one: one[1] for some in pm_sums for one in some}
    return (
        singled_out(rater_sums, raters, fewest=K),
        singled_out(pm_sums, pms, fewest=S),
        (rater_sums, raters),
        (pm_sums, pms),
    )


def attack_many(seeds, **weakened):
    """How many organisations told on few raters, on few PMs, and how many tables by relationship were shown."""
    few_raters = few_pms = tables = 0
    for seed in seeds:
        rng = Random(seed)  # noqa: S311 - chance that can be repeated, no secret
        waves = [release(random_pms(rng), **weakened) for _ in range(2)]
        raters, pms, rater_world, pm_world = attacked(waves)
        few_raters += confirmed(raters, *rater_world)
        few_pms += confirmed(pms, *pm_world)
        tables += sum(shown.tables for shown in waves)
    return few_raters, few_pms, tables


def confirmed(group, sums, owners):
    """A hit counts only if plain linear algebra over fractions agrees; it always does."""
    if group is None:
        return False
    variables = list(owners)
    rows = [[int(one in some) for one in variables] for some in sums]
    assert leaves_over(rows, [owners[one] for one in variables], group)
    return True


def test_rank_attacker_when_organisations_are_random_then_singles_out_nobody():
    few_raters, few_pms, tables = attack_many(range(400))
    assert (few_raters, few_pms) == (0, 0)
    assert tables > 20, "the attack means little if nothing is shown"


@pytest.mark.slow
def test_rank_attacker_when_ten_thousand_organisations_are_random_then_singles_out_nobody():
    assert attack_many(range(10_000))[:2] == (0, 0)


def pairwise_only(counts, *, min_pms):
    """Weakened: each unit has enough PMs, and so has each difference of two; three are not looked at."""
    totals = total_pms(counts)
    return {
        unit: None
        if total >= min_pms
        and not any(0 < totals[above] - total < min_pms for above in (parent_unit(unit),) if above)
        else Reason.PROTECTS_OTHERS
        for unit, total in totals.items()
    }


@pytest.mark.parametrize(
    ("weakened", "place"), [({"units": pairwise_only}, 1), ({"k": K - 1}, 0), ({"s": S - 1}, 1)]
)
def test_rank_attacker_when_a_gate_is_weakened_then_succeeds(weakened, place):
    assert attack_many(range(60), **weakened)[place] > 0
