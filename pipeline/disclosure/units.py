"""Which units' numbers may be shown, so that no PM can be worked out from them.

Counts of PMs in, a reason per unit out. A unit is shown only with enough PMs, and only if what is
left of it after taking away the shown units inside it is nobody or again enough PMs: whoever
subtracts shown numbers from each other gets sums over such remainders and nothing finer.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from pipeline.release import Reason
from survey.roster import unit_lineage


def decide_units(
    pm_counts: Mapping[str, int], *, min_pms: int, hidden: Collection[str] = ()
) -> dict[str, Reason | None]:
    """Returns for every unit with PMs why it is hidden, or None where it may be shown.

    The largest units first, hence each before its parts (ties by unit id, so the same counts give
    the same answer): a unit is hidden where too few PMs, but not none, would be left of the shown
    unit around it. Nothing that comes later could lift that, so no unit is hidden without need.

    Args:
        pm_counts: how many PMs' blocks end in each unit itself, not in a unit inside it.
        min_pms: how many PMs a shown number and every remainder rests on (s).
        hidden: units that are hidden anyway.
    """
    totals = total_pms(pm_counts)
    reasons: dict[str, Reason | None] = {}
    left: dict[str, int] = {}
    for unit in sorted(totals, key=lambda unit: (-totals[unit], unit)):
        around = next((above for above in unit_lineage(unit) if above in left), None)
        remainder = 0 if around is None else left[around] - totals[unit]
        if totals[unit] < min_pms:
            reasons[unit] = Reason.TOO_FEW_PMS
        elif unit in hidden or 0 < remainder < min_pms:
            reasons[unit] = Reason.PROTECTS_OTHERS
        else:
            reasons[unit] = None
            left[unit] = totals[unit]
            if around is not None:
                left[around] = remainder
    return reasons


def total_pms(pm_counts: Mapping[str, int]) -> dict[str, int]:
    """Returns how many PMs are in each unit or below it.

    >>> total_pms({"Product": 1, "Product/Growth": 2})
    {'Product': 3, 'Product/Growth': 2}
    """
    totals: dict[str, int] = defaultdict(int)
    for unit, count in pm_counts.items():
        for above in unit_lineage(unit):
            totals[above] += count
    return dict(totals)
