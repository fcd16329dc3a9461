"""P3 and P4: a rank attacker on every number of random organisations, over raters and over PMs."""

from random import Random

import pytest

from pipeline.disclosure.attack import singled_out
from pipeline.disclosure.mix import Detail, decide_mixes
from pipeline.disclosure.units import total_pms
from pipeline.release import Reason
from survey.roster import parent_unit
from tests.attackers.oracle import leaves_over
from tests.attackers.organisations import K, S, mix_sums, next_wave, random_pms, release

pytestmark = pytest.mark.thorough


def attacked(waves, mixes):
    """All waves together: the same raters and PMs, each wave's answers new variables."""
    rater_sums = [
        {(wave, *one) for one in some} for wave, shown in enumerate(waves) for some in shown.rater_sums
    ]
    pm_sums = [
        {(wave, *one) for one in some}
        for wave, (shown, parts) in enumerate(zip(waves, mixes, strict=True))
        for some in (*shown.pm_sums, *parts)
    ]
    raters = {one: one[2] for some in rater_sums for one in some}
    pms = {one: one[1] for some in pm_sums for one in some}
    return (
        singled_out(rater_sums, raters, fewest=K),
        singled_out(pm_sums, pms, fewest=S),
        (rater_sums, raters),
        (pm_sums, pms),
    )


def attack_many(seeds, *, mixes=decide_mixes, **weakened):
    """How many organisations told on few raters, on few PMs; how many tables by relationship and parts were shown."""
    few_raters = few_pms = tables = parts = 0
    for seed in seeds:
        rng = Random(seed)  # noqa: S311 - chance that can be repeated, no secret
        before = random_pms(rng)
        waves = [release(pms, **weakened) for pms in (before, next_wave(rng, before))]
        told = mix_sums(*(shown.places for shown in waves), s=weakened.get("s", S), mixes=mixes)
        raters, pms, rater_world, pm_world = attacked(waves, told)
        few_raters += confirmed(raters, *rater_world)
        few_pms += confirmed(pms, *pm_world)
        tables += sum(shown.tables for shown in waves)
        parts += sum(map(len, told))
    return few_raters, few_pms, tables, parts


def confirmed(group, sums, owners):
    """A hit counts only if plain linear algebra over fractions agrees; it always does."""
    if group is None:
        return False
    variables = list(owners)
    rows = [[int(one in some) for one in variables] for some in sums]
    assert leaves_over(rows, [owners[one] for one in variables], group)
    return True


def test_rank_attacker_when_organisations_are_random_then_singles_out_nobody():
    few_raters, few_pms, tables, parts = attack_many(range(400))
    assert (few_raters, few_pms) == (0, 0)
    assert tables > 20, "the attack means little if nothing is shown"
    assert parts > 20, "likewise"


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 10_000, 1_000))
def test_rank_attacker_when_ten_thousand_organisations_are_random_then_singles_out_nobody(first):
    assert attack_many(range(first, first + 1_000))[:2] == (0, 0)


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


def tell_all_parts(_, shown_units, *, min_pms):
    """Weakened: the change of every unit is taken apart as finely as can be, whoever moved."""
    return {(unit, 0): Detail.MOVED_APART for unit in set(shown_units[0]) & set(shown_units[1])}


@pytest.mark.parametrize(
    ("weakened", "place"),
    [({"units": pairwise_only}, 1), ({"mixes": tell_all_parts}, 1), ({"k": K - 1}, 0), ({"s": S - 1}, 1)],
)
def test_rank_attacker_when_a_gate_is_weakened_then_succeeds(weakened, place):
    assert attack_many(range(60), **weakened)[place] > 0
